//! One address for all operations: the parameter `Action` names one.

use std::time::Duration;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
};
use serde_json::{Map, Value, json};
use weir_api::dataworks::{READING_ACTIONS, VERSION, form, place};

use super::{
    KIND, apis, applications, authorities, folders, groups, metadata,
    parameters::Parameters,
    pickers,
    refusal::{Refusal, forbidden, gateway, missing},
    signature, trials,
    written::Form,
};
use crate::{
    Services, access::RequestId, audit::Change, auth::Actor, auth::Caller, extract::BODY_LIMIT,
};

/// Bytes of a signed body.
pub(super) const UNPROVEN: usize = 1 << 20;

/// What an operation is given.
pub(super) struct Call<'a> {
    pub app: &'a Services,
    pub actor: &'a Actor,
    pub parameters: &'a Parameters,
}

/// What an operation answers, besides the envelope.
pub(super) struct Answer {
    payload: Vec<(&'static str, Value)>,
    /// Some answers say only what they have to say.
    envelope: bool,
    change: Option<Change>,
}

impl Answer {
    pub(super) fn data(data: impl Into<Value>) -> Self {
        Self::under("Data", data)
    }

    pub(super) fn under(key: &'static str, value: impl Into<Value>) -> Self {
        Self {
            payload: vec![(key, value.into())],
            envelope: true,
            change: None,
        }
    }

    pub(super) fn bare(key: &'static str, value: impl Into<Value>) -> Self {
        Self {
            payload: vec![(key, value.into())],
            envelope: false,
            change: None,
        }
    }

    pub(super) fn nothing() -> Self {
        Self {
            payload: Vec::new(),
            envelope: true,
            change: None,
        }
    }

    pub(super) fn made(mut self, action: &'static str, name: impl Into<String>) -> Self {
        self.change = Some(Change::made(action, KIND, name));
        self
    }

