//! From text to objects: a JSON list, JSON objects one after the other, or CSV.

use serde_json::Value;
use weir_api::{
    csv,
    secmaster::{data_class::Field, data_object::Fields},
};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    pub good: Vec<Row>,
    pub bad: Vec<LineError>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Where it begins in the text, or its place in a JSON list; the first is 1.
    pub line: u64,
    pub object: Fields,
}

#[derive(Debug, Clone, PartialEq)]
pub struct LineError {
    pub line: u64,
    pub message: String,
}

/// The error is about the text as a whole.
pub fn parse(text: &str, fields: &[Field]) -> Result<Parsed, String> {
    let text = text.trim_start_matches('\u{feff}');
    match text.trim_start().chars().next() {
        Some('[') => list(text, fields),
        Some('{') => Ok(lines(text, fields)),
        Some(_) => table(text, fields),
        None => Ok(Parsed::default()),
    }
}

impl Parsed {
    fn take(&mut self, line: u64, value: Result<Value, String>, fields: &[Field]) {
        let checked = value.and_then(|value| match value {
            Value::Object(object) => check(&object, fields).map(|()| object),
            _ => Err("not a JSON object".into()),
        });
        match checked {
            Ok(object) => self.good.push(Row { line, object }),
            Err(message) => self.bad.push(LineError { line, message }),
        }
    }
}

fn list(text: &str, fields: &[Field]) -> Result<Parsed, String> {
    let all: Vec<Value> = serde_json::from_str(text)
        .map_err(|error| format!("Not JSON: {}", crate::errors::json(&error)))?;
    let mut parsed = Parsed::default();
    for (at, value) in all.into_iter().enumerate() {
        parsed.take(at as u64 + 1, Ok(value), fields);
    }
    Ok(parsed)
}

/// Objects may also stretch over several lines. After a mistake the next line begins anew.
fn lines(text: &str, fields: &[Field]) -> Parsed {
    let mut parsed = Parsed::default();
    let mut rest = text;
    let mut line = 1;
    loop {
        let skipped = rest.len() - rest.trim_start().len();
        line += newlines(&rest[..skipped]);
        rest = &rest[skipped..];
        if rest.is_empty() {
            return parsed;
        }
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
        let value = values.next();
        let end = match &value {
            Some(Ok(_)) => values.byte_offset(),
            _ => rest.find('\n').unwrap_or(rest.len()),
        };
        match value {
            Some(Ok(value)) => parsed.take(line, Ok(value), fields),
            Some(Err(error)) => parsed.take(line, Err(format!("not JSON: {error}")), fields),
            None => return parsed,
        }
        line += newlines(&rest[..end]);
        rest = &rest[end..];
    }
}

fn newlines(text: &str) -> u64 {
    text.bytes().filter(|byte| *byte == b'\n').count() as u64
}

