//! Pieces of SQL text as far as they decide where statements end: what is quoted, what is a
//! comment, what is a word. Written as Timeplus reads it; text that is not closed goes to the end.

use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Space,
    /// `-- to the end of the line`, also behind `# ` and `#!`, and
    /// `/* with others /* inside */ it */`.
    Comment,
    /// `'text'`, `"name"`, `` `name` ``, `$$text$$`, `$tag$text$tag$`.
    Quoted,
    /// Letters, digits and underscores.
    Word,
    /// Any other character.
    Sign,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub kind: Kind,
    pub range: Range<usize>,
}

/// All of `sql`, piece by piece.
pub fn pieces(sql: &str) -> impl Iterator<Item = Piece> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = sql.get(at..).filter(|rest| !rest.is_empty())?;
        let (kind, length) = first(rest);
        let start = at;
        at += length;
        Some(Piece {
            kind,
            range: start..at,
        })
    })
}

/// What opens a comment or a quoted text that nothing closes, and the line on which it stands, from
/// 1: the rest of the text belongs to it.
pub fn unclosed(sql: &str) -> Option<(&str, usize)> {
    let last = pieces(sql).last()?;
    let text = &sql[last.range.clone()];
    let opening = match last.kind {
        Kind::Comment if text.starts_with("/*") => 2,
        Kind::Quoted if text.starts_with('$') => text[1..].find('$')? + 2,
        Kind::Quoted => 1,
        _ => return None,
    };
    // What is closed does not take in what follows.
    let longer = format!("{text}x");
    let open = first(&longer).1 > text.len();
    let line = sql[..last.range.start].matches('\n').count() + 1;
    open.then_some((&text[..opening], line))
}

/// Kind and length of the piece that `text`, which is not empty, begins with.
fn first(text: &str) -> (Kind, usize) {
    let begin = text.chars().next().unwrap_or_default();
    let run = |belongs: fn(char) -> bool| text.find(|c| !belongs(c)).unwrap_or(text.len());
    match begin {
        '\'' | '"' | '`' => (Kind::Quoted, quoted(text)),
        _ if ["--", "# ", "#!"].iter().any(|it| text.starts_with(it)) => {
            (Kind::Comment, text.find('\n').unwrap_or(text.len()))
        }
        '/' if text.starts_with("/*") => (Kind::Comment, comment(text)),
        '$' => match dollar_quoted(text) {
            Some(length) => (Kind::Quoted, length),
            None => (Kind::Sign, 1),
        },
        c if c.is_whitespace() => (Kind::Space, run(char::is_whitespace)),
        c if is_word(c) => (Kind::Word, run(|c| is_word(c) || c == '$')),
        c => (Kind::Sign, c.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Bytes of the quoted text at the start, with its quotes.
fn quoted(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        at += match byte {
            b'\\' if bytes[0] == b'\'' => 2,
            byte if *byte == bytes[0] => return at + 1,
            _ => 1,
        };
    }
    text.len()
}

fn comment(text: &str) -> usize {
    let (mut at, mut depth) = (0, 0u32);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        at += if rest.starts_with(b"/*") {
            depth += 1;
            2
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            if depth == 0 {
                return at + 2;
            }
            2
        } else {
            1
        };
    }
    text.len()
}

/// Bytes of `$tag$text$tag$` at the start; `None` where the dollar is just a dollar.
fn dollar_quoted(text: &str) -> Option<usize> {
    let inside = &text[1..];
    let tag = inside.find(|c| !is_word(c)).unwrap_or(inside.len());
    if !inside[tag..].starts_with('$') || inside.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let quote = &text[..tag + 2];
    let end = text[quote.len()..].find(quote);
    Some(end.map_or(text.len(), |end| quote.len() * 2 + end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(sql: &str) -> Vec<(Kind, &str)> {
        let visible = pieces(sql).filter(|piece| piece.kind != Kind::Space);
        visible
            .map(|piece| (piece.kind, &sql[piece.range]))
            .collect()
    }

    #[test]
    fn quotes_and_comments_are_one_piece_each() {
        use Kind::{Comment, Quoted, Sign, Word};
        for quoted in [
            "'a;b'",
            "'it\\'s;'",
            "\"a;--b\"",
            "`c;/*`",
            "$$ a; $b$ c; $$",
            "$body$ a; $$ b; $body$",
            "$_1$;$_1$",
            "$ü$;$ü$",
            "'open ; ",
            "$$ open ; ",
        ] {
            assert_eq!(kinds(quoted), [(Quoted, quoted)], "{quoted}");
        }
        for comment in [
            "-- a; 'b",
            "# a; 'b",
            "#!a; 'b",
            "/* a; /* b; */ c; */",
            "/* open ; /* */",
            "/*/ ; */",
        ] {
            assert_eq!(kinds(comment), [(Comment, comment)], "{comment}");
        }
        assert_eq!(
            kinds("a$b$ - $1$ 'x''y'--z\nü"),
            [
                (Word, "a$b$"),
                (Sign, "-"),
                (Sign, "$"),
                (Word, "1$"),
                (Quoted, "'x'"),
                (Quoted, "'y'"),
                (Comment, "--z"),
                (Word, "ü"),
            ]
        );
    }

    #[test]
    fn what_is_never_closed_is_named_with_its_line() {
        for (sql, found) in [
            ("select 1; /* open\nselect 2", Some(("/*", 1))),
            ("select 1;\n/* a /* b */ c", Some(("/*", 2))),
            ("select\n\n'it\\'s", Some(("'", 3))),
            ("select \"a", Some(("\"", 1))),
            ("as $js$ return 1; $$", Some(("$js$", 1))),
            ("'", Some(("'", 1))),
            ("select 1; /* a */", None),
            ("select 'a'", None),
            ("select ''", None),
            ("select $$ a $$", None),
            ("select 1 -- '", None),
            ("", None),
        ] {
            assert_eq!(unclosed(sql), found, "{sql}");
        }
    }

    #[test]
    fn nothing_is_lost() {
        for sql in [
            "",
            "select 'é' -- ü\n, \"a\" /* 😀 */ $x$ ; $x$ ; $",
            "'\\",
            "/*",
            "$",
        ] {
            let whole: String = pieces(sql).map(|piece| &sql[piece.range]).collect();
            assert_eq!(whole, sql);
        }
    }
}
