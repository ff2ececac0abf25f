//! What can be told of typed or pasted rows before they are sent. A server takes an object whose
//! fields it does not know for a row of defaults, and names rows and places as nobody counts them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, de::IgnoredAny};
use weir_api::timeplus::{ingest::Format, stream::StreamColumn};

use super::example;

/// A row's fields, without their values.
type Fields = BTreeMap<String, IgnoredAny>;

#[derive(Debug, PartialEq)]
pub struct Checked {
    /// What to send.
    pub text: String,
    pub rows: u64,
    /// Fields that no column takes.
    pub left_out: Vec<String>,
}

/// An error says what is wrong with the text, and where.
pub fn check(format: Format, text: &str, columns: &[StreamColumn]) -> Result<Checked, String> {
    // Of a copied file.
    let text = match format {
        Format::Raw => text,
        _ => text.trim_start_matches('\u{feff}'),
    };
    let (rows, left_out) = match format {
        Format::Streaming => objects(text, columns)?,
        Format::Compact => (compact(text)?, Vec::new()),
        Format::Raw | Format::Lines => (example::rows(format, text), Vec::new()),
    };
    Ok(Checked {
        text: text.into(),
        rows,
        left_out,
    })
}

/// Whether it is a table as spreadsheets copy it or as CSV files have it, and no JSON.
pub fn is_table(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.lines().next().unwrap_or_default();
    !text.starts_with(['{', '[', '/', '#']) && first.contains([',', ';', '\t', '|'])
}

/// The fields that no column takes, unless that is all of them.
pub fn unknown<'a>(
    fields: impl Iterator<Item = &'a str>,
    columns: &[StreamColumn],
) -> Result<Vec<&'a str>, String> {
    let known = |name: &&str| columns.iter().any(|column| column.name == **name);
    let (known, unknown): (Vec<&str>, Vec<&str>) = fields.partition(known);
    if known.is_empty() && !unknown.is_empty() && !columns.is_empty() {
        let names = columns.iter().map(|column| column.name.as_str());
        return Err(format!(
            "None of its fields is a column of the stream. It has {}; the stream has {}",
            listed(unknown.into_iter()),
            listed(names)
        ));
    }
    Ok(unknown)
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let names: Vec<&str> = names.collect();
    let more = if names.len() > MOST { ", …" } else { "" };
    format!("{}{more}", names[..names.len().min(MOST)].join(", "))
}

fn objects(text: &str, columns: &[StreamColumn]) -> Result<(u64, Vec<String>), String> {
    let rows: Vec<Fields> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).map_err(|error| not_json(&error, text))?
    } else {
        let all = serde_json::Deserializer::from_str(text).into_iter::<Fields>();
        all.collect::<Result<_, _>>()
            .map_err(|error| not_json(&error, text))?
    };
    let mut left_out = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        let has = |name: &str| row.contains_key(name);
        let own = |name: &str| columns.iter().any(|column| column.name == name);
        if rows.len() == 1 && has("columns") && has("data") && !own("columns") && !own("data") {
            return Err("This is the format “compact”: select it above".into());
        }
        let unknown = unknown(row.keys().map(String::as_str), columns)
            .map_err(|words| format!("Row {}: {words}", at + 1))?;
        left_out.extend(unknown.into_iter().map(String::from));
    }
    Ok((rows.len() as u64, left_out.into_iter().collect()))
}

fn compact(text: &str) -> Result<u64, String> {
    #[derive(Deserialize)]
    struct Compact {
        #[serde(rename = "columns")]
        _columns: Vec<String>,
        data: Vec<IgnoredAny>,
    }
    let error = match serde_json::from_str::<Compact>(text) {
        Ok(body) => return Ok(body.data.len() as u64),
        Err(error) => error,
    };
    let objects = serde_json::Deserializer::from_str(text).into_iter::<Fields>();
    let rows = serde_json::from_str::<Vec<Fields>>(text).is_ok()
        || (text.trim_start().starts_with('{')
            && objects
                .into_iter()
                .all(|row| row.is_ok_and(|row| !row.contains_key("data"))));
    Err(match rows {
        true => "This is one JSON object for each row: choose the format “streaming” above".into(),
        false if error.is_data() => {
            format!("It needs “columns”, a list of names, and “data”, a list of rows: {error}")
        }
        false => not_json(&error, text),
    })
}

