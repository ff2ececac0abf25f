use std::{borrow::Cow, collections::HashMap};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::ApiError;

/// HTTP methods the administered systems use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Of a parameter or a header: known here, or passed on by a relay.
pub type Name = Cow<'static, str>;

/// Request body with its content type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    pub content_type: Name,
    pub bytes: Vec<u8>,
}

/// One call, still to be sent: the path is relative to the connection's base URL and already
/// percent-encoded, the query is not encoded yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiRequest {
    pub method: Method,
    pub path: String,
    pub query: Vec<(Name, String)>,
    pub headers: Vec<(Name, String)>,
    pub body: Option<Body>,
    /// The path is relative to one segment above the connection's base.
    pub above: bool,
}

/// What makes two signatures differ.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Unix milliseconds.
    pub at_ms: i64,
    /// Never used twice.
    pub nonce: String,
}

impl ApiRequest {
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            headers: vec![("Accept".into(), "application/json".into())],
            body: None,
            above: false,
        }
    }

    /// Sent to what the connection's base is inside of.
    #[must_use]
    pub fn above(mut self) -> Self {
        self.above = true;
        self
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path)
    }

    pub fn post(path: impl Into<String>) -> Self {
        Self::new(Method::Post, path)
    }

    pub fn put(path: impl Into<String>) -> Self {
        Self::new(Method::Put, path)
    }

    pub fn patch(path: impl Into<String>) -> Self {
        Self::new(Method::Patch, path)
    }

    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::Delete, path)
    }

    #[must_use]
    pub fn query(mut self, name: impl Into<Name>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Asks for another answer than JSON.
    #[must_use]
    pub fn accept(mut self, media_type: &str) -> Self {
        self.headers.retain(|(name, _)| *name != "Accept");
        self.headers.push(("Accept".into(), media_type.into()));
        self
    }

    /// A value that cannot be written as JSON (a map with keys that are not text) becomes
    /// [`ApiError::Decode`]; none of this crate's own types can fail.
    pub fn json(mut self, value: &impl Serialize) -> Result<Self, ApiError> {
        let bytes =
            serde_json::to_vec(value).map_err(|error| ApiError::Decode(error.to_string()))?;
        self.body = Some(Body {
            content_type: "application/json".into(),
            bytes,
        });
        Ok(self)
    }

    #[must_use]
    pub fn bytes(mut self, content_type: impl Into<Name>, bytes: Vec<u8>) -> Self {
        self.body = Some(Body {
            content_type: content_type.into(),
            bytes,
        });
        self
    }

    /// Path and encoded query, to be appended to the base URL.
    pub fn target(&self) -> String {
        let mut target = self.path.clone();
        for (index, (name, value)) in self.query.iter().enumerate() {
            target.push(if index == 0 { '?' } else { '&' });
            target.push_str(&encode(name));
            target.push('=');
            target.push_str(&encode(value));
        }
        target
    }
}

/// Percent-encodes one path segment or query value.
pub fn encode(text: &str) -> String {
    const KEPT: percent_encoding::AsciiSet = percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~');
    percent_encoding::utf8_percent_encode(text, &KEPT).to_string()
}

/// Undoes [`encode`]; what is no escape stays as it is.
pub fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

/// The path names a place above another, which no browser would send as it is written.
pub fn has_dot_segment(path: &str) -> bool {
    path.split('/')
        .any(|segment| matches!(&*decode(segment), "." | ".."))
}

/// What a base is inside of: without its last segment.
pub fn above(base: &str) -> &str {
    let base = base.trim_end_matches('/');
    base.rsplit_once('/').map_or(base, |(above, _)| above)
}

/// Decodes the body of a successful answer, as [`crate::lenient`] does.
pub fn json_response<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    crate::lenient::from_slice(body).map(|answer| answer.value)
}

/// A list on its own, or in an object beside how many there are. `null` is an empty list; an entry
/// that is `null` says nothing, which is told.
pub fn list_response<T: DeserializeOwned>(body: &[u8]) -> Result<Vec<T>, ApiError> {
    const INSIDE: [&str; 5] = ["data", "items", "results", "records", "list"];
    let object = serde_json::from_slice::<HashMap<String, Box<RawValue>>>(body).ok();
    let inside = object.and_then(|mut object| {
        let list = INSIDE.iter().find_map(|name| object.remove(*name))?;
        (list.get().starts_with('[') || list.get() == "null").then_some(list)
    });
    let list = inside.as_ref().map_or(body, |list| list.get().as_bytes());
    let all: Vec<Option<T>> = json_response(list)?;
    let empty = all.iter().filter(|one| one.is_none()).count();
    if empty > 0 {
        crate::lenient::say(&format!("{empty} of the list's entries: null"));
    }
    Ok(all.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_whatever_it_comes() {
        let read = |body: &str| list_response::<u64>(body.as_bytes()).expect("a list");
        assert_eq!(read("[1,18446744073709551615]"), [1, u64::MAX]);
        assert_eq!(read(r#"{"total":2,"items":[1,2]}"#), [1, 2]);
        assert!(read("null").is_empty());
        assert!(read(r#"{"data":null}"#).is_empty());
        let (all, unread) = crate::lenient::watched(|| read("[1,null,2]"));
        assert_eq!(all, [1, 2]);
        assert_eq!(unread.len(), 1, "{unread:?}");
        assert!(list_response::<u64>(b"<html>").is_err());
    }

    #[test]
    fn target_encodes_query_values() {
        let request = ApiRequest::get("/queries").query("tag", "a b&c/ä");
        assert_eq!(request.target(), "/queries?tag=a%20b%26c%2F%C3%A4");
    }

    #[test]
    fn accept_replaces_the_default() {
        let request = ApiRequest::get("/").accept("text/event-stream");
        assert_eq!(
            request.headers,
            vec![("Accept".into(), "text/event-stream".to_string())]
        );
    }
}
