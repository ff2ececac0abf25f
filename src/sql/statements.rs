//! Where statements begin and end in a text, and translation between the ways positions are
//! counted: bytes (Rust), UTF-16 units (browser), lines and columns (servers).

use std::ops::Range;

/// Byte ranges of the statements in `sql`, without the semicolons, trimmed, none empty.
pub fn split(sql: &str) -> Vec<Range<usize>> {
    let bytes = sql.as_bytes();
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        at = match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => after_quote(bytes, at + 1, quote),
            b'-' if bytes.get(at + 1) == Some(&b'-') => find(bytes, at, b"\n"),
            b'/' if bytes.get(at + 1) == Some(&b'*') => find(bytes, at + 2, b"*/"),
            b';' => {
                parts.push(start..at);
                start = at + 1;
                at + 1
            }
            _ => at + 1,
        };
    }
    parts.push(start..sql.len());
    parts
        .into_iter()
        .map(|part| trim(sql, part))
        .filter(|part| !part.is_empty())
        .collect()
}

fn after_quote(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'\'' => at += 1,
            found if found == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Behind the next `end`.
fn find(bytes: &[u8], at: usize, end: &[u8]) -> usize {
    bytes
        .get(at..)
        .unwrap_or_default()
        .windows(end.len())
        .position(|window| window == end)
        .map_or(bytes.len(), |found| at + found + end.len())
}

fn trim(sql: &str, part: Range<usize>) -> Range<usize> {
    let text = &sql[part.clone()];
    let start = part.start + (text.len() - text.trim_start().len());
    start..(start + text.trim().len())
}

/// What to run: the selection, or the statement at the cursor where there are several.
/// `selection` counts UTF-16 units; the answer counts bytes.
pub fn chosen(sql: &str, selection: Range<u32>) -> Option<Range<usize>> {
    let (from, to) = (to_byte(sql, selection.start), to_byte(sql, selection.end));
    if from < to {
        let selected = trim(sql, from..to);
        return (!selected.is_empty()).then_some(selected);
    }
    let all = split(sql);
    let at_cursor = all.iter().find(|part| part.end >= from).or(all.last());
    at_cursor.cloned()
}

/// Byte offset of a UTF-16 offset, at most the length of `text`.
pub fn to_byte(text: &str, utf16: u32) -> usize {
    let mut left = utf16 as usize;
    for (index, c) in text.char_indices() {
        if left < c.len_utf16() {
            return index;
        }
        left -= c.len_utf16();
    }
    text.len()
}

/// UTF-16 offset of a byte offset.
pub fn to_utf16(text: &str, byte: usize) -> u32 {
    text[..byte].chars().map(|c| c.len_utf16() as u32).sum()
}

/// The word at `line` and `column` (both from 1) of the statement that stands at byte `start` of
/// `text`, as UTF-16 offsets in `text`.
pub fn place(text: &str, start: usize, line: u64, column: u64) -> Range<u32> {
    let statement = &text[start..];
    let line_start: usize = statement
        .split_inclusive('\n')
        .take(line.saturating_sub(1) as usize)
        .map(str::len)
        .sum();
    let line = statement[line_start..].lines().next().unwrap_or_default();
    let skipped = column.saturating_sub(1) as usize;
    let in_line = line
        .char_indices()
        .nth(skipped)
        .map_or(line.len(), |(index, _)| index);
    let word = line[in_line..]
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(line.len() - in_line);
    let from = start + line_start + in_line;
    let length = match (word, line[in_line..].chars().next()) {
        (0, Some(c)) => c.len_utf8(),
        (word, _) => word,
    };
    to_utf16(text, from)..to_utf16(text, from + length)
}

/// Finds "line L, column C" in a server's message.
pub fn position_in(message: &str) -> Option<(u64, u64)> {
    let lower = message.to_ascii_lowercase();
    let after_line = &lower[lower.rfind("line")? + "line".len()..];
    let (line, rest) = leading_number(after_line)?;
    let after_column = rest.trim_start_matches([',', ' ', ':']);
    let after_column = after_column
        .strip_prefix("column")
        .or_else(|| after_column.strip_prefix("col"))?;
    let (column, _) = leading_number(after_column)?;
    Some((line, column))
}

fn leading_number(text: &str) -> Option<(u64, &str)> {
    let text = text.trim_start_matches([' ', ':']);
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sql: &str) -> Vec<&str> {
        split(sql).into_iter().map(|part| &sql[part]).collect()
    }

    #[test]
    fn semicolons_in_quotes_and_comments_do_not_end_a_statement() {
        assert_eq!(
            texts("select ';', \"a;b\", `c;` -- no; end\n from t; /* x;y */ select 'it\\'s;' ;;"),
            [
                "select ';', \"a;b\", `c;` -- no; end\n from t",
                "/* x;y */ select 'it\\'s;'"
            ]
        );
        assert_eq!(texts(" ; \n"), Vec::<&str>::new());
        assert_eq!(texts("select 'open"), ["select 'open"]);
    }

    #[test]
    fn the_selection_runs_otherwise_the_statement_at_the_cursor() {
        let sql = "select 1;\nselect 'ü';\nselect 3";
        let run = |selection| chosen(sql, selection).map(|part| &sql[part]);
        assert_eq!(run(0..0), Some("select 1"));
        assert_eq!(run(14..14), Some("select 'ü'"));
        assert_eq!(run(500..500), Some("select 3"));
        assert_eq!(run(2..8), Some("lect 1"));
        assert_eq!(run(9..10), None);
        assert_eq!(chosen("  ", 0..0), None);
    }

    #[test]
    fn a_place_in_a_selected_statement_is_found_in_the_whole_text() {
        let text = "select 1; -- 😀\nselect a,\n  wrong_name from t";
        let start = split(text)[1].start;
        let place = place(text, start, 3, 3);
        let bytes = to_byte(text, place.start)..to_byte(text, place.end);
        assert_eq!(&text[bytes], "wrong_name");
    }

    #[test]
    fn a_place_behind_the_end_is_the_end() {
        assert_eq!(place("select", 0, 9, 9), 6..6);
        assert_eq!(place("a +", 0, 1, 3), 2..3);
    }

    #[test]
    fn positions_are_read_from_messages() {
        assert_eq!(
            position_in("unknown column x at line 12, column 7"),
            Some((12, 7))
        );
        assert_eq!(
            position_in(
                "sql parser error: Expected: an expression, found: EOF at Line: 1, Column: 8"
            ),
            Some((1, 8))
        );
        assert_eq!(position_in("the line is long"), None);
    }
}
