//! Between what is typed and what is sent.

use serde_json::{Map, Number, Value};

use super::Kind;

/// The JSON of a text that is not empty; the error says what is needed.
pub(crate) fn parse(kind: Kind, text: &str) -> Result<Value, String> {
    match kind {
        Kind::Text | Kind::LongText | Kind::Choice(_) => Ok(Value::String(text.into())),
        Kind::Number => serde_json::from_str::<Number>(text.trim())
            .map(Value::Number)
            .map_err(|_| format!("'{text}' is not a number")),
        Kind::Bool => match text {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(format!("'{text}' is neither true nor false")),
        },
        Kind::Duration => match duration(text.trim()) {
            Some(_) => Ok(Value::String(text.trim().into())),
            None => Err(format!(
                "'{text}' is not a duration like 200ms, 30s or 1h30m"
            )),
        },
        Kind::List => Ok(Value::Array(
            lines(text).map(|line| Value::String(line.into())).collect(),
        )),
        Kind::Map => map(text).map(Value::Object),
        Kind::Json => serde_json::from_str(text).map_err(|error| format!("not JSON: {error}")),
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn map(text: &str) -> Result<Map<String, Value>, String> {
    let mut map = Map::new();
    for line in lines(text) {
        let (name, value) = line
            .split_once(':')
            .ok_or_else(|| format!("'{line}' is not of the form name: value"))?;
        let name = name.trim();
        if name.is_empty() {
            return Err(format!("'{line}' has no name before the colon"));
        }
        if map
            .insert(name.into(), Value::String(value.trim().into()))
            .is_some()
        {
            return Err(format!("'{name}' is given twice"));
        }
    }
    Ok(map)
}

/// The text for a value that a server sent; `None` when the kind cannot show it, so that it stays
/// as it is.
pub(super) fn format(kind: Kind, value: &Value) -> Option<String> {
    let text = match (kind, value) {
        (Kind::Json, value) => serde_json::to_string_pretty(value).ok()?,
        (_, Value::Null) => return None,
        (Kind::Text | Kind::LongText | Kind::Choice(_), Value::String(text)) => text.clone(),
        (Kind::Number, Value::Number(number)) => number.to_string(),
        // Some servers keep numbers and switches as text.
        (Kind::Number | Kind::Bool | Kind::Duration, Value::String(text)) => text.clone(),
        (Kind::Bool, Value::Bool(on)) => on.to_string(),
        (Kind::List, Value::String(one)) => one.clone(),
        (Kind::List, Value::Array(items)) => {
            let items: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            items?.join("\n")
        }
        (Kind::Map, Value::Object(map)) => {
            let lines: Option<Vec<String>> = map
                .iter()
                .map(|(name, value)| Some(format!("{name}: {}", value.as_str()?)))
                .collect();
            lines?.join("\n")
        }
        _ => return None,
    };
    let same = |read: Value| match (kind, value) {
        (Kind::Number | Kind::Bool | Kind::Duration, Value::String(_)) => true,
        (Kind::List, Value::String(_)) => read.as_array().is_some_and(|all| all.len() == 1),
        _ => read == *value,
    };
    // What would be sent back otherwise than it came is not for this kind.
    let whole = text.is_empty() || parse(kind, &text).is_ok_and(same);
    whole.then_some(text)
}

/// `300ms`, `1h30m`, `2.5s`: units ns, us, µs, ms, s, m, h. Not negative.
pub fn duration(text: &str) -> Option<std::time::Duration> {
    let mut seconds = 0.0;
    let mut rest = text;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let count: f64 = rest[..number].parse().ok()?;
        rest = &rest[number..];
        let unit = rest
            .find(|c: char| c.is_ascii_digit() || c == '.')
            .unwrap_or(rest.len());
        seconds += count
            * match &rest[..unit] {
                "ns" => 1e-9,
                "us" | "µs" => 1e-6,
                "ms" => 1e-3,
                "s" => 1.0,
                "m" => 60.0,
                "h" => 3600.0,
                _ => return None,
            };
        rest = &rest[unit..];
    }
    std::time::Duration::try_from_secs_f64(seconds).ok()
}
