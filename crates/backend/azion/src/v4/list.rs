//! Which part of a list is asked for, and in which order.

use std::{cmp::Ordering, collections::BTreeMap};

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri, Query},
    http::{HeaderMap, header, request::Parts},
};
use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime};
use serde::Serialize;
use serde_json::{Value, json};
use weir_api::{azion::v4::stream::TEMPLATE, request::encode};

use super::error::Errors;

const SIZE: usize = 10;
const LARGEST: usize = 100;

/// What is asked of a list.
pub(super) struct ListQuery {
    /// The parameters that say something.
    filters: BTreeMap<String, String>,
    /// Of the list, without its parameters.
    address: String,
}

impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Errors;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Errors> {
        let query = Query::<BTreeMap<String, String>>::from_request_parts(parts, state).await;
        let Query(all) = query.map_err(|error| Errors::parameter("query", error.body_text()))?;
        let filters = all.into_iter().filter(|(_, text)| !text.is_empty());
        let uri = parts.extensions.get::<OriginalUri>();
        let path = uri.map_or(parts.uri.path(), |OriginalUri(uri)| uri.path());
        Ok(Self {
            filters: filters.collect(),
            address: format!("{}{path}", origin(&parts.headers)),
        })
    }
}

/// Empty where the request does not say it: links are relative then.
fn origin(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = match text("x-forwarded-proto") {
        Some(scheme) if scheme.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    text(header::HOST.as_str()).map_or_else(String::new, |host| format!("{scheme}://{host}"))
}

impl ListQuery {
    fn get(&self, name: &str) -> Option<&str> {
        self.filters.get(name).map(String::as_str)
    }

    /// The same list at another page.
    fn link(&self, page: usize) -> String {
        let others = self.filters.iter().filter(|(name, _)| *name != "page");
        let others = others.map(|(name, value)| format!("&{}={}", encode(name), encode(value)));
        format!("{}?page={page}{}", self.address, others.collect::<String>())
    }
}

fn count(asked: &ListQuery, name: &str, default: usize, largest: usize) -> Result<usize, Errors> {
    match asked.get(name).map(str::parse::<usize>) {
        None => Ok(default),
        // Who asks for more gets as much as there is.
        Some(Ok(number)) if number > 0 => Ok(number.min(largest)),
        Some(_) => Err(Errors::parameter(name, "A number from 1 is needed.")),
    }
}

/// What a resource says under a name that lists filter by.
fn said<'a>(one: &'a Value, name: &str) -> &'a Value {
    match name {
        "data_source" => &one["inputs"][0]["attributes"]["data_source"],
        "data_set_id" => {
            let parts = one["transform"].as_array();
            let part = parts.and_then(|all| all.iter().find(|part| part["type"] == TEMPLATE));
            part.map_or(&Value::Null, |part| &part["attributes"]["template"])
        }
        name => &one[name],
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Names of filters: what has to be the same.
const SAME: [&str; 6] = [
    "active",
    "data_set_id",
    "data_source",
    "id",
    "last_editor",
    "name",
];
/// What has to be from, or until, a time.
const TIMES: [&str; 2] = ["created", "last_modified"];

/// A time, or a day from its beginning.
fn time(text: &str) -> Option<DateTime<FixedOffset>> {
    let day = || {
        let day = text.parse::<NaiveDate>().ok()?;
        Some(day.and_time(NaiveTime::MIN).and_utc().fixed_offset())
    };
    DateTime::parse_from_rfc3339(text).ok().or_else(day)
}

/// The first and the last time that a list is asked for.
type Span = (Option<DateTime<FixedOffset>>, Option<DateTime<FixedOffset>>);

fn spans(asked: &ListQuery) -> Result<[Span; 2], Errors> {
    let bound = |name: &str, end: &str| {
        let parameter = format!("{name}__{end}");
        match asked.get(&parameter).map(|text| (text, time(text))) {
            None => Ok(None),
            Some((_, Some(time))) => Ok(Some(time)),
            Some((text, None)) => {
                let words = format!("\"{text}\" is not a valid time.");
                Err(Errors::parameter(&parameter, words))
            }
        }
    };
    let [created, modified] = TIMES;
    Ok([
        (bound(created, "gte")?, bound(created, "lte")?),
        (bound(modified, "gte")?, bound(modified, "lte")?),
    ])
}

fn lets(asked: &ListQuery, spans: &[Span; 2], one: &Value) -> bool {
    let same = SAME.iter().all(|name| {
        let wanted = asked.get(name).map(str::to_lowercase);
        wanted.is_none_or(|wanted| wanted == text(said(one, name)))
    });
    let found = asked
        .get("search")
        .is_none_or(|part| text(&one["name"]).contains(&part.to_lowercase()));
    let timely = TIMES.iter().zip(spans).all(|(name, (first, last))| {
        let at = time(one[*name].as_str().unwrap_or_default());
        first.is_none_or(|first| at >= Some(first)) && last.is_none_or(|last| at <= Some(last))
    });
    same && found && timely
}

fn order(name: &str, a: &Value, b: &Value) -> Ordering {
    let (a, b) = (said(a, name), said(b, name));
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => text(a).cmp(&text(b)),
    }
}

