use weir_api::DataType;

use super::each_row;
use crate::{cell::Cell, json, ring::Ring, scan};

/// ``INSERT INTO `stream` (`a`, `b`) VALUES (…), (…)``; nothing when no row is held. Missing cells
/// become `NULL`.
pub fn write_insert(
    ring: &Ring,
    stream: &str,
    columns: &[usize],
    rows: impl Iterator<Item = u64>,
    out: &mut String,
) -> u64 {
    let start = out.len();
    out.push_str("INSERT INTO ");
    write_name(stream, out);
    let mut separator = " (";
    for column in columns
        .iter()
        .filter_map(|column| ring.columns().get(*column))
    {
        out.push_str(separator);
        separator = ", ";
        write_name(&column.name, out);
    }
    out.push_str(") VALUES");
    let mut separator = " (";
    let written = each_row(ring, rows, |row| {
        for column in columns {
            let Some(definition) = ring.columns().get(*column) else {
                continue;
            };
            out.push_str(separator);
            separator = ", ";
            write_value(&row.cell(*column), &definition.data_type, out);
        }
        separator = "), (";
    });
    if written == 0 {
        out.truncate(start);
    } else {
        out.push(')');
    }
    written
}

fn write_value(cell: &Cell<'_>, data_type: &DataType, out: &mut String) {
    match cell {
        Cell::Missing | Cell::Null => out.push_str("NULL"),
        Cell::Text(text) => quote(text, out),
        Cell::Time(_) => quote(&cell.text(), out),
        Cell::Json(token) => write_json(token.trim(), data_type, out),
        _ => cell.write_text(out),
    }
}

/// A JSON value as SQL has it for a type: `[1]`, `map('k', 1)`, `tuple(1, 'x')`. Documents, and
/// containers of them, are the text of their JSON.
fn write_json(token: &str, data_type: &DataType, out: &mut String) {
    let data_type = data_type.inner();
    let list = match token.as_bytes().first() {
        _ if has_document(data_type) => return quote(token, out),
        Some(b'[') => items(token),
        _ => Vec::new(),
    };
    match (data_type, token.as_bytes().first()) {
        (DataType::Array(item), Some(b'[')) => {
            let types = std::iter::repeat(&**item);
            write_list("[", list.into_iter().zip(types), "]", out);
        }
        (DataType::Tuple(fields), Some(b'[')) => {
            let types = fields.iter().map(|(_, field)| field);
            write_list("tuple(", list.into_iter().zip(types), ")", out);
        }
        (DataType::Tuple(fields), Some(b'{')) => {
            let members = items(token);
            let value = |name: &String| {
                let found = members.chunks_exact(2).find(|pair| text(pair[0]) == *name);
                found.map_or("null", |pair| pair[1])
            };
            let values = fields.iter().map(|(name, field)| (value(name), field));
            write_list("tuple(", values, ")", out);
        }
        (DataType::Map(key, value), Some(b'{')) => {
            let number = key.is_numeric();
            let members = items(token);
            let keys_and_values = members.into_iter().enumerate().map(|(at, part)| {
                let is_key = at % 2 == 0;
                let bare = part.trim_matches('"');
                match is_key {
                    true if number => (bare, &**key),
                    true => (part, &**key),
                    false => (part, &**value),
                }
            });
            write_list("map(", keys_and_values, ")", out);
        }
        (_, Some(b'"')) => quote(&text(token), out),
        (_, Some(b'{' | b'[')) => quote(token, out),
        (_, _) if token == "null" => out.push_str("NULL"),
        _ => out.push_str(token),
    }
}

fn has_document(data_type: &DataType) -> bool {
    match data_type.inner() {
        DataType::Json => true,
        DataType::Array(item) => has_document(item),
        DataType::Map(_, value) => has_document(value),
        DataType::Tuple(fields) => fields.iter().any(|(_, field)| has_document(field)),
        _ => false,
    }
}

fn write_list<'a>(
    open: &str,
    values: impl Iterator<Item = (&'a str, &'a DataType)>,
    close: &str,
    out: &mut String,
) {
    out.push_str(open);
    for (at, (value, data_type)) in values.enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        write_json(value, data_type, out);
    }
    out.push_str(close);
}

/// The values of a JSON array, or of an object the names and values in turn.
fn items(token: &str) -> Vec<&str> {
    let input = token.as_bytes();
    let (mut items, mut at) = (Vec::new(), 1);
    loop {
        at = scan::skip_space(input, at);
        while matches!(input.get(at), Some(b',' | b':')) {
            at = scan::skip_space(input, at + 1);
        }
        match scan::value(input, at) {
            Ok(end) if end > at => {
                items.push(token.get(at..end).unwrap_or_default());
                at = end;
            }
            _ => return items,
        }
    }
}

