//! What a caller sends, as values of the types that an API declares.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde_json::Value;
use weir_api::dataworks::{
    codes::{BODY, CONST, HEAD, IN, PATH, QUERY},
    details::RequestParameter,
    form,
};
use weir_engine::Given;

/// By the places where things stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Input {
    pub path: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
    pub head: Vec<(String, String)>,
    /// Of a form or a JSON object.
    pub body: Vec<(String, String)>,
    /// The body as it came.
    pub content: Bytes,
}

impl Input {
    /// Of a request to a published API.
    pub(super) fn of(query: &str, headers: &HeaderMap, content: Bytes) -> Self {
        let text = |value: &axum::http::HeaderValue| value.to_str().ok().map(String::from);
        let head = headers.iter();
        let kind = headers
            .get(header::CONTENT_TYPE)
            .and_then(text)
            .unwrap_or_default();
        let body = match kind.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => form(&content),
            "application/json" => object(&content),
            _ => Vec::new(),
        };
        Self {
            path: Vec::new(),
            query: form(query.as_bytes()),
            head: head
                .filter_map(|(name, value)| Some((name.to_string(), text(value)?)))
                .collect(),
            body,
            content,
        }
    }

    /// What stands at the parameter's place. Wizards and scripts take the query and the body for
    /// one place, and a path has no parameters of its own, so those come with the query.
    pub(super) fn find(&self, parameter: &RequestParameter) -> Option<&str> {
        let name = &parameter.parameter_name;
        let exact = |list: &'_ [(String, String)]| list.iter().position(|(known, _)| known == name);
        let plain = || {
            let lists = [&self.query, &self.body, &self.path];
            lists
                .into_iter()
                .find_map(|list| Some(list[exact(list)?].1.as_str()))
        };
        match parameter.parameter_position {
            HEAD => {
                let mut list = self.head.iter();
                let found = list.find(|(known, _)| known.eq_ignore_ascii_case(name));
                found.map(|(_, value)| value.as_str())
            }
            PATH => exact(&self.path)
                .map(|at| self.path[at].1.as_str())
                .or_else(plain),
            QUERY | BODY => plain(),
            _ => None,
        }
    }
}

/// Members of a JSON object, those that are no text as JSON.
fn object(content: &[u8]) -> Vec<(String, String)> {
    let Ok(Value::Object(object)) = serde_json::from_slice(content) else {
        return Vec::new();
    };
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    let members = object.into_iter().filter(|(_, value)| !value.is_null());
    members.map(|(name, value)| (name, text(value))).collect()
}

/// Why a parameter has no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ParameterError {
    Missing(String),
    Invalid(String),
}

/// The text that counts: a constant, what was sent, or the default.
pub(super) fn text<'a>(
    parameter: &'a RequestParameter,
    input: &'a Input,
) -> Result<Option<&'a str>, ParameterError> {
    let default = Some(parameter.default_value.as_str()).filter(|text| !text.is_empty());
    if parameter.parameter_operator == CONST {
        return Ok(default);
    }
    match input.find(parameter).or(default) {
        None if parameter.is_required_parameter => {
            Err(ParameterError::Missing(parameter.parameter_name.clone()))
        }
        found => Ok(found),
    }
}

pub(super) fn value(parameter: &RequestParameter, input: &Input) -> Result<Given, ParameterError> {
    let Some(text) = text(parameter, input)? else {
        return Ok(Given::Null);
    };
    let kind = parameter.parameter_data_type;
    let list = kind >= LIST || parameter.parameter_operator == IN;
    let read = match list {
        true => items(text)
            .iter()
            .map(|item| scalar(kind % LIST, item))
            .collect::<Result<_, _>>()
            .map(Given::List),
        false => scalar(kind, text),
    };
    read.map_err(|why| ParameterError::Invalid(format!("{}: {why}", parameter.parameter_name)))
}

/// Types from here on are lists of those before, in the same order.
const LIST: i32 = 6;

/// `a,b`, or a JSON array.
fn items(text: &str) -> Vec<String> {
    if let Ok(Value::Array(items)) = serde_json::from_str(text) {
        let text = |item: Value| match item {
            Value::String(text) => text,
            other => other.to_string(),
        };
        return items.into_iter().map(text).collect();
    }
    text.split(',')
        .map(|item| item.trim().to_string())
        .collect()
}

