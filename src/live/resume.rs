//! A statement that goes on where another one broke off.

use std::ops::Range;

use crate::statements::{Kind, pieces};

/// `sql` reading from `time` on, for example `2023-02-01T01:02:03.456Z`.
pub fn from(sql: &str, time: &str) -> String {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let seek = format!("seek_to='{}'", time.replace('\'', ""));
    let words = words(sql);
    let settings = words.iter().rposition(|word| is(sql, word, "settings"));
    let Some(settings) = settings else {
        // On a line of its own: the last one may end with a comment.
        return format!("{sql}\nSETTINGS {seek}");
    };
    let known = words[settings..]
        .iter()
        .find(|word| is(sql, word, "seek_to"))
        .and_then(|word| Some(word.start..value_end(sql, word.end)?));
    match known {
        Some(old) => format!("{}{seek}{}", &sql[..old.start], &sql[old.end..]),
        None => {
            let after = words[settings].end;
            format!("{} {seek},{}", &sql[..after], &sql[after..])
        }
    }
}

fn is(sql: &str, word: &Range<usize>, wanted: &str) -> bool {
    sql[word.clone()].eq_ignore_ascii_case(wanted)
}

/// Words outside quotes, comments and brackets.
fn words(sql: &str) -> Vec<Range<usize>> {
    let mut depth = 0usize;
    let mut words = Vec::new();
    for piece in pieces(sql) {
        match (piece.kind, &sql[piece.range.clone()]) {
            (Kind::Sign, "(") => depth += 1,
            (Kind::Sign, ")") => depth = depth.saturating_sub(1),
            (Kind::Word, _) if depth == 0 => words.push(piece.range),
            _ => {}
        }
    }
    words
}

/// Where the value ends of a setting whose name ends at `at`: `= 'quoted'`.
fn value_end(sql: &str, at: usize) -> Option<usize> {
    let value = sql[at..].trim_start().strip_prefix('=')?.trim_start();
    let start = sql.len() - value.len();
    let first = pieces(value).next()?;
    (first.kind == Kind::Quoted).then(|| start + first.range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "2026-01-01T00:00:00.000Z";

    fn is_resumed(sql: &str, resumed: &str) {
        let seek = format!("seek_to='{TIME}'");
        assert_eq!(from(sql, TIME), resumed.replace("SEEK", &seek));
    }

    #[test]
    fn the_start_is_added_or_replaced() {
        is_resumed("select 1 from s;\n", "select 1 from s\nSETTINGS SEEK");
        is_resumed(
            "select 1 from s settings a=1",
            "select 1 from s settings SEEK, a=1",
        );
        is_resumed(
            "select 1 from s SETTINGS seek_to = 'earliest', a=1",
            "select 1 from s SETTINGS SEEK, a=1",
        );
        is_resumed(
            "select 1 from s settings a='seek_to', seek_to='-1h'",
            "select 1 from s settings a='seek_to', SEEK",
        );
    }

    #[test]
    fn only_the_word_itself_counts() {
        for sql in [
            "select 'settings' from s",
            "select user_settings from s",
            "select \"settings\" from s",
            "select 1 from s -- without settings",
            "select 1 from s /* settings */",
            "select 1 from (select 2 from s settings a=1)",
            "select 'it\\'s settings",
            "select 'ä' -- open",
        ] {
            is_resumed(sql, &format!("{sql}\nSETTINGS SEEK"));
        }
    }
}