fn table(text: &str, fields: &[Field]) -> Result<Parsed, String> {
    let head = text.lines().next().unwrap_or_default();
    let count = |delimiter: char| head.matches(delimiter).count();
    let delimiter = [',', ';', '\t']
        .into_iter()
        .max_by_key(|d| (count(*d), *d == ','));
    let mut parser = csv::Parser::new(delimiter.unwrap_or(',') as u8);
    let mut records = Vec::new();
    parser.push(text.as_bytes(), &mut records);
    parser.finish(&mut records);
    let mut records = records.into_iter();
    let head = match records.next() {
        Some(Ok(head)) => head,
        Some(Err(trouble)) => return Err(format!("The first line: {}", trouble.message)),
        None => return Ok(Parsed::default()),
    };
    let names: Vec<String> = head
        .fields
        .into_iter()
        .map(|f| f.text.trim().into())
        .collect();
    let known = |name: &str| {
        let named = |field: &&Field| field.field_key == name || field.label() == name;
        fields.iter().find(named)
    };
    if !names.iter().any(|name| known(name).is_some()) {
        return Err(format!(
            "The first line contains no field of the class: {}",
            names.join(", ")
        ));
    }
    let mut parsed = Parsed::default();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(trouble) => {
                let (line, message) = (trouble.line, trouble.message);
                parsed.bad.push(LineError { line, message });
                continue;
            }
        };
        if record.fields.len() > names.len() {
            let message = format!("{} values for {} columns", record.fields.len(), names.len());
            parsed.bad.push(LineError {
                line: record.line,
                message,
            });
            continue;
        }
        let mut object = Fields::new();
        let mut wrong = None;
        for (name, cell) in names.iter().zip(&record.fields) {
            let (key, value) = match known(name) {
                Some(field) => (field.field_key.as_str(), field.value(&cell.text)),
                None if cell.text.is_empty() => continue,
                None => (name.as_str(), Ok(Some(Value::String(cell.text.clone())))),
            };
            match value {
                Ok(Some(value)) => {
                    object.insert(key.into(), value);
                }
                Ok(None) => {}
                Err(message) => wrong = wrong.or(Some(format!("{key}: {message}"))),
            }
        }
        let value = match wrong {
            Some(message) => Err(message),
            None => Ok(Value::Object(object)),
        };
        parsed.take(record.line, value, fields);
    }
    Ok(parsed)
}

/// What is known to be wrong before the server says it.
fn check(object: &Fields, fields: &[Field]) -> Result<(), String> {
    for field in fields {
        let key = &field.field_key;
        match object.get(key) {
            None | Some(Value::Null) if field.required => return Err(format!("{key} is required")),
            None => {}
            Some(value) => field
                .check(value)
                .map_err(|words| format!("{key}: {words}"))?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Vec<Field> {
        let field = |key: &str, name: &str, kind: &str, required| Field {
            field_key: key.into(),
            name: name.into(),
            field_type: kind.into(),
            required,
            ..Field::default()
        };
        vec![
            field("title", "Title", "String", true),
            field("count", "Count", "Integer", false),
            field("labels", "Labels", "List<String>", false),
        ]
    }

    fn read(text: &str) -> (Vec<String>, Vec<(u64, String)>) {
        let parsed = parse(text, &fields()).expect("parsed");
        let good = parsed.good.into_iter();
        let good = good.map(|row| format!("{} {}", row.line, Value::Object(row.object)));
        let bad = parsed.bad.into_iter().map(|bad| (bad.line, bad.message));
        (good.collect(), bad.collect())
    }

    #[test]
    fn json_comes_as_a_list_or_line_by_line() {
        let (good, bad) = read(r#"[{"title":"a","count":1},{"count":2},7]"#);
        assert_eq!(good, [r#"1 {"count":1,"title":"a"}"#]);
        assert_eq!(bad[0], (2, "title is required".into()));
        assert_eq!(bad[1].0, 3);
        let text = "{\"title\":\"a\"}\n\n{\"title\":\n\"b\"}\n{broken\n{\"title\":\"c\"}\n";
        let (good, bad) = read(text);
        assert_eq!(
            good,
            [
                r#"1 {"title":"a"}"#,
                r#"3 {"title":"b"}"#,
                r#"6 {"title":"c"}"#
            ]
        );
        assert_eq!((bad.len(), bad[0].0), (1, 5));
        assert!(parse("[1,", &fields()).is_err());
    }

    #[test]
    fn csv_is_read_by_keys_and_by_names() {
        let text = "Title;count;labels;other\n\"a;1\";3;x, y;z\nb;many;;\n;1;;\n";
        let (good, bad) = read(text);
        assert_eq!(
            good,
            [r#"2 {"count":3,"labels":["x","y"],"other":"z","title":"a;1"}"#]
        );
        assert_eq!(bad[0], (3, "count: 'many' is not a whole number".into()));
        assert_eq!(bad[1], (4, "title is required".into()));
        assert!(parse("x,y\n1,2", &fields()).is_err());
    }
}
