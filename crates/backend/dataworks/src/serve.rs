//! Published APIs at their paths.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Request, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use weir_api::dataworks::codes;

use super::{
    applications,
    calling::Calling,
    outcome::{Outcome, RATE_LIMIT, RunError},
    parameters::{MOST, too_many},
    records::api::ApiRecord,
    rpc::{UNPROVEN, UNPROVEN_TIME},
    run,
    values::Input,
};
use crate::{Services, access::RequestId, audit::Change, auth::Caller};

const PREFIX: &str = "/dataworks/api";

pub(super) async fn answer(State(app): State<Services>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>();
    let id = id.map(|id| id.0.clone()).unwrap_or_default();
    let (head, body) = request.into_parts();
    let outcome = match calling(&app, &head) {
        Ok(caller) => match app.auth.connections.of(&caller.actor) {
            Ok(_open) => match read(&app, &head, body, &caller).await {
                Ok(content) => serve(&app, &head, caller, content, &id).await,
                Err(error) => Err(error),
            },
            Err(failure) => Err(refuse(failure.status(), failure.message().into())),
        },
        Err(error) => Err(error),
    };
    let outcome = outcome.unwrap_or_else(|error| error.into_outcome(&id));
    Change::None.on(response(outcome))
}

fn response(outcome: Outcome) -> Response {
    let mut response = (outcome.status, outcome.body).into_response();
    if let Ok(value) = HeaderValue::from_str(&outcome.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, value);
    }
    // What a registered service answers is never a page of this origin.
    let headers = response.headers_mut();
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("sandbox; default-src 'none'"),
    );
    response
}

fn refuse(status: StatusCode, words: String) -> RunError {
    RunError::new(status, status.as_u16().into(), words)
}

/// Who calls, or says so, which is known before the body is read.
fn calling(app: &Services, head: &Parts) -> Result<Calling, RunError> {
    Calling::of(app, &head.headers).map_err(|words| refuse(StatusCode::UNAUTHORIZED, words))
}

/// The body, which a signature covers: less of it as long as nobody is proven.
async fn read(
    app: &Services,
    head: &Parts,
    body: Body,
    caller: &Calling,
) -> Result<Bytes, RunError> {
    let content = match caller.is_proven() {
        true => {
            let request = Request::from_parts(head.clone(), body);
            let content = Bytes::from_request(request, app).await;
            content.map_err(|error| refuse(error.status(), error.body_text()))?
        }
        false => {
            let content = tokio::time::timeout(UNPROVEN_TIME, to_bytes(body, UNPROVEN)).await;
            let late = |_| {
                let words = "the body took too long".into();
                refuse(StatusCode::REQUEST_TIMEOUT, words)
            };
            content.map_err(late)?.map_err(|_| {
                let words = format!(
                    "the body of a signed call is larger than {} KiB",
                    UNPROVEN >> 10
                );
                refuse(StatusCode::PAYLOAD_TOO_LARGE, words)
            })?
        }
    };
    if too_many(head, &content) {
        let words = format!("the body has more than {MOST} parameters");
        return Err(refuse(StatusCode::BAD_REQUEST, words));
    }
    let proven = caller.prove(app, head, &content);
    proven.map_err(|words| refuse(StatusCode::FORBIDDEN, words))?;
    if let Some(recorded) = head.extensions.get::<Caller>() {
        recorded.set(caller.actor.clone());
    }
    Ok(content)
}

async fn serve(
    app: &Services,
    head: &Parts,
    caller: Calling,
    content: Bytes,
    id: &str,
) -> Result<Outcome, RunError> {
    let path = head.uri.path();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let all = app.dataworks.apis.list();
    let here: Vec<(&ApiRecord, &weir_api::dataworks::api::Api)> = all
        .iter()
        .filter_map(|kept| Some((kept.as_ref(), kept.published.as_ref()?)))
        .filter(|(_, api)| api.api_path == path)
        .collect();
    if here.is_empty() {
        let words = format!("no API is published at {path}");
        return Err(refuse(StatusCode::NOT_FOUND, words));
    }
    let asked = method(&head.method);
    let found = here
        .iter()
        .find(|(_, api)| Some(api.request_method) == asked);
    let Some((kept, api)) = found else {
        let methods: Vec<String> = here
            .iter()
            .map(|(_, api)| codes::word(codes::METHODS, api.request_method))
            .collect();
        let words = format!("{path} is called with {}", methods.join(" or "));
        return Err(refuse(StatusCode::METHOD_NOT_ALLOWED, words));
    };
    if let Some(project) = caller.project
        && !applications::may_call(&app.dataworks, project, api.api_id, api.project_id)
    {
        let words = format!(
            "API {} is not authorized to workspace {project}",
            api.api_id
        );
        return Err(refuse(StatusCode::FORBIDDEN, words));
    }
    if !app.dataworks.published.take(&api.project_id.to_string()) {
        let words = "rate limit: too many calls of this workspace's APIs";
        return Err(RunError::new(
            StatusCode::TOO_MANY_REQUESTS,
            RATE_LIMIT,
            words,
        ));
    }
    let query = head.uri.query().unwrap_or_default();
    let input = Input::of(query, &head.headers, content);
    let owner = caller.actor.owner();
    Ok(run::run(app, &owner, (*kept, *api), &input, id).await)
}

fn method(method: &Method) -> Option<i32> {
    Some(match *method {
        Method::GET => codes::GET,
        Method::POST => codes::POST,
        Method::PUT => codes::PUT,
        Method::DELETE => codes::DELETE,
        _ => return None,
    })
}
