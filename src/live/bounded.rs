//! Whether a statement ends by itself, as far as its words tell.

use crate::statements::{Kind, pieces};

/// Functions over a source, which stands first in them.
const WINDOWS: &[&str] = &["tumble", "hop", "session", "dedup", "changelog"];

/// Whether it follows a stream: what reads tables ends by itself, and so does what reads nothing or
/// changes something.
pub fn is_endless(sql: &str) -> bool {
    let tokens = tokens(sql);
    follows(&tokens) > 0
}

/// Also what is limited to a number of rows.
pub fn ends_by_itself(sql: &str) -> bool {
    let tokens = tokens(sql);
    let followed = follows(&tokens);
    followed == 0 || is_limited(&tokens, followed == 1)
}

/// What is neither blank nor comment, words in lower case.
fn tokens(sql: &str) -> Vec<String> {
    let told = pieces(sql).filter(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment));
    told.map(|piece| {
        let text = &sql[piece.range];
        match piece.kind {
            Kind::Word => text.to_lowercase(),
            _ => text.into(),
        }
    })
    .collect()
}

fn is_query(token: &str) -> bool {
    matches!(token, "select" | "with" | "from" | "values")
}

/// How often a stream is followed.
fn follows(tokens: &[String]) -> usize {
    let at = |at: usize| tokens.get(at).map_or("", String::as_str);
    let first = tokens.iter().find(|token| *token != "(");
    // An INSERT of what is followed goes on with it.
    if !first.is_some_and(|first| is_query(first) || first == "insert") {
        return 0;
    }
    // Whether each bracket that is open is one of a query.
    let mut open = Vec::new();
    let mut followed = 0;
    for (index, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" => open.push(is_query(at(index + 1)) || at(index + 1) == "("),
            ")" => {
                open.pop();
            }
            // In `extract(year FROM t)` no source follows.
            "from" if open.last() == Some(&false) => {}
            "from" | "join" => followed += usize::from(is_followed(tokens, index + 1)),
            _ => {}
        }
    }
    followed
}

/// Whether the source that is named at `from` is a stream.
fn is_followed(tokens: &[String], from: usize) -> bool {
    let mut rest = tokens.get(from..).unwrap_or_default().iter().peekable();
    while let Some(name) = rest.next() {
        let next = rest.peek().map_or("", |token| token.as_str());
        match (name.as_str(), next) {
            ("(", _) => {}
            (window, "(") if WINDOWS.contains(&window) => {}
            ("table" | "numbers", "(") | ("system", ".") => return false,
            // The sources of a query in brackets are looked at where they stand.
            (name, _) => return !is_query(name) && !is_named_before(tokens, name),
        }
    }
    false
}

/// `WITH name AS (…)`.
fn is_named_before(tokens: &[String], name: &str) -> bool {
    tokens.windows(4).any(|four| {
        let begins = four[0] == "with" || four[0] == ",";
        begins && four[1] == name && four[2] == "as" && four[3] == "("
    })
}

/// A limit of rows; `inside` also where it is one of a query in brackets.
fn is_limited(tokens: &[String], inside: bool) -> bool {
    let mut depth = 0usize;
    tokens.windows(2).enumerate().any(|(index, pair)| {
        match pair[0].as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let number = pair[1].bytes().all(|byte| byte.is_ascii_digit());
        // `LIMIT 1 BY key` limits each key.
        let each = tokens.get(index + 2).is_some_and(|token| token == "by");
        pair[0] == "limit" && number && !each && (inside || depth == 0)
    })
}

#[cfg(test)]
mod tests {
    use super::{ends_by_itself, is_endless};

    #[test]
    fn what_follows_a_stream_is_endless() {
        for sql in [
            "SELECT * FROM s",
            "SELECT 1 AS limited FROM s",
            "select * from s join table(t) using k",
            "select * from table(t) join s using k",
            "select * from s -- not from table(s)",
            "select 'table(s)' from s",
            "SELECT count() FROM tumble(s, 5s) GROUP BY window_start",
            "with a as (select * from s) select * from a",
            "select * from (select * from s)",
            "select * from db.s",
            "select * from `table`",
            "insert into t select * from s",
            "from s select a",
        ] {
            assert!(is_endless(sql) && !ends_by_itself(sql), "{sql}");
        }
    }

    #[test]
    fn what_reads_tables_or_changes_something_ends() {
        for sql in [
            "select * from table(s)",
            "select * from TABLE (s)",
            "select * from\ttable\n( s )",
            "select * from table/* of */(s) as a join table(t) as b using k",
            "SELECT count() FROM tumble(table(s), 5s) GROUP BY window_start",
            "with a as (select * from table(s)), b as (select * from a) select * from a join b",
            "select extract(year from t), substring(x from 2) from table(s)",
            "select from_unixtime(1)",
            "select 'from s'",
            "select * from system.streams",
            "select * from numbers(10)",
            "SELECT 1",
            "DROP STREAM s",
            "DELETE FROM s WHERE a = 1",
            "create view v as select * from s",
            "show columns from s",
            "explain select * from s",
            "",
        ] {
            assert!(!is_endless(sql) && ends_by_itself(sql), "{sql}");
        }
    }

    #[test]
    fn a_limit_ends_what_it_limits() {
        for sql in [
            "SELECT * FROM s LIMIT 10;",
            "SELECT * FROM s LIMIT 10, 5",
            "select * from (select * from s limit 10)",
        ] {
            assert!(is_endless(sql) && ends_by_itself(sql), "{sql}");
        }
        for sql in [
            "SELECT * FROM s LIMIT 1 BY k",
            "SELECT * FROM s WHERE a = ' limit 10 '",
            "select * from s join (select * from t limit 10) using k",
        ] {
            assert!(!ends_by_itself(sql), "{sql}");
        }
    }
}