fn scalar(kind: i32, text: &str) -> Result<Given, String> {
    let wrong = |what: &str| format!("'{text}' is not {what}");
    let trimmed = text.trim();
    Ok(match kind {
        0 => Given::Text(text.into()),
        1 => Given::Int(trimmed.parse::<i32>().map_err(|_| wrong("an Int"))?.into()),
        2 => Given::Int(trimmed.parse().map_err(|_| wrong("a Long"))?),
        3 | 4 => {
            let number: f64 = trimmed.parse().map_err(|_| wrong("a number"))?;
            match number.is_finite() {
                true => Given::Float(number),
                false => return Err(wrong("a number")),
            }
        }
        5 => match trimmed {
            "true" | "1" => Given::Bool(true),
            "false" | "0" => Given::Bool(false),
            _ => return Err(wrong("true or false")),
        },
        other => return Err(format!("type {other} is not known")),
    })
}

/// Of the right type, to check a statement before anybody sends anything.
pub(super) fn example(parameter: &RequestParameter) -> Given {
    let kind = parameter.parameter_data_type;
    let one = match kind % LIST {
        1 | 2 => Given::Int(0),
        3 | 4 => Given::Float(0.0),
        5 => Given::Bool(false),
        // An empty example says nothing of what will be sent.
        _ if parameter.example_value.is_empty() => Given::Null,
        _ => Given::Text(parameter.example_value.clone()),
    };
    match kind >= LIST || parameter.parameter_operator == IN {
        true => Given::List(vec![one]),
        false => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(kind: i32) -> RequestParameter {
        RequestParameter {
            parameter_name: "p".into(),
            parameter_data_type: kind,
            parameter_position: QUERY,
            ..RequestParameter::default()
        }
    }

    fn sent(kind: i32, text: &str) -> Result<Given, ParameterError> {
        let input = Input {
            query: vec![("p".into(), text.into())],
            ..Input::default()
        };
        value(&parameter(kind), &input)
    }

    #[test]
    fn texts_become_values_of_the_declared_type() {
        let text = |text: &str| Given::Text(text.into());
        assert_eq!(sent(0, " 1' OR '1"), Ok(text(" 1' OR '1")));
        assert_eq!(sent(1, "-7"), Ok(Given::Int(-7)));
        assert_eq!(sent(2, "9223372036854775807"), Ok(Given::Int(i64::MAX)));
        assert_eq!(sent(4, "1e3"), Ok(Given::Float(1000.0)));
        assert_eq!(sent(5, "true"), Ok(Given::Bool(true)));
        let two = Given::List(vec![Given::Int(1), Given::Int(2)]);
        assert_eq!(sent(8, "1, 2"), Ok(two.clone()));
        assert_eq!(sent(8, "[1,2]"), Ok(two));
        let texts = Given::List(vec![text("a,b"), text("c")]);
        assert_eq!(sent(6, r#"["a,b","c"]"#), Ok(texts));
        for (kind, bad) in [
            (1, "2147483648"),
            (2, "1 OR 1=1"),
            (3, "NaN"),
            (5, "yes"),
            (7, "1,x"),
        ] {
            assert!(
                matches!(sent(kind, bad), Err(ParameterError::Invalid(_))),
                "{bad}"
            );
        }
    }

    #[test]
    fn defaults_constants_and_what_is_missing() {
        let mut parameter = parameter(2);
        let nothing = Input::default();
        assert_eq!(value(&parameter, &nothing), Ok(Given::Null));
        parameter.is_required_parameter = true;
        assert_eq!(
            value(&parameter, &nothing),
            Err(ParameterError::Missing("p".into()))
        );
        parameter.default_value = "5".into();
        assert_eq!(value(&parameter, &nothing), Ok(Given::Int(5)));
        parameter.parameter_operator = CONST;
        let input = Input {
            query: vec![("p".into(), "9".into())],
            ..Input::default()
        };
        assert_eq!(value(&parameter, &input), Ok(Given::Int(5)));
    }
}
