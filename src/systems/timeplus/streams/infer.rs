//! Columns of a stream guessed from an example of its rows.

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use weir_api::csv::{self, Parser};

use super::draft::ColumnDraft;

/// Columns of a JSON object, of the first object of an array or of NDJSON, or of a CSV header with
/// a row below it.
pub fn columns(text: &str) -> Result<Vec<ColumnDraft>, String> {
    let text = text.trim();
    let columns = if text.starts_with(['{', '[']) {
        of_json(text)?
    } else {
        of_csv(text)?
    };
    if columns.is_empty() {
        return Err("No columns found".into());
    }
    Ok(columns)
}

fn of_json(text: &str) -> Result<Vec<ColumnDraft>, String> {
    let text = text.trim_start_matches(|c: char| c == '[' || c.is_whitespace());
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Object>();
    match values.next() {
        Some(Ok(Object(fields))) => Ok(fields
            .into_iter()
            .map(|(name, json)| column(name, of_value(json.get())))
            .collect()),
        Some(Err(error)) => Err(format!(
            "Not a JSON object: {}",
            crate::errors::json(&error)
        )),
        None => Err("Not a JSON object".into()),
    }
}

/// Keeps the order of the fields.
struct Object(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object, M::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Object(fields))
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

fn of_csv(text: &str) -> Result<Vec<ColumnDraft>, String> {
    let (mut parser, mut out) = (
        Parser::new(csv::guess_delimiter(text.as_bytes())),
        Vec::new(),
    );
    parser.push(text.as_bytes(), &mut out);
    parser.finish(&mut out);
    let mut records = out.into_iter().flatten();
    let (Some(header), Some(row)) = (records.next(), records.next()) else {
        return Err("Paste a JSON object, or a CSV header with a row below it".into());
    };
    if header.fields.len() != row.fields.len() {
        return Err(format!(
            "The header has {} fields, the row {}",
            header.fields.len(),
            row.fields.len()
        ));
    }
    let columns = header.fields.into_iter().zip(row.fields);
    Ok(columns
        .map(|(name, value)| column(name.text, of_text(value.text.trim(), true)))
        .collect())
}

fn column(name: String, data_type: String) -> ColumnDraft {
    ColumnDraft {
        name: name.trim().into(),
        data_type,
        ..Default::default()
    }
}

fn of_value(json: &str) -> String {
    match json.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(json)
            .map_or_else(|_| "string".into(), |text| of_text(&text, false)),
        Some(b't' | b'f') => "bool".into(),
        Some(b'n') => "nullable(string)".into(),
        Some(b'[') => match serde_json::from_str::<Vec<Box<RawValue>>>(json) {
            Ok(items) => {
                let first = items
                    .first()
                    .map_or_else(|| "string".into(), |item| of_value(item.get()));
                let same = items.iter().all(|item| of_value(item.get()) == first);
                if same {
                    format!("array({first})")
                } else {
                    "json".into()
                }
            }
            Err(_) => "json".into(),
        },
        Some(b'{') => "json".into(),
        _ => number(json).unwrap_or("string").into(),
    }
}

/// `numbers`: whether text may mean a number, as in CSV.
fn of_text(text: &str, numbers: bool) -> String {
    if let Some(number) = number(text).filter(|_| numbers) {
        return number.into();
    }
    if numbers && matches!(text.to_ascii_lowercase().as_str(), "true" | "false") {
        return "bool".into();
    }
    if uuid(text) {
        return "uuid".into();
    }
    time(text).unwrap_or("string").into()
}

fn number(text: &str) -> Option<&'static str> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        // Digits that begin with 0 are more likely a code than a number.
        return match () {
            () if digits.len() > 1 && digits.starts_with('0') => None,
            () if text.parse::<i64>().is_ok() => Some("int64"),
            () if text.parse::<u64>().is_ok() => Some("uint64"),
            () => Some("int256"),
        };
    }
    text.parse::<f64>().is_ok().then_some("float64")
}

fn uuid(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, c)| {
            if [8, 13, 18, 23].contains(&at) {
                c == '-'
            } else {
                c.is_ascii_hexdigit()
            }
        })
}

/// `2026-01-31` is a date, with a time of day behind it a moment.
fn time(text: &str) -> Option<&'static str> {
    let shape = |part: &str, pattern: &str| {
        part.len() == pattern.len()
            && part
                .chars()
                .zip(pattern.chars())
                .all(|(c, p)| if p == '0' { c.is_ascii_digit() } else { c == p })
    };
    let (date, rest) = text.split_at_checked(10)?;
    if !shape(date, "0000-00-00") {
        return None;
    }
    if rest.is_empty() {
        return Some("date");
    }
    let clock = rest.strip_prefix(['T', ' '])?;
    let (hms, rest) = clock.split_at_checked(8)?;
    if !shape(hms, "00:00:00") {
        return None;
    }
    let fraction = rest.strip_prefix('.').map_or(0, |rest| {
        rest.bytes().take_while(u8::is_ascii_digit).count()
    });
    Some(match fraction {
        0 => "datetime",
        1..=3 => "datetime64(3)",
        4..=6 => "datetime64(6)",
        _ => "datetime64(9)",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(text: &str) -> Vec<(String, String)> {
        columns(text)
            .expect("columns")
            .into_iter()
            .map(|c| (c.name, c.data_type))
            .collect()
    }

    #[test]
    fn json_fields_keep_their_order_and_their_width() {
        let text = r#"[{"z": 1, "big": 18446744073709551615, "f": 1.5, "ok": true, "t": "2026-01-31T12:00:00.123Z",
            "d": "2026-01-31", "id": "7f000001-0000-4000-8000-000000000001", "tags": ["a"], "nested": {"a": 1}, "code": "007", "none": null}, {}]"#;
        let found = types(text);
        let found: Vec<_> = found
            .iter()
            .map(|(n, t)| (n.as_str(), t.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("z", "int64"),
                ("big", "uint64"),
                ("f", "float64"),
                ("ok", "bool"),
                ("t", "datetime64(3)"),
                ("d", "date"),
                ("id", "uuid"),
                ("tags", "array(string)"),
                ("nested", "json"),
                ("code", "string"),
                ("none", "nullable(string)"),
            ]
        );
    }

    #[test]
    fn csv_needs_a_header_and_a_row() {
        let found = types("path;size;zip\n\"/usr/a;b\";12;01234\n");
        let found: Vec<_> = found
            .iter()
            .map(|(n, t)| (n.as_str(), t.as_str()))
            .collect();
        assert_eq!(
            found,
            [("path", "string"), ("size", "int64"), ("zip", "string")]
        );
        assert!(columns("a,b").is_err_and(|e| e.contains("row below")));
        assert!(columns("a,b\n1").is_err_and(|e| e.contains("2 fields")));
    }

    #[test]
    fn nonsense_is_refused_with_words() {
        for text in ["", "{", "[]", "[1, 2]", "{}"] {
            assert!(columns(text).is_err(), "{text}");
        }
    }
}
