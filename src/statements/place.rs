//! Places in a text, between the ways in which they are counted: bytes (Rust), UTF-16 units
//! (browser), lines and columns from 1 (servers, people).

use std::ops::Range;

/// Byte offset of a UTF-16 offset in an editor, at most the length of `text`.
pub fn to_byte(text: &str, utf16: u32) -> usize {
    let mut left = utf16 as usize;
    for (index, c) in text.char_indices() {
        let units = units(text, index, c);
        if left < units {
            return index;
        }
        left -= units;
    }
    text.len()
}

/// UTF-16 offset in an editor of a byte offset.
pub fn to_utf16(text: &str, byte: usize) -> u32 {
    let before = text[..byte].char_indices();
    before.map(|(at, c)| units(text, at, c) as u32).sum()
}

/// UTF-16 units of the character at `index` in an editor, which has one for each end of a line,
/// also where the text ends its lines as Windows does.
fn units(text: &str, index: usize, c: char) -> usize {
    let first_of_two = c == '\r' && text[index + 1..].starts_with('\n');
    if first_of_two { 0 } else { c.len_utf16() }
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
    find_position(message).map(|found| (found.line, found.column))
}

struct Position {
    line: u64,
    column: u64,
    /// Where the numbers stand in the message.
    line_at: Range<usize>,
    column_at: Range<usize>,
}

fn find_position(message: &str) -> Option<Position> {
    let lower = message.to_ascii_lowercase();
    let (line, line_at) = number_at(&lower, lower.rfind("line")? + "line".len())?;
    let after = lower[line_at.end..].trim_start_matches([',', ' ', ':']);
    let named = after
        .strip_prefix("column")
        .or_else(|| after.strip_prefix("col"))?;
    let (column, column_at) = number_at(&lower, lower.len() - named.len())?;
    Some(Position {
        line,
        column,
        line_at,
        column_at,
    })
}

/// The number behind spaces and colons at `at`.
fn number_at(text: &str, at: usize) -> Option<(u64, Range<usize>)> {
    let number = text[at..].trim_start_matches([' ', ':']);
    let start = text.len() - number.len();
    let digits = number
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(number.len());
    let range = start..start + digits;
    Some((text[range.clone()].parse().ok()?, range))
}

/// A server's message about the statement that stands at byte `start` of `text`, with its places
/// counted in the whole text.
pub fn in_whole(message: &str, text: &str, start: usize) -> String {
    let before = text.get(..start).unwrap_or_default();
    let Some(found) = find_position(message) else {
        return message.to_string();
    };
    let lines = before.matches('\n').count() as u64;
    let last_line = before.rsplit('\n').next().unwrap_or_default();
    let columns = match found.line {
        1 => last_line.chars().count() as u64,
        _ => 0,
    };
    let mut whole = message.to_string();
    whole.replace_range(found.column_at, &(found.column + columns).to_string());
    whole.replace_range(found.line_at, &(found.line + lines).to_string());
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_selected_statement_is_found_in_the_whole_text() {
        let text = "select 1; -- 😀\nselect a,\n  wrong_name from t";
        let start = text.find("select a").expect("a statement");
        let place = place(text, start, 2, 3);
        let bytes = to_byte(text, place.start)..to_byte(text, place.end);
        assert_eq!(&text[bytes], "wrong_name");
    }

    #[test]
    fn an_editor_has_one_unit_for_each_end_of_a_line() {
        let text = "a\r\nü\r\n😀;\rz\n";
        for (shown, byte) in [(0, 0), (2, 3), (3, 5), (4, 7), (6, 11), (7, 12), (8, 13)] {
            assert_eq!(to_utf16(text, byte), shown, "{byte}");
        }
        // Both bytes of an end of a line are one place.
        assert_eq!([to_utf16(text, 1), to_utf16(text, 2)], [1, 1]);
        for (shown, rest) in [
            (0, "a\r\nü"),
            (2, "ü\r\n"),
            (4, "😀"),
            (7, "\rz"),
            (8, "z\n"),
        ] {
            let found = to_byte(text, shown);
            assert!(text[found..].starts_with(rest), "{shown}: {found}");
        }
        assert_eq!(place(text, 3, 1, 1), 2..3);
        assert_eq!(place("select 1;\r\nselect\r\n  wrong", 11, 2, 3), 19..24);
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

    #[test]
    fn messages_name_places_of_the_whole_text() {
        let text = "select 1;\nselect ü; select a,\n  b from t";
        let of = |message, statement: &str| {
            in_whole(message, text, text.find(statement).expect("a statement"))
        };
        assert_eq!(
            of("unknown column a at line 1, column 8", "select a"),
            "unknown column a at line 2, column 18"
        );
        assert_eq!(
            of("found: b at Line: 2, Column: 3", "select a"),
            "found: b at Line: 3, Column: 3"
        );
        assert_eq!(
            of("wrong (line 1, col 8): ü", "select ü"),
            "wrong (line 2, col 8): ü"
        );
        assert_eq!(of("no place in it", "select a"), "no place in it");
    }
}
