//! Rows whose fields stand between commas or tabs.

use serde_json::{Value, value::RawValue};
use weir_api::DataType;
use weir_engine::ColumnInfo;

/// The fields of each line, between this byte. A line without anything is a row only where there is
/// one column that it can be of.
pub(super) fn records(bytes: &[u8], by: u8, columns: usize) -> Result<Vec<Vec<String>>, String> {
    if by == b'\t' {
        let text = std::str::from_utf8(bytes).map_err(|_| "not UTF-8 text")?;
        let lines = text.lines().filter(|line| columns == 1 || !line.is_empty());
        let fields = |line: &str| line.split('\t').map(unescaped).collect();
        return Ok(lines.map(fields).collect());
    }
    csv::ReaderBuilder::new()
        .delimiter(by)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes)
        .into_records()
        .map(|record| {
            let record = record.map_err(|error| error.to_string())?;
            Ok(record.iter().map(String::from).collect())
        })
        .collect()
}

/// What `\t`, `\n`, `\\` and the like stand for; `\N` is left for NULL.
fn unescaped(field: &str) -> String {
    if field == "\\N" || !field.contains('\\') {
        return field.into();
    }
    let mut out = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(escape)) => {
                chars.next();
                out.push(match escape {
                    't' => '\t',
                    'n' => '\n',
                    'r' => '\r',
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    '0' => '\0',
                    other => other,
                });
            }
            _ => out.push(c),
        }
    }
    out
}

/// Fields as JSON, by the types of their columns.
pub(super) fn cells(columns: &[&ColumnInfo], record: &[String]) -> Vec<String> {
    let columns = columns.iter().map(Some).chain(std::iter::repeat(None));
    let cell = |(field, column): (&String, Option<&&ColumnInfo>)| {
        let Some(column) = column else {
            return text(field);
        };
        let is_text = *column.data_type.inner() == DataType::String;
        match field.as_str() {
            "\\N" => "null".to_string(),
            "" if !is_text => "null".to_string(),
            _ if is_text => text(field),
            // Numbers, booleans, arrays and objects stand as they are in JSON.
            _ if serde_json::from_str::<&RawValue>(field).is_ok() => field.to_string(),
            _ => text(field),
        }
    };
    record.iter().zip(columns).map(cell).collect()
}

pub(super) fn text(field: &str) -> String {
    Value::from(field).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str, by: u8, columns: usize) -> Vec<Vec<String>> {
        records(text.as_bytes(), by, columns).expect("records")
    }

    #[test]
    fn a_line_without_anything_is_a_row_of_one_column() {
        assert_eq!(fields("a\n\n \r\n", b'\t', 1), [["a"], [""], [" "]]);
        assert_eq!(fields("a\tb\n\n", b'\t', 2), [["a", "b"]]);
        assert_eq!(fields("", b'\t', 1), Vec::<Vec<String>>::new());
    }

    #[test]
    fn a_tab_or_an_end_of_a_line_in_a_field_is_written_with_a_backslash() {
        let line = r"a\tb	c\n\\d	\N	it\'s	x\";
        assert_eq!(
            fields(line, b'\t', 5),
            [["a\tb", "c\n\\d", "\\N", "it's", "x\\"]]
        );
        // Quotes are nothing special there, and the backslash is not in CSV.
        assert_eq!(fields("\"a\"\tb", b'\t', 2), [["\"a\"", "b"]]);
        assert_eq!(fields(r#""a,b",c\td"#, b',', 2), [["a,b", r"c\td"]]);
    }
}
