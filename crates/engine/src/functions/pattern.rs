//! LIKE and regular expressions. The pattern is the first argument of the SQLite functions, so
//! that it is compiled once where it is constant.

use regex_lite::{Regex, RegexBuilder};
use rusqlite::{Connection, functions::Context, types::Value};

use super::{parsed, scalar, text_arg};
use crate::Limits;

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

/// Bytes of a pattern, and of what it is compiled to.
const MAX_PATTERN: usize = 10_000;
const MAX_PROGRAM: usize = 1 << 20;

/// A pattern's bytes times a text's: a match takes so many steps at most, and nobody can stop it
/// meanwhile.
const MAX_STEPS: usize = 1 << 28;

fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.len() > MAX_PATTERN {
        return Err(format!("a pattern has at most {MAX_PATTERN} bytes"));
    }
    let mut builder = RegexBuilder::new(pattern);
    let built = builder.size_limit(MAX_PROGRAM).build();
    built.map_err(|error| format!("'{pattern}' is not a regular expression: {error}"))
}

/// Whether all that is put in place of matches is small enough for a value.
fn check_replaced(regex: &Regex, text: &str, to: &str) -> Result<(), String> {
    let most = Limits::get().value_bytes;
    let groups = text.len().saturating_mul(to.matches(['$', '\\']).count());
    let matches = regex.find_iter(text).count();
    let bytes = matches
        .saturating_mul(to.len())
        .saturating_add(groups)
        .saturating_add(text.len());
    match bytes > most {
        true => Err(format!("the result has more than {most} bytes")),
        false => Ok(()),
    }
}

/// A pattern and a text; NULL if one is.
fn with_pattern(
    context: &Context<'_>,
    parse: fn(&str) -> Result<Regex, String>,
    apply: impl Fn(&Regex, &str) -> Value,
) -> Result<Value, String> {
    let (Some(pattern), Some(text)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
        return Ok(Value::Null);
    };
    if pattern.len().saturating_mul(text.len()) > MAX_STEPS {
        return Err(format!(
            "a text of {} bytes is too long for a pattern of {}",
            text.len(),
            pattern.len()
        ));
    }
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
        if let (Some(_), Some(text)) = (text_arg(context, 0)?, text_arg(context, 1)?) {
            check_replaced(&*parsed(context, compile)?, text, to)?;
        }
        with_pattern(context, compile, |regex, text| {
            Value::Text(regex.replace_all(text, to).into_owned())
        })
    })
}
