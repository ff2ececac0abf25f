//! Where statements begin and end in a text, for everything that runs, counts, formats or marks
//! them.

mod lexer;
mod place;

use std::ops::Range;

pub use lexer::{Kind, Piece, pieces, unclosed};
pub use place::{in_whole, place, position_in, to_byte, to_utf16};

/// Words that statements begin with; `(` and quotes do not.
const FIRST_WORDS: &[&str] = &[
    "alter", "attach", "backup", "begin", "call", "check", "commit", "create", "delete", "desc",
    "describe", "detach", "drop", "exchange", "execute", "exists", "explain", "from", "grant",
    "insert", "kill", "merge", "optimize", "pause", "recover", "rename", "replace", "restore",
    "resume", "revoke", "rollback", "select", "set", "show", "system", "truncate", "unpause",
    "update", "use", "values", "watch", "with",
];

/// Byte ranges of the statements in `sql`, without the semicolons, trimmed. Comments before a
/// statement belong to it, those on the line of the semicolon before do not; comments alone are no
/// statement.
pub fn split(sql: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    // What was met since the last semicolon: where it begins and ends, and whether it is more than
    // comments.
    let (mut part, mut code) = (None::<Range<usize>>, false);
    let mut behind_semicolon = false;
    for piece in pieces(sql) {
        let text = &sql[piece.range.clone()];
        match piece.kind {
            Kind::Space => {
                behind_semicolon &= !text.contains('\n');
                continue;
            }
            Kind::Comment if part.is_none() && behind_semicolon => continue,
            Kind::Sign if text == ";" => {
                parts.extend(part.take().filter(|_| code));
                (code, behind_semicolon) = (false, true);
                continue;
            }
            Kind::Comment => {}
            _ => code = true,
        }
        match &mut part {
            Some(part) => part.end = piece.range.end,
            None => part = Some(piece.range),
        }
    }
    parts.extend(part.filter(|_| code));
    parts
}

/// Whether it reads rows: a statement that says how it is to be carried out, or changes something, does
/// not.
pub fn is_query(sql: &str) -> bool {
    let first = pieces(sql).find(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment));
    first.is_some_and(|piece| {
        let word = sql[piece.range].to_ascii_lowercase();
        matches!(word.as_str(), "select" | "with" | "(" | "from")
    })
}

/// What to run: the statements in the selection, otherwise the one at the cursor, which is the
/// last that begins before it. `selection` counts UTF-16 units; the answer counts bytes.
pub fn chosen(sql: &str, selection: Range<u32>) -> Vec<Range<usize>> {
    let (from, to) = (to_byte(sql, selection.start), to_byte(sql, selection.end));
    if from < to {
        let parts = split(&sql[from..to]).into_iter();
        return parts
            .map(|part| part.start + from..part.end + from)
            .collect();
    }
    let all = split(sql);
    let behind = all.iter().rposition(|part| part.start <= from);
    all.get(behind.unwrap_or(0)).cloned().into_iter().collect()
}

/// The first word of what stands behind a semicolon and begins no statement, as the rest of a
/// statement that was cut does.
pub fn stray<'a>(sql: &'a str, parts: &[Range<usize>]) -> Option<&'a str> {
    let first_word = |part: &Range<usize>| {
        let text = &sql[part.clone()];
        let piece =
            pieces(text).find(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment))?;
        let known = |word: &str| FIRST_WORDS.iter().any(|one| one.eq_ignore_ascii_case(word));
        let word = &text[piece.range];
        (piece.kind == Kind::Word && !known(word)).then_some(word)
    };
    parts.iter().skip(1).find_map(first_word)
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
                "select 'it\\'s;'"
            ]
        );
        assert_eq!(texts(" ; \n"), Vec::<&str>::new());
        assert_eq!(texts("select 'open"), ["select 'open"]);
        let function = "CREATE FUNCTION f(x int) RETURNS int AS $$ let a = 1; return a; $$";
        assert_eq!(
            texts(&format!("{function};\nselect 1")),
            [function, "select 1"]
        );
        let tagged = "create function f() as $js$ a; $$; b; $js$ settings x = 1";
        assert_eq!(
            texts(&format!("{tagged}; select $1;")),
            [tagged, "select $1"]
        );
        assert_eq!(
            texts("select 1 /* a; /* b; */ c; */ + 1; select 2"),
            ["select 1 /* a; /* b; */ c; */ + 1", "select 2"]
        );
    }

    #[test]
    fn comments_alone_are_no_statement() {
        for sql in [
            "select 1; -- done",
            "select 1; /* x; */",
            "select 1;\n-- done\n/* all; */ ;",
            "-- first\n;select 1",
        ] {
            assert_eq!(split(sql).len(), 1, "{sql}");
        }
        assert_eq!(
            texts("-- head\nselect 1; -- one\n-- two\nselect 2 -- end"),
            ["-- head\nselect 1", "-- two\nselect 2 -- end"]
        );
    }

    #[test]
    fn the_selection_runs_otherwise_the_statement_that_begins_before_the_cursor() {
        let sql = "select 1; -- one\nselect 'ü';\n\nselect 3;  ";
        let run = |selection| {
            let parts = chosen(sql, selection).into_iter();
            parts.map(|part| &sql[part]).collect::<Vec<_>>()
        };
        for (cursor, statement) in [
            (0, "select 1"),
            (8, "select 1"),
            (9, "select 1"),
            (13, "select 1"),
            (17, "select 'ü'"),
            (28, "select 'ü'"),
            (29, "select 'ü'"),
            (30, "select 3"),
            (500, "select 3"),
        ] {
            assert_eq!(run(cursor..cursor), [statement], "{cursor}");
        }
        assert_eq!(run(2..8), ["lect 1"]);
        assert_eq!(run(0..27), ["select 1", "select 'ü'"]);
        assert!(run(8..16).is_empty());
        assert!(chosen("  ", 0..0).is_empty());
        assert!(chosen("-- only", 3..3).is_empty());
        assert_eq!(chosen("\n\n select 1", 0..0).first(), Some(&(3..11)));
    }

    #[test]
    fn what_reads_rows_is_a_query() {
        for sql in [
            "select 1",
            "-- x\nWITH a as (select 1) select 1",
            "(select 1)",
            "from s",
        ] {
            assert!(is_query(sql), "{sql}");
        }
        for sql in [
            "drop stream s",
            "explain select 1",
            "",
            "insert into s select * from t",
        ] {
            assert!(!is_query(sql), "{sql}");
        }
    }

    #[test]
    fn the_rest_of_a_cut_statement_is_named() {
        let stray_of = |sql| stray(sql, &split(sql));
        assert_eq!(
            stray_of("select * from s where a > 1000;\nand b > 20"),
            Some("and")
        );
        assert_eq!(
            stray_of("select 1; select 2; -- x\n limit 5"),
            Some("limit")
        );
        assert_eq!(
            stray_of("select 1;\n/* x */ WITH a as (select 1) select * from a"),
            None
        );
        assert_eq!(stray_of("select 1; (select 2)"), None);
        assert_eq!(stray_of("and b"), None);
    }
}