    fn into_response(self, request_id: &str, form: &Form) -> Response {
        let mut body = Map::new();
        body.insert("RequestId".into(), json!(request_id));
        if self.envelope {
            body.insert("HttpStatusCode".into(), json!(200));
            body.insert("Success".into(), json!(true));
        }
        for (key, value) in self.payload {
            body.insert(key.into(), value);
        }
        let response = form.answer(StatusCode::OK, Value::Object(body));
        self.change.unwrap_or(Change::None).on(response)
    }
}

pub(super) async fn answer(State(app): State<Services>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>();
    let id = id.map(|id| id.0.to_uppercase()).unwrap_or_default();
    let (head, body) = request.into_parts();
    let body = match read(&app, &head, body).await {
        Ok(body) => body,
        Err(refusal) => return refusal.answer(&id, &Form::of(&head, &[])),
    };
    let form = Form::of(&head, &body);
    match operation(&app, &head, &body).await {
        Ok(answer) => answer.into_response(&id, &form),
        Err(refusal) => refusal.answer(&id, &form),
    }
}

/// A signature covers the body, so that one is read before it is known who sends it: less of it,
/// and not for long.
async fn read(app: &Services, head: &Parts, body: Body) -> Result<Bytes, Refusal> {
    let signed_in = app.auth.by_session(&head.headers).is_some();
    let (limit, time) = match signed_in {
        true => (BODY_LIMIT, Duration::from_secs(600)),
        false => (UNPROVEN, Duration::from_secs(15)),
    };
    let refused = |status, words: String| gateway(status, "InvalidParameter", words);
    match tokio::time::timeout(time, to_bytes(body, limit)).await {
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

async fn operation(app: &Services, head: &Parts, body: &[u8]) -> Result<Answer, Refusal> {
    if head.method != Method::GET && head.method != Method::POST {
        let words = "The request method is not supported: GET and POST are.";
        return Err(gateway(
            StatusCode::METHOD_NOT_ALLOWED,
            "UnsupportedHTTPMethod",
            words,
        ));
    }
    let query = form(head.uri.query().unwrap_or_default().as_bytes());
    let parameters = all(head, body);
    let actor = signature::caller(app, head, &parameters, &query, body)?;
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
    let version = given(head, &parameters, "x-acs-version", "Version");
    let version = version.unwrap_or_else(|| VERSION.to_string());
    let unknown = |words: String| gateway(StatusCode::NOT_FOUND, "InvalidApi.NotFound", words);
    if version != VERSION {
        return Err(unknown(format!("Specified version is not {VERSION}.")));
    }
    let call = Call {
        app,
        actor: &actor,
        parameters: &parameters,
    };
    match READING_ACTIONS.contains(&action.as_str()) {
        true => actor.must_read(KIND),
        // An image on any page makes a browser send this with the session's cookie.
        false if actor.has_session() && head.method == Method::GET => {
            return Err(gateway(
                StatusCode::METHOD_NOT_ALLOWED,
                "UnsupportedHTTPMethod",
                "A change is sent by POST, unless the call is signed.",
            ));
        }
        false => actor.must_change(KIND),
    }
    .map_err(|failure| forbidden(failure.message()))?;
    dispatch(&action, call).await.unwrap_or_else(|| {
        Err(unknown(format!(
            "Specified api is not found: there is no {action}."
        )))
    })
}

/// Of query and form, in this order.
pub(super) fn all(head: &Parts, body: &[u8]) -> Parameters {
    let mut all = form(head.uri.query().unwrap_or_default().as_bytes());
    let content_type = head.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    if content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded")) {
        all.extend(form(body));
    }
    Parameters(all)
}

fn given(head: &Parts, parameters: &Parameters, header: &str, parameter: &str) -> Option<String> {
    let value = head.headers.get(header);
    let value = value.and_then(|value| value.to_str().ok());
    value
        .or_else(|| parameters.get(parameter))
        .map(String::from)
}

fn action(head: &Parts, parameters: &Parameters) -> Result<String, Refusal> {
    given(head, parameters, "x-acs-action", "Action").ok_or_else(|| missing("Action"))
}

/// None where there is no such operation.
async fn dispatch(action: &str, call: Call<'_>) -> Option<Result<Answer, Refusal>> {
    Some(match action {
        "CreateDataServiceApi" => apis::create(call).await,
        "GetDataServiceApi" => apis::get(&call),
        "UpdateDataServiceApi" => apis::update(call).await,
        "DeleteDataServiceApi" => apis::delete(call).await,
        "ListDataServiceApis" => apis::list(&call),
        "SubmitDataServiceApi" => apis::submit(call).await,
        "PublishDataServiceApi" => apis::publish(call).await,
        "AbolishDataServiceApi" => apis::abolish(call).await,
        "GetDataServicePublishedApi" => apis::get_published(&call),
        "ListDataServicePublishedApis" => apis::list_published(&call),
        "TestDataServiceApi" => trials::start(call).await,
        "GetDataServiceApiTest" => trials::get(&call),
        "ListDataServiceApiTest" => trials::list(&call),
        "SaveDataServiceApiTestResult" => trials::save_result(call).await,
        "CreateDataServiceFolder" => folders::create(call).await,
        "GetDataServiceFolder" => folders::get(&call),
        "ListDataServiceFolders" => folders::list(&call),
        "CreateDataServiceGroup" => groups::create(call).await,
        "GetDataServiceGroup" => groups::get(&call),
        "ListDataServiceGroups" => groups::list(&call),
        "CreateDataServiceApiAuthority" => authorities::create(call).await,
        "DeleteDataServiceApiAuthority" => authorities::delete(call).await,
        "ListDataServiceApiAuthorities" => authorities::list(&call),
        "ListDataServiceAuthorizedApis" => authorities::list_received(&call),
        "ListDataServiceApplications" => applications::list(&call),
        "GetDataServiceApplication" => applications::get(&call),
        "ListProjects" => pickers::projects(&call),
        "ListDataSources" => pickers::data_sources(&call),
        "ListResourceGroups" => pickers::resource_groups(),
        "GetMetaDBTableList" => pickers::tables(&call),
        "ListConnections" => pickers::connections(&call),
        "GetProject" | "GetProjectDetail" => metadata::project(&call),
        "GetMetaTableColumn" => metadata::columns(&call),
        "GetMetaDBInfo" => metadata::database(&call),
        "GetMetaTableBasicInfo" => metadata::basic(&call),
        "GetMetaTableFullInfo" => metadata::full(&call),
        "CheckMetaTable" => metadata::exists(&call),
        "CheckMetaPartition" => metadata::partition_exists(&call),
        "SearchMetaTables" => metadata::search(&call),
        "ListTables" => metadata::list(&call),
        "GetMetaTableLineage" => metadata::lineage(&call),
        "GetMetaTableIntroWiki" => metadata::wiki(&call),
        "GetMetaTablePartition" | "GetMetaTableChangeLog" | "GetMetaTableOutput" => {
            metadata::none_of_table(&call)
        }
        "GetMetaColumnLineage" | "GetMetaCategory" => metadata::none(&call, "DataEntityList"),
        "GetMetaTableListByCategory" => metadata::none(&call, "TableGuidList"),
        "GetMetaTableProducingTasks" => metadata::tasks(&call),
        "GetMetaTableThemeLevel" => metadata::themes(&call),
        _ => return None,
    })
}

/// A part of a list as the parameters ask for it.
pub(super) fn page<T: serde::Serialize>(
    call: &Call<'_>,
    key: &str,
    items: Vec<T>,
) -> Result<Value, Refusal> {
    let paging = call.parameters.paging()?;
    let size = paging.size as usize;
    let total = items.len();
    let skipped = (paging.number as usize - 1).saturating_mul(size);
    let part: Vec<T> = items.into_iter().skip(skipped).take(size).collect();
    Ok(json!({
        key: part, "PageNumber": paging.number, "PageSize": paging.size, "TotalCount": total,
    }))
}