fn not_json(error: &serde_json::Error, text: &str) -> String {
    let hint = hint(text);
    if error.is_data() {
        return format!("Line {} is not a JSON object{hint}", error.line());
    }
    let what = crate::errors::json_fault(error);
    let (line, column) = (error.line(), error.column());
    format!("Line {line} is not JSON at character {column}: {what}{hint}")
}

/// What people paste in the place of JSON.
fn hint(text: &str) -> &'static str {
    let start = text.trim_start();
    if is_table(text) {
        ". Rows of CSV or of a spreadsheet are read by “Read as CSV”"
    } else if text.contains(['\u{201c}', '\u{201d}', '\u{201e}']) {
        ". Its quotes are typographic: JSON has \" only"
    } else if start.starts_with("//") || start.starts_with("/*") || start.starts_with('#') {
        ". JSON has no comments"
    } else if start.starts_with("{'") || start.starts_with("[{'") {
        ". JSON has double quotes only"
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Vec<StreamColumn> {
        ["n", "t"]
            .map(|name| StreamColumn {
                name: name.into(),
                data_type: "string".into(),
                ..Default::default()
            })
            .into()
    }

    fn told(format: Format, text: &str) -> Result<(u64, Vec<String>), String> {
        check(format, text, &stream()).map(|checked| (checked.rows, checked.left_out))
    }

    #[test]
    fn objects_are_counted_however_they_are_laid_out() {
        for (text, rows) in [
            ("{\"n\":1}\n{\"n\":2}", 2),
            ("\u{feff}{\"n\":1}\r\n{\"n\":2}\r\n", 2),
            ("[{\"n\":1},{\"n\":2},{\"n\":3}]", 3),
            ("{\n  \"n\": 1\n}\n{\n  \"n\": 2\n}", 2),
        ] {
            assert_eq!(told(Format::Streaming, text), Ok((rows, vec![])), "{text}");
        }
        let checked = check(Format::Streaming, "\u{feff}{\"n\":1}", &stream()).expect("rows");
        assert_eq!(checked.text, "{\"n\":1}");
        let more = told(
            Format::Streaming,
            "{\"n\":1,\"z\":2}\n{\"t\":1,\"__proto__\":2}",
        );
        assert_eq!(more, Ok((2, vec!["__proto__".into(), "z".into()])));
    }

    #[test]
    fn a_row_that_would_be_all_defaults_is_refused() {
        let words = told(Format::Streaming, "{\"n\":1}\n{\"N\":1,\"x\":2}").expect_err("no row");
        assert!(
            words.starts_with("Row 2: None of its fields") && words.contains("the stream has n, t")
        );
        let compact = "{\"columns\":[\"n\"],\"data\":[[1],[2]]}";
        let words = told(Format::Streaming, compact).expect_err("another format");
        assert!(words.contains("“compact”"), "{words}");
        assert_eq!(told(Format::Compact, compact), Ok((2, vec![])));
        for text in ["{\"n\":1}\n{\"n\":2}", "[{\"n\":1}]", "{\"n\":1}"] {
            let words = told(Format::Compact, text).expect_err("another format");
            assert!(words.contains("“streaming”"), "{words}");
        }
    }

    #[test]
    fn what_is_no_json_is_named_with_its_line_and_what_it_is() {
        for (text, words) in [
            ("{\"n\":1}\n{\"n\":}", "Line 2 is not JSON at character 6"),
            ("n\tt\n1,5\talpha", "“Read as CSV”"),
            ("n;t\n1;a", "“Read as CSV”"),
            ("{“n”:1}", "typographic"),
            ("// hi\n{\"n\":1}", "no comments"),
            ("{'n':1}", "double quotes"),
            ("{\"n\":1}\n7", "not a JSON object"),
        ] {
            let told = told(Format::Streaming, text).expect_err("no rows");
            assert!(told.contains(words), "{text}: {told}");
        }
        assert!(!is_table("{\"n\":1, \"t\":2}") && !is_table("plain words"));
    }
}
