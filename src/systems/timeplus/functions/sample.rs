//! Sample rows of arguments, as a person types them.

use serde_json::value::RawValue;

pub type Row = Vec<Box<RawValue>>;

/// One row per line: a JSON array with a value for each argument, or the value itself where there
/// is one argument. A JSON array of rows over several lines is taken, too. Values stay as typed, so
/// that large integers are exact.
pub fn rows(text: &str, arguments: usize) -> Result<Vec<Row>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("Enter at least one row".into());
    }
    if let Ok(rows) = serde_json::from_str::<Vec<Row>>(text)
        && text.starts_with("[[")
        && rows.iter().all(|row| row.len() == arguments)
    {
        return Ok(rows);
    }
    let lines = text.lines().enumerate();
    lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            row(line.trim(), arguments).map_err(|message| format!("Line {}: {message}", at + 1))
        })
        .collect()
}

fn row(line: &str, arguments: usize) -> Result<Row, String> {
    match serde_json::from_str::<Row>(line) {
        Ok(row) if row.len() == arguments => Ok(row),
        // An array can be the value of the only argument.
        Ok(_) if arguments == 1 => value(line).map(|value| vec![value]),
        Ok(row) => Err(format!("{} values for {arguments} arguments", row.len())),
        Err(_) if arguments == 1 => value(line).map(|value| vec![value]),
        Err(_) => Err("expected a JSON array, as [1, \"a\"]".into()),
    }
}

fn value(line: &str) -> Result<Box<RawValue>, String> {
    serde_json::from_str(line).map_err(|_| "not a JSON value; write text in \"quotes\"".into())
}

/// A row for these types, to begin with.
pub fn example(types: &[String]) -> String {
    let value = |data_type: &String| -> &str {
        let data_type = data_type.trim_start_matches("nullable(");
        match data_type {
            t if t.starts_with("array") => "[]",
            t if t.starts_with("map") || t.starts_with("json") => "{}",
            t if t.starts_with("date") => "\"2026-01-31 12:00:00\"",
            t if t.starts_with("bool") => "true",
            t if t.starts_with("float") => "1.5",
            t if t.starts_with("int") || t.starts_with("uint") => "1",
            _ => "\"a\"",
        }
    };
    let values: Vec<&str> = types.iter().map(value).collect();
    format!("[{}]", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str, arguments: usize) -> Result<Vec<Vec<String>>, String> {
        let rows = rows(text, arguments)?;
        let texts = |row: Row| row.iter().map(|value| value.get().to_string()).collect();
        Ok(rows.into_iter().map(texts).collect())
    }

    #[test]
    fn rows_are_lines_or_one_array() {
        let wanted = [["18446744073709551615", "\"a\""], ["2", "null"]];
        assert_eq!(
            texts("[18446744073709551615, \"a\"]\n\n[2, null]", 2).expect("rows"),
            wanted
        );
        assert_eq!(
            texts("[[18446744073709551615,\"a\"],\n [2, null]]", 2).expect("rows"),
            wanted
        );
        assert_eq!(
            texts("1\n[2]\n\"x\"", 1).expect("rows"),
            [["1"], ["2"], ["\"x\""]]
        );
        assert_eq!(texts("[1, 2]", 1).expect("rows"), [["[1, 2]"]]);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        assert_eq!(
            texts("[1,2]\n[3]", 2).expect_err("short"),
            "Line 2: 1 values for 2 arguments"
        );
        assert!(texts("abc", 1).expect_err("word").contains("quotes"));
        assert!(texts(" ", 1).is_err());
    }

    #[test]
    fn the_example_fits_the_types() {
        let types = [
            "nullable(int64)",
            "string",
            "array(string)",
            "datetime64(3)",
        ];
        let example = example(&types.map(String::from));
        assert_eq!(example, "[1, \"a\", [], \"2026-01-31 12:00:00\"]");
        assert!(rows(&example, 4).is_ok());
    }
}
