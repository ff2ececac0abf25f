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
        for column in columns
            .iter()
            .filter(|column| **column < ring.columns().len())
        {
            out.push_str(separator);
            separator = ", ";
            write_value(&row.cell(*column), out);
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

fn write_value(cell: &Cell<'_>, out: &mut String) {
    match cell {
        Cell::Missing | Cell::Null => out.push_str("NULL"),
        Cell::Text(text) => quote(text, out),
        Cell::Time(_) => quote(&cell.text(), out),
        Cell::Json(token) if token.starts_with('{') => quote(token, out),
        Cell::Json(token) if token.starts_with(['[', '"']) => requote(token, out),
        _ => cell.write_text(out),
    }
}

/// JSON whose strings are written as SQL strings.
fn requote(token: &str, out: &mut String) {
    let mut rest = token;
    while let Some((before, after)) = rest.split_once('"') {
        out.push_str(before);
        let end = scan::string(after.as_bytes(), 0).map_or(after.len(), |(end, _)| end);
        let mut text = String::new();
        json::unescape(after.get(..end).unwrap_or_default(), &mut text);
        quote(&text, out);
        rest = after.get(end + 1..).unwrap_or_default();
    }
    out.push_str(rest);
}

fn quote(text: &str, out: &mut String) {
    write_quoted(text, '\'', out);
}

fn write_name(name: &str, out: &mut String) {
    write_quoted(name, '`', out);
}

fn write_quoted(text: &str, quote: char, out: &mut String) {
    out.push(quote);
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            _ if letter == quote => {
                out.push('\\');
                out.push(quote);
            }
            _ => out.push(letter),
        }
    }
    out.push(quote);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

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
            r#"INSERT INTO `my\`s` (`c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`) VALUES (18446744073709551615, 'it\'s \\ ok', '2023-02-01T01:02:03Z', ['a"\'',1], '{"k":"v"}', '7', true), (NULL, NULL, NULL, NULL, NULL, NULL, NULL)"#
        );
        assert_eq!(write_insert(&ring, "s", &[0], 5..9, &mut out), 0);
        assert!(out.ends_with("NULL)"));
    }
}
