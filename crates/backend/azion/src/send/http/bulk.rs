//! Elasticsearch, whose answers tell of each line.

use axum::http::StatusCode;
use serde::Deserialize;

use super::super::outcome::{Retry, Sent};
use crate::outbound::Answer;

/// The address of an index may already be that of its bulk interface. Of the answer only what went
/// wrong is asked for.
pub(super) fn bulk(url: &str) -> String {
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

/// What became of each record of a bulk request: those that cannot ever be stored are named and
/// given up, others wait for another attempt.
pub(super) fn settled(answer: &Answer, lines: &[String]) -> Result<Sent, Retry> {
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
        false => Err(Retry {
            words,
            left: Some(left),
            sent,
            ..Retry::default()
        }),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;
    use bytes::Bytes;

    use super::*;

    fn lines(all: &[&str]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
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
