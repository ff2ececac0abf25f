//! Endpoints that take a batch as the body of a POST.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{ANSWER, Again, Fields, PATIENCE, Sent};
use crate::outbound::{self, Answer, Call, Outbound};

/// Datadog takes no more records at once.
const DATADOG: usize = 1000;

pub(in crate::azion) struct Http {
    url: Uri,
    headers: HeaderMap,
    shape: Shape,
    pub(super) max_size: usize,
}

enum Shape {
    /// The format around the lines, and what is between them.
    Lines { format: String, separator: String },
    /// `_bulk` of Elasticsearch.
    Bulk,
    /// Events of Splunk, one after the other.
    Events,
    /// A JSON array.
    Array,
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

    pub(super) async fn send(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Again> {
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

    async fn call(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Again> {
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
pub(super) async fn answered(outbound: &Outbound, call: Call) -> Result<Answer, Again> {
    let answer = outbound.send(call).await.map_err(|e| e.to_string())?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    Err(Again {
        words: refusal(&answer),
        after: retry_after(&answer.headers),
        ..Again::default()
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

/// The address of an index may already be that of its bulk interface. Of the answer only what went
/// wrong is asked for.
fn bulk(url: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let path = path.trim_end_matches('/');
    let path = match path.ends_with("/_bulk") {
        true => path.to_string(),
        false => format!("{path}/_bulk"),
    };
    let filter = "filter_path=errors,items.*.status,items.*.error.reason";
    match query {
        "" => format!("{path}?{filter}"),
        query => format!("{path}?{query}&{filter}"),
    }
}

impl Shape {
    fn body(&self, lines: &[String]) -> String {
        match self {
            Self::Lines { format, separator } => format.replace("$dataset", &lines.join(separator)),
            Self::Bulk => {
                let mut body = String::new();
                for line in lines {
                    body.push_str("{\"create\":{}}\n");
                    body.push_str(&record(line, "message"));
                    body.push('\n');
                }
                body
            }
            Self::Events => lines
                .iter()
                .map(|line| format!("{{\"event\":{}}}", value(line)))
                .collect::<Vec<_>>()
                .join("\n"),
            Self::Array => {
                let records: Vec<String> =
                    lines.iter().map(|line| record(line, "message")).collect();
                format!("[{}]", records.join(","))
            }
        }
    }
}

/// A line that is JSON as it is, another one as a text.
fn value(line: &str) -> String {
    match serde_json::from_str::<&RawValue>(line) {
        Ok(json) if !json.get().contains('\n') => json.get().to_string(),
        Ok(json) => serde_json::from_str::<Value>(json.get())
            .unwrap_or_default()
            .to_string(),
        // Text can always be written as JSON.
        Err(_) => serde_json::to_string(line).unwrap_or_default(),
    }
}

/// The same, inside of an object where it is none.
fn record(line: &str, name: &str) -> String {
    let value = value(line);
    match value.starts_with('{') {
        true => value,
        false => format!("{{\"{name}\":{value}}}"),
    }
}

/// What became of each record of a bulk request: those that cannot ever be stored are named and
/// given up, others wait for another attempt.
fn settled(answer: &Answer, lines: &[String]) -> Result<Sent, Again> {
    #[derive(Deserialize)]
    struct Bulk {
        #[serde(default)]
        errors: bool,
        #[serde(default)]
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        create: Outcome,
    }
    #[derive(Deserialize)]
    struct Outcome {
        #[serde(default)]
        status: u16,
        error: Option<Reason>,
    }
    #[derive(Deserialize)]
    struct Reason {
        #[serde(default)]
        reason: String,
    }
    let read: Bulk = serde_json::from_slice(&answer.body)
        .map_err(|error| format!("the answer is not that of a bulk request: {error}"))?;
    let mut sent = Sent::default();
    if !read.errors {
        return Ok(sent);
    }
    let mut left = Vec::new();
    let mut words = String::new();
    for (item, line) in read.items.into_iter().zip(lines) {
        let Outcome { status, error } = item.create;
        let Some(Reason { reason }) = error else {
            continue;
        };
        let said = format!("HTTP {status}: {reason}");
        if status == StatusCode::TOO_MANY_REQUESTS.as_u16() || status >= 500 {
            left.push(line.clone());
            words = said;
        } else {
            sent.refused.push(said);
        }
    }
    match left.is_empty() {
        true => Ok(sent),
        false => Err(Again {
            words,
            left: Some(left),
            sent,
            ..Again::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(all: &[&str]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_shape_is_what_its_server_reads() {
        let lines = lines(&[r#"{"a":1}"#, "x \"y\""]);
        let standard = Shape::Lines {
            format: "<$dataset>".into(),
            separator: "|".into(),
        };
        assert_eq!(standard.body(&lines), r#"<{"a":1}|x "y">"#);
        assert_eq!(
            Shape::Bulk.body(&lines),
            "{\"create\":{}}\n{\"a\":1}\n{\"create\":{}}\n{\"message\":\"x \\\"y\\\"\"}\n"
        );
        assert_eq!(
            Shape::Events.body(&lines),
            "{\"event\":{\"a\":1}}\n{\"event\":\"x \\\"y\\\"\"}"
        );
        assert_eq!(
            Shape::Array.body(&lines),
            r#"[{"a":1},{"message":"x \"y\""}]"#
        );
        assert_eq!(value("{\"a\":\n1}"), r#"{"a":1}"#);
    }

    #[test]
    fn the_bulk_interface_is_below_the_index() {
        for (url, path) in [
            ("http://e/i", "http://e/i/_bulk?"),
            ("http://e/i/", "http://e/i/_bulk?"),
            ("http://e/i/_bulk", "http://e/i/_bulk?"),
            ("http://e/i?pipeline=p", "http://e/i/_bulk?pipeline=p&"),
        ] {
            assert!(bulk(url).starts_with(path), "{}", bulk(url));
        }
    }

    #[test]
    fn only_what_can_still_be_stored_is_sent_again() {
        let answer = |body: &'static str| Answer {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::from_static(body.as_bytes()),
            cut: false,
        };
        let three = lines(&["a", "b", "c"]);
        let ok = settled(&answer(r#"{"errors":false}"#), &three).expect("sent");
        assert_eq!(ok, Sent::default());
        let mixed = answer(
            r#"{"errors":true,"items":[{"create":{"status":201}},
            {"create":{"status":400,"error":{"reason":"no date"}}},
            {"create":{"status":429,"error":{"reason":"full"}}}]}"#,
        );
        let again = settled(&mixed, &three).expect_err("again");
        assert_eq!(again.left, Some(lines(&["c"])));
        assert_eq!(again.sent.refused, ["HTTP 400: no date"]);
        assert_eq!(again.words, "HTTP 429: full");
    }
}
