//! Answers with status 200, which can be errors all the same.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::error::refused;
use crate::{ApiError, ApiRequest, json_response, lenient, paging::Part};

#[derive(Deserialize)]
struct Envelope {
    /// 0, or a text of noughts, is success.
    code: Option<Value>,
    #[serde(alias = "message")]
    msg: Option<String>,
    success: Option<bool>,
    data: Option<Value>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Of all pages, where the server counts.
    pub total: Option<u64>,
}

/// The `data` of `{code, msg, data}`; `null` and what is absent counts as the default.
pub fn answer<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, ApiError> {
    match accepted(body)?.data {
        Some(data) => typed(data),
        None => Ok(T::default()),
    }
}

/// An answer of which only success matters; it may be empty.
pub fn done(body: &[u8]) -> Result<(), ApiError> {
    match body.trim_ascii() {
        [] => Ok(()),
        body => accepted(body).map(|_| ()),
    }
}

/// Why an answer with status 200 is none. Of a deletion: nothing of what it names is gone.
pub fn refusal(body: &[u8]) -> Option<ApiError> {
    #[derive(Deserialize)]
    struct Deletion {
        success_ids: Vec<String>,
        error_ids: Vec<String>,
    }
    if let Ok(deletion) = serde_json::from_slice::<Deletion>(body)
        && deletion.success_ids.is_empty()
        && !deletion.error_ids.is_empty()
    {
        let words = format!("not deleted: {}", deletion.error_ids.join(", "));
        return Some(refused(None, words));
    }
    match accepted(body) {
        Err(error @ ApiError::Status(_)) => Some(error),
        // What is no object has no code.
        _ => None,
    }
}

/// A list, whichever way it is wrapped: `{data: {data: […], total}}` of deliveries,
/// `{data: […], total}` of data objects, and the named lists of the pickers, such as
/// `{records: […], count}`.
pub fn page<T: DeserializeOwned>(body: &[u8]) -> Result<Page<T>, ApiError> {
    const LISTS: [&str; 5] = [
        "data",
        "records",
        "workspaces",
        "dataclass_details",
        "field_details",
    ];
    let _ = accepted(body)?;
    let mut value: Value = json_response(body)?;
    if let Some(inner) = value.get_mut("data").filter(|data| data.is_object()) {
        value = inner.take();
    }
    let total = ["total", "count"]
        .iter()
        .find_map(|name| value.get(name)?.as_f64());
    let name = LISTS.iter().find(|name| value.get(**name).is_some());
    let list = name.and_then(|name| Some(value.get_mut(*name)?.take()));
    let items = match list {
        Some(Value::Null) => Vec::new(),
        Some(list) => typed(list)?,
        // Some lists are left out where they are empty.
        None if total == Some(0.0) || value.get("code").is_some() => Vec::new(),
        None => return Err(ApiError::Decode("the answer holds no list".into())),
    };
    Ok(Page {
        items,
        total: total.map(|total| total as u64),
    })
}

/// What follows a part of a list that was asked for with `offset` and `limit`. A server may send
/// fewer than it was asked for.
pub fn part(asked: &ApiRequest, body: &[u8]) -> Part {
    let Ok(page) = page::<Value>(body) else {
        return Part::default();
    };
    let number = |name: &str| {
        let found = asked.query.iter().find(|(known, _)| known == name);
        found.and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let items = page.items.len() as u64;
    let offset = number("offset").unwrap_or_default();
    // Behind an empty part the next one begins where this one would have ended.
    let until = match items {
        0 => offset + number("limit").unwrap_or_default(),
        items => offset + items,
    };
    let more = match page.total {
        Some(total) => until < total,
        None => number("limit").is_some_and(|limit| items >= limit),
    };
    let next = (more && number("limit").is_some_and(|limit| limit > 0)).then(|| {
        let mut next = asked.clone();
        for (name, value) in &mut next.query {
            if name == "offset" {
                *value = until.to_string();
            }
        }
        next
    });
    Part {
        next,
        items,
        total: page.total,
    }
}

/// One resource, whether it stands alone or inside of `data` or `workspace`.
pub fn resource<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    let _ = accepted(body)?;
    let mut value: Value = json_response(body)?;
    for name in ["data", "workspace"] {
        if let Some(inner) = value.get_mut(name).filter(|inner| inner.is_object()) {
            value = inner.take();
        }
    }
    typed(value)
}

/// An answer that is the thing itself; `null` counts as absent.
pub fn plain<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    typed(json_response(body)?)
}

