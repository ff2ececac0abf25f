//! LIKE and regular expressions. The pattern is the first argument of the SQLite functions, so
//! that it is compiled once where it is constant.

use regex_lite::Regex;
use rusqlite::{Connection, functions::Context, types::Value};

use super::{parsed, scalar, text_arg};

/// A regular expression that matches what LIKE does.
fn like_pattern(pattern: &str, any_case: bool) -> Result<Regex, String> {
    let mut regex = String::from(if any_case { "(?si)^" } else { "(?s)^" });
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            '\\' => {
                let literal = chars.next().unwrap_or('\\');
                regex.push_str(&regex_lite::escape(literal.encode_utf8(&mut [0; 4])));
            }
            other => regex.push_str(&regex_lite::escape(other.encode_utf8(&mut [0; 4]))),
        }
    }
    regex.push('$');
    compile(&regex)
}

fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::new(pattern).map_err(|error| format!("'{pattern}' is not a regular expression: {error}"))
}

/// A pattern and a text; NULL if one is.
fn with_pattern(
    context: &Context<'_>,
    parse: fn(&str) -> Result<Regex, String>,
    apply: impl Fn(&Regex, &str) -> Value,
) -> Result<Value, String> {
    let (Some(_), Some(text)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
        return Ok(Value::Null);
    };
    Ok(apply(&*parsed(context, parse)?, text))
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let bool = |value: bool| Value::Integer(i64::from(value));
    scalar(conn, "_like", 2, move |context| {
        with_pattern(
            context,
            |p| like_pattern(p, false),
            |regex, text| bool(regex.is_match(text)),
        )
    })?;
    scalar(conn, "_ilike", 2, move |context| {
        with_pattern(
            context,
            |p| like_pattern(p, true),
            |regex, text| bool(regex.is_match(text)),
        )
    })?;
    scalar(conn, "_match", 2, move |context| {
        with_pattern(context, compile, |regex, text| bool(regex.is_match(text)))
    })?;
    scalar(conn, "_extract", 2, |context| {
        with_pattern(context, compile, |regex, text| {
            let found = regex
                .captures(text)
                .and_then(|groups| groups.get(1).or(groups.get(0)));
            Value::Text(found.map_or_else(String::new, |found| found.as_str().to_string()))
        })
    })?;
    scalar(conn, "_replace_regex", 3, |context| {
        let Some(to) = text_arg(context, 2)? else {
            return Ok(Value::Null);
        };
        with_pattern(context, compile, |regex, text| {
            Value::Text(regex.replace_all(text, to).into_owned())
        })
    })
}
