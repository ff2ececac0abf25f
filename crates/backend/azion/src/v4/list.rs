//! Which part of a list is asked for, and in which order.

use std::{cmp::Ordering, collections::BTreeMap};

use axum::{
    Json,
    extract::{FromRequestParts, Query},
    http::request::Parts,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::error::Errors;

const SIZE: usize = 10;
const LARGEST: usize = 100;

/// The parameters of a list.
pub(super) struct Asked(pub BTreeMap<String, String>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Errors;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Errors> {
        let query = Query::<BTreeMap<String, String>>::from_request_parts(parts, state).await;
        let Query(all) = query.map_err(|error| Errors::parameter("query", error.body_text()))?;
        Ok(Self(
            all.into_iter()
                .filter(|(_, text)| !text.is_empty())
                .collect(),
        ))
    }
}

fn count(
    asked: &BTreeMap<String, String>,
    name: &str,
    default: usize,
    largest: usize,
) -> Result<usize, Errors> {
    match asked.get(name).map(|text| text.parse()) {
        None => Ok(default),
        Some(Ok(number)) if (1..=largest).contains(&number) => Ok(number),
        Some(_) => Err(Errors::parameter(
            name,
            format!("from 1 to {largest} is needed"),
        )),
    }
}

/// What a resource says under a name that lists filter by.
fn said<'a>(one: &'a Value, name: &str) -> &'a Value {
    match name {
        "data_source" => &one["inputs"][0]["attributes"]["data_source"],
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
const SAME: [&str; 5] = ["active", "data_source", "id", "last_editor", "name"];
/// What has to be from, or until, a time.
const TIMES: [&str; 2] = ["created", "last_modified"];

fn lets(asked: &BTreeMap<String, String>, one: &Value) -> bool {
    let same = SAME.iter().all(|name| {
        let wanted = asked.get(*name).map(|text| text.to_lowercase());
        wanted.is_none_or(|wanted| wanted == text(said(one, name)))
    });
    let found = asked
        .get("search")
        .is_none_or(|part| text(&one["name"]).contains(&part.to_lowercase()));
    let timely = TIMES.iter().all(|name| {
        let time = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok();
        let at = time(one[*name].as_str().unwrap_or_default());
        let bound = |end: &str| asked.get(&format!("{name}__{end}")).and_then(|t| time(t));
        bound("gte").is_none_or(|from| at >= Some(from))
            && bound("lte").is_none_or(|until| at <= Some(until))
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
pub(super) fn page(
    asked: &BTreeMap<String, String>,
    all: &[impl Serialize],
) -> Result<Json<Value>, Errors> {
    let all = serde_json::to_value(all).unwrap_or_default();
    let mut all = match all {
        Value::Array(all) => all,
        _ => Vec::new(),
    };
    all.retain(|one| lets(asked, one));
    if let Some(ordering) = asked.get("ordering") {
        let (name, down) = match ordering.strip_prefix('-') {
            Some(name) => (name, true),
            None => (ordering.as_str(), false),
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
        return Err(Errors::parameter("page", "there is no such page"));
    }
    let mut part: Vec<Value> = all
        .into_iter()
        .skip((number - 1) * size)
        .take(size)
        .collect();
    if let Some(fields) = asked.get("fields") {
        for one in part.iter_mut().filter_map(Value::as_object_mut) {
            one.retain(|key, _| fields.split(',').any(|field| field.trim() == key));
        }
    }
    let link = |page: usize| format!("?page={page}&page_size={size}");
    Ok(Json(json!({
        "count": total, "total_pages": pages, "page": number, "page_size": size,
        "next": (number < pages).then(|| link(number + 1)),
        "previous": (number > 1).then(|| link(number - 1)),
        "results": part,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(asked: &[(&str, &str)]) -> Vec<String> {
        let all = [
            json!({"id": 1, "name": "b", "active": true, "created": "2026-01-01T00:00:00Z"}),
            json!({"id": 2, "name": "A", "active": false, "created": "2026-02-01T00:00:00Z"}),
            json!({"id": 10, "name": "c", "active": true, "created": "2026-03-01T00:00:00Z"}),
        ];
        let asked = asked.iter().map(|(k, v)| (k.to_string(), v.to_string()));
        let Json(page) = page(&asked.collect(), &all).expect("page");
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
        let asked = BTreeMap::from([("page".to_owned(), "2".to_owned())]);
        assert!(page(&asked, &[1]).is_err());
    }
}
