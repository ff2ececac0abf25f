//! Azion Data Streaming, version 3: <https://api.azionapi.net>, paths below `/data_streaming`.

pub mod check;
mod definition;
pub mod domain;
pub mod endpoint;
mod error;
pub mod model;
pub mod source;
pub mod streaming;
pub mod template;
pub mod token;
pub mod v4;

pub use error::read as error;
pub use model::Model;
pub use source::DataSource;

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};

use crate::{
    ApiError, ApiRequest, json_response, lenient,
    paging::Part,
    request::{Name, decode},
};

/// The version is part of what is asked for; the vendor answers 406 without it.
pub const ACCEPT: &str = "application/json; version=3";

fn versioned(request: ApiRequest) -> ApiRequest {
    request.accept(ACCEPT)
}

/// What every answer is wrapped in; version 4 has `data` where one is meant.
#[derive(Deserialize)]
struct Answer {
    #[serde(alias = "data")]
    results: Box<RawValue>,
}

/// The resources of a list's answer.
pub fn many<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, ApiError> {
    let Answer { results } = json_response(body)?;
    json_response(results.get().as_bytes())
}

/// The resources of all parts of a list.
pub fn all<T: serde::de::DeserializeOwned>(parts: &[Vec<u8>]) -> Result<Vec<T>, ApiError> {
    let lists: Result<Vec<Vec<T>>, ApiError> = parts.iter().map(|part| many(part)).collect();
    Ok(lists?.into_iter().flatten().collect())
}

/// What follows a part of a list, in every way in which a version tells: the number of pages, a link
/// to the next one, how many there are. Of a link only the parameters are taken: it may lead
/// elsewhere, where nobody's token belongs.
pub fn part(asked: &ApiRequest, body: &[u8]) -> Part {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let number = |key: &str| {
        let value = answer.get(key)?;
        value.as_u64().or_else(|| value.as_str()?.parse().ok())
    };
    let items = answer.get("results").and_then(Value::as_array);
    let items = items.map_or(0, Vec::len) as u64;
    let total = number("count");
    let asked_for = |name: &str| {
        let found = asked.query.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let page = number("page")
        .or_else(|| asked_for("page"))
        .unwrap_or(1)
        .max(1);
    let link = answer
        .get("next")
        .or_else(|| answer.get("links")?.get("next"));
    let link = link.and_then(Value::as_str).filter(|link| !link.is_empty());
    let size = number("page_size").or_else(|| asked_for("page_size"));
    let numbered = match (number("total_pages"), total) {
        (Some(pages), _) => page < pages,
        // Without a size nothing tells where an empty page stands.
        (None, Some(total)) => match size.unwrap_or(items) {
            0 => false,
            size => page.saturating_mul(size) < total,
        },
        (None, None) => false,
    };
    let next = match link.and_then(|link| link.split_once('?')) {
        Some((_, query)) => Some(with_parameters(asked, query)),
        None if numbered || link.is_some() => {
            Some(with_parameters(asked, &format!("page={}", page + 1)))
        }
        None => None,
    };
    Part { next, items, total }
}

/// The request with these parameters instead of its own of the same names.
fn with_parameters(asked: &ApiRequest, query: &str) -> ApiRequest {
    let mut next = asked.clone();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name), decode(&value.replace('+', " ")));
        next.query.retain(|(known, _)| *known != name);
        next.query.push((Name::from(name), value));
    }
    next
}

/// The resource of an answer; the specification has a list of one in places, the servers do not.
pub fn one<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let Answer { results } = json_response(body)?;
    let results: Value = json_response(results.get().as_bytes())?;
    let value = match results {
        Value::Array(mut all) if all.len() == 1 => all.remove(0),
        other => other,
    };
    lenient::from_value(&value)
}

/// What was written is on its way, but not there yet; only version 4 tells.
pub fn pending(body: &[u8]) -> bool {
    let answer: Result<v4::Answer<Value>, _> = serde_json::from_slice(body);
    answer.is_ok_and(|answer| answer.state == v4::PENDING)
}

/// An object that some servers send as its text or in a list.
fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
        Value::Array(all) => all.into_iter().next().map(object).unwrap_or_default(),
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(asked: ApiRequest, body: &str) -> Option<String> {
        part(&asked, body.as_bytes()).next.map(|next| next.target())
    }

    #[test]
    fn every_way_of_paging_is_followed() {
        let first = || streaming::list();
        let path = "/data_streaming/streamings";
        for (body, follows) in [
            (
                r#"{"count":3,"total_pages":2,"links":{"previous":null,"next":null},"results":[{},{}]}"#,
                "?page=2",
            ),
            (
                r#"{"count":"3","total_pages":"2","results":[{},{}]}"#,
                "?page=2",
            ),
            (r#"{"count":3,"results":[{},{}]}"#, "?page=2"),
            (
                r#"{"results":[{}],"links":{"next":"https://other.example/x?page=2&page_size=1"}}"#,
                "?page=2&page_size=1",
            ),
            (
                r#"{"results":[{}],"next":"https://other.example/x?cursor=a%2Bb"}"#,
                "?cursor=a%2Bb",
            ),
            // More may follow an empty page.
            (r#"{"count":9,"total_pages":3,"results":[]}"#, "?page=2"),
            (r#"{"count":9,"results":null,"next":"x?page=2"}"#, "?page=2"),
        ] {
            assert_eq!(
                next(first(), body),
                Some(format!("{path}{follows}")),
                "{body}"
            );
        }
        for end in [
            r#"{"results":[{},{}],"schema_version":3}"#,
            r#"{"count":2,"total_pages":1,"results":[{},{}]}"#,
            r#"{"count":2,"results":[{},{}],"links":{"next":null}}"#,
            r#"{"count":9,"results":[]}"#,
            "no JSON",
        ] {
            assert_eq!(next(first(), end), None, "{end}");
        }
    }

    #[test]
    fn the_last_page_ends_the_list() {
        let second = streaming::list().query("page", "2").query("page_size", "2");
        let body = |count: u64| format!(r#"{{"count":{count},"results":[{{}}]}}"#);
        assert_eq!(next(second.clone(), &body(3)), None);
        let third = "/data_streaming/streamings?page_size=2&page=3";
        assert_eq!(next(second, &body(5)).as_deref(), Some(third));
        let part = part(
            &streaming::list(),
            br#"{"count":120,"total_pages":2,"results":[{}]}"#,
        );
        assert_eq!((part.items, part.total), (1, Some(120)));
        assert_eq!(
            part.next.expect("a next page").headers,
            streaming::list().headers
        );
    }
}