/// The page that is asked for, by id unless another order is.
pub(super) fn page(asked: &ListQuery, all: &[impl Serialize]) -> Result<Json<Value>, Errors> {
    let spans = spans(asked)?;
    let all = serde_json::to_value(all).unwrap_or_default();
    let mut all = match all {
        Value::Array(all) => all,
        _ => Vec::new(),
    };
    all.retain(|one| lets(asked, &spans, one));
    if let Some(ordering) = asked.get("ordering") {
        let (name, down) = match ordering.strip_prefix('-') {
            Some(name) => (name, true),
            None => (ordering, false),
        };
        all.sort_by(|a, b| match down {
            true => order(name, b, a),
            false => order(name, a, b),
        });
    }
    let size = count(asked, "page_size", SIZE, LARGEST)?;
    let number = count(asked, "page", 1, usize::MAX)?;
    let total = all.len();
    let pages = total.div_ceil(size).max(1);
    if number > pages {
        return Err(Errors::no_page());
    }
    let mut part: Vec<Value> = all
        .into_iter()
        .skip((number - 1) * size)
        .take(size)
        .collect();
    for one in part.iter_mut().filter_map(Value::as_object_mut) {
        match asked.get("fields") {
            Some(fields) => {
                one.retain(|key, _| fields.split(',').any(|field| field.trim() == key));
            }
            // Elements of lists do not have it in the vendor's clients, which refuse what they do
            // not know.
            None => one.retain(|key, _| !["created", "created_at"].contains(&key.as_str())),
        }
    }
    Ok(Json(json!({
        "count": total, "total_pages": pages, "page": number, "page_size": size,
        "next": (number < pages).then(|| asked.link(number + 1)),
        "previous": (number > 1).then(|| asked.link(number - 1)),
        "results": part,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(filters: &[(&str, &str)]) -> ListQuery {
        let filters = filters.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        ListQuery {
            filters: filters.collect(),
            address: "http://weir/streams".into(),
        }
    }

    fn names(filters: &[(&str, &str)]) -> Vec<String> {
        let all = [
            json!({"id": 1, "name": "b", "active": true, "created": "2026-01-01T00:00:00Z"}),
            json!({"id": 2, "name": "A", "active": false, "created": "2026-02-01T00:00:00Z"}),
            json!({"id": 10, "name": "c", "active": true, "created": "2026-03-01T00:00:00Z"}),
        ];
        let Json(page) = page(&asked(filters), &all).expect("page");
        let results = page["results"].as_array().expect("list").clone();
        results
            .iter()
            .map(|one| one["name"].as_str().expect("name").to_owned())
            .collect()
    }

    #[test]
    fn filters_order_and_pages() {
        assert_eq!(names(&[]), ["b", "A", "c"]);
        assert_eq!(names(&[("ordering", "name")]), ["A", "b", "c"]);
        assert_eq!(names(&[("ordering", "-id")]), ["c", "A", "b"]);
        assert_eq!(names(&[("active", "true")]), ["b", "c"]);
        assert_eq!(names(&[("search", "a")]), ["A"]);
        assert_eq!(
            names(&[("created__gte", "2026-01-15T00:00:00Z")]),
            ["A", "c"]
        );
        assert_eq!(names(&[("page", "2"), ("page_size", "2")]), ["c"]);
        assert_eq!(names(&[("created__lte", "2026-01-15")]), ["b"]);
        assert!(page(&asked(&[("page", "2")]), &[1]).is_err());
        assert!(page(&asked(&[("created__gte", "soon")]), &[1]).is_err());
    }

    #[test]
    fn the_next_page_is_of_the_same_list() {
        let asked = asked(&[("page", "1"), ("page_size", "1"), ("search", "a b")]);
        let all = [json!({"name": "a b"}), json!({"name": "xa b"})];
        let Json(page) = page(&asked, &all).expect("page");
        assert_eq!(
            page["next"],
            "http://weir/streams?page=2&page_size=1&search=a%20b"
        );
        assert_eq!(page["previous"], Value::Null);
    }
}
