//! Registered APIs: the call goes on to their own host.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use bytes::Bytes;
use serde_json::{Map, Value, json};
use weir_api::{
    dataworks::{
        api::Api,
        codes::{self, BODY, HEAD, PATH},
        details::{Registration, RequestParameter},
    },
    request::encode,
};

use super::{
    outcome::{CONNECTION, Outcome, PARAMETER, RunError, TIMEOUT},
    records::api::ApiRecord,
    values::{self, Input},
};
use weir_platform::delivery::masked::masked_words;

use crate::{
    Services,
    outbound::{self, Call, OutboundError},
};

/// Bytes of an answer.
const LARGEST: usize = 16 << 20;

pub(super) async fn call(
    app: &Services,
    kept: &ApiRecord,
    api: &Api,
    input: &Input,
) -> Result<Outcome, RunError> {
    let Some(registration) = &api.registration_details else {
        return Err(wrong("it is not registered".into()));
    };
    let timeout = Duration::from_millis(u64::try_from(api.timeout).unwrap_or(1));
    let call = request(registration, kept, api, input, timeout)?;
    let asked = masked_words(&format!("{} {}", call.method, call.url));
    let answer = app.outbound.send(call).await.map_err(|error| match error {
        OutboundError::Timeout(_) => RunError::new(
            StatusCode::GATEWAY_TIMEOUT,
            TIMEOUT,
            format!("query timeout: {error}"),
        ),
        OutboundError::Failed(words) => RunError::new(
            StatusCode::BAD_GATEWAY,
            CONNECTION,
            format!("the service cannot be reached: {words}"),
        ),
    })?;
    if answer.cut {
        let words = format!("the service's answer is larger than {} MiB", LARGEST >> 20);
        return Err(RunError::new(StatusCode::BAD_GATEWAY, CONNECTION, words));
    }
    let said = answer.headers.get(header::CONTENT_TYPE);
    let declared = match registration.service_content_type {
        1 => "application/xml",
        _ => "application/json",
    };
    let content_type = said
        .and_then(|value| value.to_str().ok())
        .unwrap_or(declared);
    Ok(Outcome {
        status: answer.status,
        code: match answer.status.is_success() {
            true => 0,
            false => answer.status.as_u16().into(),
        },
        content_type: content_type.into(),
        body: answer.body.to_vec(),
        log: vec![asked, format!("the service answered {}", answer.status)],
    })
}

fn wrong(words: String) -> RunError {
    RunError::new(
        StatusCode::BAD_REQUEST,
        PARAMETER,
        format!("param wrong: {words}"),
    )
}

fn request(
    registration: &Registration,
    kept: &ApiRecord,
    api: &Api,
    input: &Input,
    timeout: Duration,
) -> Result<Call, RunError> {
    let mut path = registration.service_path.clone();
    let mut query = Vec::new();
    let mut headers = HeaderMap::new();
    let mut body: Vec<(&RequestParameter, &str)> = Vec::new();
    for parameter in &registration.registration_request_parameters {
        let text = values::text(parameter, input)?;
        let Some(text) = text else { continue };
        // The declared type is checked; what is sent on is what came.
        values::value(parameter, input)?;
        let name = &parameter.parameter_name;
        match parameter.parameter_position {
            PATH => path = path.replace(&format!("[{name}]"), &encode(text)),
            HEAD => {
                let (name, value) = outbound::header(name, text).map_err(wrong)?;
                headers.insert(name, value);
            }
            BODY => body.push((parameter, text)),
            _ => query.push(format!("{}={}", encode(name), encode(text))),
        }
    }
    if let Some((_, rest)) = path.split_once('[') {
        let name = rest.split(']').next().unwrap_or_default();
        return Err(wrong(format!(
            "the path needs [{name}], which no parameter gives"
        )));
    }
    let mut url = format!("{}{path}", registration.service_host.trim_end_matches('/'));
    if !query.is_empty() {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(&query.join("&"));
    }
    let (content_type, content) = content(kept.request_content_type, &body, input);
    if let Some(content_type) = content_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    Ok(Call {
        method: match api.request_method {
            codes::POST => Method::POST,
            codes::PUT => Method::PUT,
            codes::DELETE => Method::DELETE,
            _ => Method::GET,
        },
        url: outbound::url(&url).map_err(wrong)?,
        headers,
        body: content,
        timeout,
        limit: LARGEST,
    })
}

/// Declared parameters make the body; without any it goes on as it came.
fn content(
    kind: Option<i32>,
    parameters: &[(&RequestParameter, &str)],
    input: &Input,
) -> (Option<&'static str>, Bytes) {
    const FORM: i32 = 2;
    const XML: i32 = 0;
    if parameters.is_empty() {
        let content_type = match kind {
            _ if input.content.is_empty() => None,
            Some(XML) => Some("application/xml"),
            Some(FORM) => Some("application/x-www-form-urlencoded"),
            _ => Some("application/json"),
        };
        return (content_type, input.content.clone());
    }
    if kind == Some(FORM) {
        let pairs = parameters.iter().map(|(parameter, text)| {
            format!("{}={}", encode(&parameter.parameter_name), encode(text))
        });
        let body = pairs.collect::<Vec<_>>().join("&");
        return (Some("application/x-www-form-urlencoded"), body.into());
    }
    let member = |(parameter, text): &(&RequestParameter, &str)| {
        let value = match parameter.parameter_data_type {
            0 => json!(text),
            _ => serde_json::from_str(text.trim()).unwrap_or_else(|_| json!(text)),
        };
        (parameter.parameter_name.clone(), value)
    };
    let body: Map<String, Value> = parameters.iter().map(member).collect();
    (
        Some("application/json"),
        Value::Object(body).to_string().into(),
    )
}
