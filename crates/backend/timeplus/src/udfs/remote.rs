//! Calls of remote functions.

use std::{fmt, sync::Arc, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use bytes::Bytes;
use tokio::runtime::Handle;
use weir_api::timeplus::udf::CreateUdf;
use weir_engine::udf::Remote;
use weir_store::Caller;

use crate::outbound::{self, Call, Outbound};

const TIMEOUT: Duration = Duration::from_secs(10);
const LARGEST: usize = 64 << 20;
/// Characters of a failed answer that are shown.
const SHOWN: usize = 200;

struct Service {
    outbound: Outbound,
    runtime: Handle,
    address: Result<(Uri, HeaderMap), String>,
}

impl fmt::Debug for Service {
    /// Without the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.address.as_ref().map(|(url, _)| url);
        f.debug_tuple("Service").field(&url).finish()
    }
}

/// What the store makes remote functions of. Called within the runtime.
pub(crate) fn caller(outbound: Outbound) -> Arc<Caller> {
    let runtime = Handle::current();
    Arc::new(move |definition| {
        Arc::new(Service {
            outbound: outbound.clone(),
            runtime: runtime.clone(),
            address: address(definition).map_err(|(_, words)| words),
        })
    })
}

/// The error's first part is the field.
pub(super) fn check(definition: &CreateUdf) -> Result<(), (&'static str, String)> {
    address(definition).map(|_| ())
}

fn address(definition: &CreateUdf) -> Result<(Uri, HeaderMap), (&'static str, String)> {
    let url = outbound::url(&definition.url).map_err(|words| ("url", words))?;
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::CONTENT_TYPE, json.clone());
    headers.insert(header::ACCEPT, json);
    if let Some(context) = &definition.auth_context
        && definition.auth_method == "auth_header"
    {
        let (name, value) = secret(
            context.key_name.as_deref().unwrap_or_default(),
            context.key_value.as_deref().unwrap_or_default(),
        )?;
        headers.insert(name, value);
    }
    Ok((url, headers))
}

fn secret(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), (&'static str, String)> {
    let (name, mut value) =
        outbound::header(name, value).map_err(|words| ("auth_context.key_name", words))?;
    value.set_sensitive(true);
    Ok((name, value))
}

impl Remote for Service {
    fn call(&self, body: Vec<u8>) -> Result<Vec<u8>, String> {
        let (url, headers) = self.address.clone()?;
        let answer = self
            .runtime
            .block_on(self.outbound.send(Call {
                method: Method::POST,
                url,
                headers,
                body: Bytes::from(body),
                timeout: TIMEOUT,
                limit: LARGEST,
            }))
            .map_err(|error| format!("its server: {error}"))?;
        if !answer.status.is_success() {
            let text: String = String::from_utf8_lossy(&answer.body)
                .chars()
                .take(SHOWN)
                .collect();
            return Err(format!("its server answered {}: {text}", answer.status)
                .trim_end_matches(": ")
                .to_string());
        }
        if answer.cut {
            return Err(format!("its answer is larger than {} MiB", LARGEST >> 20));
        }
        Ok(answer.body.into())
    }
}
