//! The functions of Go's templates, and `json`.

use std::{cmp::Ordering, fmt::Write};

use crate::{Value, compare, format};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    And,
    Or,
    Not,
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    Len,
    Index,
    Slice,
    Print,
    Println,
    Printf,
    Html,
    Js,
    Urlquery,
    Json,
}

pub(crate) fn find(name: &str) -> Option<Function> {
    Some(match name {
        "and" => Function::And,
        "or" => Function::Or,
        "not" => Function::Not,
        "eq" => Function::Eq,
        "ne" => Function::Ne,
        "lt" => Function::Lt,
        "le" => Function::Le,
        "gt" => Function::Gt,
        "ge" => Function::Ge,
        "len" => Function::Len,
        "index" => Function::Index,
        "slice" => Function::Slice,
        "print" => Function::Print,
        "println" => Function::Println,
        "printf" => Function::Printf,
        "html" => Function::Html,
        "js" => Function::Js,
        "urlquery" => Function::Urlquery,
        "json" | "toJson" => Function::Json,
        _ => return None,
    })
}

impl Function {
    pub(crate) fn call(self, arguments: &[Value]) -> Result<Value, String> {
        match self {
            // The evaluator runs them, because they may not look at every operand.
            Self::And | Self::Or => Err("at least one argument is needed".into()),
            Self::Not => Ok(Value::Bool(!one(arguments)?.is_true())),
            Self::Eq => match arguments {
                [first, others @ ..] if !others.is_empty() => Ok(Value::Bool(
                    others.iter().any(|other| compare::equal(first, other)),
                )),
                _ => Err("eq compares two or more".into()),
            },
            Self::Ne => two(arguments).map(|(a, b)| Value::Bool(!compare::equal(a, b))),
            Self::Lt => ordered(arguments, Ordering::is_lt),
            Self::Le => ordered(arguments, Ordering::is_le),
            Self::Gt => ordered(arguments, Ordering::is_gt),
            Self::Ge => ordered(arguments, Ordering::is_ge),
            Self::Len => {
                let length = match one(arguments)? {
                    Value::Text(text) => text.len(),
                    Value::List(items) => items.len(),
                    Value::Map(entries) => entries.len(),
                    other => return Err(format!("{} has no length", other.kind())),
                };
                Ok(Value::Number(length.to_string()))
            }
            Self::Index => index(arguments),
            Self::Slice => slice(arguments),
            Self::Print => Ok(Value::Text(print(arguments))),
            Self::Println => {
                let words: Vec<String> = arguments.iter().map(text).collect();
                Ok(Value::Text(words.join(" ") + "\n"))
            }
            Self::Printf => match arguments {
                [Value::Text(pattern), rest @ ..] => Ok(Value::Text(format::printf(pattern, rest))),
                _ => Err("printf needs a text first".into()),
            },
            Self::Html => Ok(Value::Text(html(&print(arguments)))),
            Self::Js => Ok(Value::Text(js(&print(arguments)))),
            Self::Urlquery => Ok(Value::Text(urlquery(&print(arguments)))),
            Self::Json => Ok(Value::Text(one(arguments)?.to_json())),
        }
    }
}

fn one(arguments: &[Value]) -> Result<&Value, String> {
    match arguments {
        [only] => Ok(only),
        other => Err(format!("one argument is needed, not {}", other.len())),
    }
}

fn two(arguments: &[Value]) -> Result<(&Value, &Value), String> {
    match arguments {
        [a, b] => Ok((a, b)),
        other => Err(format!("two arguments are needed, not {}", other.len())),
    }
}

fn ordered(arguments: &[Value], is: fn(Ordering) -> bool) -> Result<Value, String> {
    let (a, b) = two(arguments)?;
    Ok(Value::Bool(is(compare::order(a, b)?)))
}

pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    value.print(&mut text);
    text
}

/// Spaces stand between two of which neither is text.
fn print(arguments: &[Value]) -> String {
    let mut out = String::new();
    let mut before_text = true;
    for (at, value) in arguments.iter().enumerate() {
        let is_text = matches!(value, Value::Text(_));
        if at > 0 && !is_text && !before_text {
            out.push(' ');
        }
        value.print(&mut out);
        before_text = is_text;
    }
    out
}

fn place(value: &Value, length: usize) -> Result<usize, String> {
    let Value::Number(digits) = value else {
        return Err(format!("{} is no place in a list", value.kind()));
    };
    match digits.parse::<usize>() {
        Ok(at) if at <= length => Ok(at),
        _ => Err(format!(
            "place {digits} is out of range: the length is {length}"
        )),
    }
}

fn index(arguments: &[Value]) -> Result<Value, String> {
    let [base, keys @ ..] = arguments else {
        return Err("index needs a list or an object".into());
    };
    let mut value = base.clone();
    for key in keys {
        value = match (&value, key) {
            (Value::Map(_), Value::Text(name)) => value.field(name).cloned().unwrap_or_default(),
            (Value::Map(_), other) => {
                return Err(format!("{} is no key of an object", other.kind()));
            }
            (Value::List(items), key) => {
                let at = place(key, items.len())?;
                match items.get(at) {
                    Some(item) => item.clone(),
                    None => return Err(format!("place {at} is out of range: the length is {at}")),
                }
            }
            (Value::Nil, _) => Value::Nil,
            (other, _) => return Err(format!("{} cannot be indexed", other.kind())),
        };
    }
    Ok(value)
}

fn slice(arguments: &[Value]) -> Result<Value, String> {
    let [base, places @ ..] = arguments else {
        return Err("slice needs a list or text".into());
    };
    let length = match base {
        Value::Text(text) => text.len(),
        Value::List(items) => items.len(),
        other => return Err(format!("{} cannot be sliced", other.kind())),
    };
    let (from, to) = match places {
        [] => (0, length),
        [from] => (place(from, length)?, length),
        [from, to] => (place(from, length)?, place(to, length)?),
        _ => return Err("slice takes two places at most".into()),
    };
    if from > to {
        return Err(format!(
            "the slice ends at {to}, before it begins at {from}"
        ));
    }
    Ok(match base {
        Value::List(items) => Value::List(items[from..to].to_vec()),
        other => {
            let text = text(other);
            // Bytes, as in Go; half a character becomes a replacement character.
            let bytes = &text.as_bytes()[from..to];
            Value::Text(String::from_utf8_lossy(bytes).into_owned())
        }
    })
}

fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\0' => out.push('\u{fffd}'),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}

fn js(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\'' => out.push_str("\\'"),
            '"' => out.push_str("\\\""),
            '<' | '>' | '&' | '=' | '\0'..='\u{1f}' => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out
}

fn urlquery(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            // Writing to a String cannot fail.
            other => drop(write!(out, "%{other:02X}")),
        }
    }
    out
}
