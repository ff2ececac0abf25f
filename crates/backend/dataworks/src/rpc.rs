//! One address for all operations: the parameter `Action` names one.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, request::Parts},
    response::Response,
};
use weir_api::dataworks::{VERSION, form, place};
use weir_platform::operations::Operation;

use super::{
    call::{Answer, Call},
    operations::{self, Run},
    parameters::{MOST, Parameters, too_many},
    signature,
    vendor_error::{VendorError, forbidden, gateway, missing},
    written::Form,
};
use crate::{
    Services,
    access::RequestId,
    auth::{Actor, Caller, middleware::attempt},
    extract::BODY_LIMIT,
};

/// Bytes of a signed body.
pub(super) const UNPROVEN: usize = 1 << 20;

/// How long it may take until it is known who signed it.
pub(super) const UNPROVEN_TIME: Duration = Duration::from_secs(15);

pub(super) async fn answer(State(app): State<Services>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>();
    let id = id.map(|id| id.0.to_uppercase()).unwrap_or_default();
    let (head, body) = request.into_parts();
    let body = match read(&app, &head, body).await {
        Ok(body) => body,
        Err(refusal) => return refusal.answer(&id, &Form::of(&head, &[])),
    };
    let form = Form::of(&head, &body);
    let known = match prepare(&app, &head, &body) {
        Ok(known) => known,
        Err(refusal) => {
            let attempted = refusal.proves_nobody();
            let answer = refusal.answer(&id, &form);
            return match attempted {
                true => attempt("", "by a signature").on(answer),
                false => answer,
            };
        }
    };
    let _open = match app.auth.connections.of(&known.actor) {
        Ok(open) => open,
        Err(failure) => {
            let words = failure.message();
            let refusal = gateway(failure.status(), "Throttling.User", words);
            return refusal.answer(&id, &form);
        }
    };
    let operation = known.operation;
    match known.run(&app, &head).await {
        Ok(answer) => {
            let about = answer.about().to_owned();
            operation.recorded(&about, answer.into_response(&id, &form))
        }
        Err(refusal) => operation.recorded("", refusal.answer(&id, &form)),
    }
}

/// A signature covers the body, so that one is read before it is known who sends it: less of it,
/// and not for long.
async fn read(app: &Services, head: &Parts, body: Body) -> Result<Bytes, VendorError> {
    let signed_in = app.auth.by_session(&head.headers).is_some();
    let (limit, time) = match signed_in {
        true => (BODY_LIMIT, Duration::from_secs(600)),
        false => (UNPROVEN, UNPROVEN_TIME),
    };
    let refused = |status, words: String| gateway(status, "InvalidParameter", words);
    match tokio::time::timeout(time, to_bytes(body, limit)).await {
        Ok(Ok(body)) if too_many(head, &body) => Err(refused(
            StatusCode::BAD_REQUEST,
            format!("The body has more than {MOST} parameters."),
        )),
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(refused(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The body is larger than {} KiB.", limit >> 10),
        )),
        Err(_) => Err(refused(
            StatusCode::REQUEST_TIMEOUT,
            "The body took too long.".into(),
        )),
    }
}

/// A call whose sender and operation are known.
struct Known {
    actor: Actor,
    parameters: Parameters,
    operation: &'static Operation<Run>,
}

impl Known {
    async fn run(&self, app: &Services, head: &Parts) -> Result<Answer, VendorError> {
        let changes = self.operation.audit.is_some();
        // An image on any page makes a browser send this with the session's cookie.
        if changes && self.actor.has_session() && head.method == Method::GET {
            return Err(gateway(
                StatusCode::METHOD_NOT_ALLOWED,
                "UnsupportedHTTPMethod",
                "A change is sent by POST, unless the call is signed.",
            ));
        }
        let permitted = self.operation.permit(&self.actor);
        permitted.map_err(|failure| forbidden(failure.message()))?;
        let call = Call {
            app,
            actor: &self.actor,
            parameters: &self.parameters,
        };
        match self.operation.handler {
            Run::Reads(read) => read(&call),
            Run::Changes(change) => change(call).await,
        }
    }
}

fn prepare(app: &Services, head: &Parts, body: &[u8]) -> Result<Known, VendorError> {
    if head.method != Method::GET && head.method != Method::POST {
        let words = "The request method is not supported: GET and POST are.";
        return Err(gateway(
            StatusCode::METHOD_NOT_ALLOWED,
            "UnsupportedHTTPMethod",
            words,
        ));
    }
    let query = form(head.uri.query().unwrap_or_default().as_bytes());
    let parameters = Parameters::of(head, body);
    let (actor, number) = signature::caller(app, head, &parameters, &query, body)?;
    let action = action(head, &parameters)?;
    let placed = parameters.0.into_iter().enumerate();
    // What the vendor's client sends in the query is not looked for elsewhere.
    let placed =
        placed.filter(|(at, (name, _))| *at < query.len() || !place::in_query(&action, name));
    let parameters = Parameters(placed.map(|(_, pair)| pair).collect());
    if let Some(caller) = head.extensions.get::<Caller>() {
        caller.set(actor.clone());
    }
    if !app.dataworks.operations.take(&actor.label()) {
        let words = "Your request is too frequent. Try again later.";
        return Err(gateway(
            StatusCode::TOO_MANY_REQUESTS,
            "Throttling.User",
            words,
        ));
    }
    if let Some(number) = number {
        number.once(app)?;
    }
    let version = given(head, &parameters, "x-acs-version", "Version");
    let version = version.unwrap_or_else(|| VERSION.to_string());
    let unknown = |words: String| gateway(StatusCode::NOT_FOUND, "InvalidApi.NotFound", words);
    if version != VERSION {
        return Err(unknown(format!("Specified version is not {VERSION}.")));
    }
    let operation = operations::find(&action);
    let operation = operation
        .ok_or_else(|| unknown(format!("Specified api is not found: there is no {action}.")))?;
    Ok(Known {
        actor,
        parameters,
        operation,
    })
}

fn given(head: &Parts, parameters: &Parameters, header: &str, parameter: &str) -> Option<String> {
    let value = head.headers.get(header);
    let value = value.and_then(|value| value.to_str().ok());
    value
        .or_else(|| parameters.get(parameter))
        .map(String::from)
}

fn action(head: &Parts, parameters: &Parameters) -> Result<String, VendorError> {
    given(head, parameters, "x-acs-action", "Action").ok_or_else(|| missing("Action"))
}
