//! What handlers read from a request, with errors that say what is wrong and where.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, RawPathParams, Request, rejection::BytesRejection},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::error::HttpError;

/// Bytes of a body that is read before it is known who sends it.
pub const SIGN_IN_LIMIT: usize = 16 << 10;

/// Bytes of a body that asks for something or defines it.
pub const BODY_LIMIT: usize = 8 << 20;

/// Bytes of a body of rows.
pub const ROWS_LIMIT: usize = 32 << 20;

/// Larger ones are read beside the threads that answer requests.
const READ_AT_ONCE: usize = 64 << 10;

/// The whole body; over the limit is 413.
pub struct Body(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        Bytes::from_request(request, state)
            .await
            .map(Self)
            .map_err(|rejection: BytesRejection| {
                let status = rejection.status();
                if status == StatusCode::PAYLOAD_TOO_LARGE {
                    let (most, rows) = (BODY_LIMIT >> 20, ROWS_LIMIT >> 20);
                    let words = format!(
                        "the body is too large: at most {most} MiB, rows {rows} MiB, to sign in \
                         {} KiB",
                        SIGN_IN_LIMIT >> 10
                    );
                    HttpError::new(status, words)
                } else {
                    HttpError::new(status, rejection.body_text())
                }
            })
    }
}

/// A JSON body. Its content type is not looked at.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + Send + 'static, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let Body(bytes) = Body::from_request(request, state).await?;
        if bytes.trim_ascii().is_empty() {
            return Err(HttpError::bad_request(
                "the body is empty; a JSON object is needed",
            ));
        }
        if bytes.len() <= READ_AT_ONCE {
            return json(&bytes).map(Self);
        }
        let read = tokio::task::spawn_blocking(move || json(&bytes)).await;
        read.map_err(HttpError::internal)?.map(Self)
    }
}

/// Clients written in Go send `null` for what they leave out. Where a field takes no `null`, it is
/// as if it had not been sent.
fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HttpError> {
    // So is all of them.
    let bytes = match bytes.trim_ascii() {
        b"null" => b"{}",
        // Else its items would be taken for the fields, one after the other.
        [b'[', ..] => {
            return Err(HttpError::bad_request(
                "the body is a list; a JSON object is needed",
            ));
        }
        _ => bytes,
    };
    strictly(bytes).or_else(|wrong| {
        let again = without_nulls(bytes).map(|without| strictly(&without));
        again.and_then(Result::ok).ok_or(wrong)
    })
}

/// An object without its fields that are `null`; `None` where it has none of these.
fn without_nulls(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut fields: BTreeMap<String, Box<RawValue>> = serde_json::from_slice(bytes).ok()?;
    let before = fields.len();
    fields.retain(|_, value| value.get() != "null");
    (fields.len() < before).then(|| serde_json::to_vec(&fields).ok())?
}

fn strictly<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HttpError> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.into_inner();
        let place = (reason.line(), reason.column());
        let mut words = reason.to_string();
        if let Some(at) = words.rfind(" at line ") {
            words.truncate(at);
        }
        let missing = words.strip_prefix("missing field `");
        let missing = missing.and_then(|rest| rest.strip_suffix('`'));
        let path = match missing {
            Some(name) if path == "." => name.to_string(),
            Some(name) => format!("{path}.{name}"),
            None => path,
        };
        if reason.is_data() && path != "." {
            HttpError::bad_request(format!(
                "{path}: {words} (line {}, column {})",
                place.0, place.1
            ))
            .with_field(path, words)
        } else {
            HttpError::bad_request(format!("malformed JSON: {reason}"))
        }
    })?;
    deserializer
        .end()
        .map_err(|reason| HttpError::bad_request(format!("malformed JSON: {reason}")))?;
    Ok(value)
}

/// The query string.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, HttpError> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| HttpError::bad_request(rejection.body_text()))
    }
}

/// The last variable part of the path: the name or id of a resource.
pub struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|rejection| HttpError::bad_request(rejection.body_text()))?;
        params
            .iter()
            .last()
            .map(|(_, value)| Self(value.to_string()))
            .ok_or_else(|| HttpError::bad_request("the address lacks a name"))
    }
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::stream::StreamDef;

    use super::*;

    fn words(body: &str) -> String {
        match json::<StreamDef>(body.as_bytes()) {
            Ok(_) => "accepted".into(),
            Err(failure) => failure.message().to_string(),
        }
    }

    #[test]
    fn what_is_missing_is_named_as_a_field() {
        #[derive(Debug, serde::Deserialize)]
        struct Part {
            #[expect(dead_code)]
            name: String,
        }
        #[derive(Debug, serde::Deserialize)]
        struct Whole {
            #[expect(dead_code)]
            name: String,
            #[serde(default)]
            #[expect(dead_code)]
            parts: Vec<Part>,
        }
        for (body, field) in [
            ("{}", Some("name")),
            (
                r#"{"name":"a","parts":[{"name":"b"},{}]}"#,
                Some("parts[1].name"),
            ),
            (r#"{"name":1}"#, Some("name")),
            (r#"["a",[]]"#, None),
            ("5", None),
        ] {
            let failure = json::<Whole>(body.as_bytes()).expect_err(body);
            let told = format!("{failure:?}");
            match field {
                Some(field) => assert!(told.contains(&format!("field: {field:?}")), "{told}"),
                None => assert!(told.contains("fields: []"), "{told}"),
            }
        }
    }

    #[test]
    fn null_is_as_if_it_had_not_been_sent() {
        use weir_api::timeplus::dashboard::DashboardDef;
        let body = br#"{"name":"d","description":null,"panels":null}"#;
        let read = json::<DashboardDef>(body).expect("read");
        assert_eq!(
            read,
            DashboardDef {
                name: "d".into(),
                ..DashboardDef::default()
            }
        );
        // What is wrong besides is told as it was sent, with its place.
        let wrong = json::<DashboardDef>(b"{\"description\":null,\"name\":[1]}");
        let words = wrong.expect_err("refused").message().to_string();
        assert!(
            words.contains("null") && words.contains("line 1"),
            "{words}"
        );
    }

    #[test]
    fn a_mistake_is_named_with_its_place() {
        let unclosed = words("{\n  \"name\": \"a\",\n  \"columns\": [");
        assert!(unclosed.starts_with("malformed JSON"), "{unclosed}");
        assert!(unclosed.contains("line 3"), "{unclosed}");
        let wrong = words(r#"{"columns": [{"name": "a"}, {"name": 5}]}"#);
        assert!(
            wrong.starts_with("columns[1].name: invalid type"),
            "{wrong}"
        );
        assert!(wrong.contains("line 1, column"), "{wrong}");
        let trailing = words("{} {}");
        assert!(trailing.contains("trailing characters"), "{trailing}");
    }
}
