//! What a resource was before and after a change, read by the operation that shows it.

use std::{convert::Infallible, sync::Arc};

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::{Request, State},
    http::{Method, header},
    middleware::Next,
    response::Response,
    routing::MethodRouter,
};
use serde_json::Value;
use tower_service::Service;

use super::row::Operation;
use crate::audit::Definitions;

/// Larger definitions are not kept.
const LARGEST: usize = 64 << 10;

/// Answers to these hold what is told once.
const TOLD_ONCE: [&str; 2] = ["api_key", "invitation"];

/// What is changed, and what shows it.
type Around = (Arc<Operation>, Option<MethodRouter>);

/// Around a change of what `read` shows; where nothing is there yet, the answer to a creation tells
/// what was made.
pub(super) async fn around(
    State((row, read)): State<Around>,
    request: Request,
    next: Next,
) -> Response {
    let look = read.map(|read| (read, looking(&request)));
    let before = match &look {
        Some((read, looking)) => shown(read, looking).await,
        None => String::new(),
    };
    let creates = !row.named && row.method == Method::POST && !TOLD_ONCE.contains(&row.kind);
    let mut response = next.run(request).await;
    if !response.status().is_success() {
        return response;
    }
    let after = match &look {
        Some((read, looking)) if row.method != Method::DELETE => shown(read, looking).await,
        _ if creates => {
            let (kept, text) = told(response).await;
            response = kept;
            text
        }
        _ => String::new(),
    };
    response
        .extensions_mut()
        .insert(Definitions { before, after });
    response
}

/// The parts of a request that reads what this one changes.
#[derive(Clone)]
struct Looking {
    uri: axum::http::Uri,
    extensions: axum::http::Extensions,
    host: Option<header::HeaderValue>,
}

fn looking(request: &Request) -> Looking {
    Looking {
        uri: request.uri().clone(),
        extensions: request.extensions().clone(),
        host: request.headers().get(header::HOST).cloned(),
    }
}

/// Empty where it is not there.
async fn shown(read: &MethodRouter, looking: &Looking) -> String {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = looking.uri.clone();
    *request.extensions_mut() = looking.extensions.clone();
    if let Some(host) = looking.host.clone() {
        request.headers_mut().insert(header::HOST, host);
    }
    let answer: Result<Response, Infallible> = read.clone().call(request).await;
    match answer {
        Ok(answer) if answer.status().is_success() => told(answer).await.1,
        _ => String::new(),
    }
}

/// The answer as it came, and its JSON without secrets.
async fn told(answer: Response) -> (Response, String) {
    let size = answer.body().size_hint().exact();
    if size.is_none_or(|size| size > LARGEST as u64) {
        return (answer, String::new());
    }
    let (parts, body) = answer.into_parts();
    let bytes = to_bytes(body, LARGEST).await.unwrap_or_default();
    let text = match serde_json::from_slice::<Value>(&bytes) {
        Ok(mut value) if value.is_object() => {
            weir_code::mask("secret", &mut value);
            value.to_string()
        }
        _ => String::new(),
    };
    (Response::from_parts(parts, Body::from(bytes)), text)
}
