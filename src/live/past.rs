//! The statement that reads from history what stands before the rows of a followed stream.

use std::ops::Range;

use crate::statements::{Kind, Piece, pieces};

/// Words with which rows are not those of the stream any more, or have an order of their own.
const OTHER: [&str; 17] = [
    "array",
    "distinct",
    "emit",
    "except",
    "format",
    "group",
    "having",
    "intersect",
    "into",
    "join",
    "limit",
    "offset",
    "order",
    "partition",
    "sample",
    "union",
    "window",
];

/// The `most` rows of `sql` next before `time`, the newest first; `None` where the statement does
/// not give a stream's rows one by one. `time` as `2023-02-01T01:02:03.456Z`.
pub fn before(sql: &str, time: &str, most: u64) -> Option<String> {
    let parts = Parts::of(sql)?;
    let time = time.trim_end_matches('Z').replace('T', " ");
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | ' ');
    if time.is_empty() || !time.chars().all(plain) {
        return None;
    }
    let digits = time.split_once('.').map_or(0, |(_, digits)| digits.len());
    let bound = format!("_tp_time < to_datetime64('{time}', {digits}, 'UTC')");
    let condition = match parts.condition {
        // On a line of its own: it may end with a comment.
        Some(condition) => format!("({}\n) AND {bound}", sql[condition].trim()),
        None => bound,
    };
    Some(format!(
        "{}table({}){}\nWHERE {condition}\nORDER BY _tp_time DESC LIMIT {most}",
        &sql[..parts.stream.start],
        &sql[parts.stream.clone()],
        sql[parts.stream.end..parts.from_end].trim_end(),
    ))
}

/// Whether there are such rows.
pub fn has_past(sql: &str) -> bool {
    Parts::of(sql).is_some()
}

struct Parts {
    stream: Range<usize>,
    /// Behind the stream and its other name.
    from_end: usize,
    condition: Option<Range<usize>>,
}

impl Parts {
    fn of(sql: &str) -> Option<Self> {
        let mut depth = 0usize;
        // What stands outside brackets.
        let mut all: Vec<Piece> = Vec::new();
        for piece in pieces(sql) {
            match (piece.kind, &sql[piece.range.clone()]) {
                (Kind::Space | Kind::Comment, _) => {}
                (Kind::Sign, "(" | "[") => {
                    depth += 1;
                    if depth == 1 {
                        all.push(piece);
                    }
                }
                (Kind::Sign, ")" | "]") => depth = depth.checked_sub(1)?,
                (Kind::Sign, ";") if depth == 0 => break,
                _ if depth == 0 => all.push(piece),
                _ => {}
            }
        }
        let text = |at: usize| all.get(at).map_or("", |piece| &sql[piece.range.clone()]);
        let is = |at: usize, word: &str| {
            let bare = all.get(at).is_some_and(|piece| piece.kind == Kind::Word);
            bare && text(at).eq_ignore_ascii_case(word)
        };
        let find = |word: &str| (0..all.len()).find(|at| is(*at, word));
        if !is(0, "select") || OTHER.iter().any(|word| find(word).is_some()) {
            return None;
        }
        let from = find("from")?;
        let (mut end, name) = (from + 2, all.get(from + 1)?);
        let named = |at: usize| {
            let kind = all.get(at).map(|piece| piece.kind);
            matches!(kind, Some(Kind::Word | Kind::Quoted)) && !text(at).starts_with('\'')
        };
        if !named(from + 1) {
            return None;
        }
        while text(end) == "." && named(end + 1) {
            end += 2;
        }
        let stream = name.range.start..all[end - 1].range.end;
        // A function, or several streams.
        if matches!(text(end), "(" | ",") {
            return None;
        }
        let stop = |at: usize| is(at, "where") || is(at, "settings") || at >= all.len();
        if is(end, "as") {
            end += 1;
        }
        if !stop(end) && named(end) {
            end += 1;
        }
        if !stop(end) {
            return None;
        }
        let begin = |at: usize| all.get(at).map_or(sql.len(), |piece| piece.range.start);
        let settings = find("settings").unwrap_or(all.len());
        let last = match all.last() {
            // What is behind the last piece is a comment or a semicolon.
            Some(_) if settings == all.len() => sql.trim_end().trim_end_matches(';').len(),
            _ => begin(settings),
        };
        let condition = is(end, "where").then(|| all[end].range.end..last);
        Some(Self {
            stream,
            from_end: all[end - 1].range.end,
            condition,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "2026-01-02T03:04:05.678Z";
    const BOUND: &str = "_tp_time < to_datetime64('2026-01-02 03:04:05.678', 3, 'UTC')";

    #[test]
    fn history_is_read_up_to_where_the_live_rows_begin() {
        for (sql, head, condition) in [
            (
                "select * from s;",
                "select * from table(s)",
                BOUND.to_string(),
            ),
            (
                "SELECT a, (select 1 from x) FROM db.`my s` AS t SETTINGS seek_to='-1h'",
                "SELECT a, (select 1 from x) FROM table(db.`my s`) AS t",
                BOUND.to_string(),
            ),
            (
                "select a from s where b = 'from t' or c in (1, 2) -- why\nsettings x=1",
                "select a from table(s)",
                format!("(b = 'from t' or c in (1, 2) -- why\n) AND {BOUND}"),
            ),
        ] {
            let wanted = format!("{head}\nWHERE {condition}\nORDER BY _tp_time DESC LIMIT 500");
            assert_eq!(before(sql, TIME, 500), Some(wanted), "{sql}");
        }
    }

    #[test]
    fn what_is_no_streams_rows_has_no_past() {
        for sql in [
            "select count() from s group by a",
            "select * from table(s)",
            "select * from tumble(s, 5s)",
            "select * from a, b",
            "select * from a join b on a.x = b.x",
            "select * from (select * from s)",
            "select * from s limit 5",
            "with a as (select 1) select * from a",
            "insert into t select * from s",
            "select 1",
            "select * from",
            "drop stream s",
            "",
        ] {
            assert!(!has_past(sql), "{sql}");
        }
        assert_eq!(before("select * from s", "'; drop", 5), None);
    }
}
