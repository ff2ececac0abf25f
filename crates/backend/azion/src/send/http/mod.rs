//! Endpoints that take a batch as the body of a POST.

mod body;
mod bulk;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use bytes::Bytes;
use serde_json::Value;

use self::{
    body::Shape,
    bulk::{bulk, settled},
};
use super::{
    fields::Fields,
    outcome::{ANSWER, PATIENCE, Retry, Sent},
};
use crate::outbound::{self, Answer, Call, Outbound};

/// Datadog takes no more records at once.
const DATADOG: usize = 1000;

pub(crate) struct Http {
    url: Uri,
    headers: HeaderMap,
    shape: Shape,
    pub(super) max_size: usize,
}

impl Http {
    pub(super) fn new(fields: Fields<'_>) -> Result<Self, String> {
        let mut headers = HeaderMap::new();
        let mut set = |name: &str, value: &str| {
            let (name, value) = outbound::header(name, value)?;
            headers.insert(name, value);
            Ok::<(), String>(())
        };
        let (mut url, key) = (fields.text("url"), fields.text("api_key"));
        let mut max_size = usize::MAX;
        let shape = match fields.kind().as_str() {
            "elasticsearch" => {
                set("authorization", &format!("ApiKey {key}"))?;
                set("content-type", "application/x-ndjson")?;
                url = bulk(&url);
                Shape::Bulk
            }
            "splunk" => {
                set("authorization", &format!("Splunk {key}"))?;
                set("content-type", "application/json")?;
                Shape::Events
            }
            "datadog" => {
                set("dd-api-key", &key)?;
                set("content-type", "application/json")?;
                Shape::Array
            }
            "qradar" => {
                set("content-type", "text/plain; charset=utf-8")?;
                Shape::Lines {
                    format: "$dataset".into(),
                    separator: "\n".into(),
                }
            }
            _ => {
                set("content-type", "text/plain; charset=utf-8")?;
                let given = fields.0.get("headers").and_then(Value::as_object);
                for (name, value) in given.into_iter().flatten() {
                    set(name, value.as_str().unwrap_or_default())?;
                }
                let size = fields.0.get("max_size").and_then(Value::as_u64);
                max_size = size.map_or(max_size, |size| usize::try_from(size).unwrap_or(max_size));
                Shape::Lines {
                    format: fields.text("payload_format"),
                    separator: fields.separator(),
                }
            }
        };
        Ok(Self {
            url: outbound::url(&url)?,
            headers,
            shape,
            max_size,
        })
    }

    pub(super) async fn send(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Retry> {
        let most = match self.shape {
            Shape::Array => DATADOG,
            _ => usize::MAX,
        };
        let mut sent = Sent::default();
        let mut done = 0;
        for part in lines.chunks(most) {
            match self.call(outbound, part).await {
                Ok(more) => sent.refused.extend(more.refused),
                Err(mut again) => {
                    sent.refused.append(&mut again.sent.refused);
                    let rest = &lines[done + part.len()..];
                    let mut left = again.left.unwrap_or_else(|| part.to_vec());
                    left.extend_from_slice(rest);
                    again.left = Some(left);
                    again.sent = sent;
                    return Err(again);
                }
            }
            done += part.len();
        }
        Ok(sent)
    }

    async fn call(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Retry> {
        let call = Call {
            method: Method::POST,
            url: self.url.clone(),
            headers: self.headers.clone(),
            body: Bytes::from(self.shape.body(lines)),
            timeout: PATIENCE,
            limit: ANSWER,
        };
        let answer = answered(outbound, call).await?;
        match self.shape {
            Shape::Bulk => settled(&answer, lines),
            _ => Ok(Sent::default()),
        }
    }
}

/// An answer outside 200–299 is a reason to try again.
pub(super) async fn answered(outbound: &Outbound, call: Call) -> Result<Answer, Retry> {
    let answer = outbound.send(call).await.map_err(|e| e.to_string())?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    Err(Retry {
        words: refusal(&answer),
        after: retry_after(&answer.headers),
        ..Retry::default()
    })
}

/// `HTTP 503 Service Unavailable: try later`
fn refusal(answer: &Answer) -> String {
    const SHOWN: usize = 300;
    let said = String::from_utf8_lossy(&answer.body);
    let said: String = said.trim().chars().take(SHOWN).collect();
    match said.is_empty() {
        true => format!("HTTP {}", answer.status),
        false => format!("HTTP {}: {said}", answer.status),
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER).map(HeaderValue::to_str)?;
    Some(Duration::from_secs(seconds.ok()?.trim().parse().ok()?))
}
