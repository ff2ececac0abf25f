//! Published APIs at their paths.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use weir_api::{dataworks::codes, role::Role};

use super::{
    apis::Kept,
    applications,
    run::{self, Outcome, RATE_LIMIT, Trouble},
    values::Input,
};
use crate::{Services, access::RequestId, audit::Change, auth::Actor, auth::Caller};

const PREFIX: &str = "/dataworks/api";

pub(super) async fn answer(State(app): State<Services>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>();
    let id = id.map(|id| id.0.clone()).unwrap_or_default();
    let (head, body) = request.into_parts();
    let outcome = match calling(&app, &head) {
        Ok(caller) => {
            let content = Bytes::from_request(Request::from_parts(head.clone(), body), &app).await;
            match content {
                Ok(content) => serve(&app, &head, caller, content, &id).await,
                Err(error) => Err(refuse(error.status(), error.body_text())),
            }
        }
        Err(trouble) => Err(trouble),
    };
    let outcome = outcome.unwrap_or_else(|trouble| trouble.into_outcome(&id));
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

fn refuse(status: StatusCode, words: String) -> Trouble {
    Trouble::new(status, status.as_u16().into(), words)
}

/// Who calls, which is known before the body is read.
fn calling(app: &Services, head: &Parts) -> Result<Calling, Trouble> {
    let caller =
        Calling::of(app, &head.headers).map_err(|words| refuse(StatusCode::UNAUTHORIZED, words))?;
    if let Some(recorded) = head.extensions.get::<Caller>() {
        recorded.set(caller.actor.clone());
    }
    Ok(caller)
}

async fn serve(
    app: &Services,
    head: &Parts,
    caller: Calling,
    content: Bytes,
    id: &str,
) -> Result<Outcome, Trouble> {
    let path = head.uri.path();
    let path = path.strip_prefix(PREFIX).unwrap_or(path);
    let all = app.dataworks.apis.list();
    let here: Vec<(&Kept, &weir_api::dataworks::api::Api)> = all
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
        return Err(Trouble::new(
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

struct Calling {
    actor: Actor,
    /// Of an application; people and their API keys may call everything.
    project: Option<i64>,
}

impl Calling {
    /// `Authorization: APPCODE …` of an application, an API key, or the session's cookie.
    fn of(app: &Services, headers: &HeaderMap) -> Result<Self, String> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if let Some(authorization) = text("authorization") {
            let code = authorization.strip_prefix("APPCODE ");
            let code =
                code.ok_or("the Authorization header is APPCODE and the application's code")?;
            let project = applications::project_of(app, code.trim());
            let project = project.ok_or("no application has this code")?;
            let name = format!("application workspace_{project}");
            return Ok(Self {
                actor: Actor::user(&name, Role::ReadOnly),
                project: Some(project),
            });
        }
        let actor = match text("x-api-key") {
            Some(key) => app.auth.by_key(key)?,
            None => app.auth.by_session(headers).ok_or(
                "not signed in: send Authorization: APPCODE and the code of an application",
            )?,
        };
        let may = actor.must_read(super::KIND);
        may.map_err(|failure| failure.message().to_string())?;
        Ok(Self {
            actor,
            project: None,
        })
    }
}