/// What a JSON string says.
fn text(token: &str) -> String {
    let mut out = String::new();
    let inside = token
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    json::unescape(inside.unwrap_or(token), &mut out);
    out
}

fn quote(text: &str, out: &mut String) {
    write_quoted(text, '\'', out);
}

fn write_name(name: &str, out: &mut String) {
    write_quoted(name, '`', out);
}

fn write_quoted(text: &str, quote: char, out: &mut String) {
    out.push(quote);
    let mut before = ' ';
    for letter in text.chars() {
        match letter {
            // Two of them begin a parameter of the console, which this is none of.
            '{' if before == '{' && quote == '\'' => out.push_str("\\x7b"),
            '\n' => out.push_str("\\n"),
            // Editors make an end of a line of it, and some ends of texts of a zero.
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\\' => out.push_str("\\\\"),
            // Not every server takes a backslash for an escape in a name.
            _ if letter == quote => {
                out.push(if quote == '`' { quote } else { '\\' });
                out.push(quote);
            }
            _ => out.push(letter),
        }
        before = letter;
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    #[test]
    fn containers_are_written_by_their_types() {
        let types = [
            (
                "map(string, array(uint64))",
                r#"{"it's":[18446744073709551615],"b":[]}"#,
                r#"map('it\'s', [18446744073709551615], 'b', [])"#,
            ),
            (
                "map(uint32, nullable(string))",
                r#"{"7":null,"8":"x"}"#,
                "map(7, NULL, 8, 'x')",
            ),
            ("map(string, int8)", "{}", "map()"),
            ("tuple(int8, string)", r#"[1,"a\"b"]"#, r#"tuple(1, 'a"b')"#),
            (
                "tuple(a int8, b array(tuple(string)))",
                r#"{"b":[["x"]],"a":1}"#,
                "tuple(1, [tuple('x')])",
            ),
            ("array(json)", r#"[{"a":1}]"#, r#"'[{"a":1}]'"#),
            ("json", r#""text""#, r#"'"text"'"#),
            ("json", "[1, 2]", "'[1, 2]'"),
            ("array(bool)", "[true, false]", "[true, false]"),
        ];
        for (data_type, json, sql) in types {
            let ring = ring(&[data_type], &format!("[[{json}]]"));
            let mut out = String::new();
            write_insert(&ring, "s", &[0], 0..1, &mut out);
            assert_eq!(
                out,
                format!("INSERT INTO `s` (`c0`) VALUES ({sql})"),
                "{data_type}"
            );
        }
    }

    #[test]
    fn ends_of_lines_survive_an_editor() {
        let ring = ring(&["string"], r#"[["a\r\nb\rc\u0000\td"]]"#);
        let mut out = String::new();
        write_insert(&ring, "s", &[0], 0..1, &mut out);
        assert!(out.ends_with("VALUES ('a\\r\\nb\\rc\\0\td')"), "{out}");
    }

    #[test]
    fn what_looks_like_a_parameter_is_none() {
        let ring = ring(
            &["string", "array(string)"],
            r#"[["{{x}} {{{y}}}",["{{ z }}"]]]"#,
        );
        let mut out = String::new();
        write_insert(&ring, "s", &[0, 1], 0..1, &mut out);
        let wanted = r"VALUES ('{\x7bx}} {\x7b\x7by}}}', ['{\x7b z }}'])";
        assert!(out.ends_with(wanted), "{out}");
    }

    #[test]
    fn values_are_sql_literals() {
        let ring = ring(
            &[
                "uint64",
                "string",
                "datetime",
                "array(string)",
                "json",
                "uint256",
                "bool",
            ],
            r#"[[18446744073709551615,"it's \\ ok","2023-02-01T01:02:03Z",["a\"'",1],{"k":"v"},"7",true],[null]]"#,
        );
        let mut out = String::new();
        assert_eq!(
            write_insert(&ring, "my`s", &[0, 1, 2, 3, 4, 5, 6], 0..9, &mut out),
            2
        );
        assert_eq!(
            out,
            r#"INSERT INTO `my``s` (`c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`) VALUES (18446744073709551615, 'it\'s \\ ok', '2023-02-01T01:02:03Z', ['a"\'', 1], '{"k":"v"}', '7', true), (NULL, NULL, NULL, NULL, NULL, NULL, NULL)"#
        );
        assert_eq!(write_insert(&ring, "s", &[0], 5..9, &mut out), 0);
        assert!(out.ends_with("NULL)"));
    }
}