fn accepted(body: &[u8]) -> Result<Envelope, ApiError> {
    let envelope: Envelope = json_response(body)?;
    let fine = envelope.success.unwrap_or_else(|| match &envelope.code {
        None | Some(Value::Null) => true,
        Some(Value::Number(number)) => number.as_i64() == Some(0),
        Some(Value::String(text)) => text.chars().all(|c| c == '0'),
        Some(_) => false,
    });
    match fine {
        true => Ok(envelope),
        false => {
            let message = envelope.msg.unwrap_or_default();
            Err(refused(envelope.code, message))
        }
    }
}

fn typed<T: DeserializeOwned>(mut value: Value) -> Result<T, ApiError> {
    without_nulls(&mut value);
    lenient::from_value(&value)
}

/// Fields that are not set come as `null` or not at all.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(without_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(body: &str) -> String {
        match done(body.as_bytes()) {
            Err(ApiError::Status(error)) => {
                assert_eq!(error.status, 200);
                error.message
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn status_200_can_be_an_error() {
        assert_eq!(words(r#"{"code":1001,"msg":"not now"}"#), "not now");
        assert_eq!(
            words(r#"{"code":"SecMaster.10011001","message":"no"}"#),
            "SecMaster.10011001: no"
        );
        assert_eq!(
            words(r#"{"code":"00000000","success":false,"message":"no"}"#),
            "no"
        );
        assert_eq!(done(br#"{"code":0,"msg":"success"}"#), Ok(()));
        assert_eq!(done(br#"{"code":"00000000","message":""}"#), Ok(()));
        assert_eq!(done(b""), Ok(()));
    }

    #[test]
    fn a_refusal_is_told_from_what_was_asked_for() {
        assert!(refusal(br#"{"code":5,"msg":"no"}"#).is_some());
        assert!(refusal(br#"{"success_ids":[],"error_ids":["a"]}"#).is_some());
        for fine in [
            r#"{"code":0,"msg":"","data":[]}"#,
            r#"{"success_ids":["b"],"error_ids":["a"]}"#,
            r#"[{"id":"1"}]"#,
            r#"{"dataspace_id":"d"}"#,
            "",
        ] {
            assert!(refusal(fine.as_bytes()).is_none(), "{fine}");
        }
    }

    #[test]
    fn a_list_is_followed_to_its_end() {
        use crate::secmaster::dataspace;
        let next = |asked: &ApiRequest, body: &str| {
            let next = part(asked, body.as_bytes()).next;
            next.map(|next| next.target())
        };
        let first = dataspace::list(0, 100);
        // The server has a smaller limit than was asked for.
        let body = r#"{"count":5,"records":[{},{}]}"#;
        let second = "/siem/dataspaces?offset=2&limit=100";
        assert_eq!(next(&first, body).as_deref(), Some(second));
        let last = dataspace::list(4, 100);
        assert_eq!(next(&last, r#"{"count":5,"records":[{}]}"#), None);
        assert_eq!(next(&first, r#"{"count":5,"records":[]}"#), None);
        let some = dataspace::list(2, 2);
        let third = "/siem/dataspaces?offset=4&limit=2";
        let empty = r#"{"count":5,"records":[]}"#;
        assert_eq!(next(&some, empty).as_deref(), Some(third));
        assert_eq!(next(&first, r#"{"records":[{},{}]}"#), None);
        let two = dataspace::list(0, 2);
        assert!(next(&two, r#"{"records":[{},{}]}"#).is_some());
    }

    #[test]
    fn every_kind_of_list_is_read() {
        for body in [
            r#"{"code":0,"msg":"","data":{"data":["a"],"limit":10,"offset":0,"total":7}}"#,
            r#"{"code":"0","message":"","total":7,"success":true,"data":["a"]}"#,
            r#"{"count":7,"records":["a"]}"#,
            r#"{"count":7.0,"workspaces":["a"]}"#,
            r#"{"dataclass_details":["a"],"total":7}"#,
        ] {
            let page: Page<String> = page(body.as_bytes()).expect(body);
            assert_eq!((page.items.len(), page.total), (1, Some(7)), "{body}");
        }
        for body in [
            r#"{"code":0,"msg":"","data":null}"#,
            r#"{"count":0,"records":null}"#,
            r#"{"count":0}"#,
        ] {
            let page: Page<String> = page(body.as_bytes()).expect(body);
            assert_eq!(page.items.len(), 0, "{body}");
        }
        assert!(page::<String>(b"{\"a\":1}").is_err());
        assert!(page::<String>(br#"{"code":3,"msg":"x","data":{"data":[]}}"#).is_err());
    }
}
