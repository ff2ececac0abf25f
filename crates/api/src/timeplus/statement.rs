//! What a statement is about: the words that it begins with, and the name behind them.

use super::quote;

/// What makes, changes, shows or drops something by its name.
const VERBS: &[&str] = &[
    "CREATE OR REPLACE",
    "CREATE",
    "ALTER",
    "DROP",
    "TRUNCATE",
    "SHOW CREATE",
    "SYSTEM PAUSE",
    "SYSTEM RESUME",
    "SYSTEM TRANSFER",
];

/// What belongs to a database. Functions, schemas, disks, roles and others belong to the server.
const INSIDE: &[&str] = &[
    "STREAM",
    "MUTABLE STREAM",
    "EXTERNAL STREAM",
    "RANDOM STREAM",
    "EXTERNAL TABLE",
    "TABLE",
    "VIEW",
    "MATERIALIZED VIEW",
    "SCHEDULED MATERIALIZED VIEW",
    "SCHED MATERIALIZED VIEW",
    "TASK",
    "ALERT",
    "DICTIONARY",
];

/// What follows these words, in whatever case and with whatever space between them.
pub fn behind<'s>(sql: &'s str, words: &str) -> Option<&'s str> {
    let mut rest = sql;
    for word in words.split(' ') {
        rest = rest.trim_start();
        let found = rest.get(..word.len())?;
        if !found.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
        let ends = rest
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && c != '_');
        if !ends {
            return None;
        }
    }
    Some(rest)
}

/// The name in a statement behind the words that it begins with, without its quotes; empty where
/// there is none.
pub fn name_in(sql: &str, begins: &[&str]) -> String {
    let rest = begins.iter().find_map(|words| behind(sql, words));
    rest.map_or_else(String::new, |rest| {
        let rest = unguarded(rest).trim_start();
        rest[..path(rest).0].replace('`', "")
    })
}

/// The statement about a thing of this database, where it does not say of which.
pub fn in_database(sql: &str, database: &str) -> String {
    if let Some(rest) = behind(sql, "SHOW ALERTS")
        && behind(rest, "FROM").is_none()
    {
        return format!("SHOW ALERTS FROM {}{rest}", quote::name(database));
    }
    let about = |verb: &&str| {
        let rest = behind(sql, verb)?;
        INSIDE.iter().find_map(|kind| behind(rest, kind))
    };
    let Some(rest) = VERBS.iter().find_map(about) else {
        return sql.into();
    };
    let rest = unguarded(rest);
    let (written, rest) = named(sql, rest, database);
    match behind(rest, "INTO") {
        Some(target) => {
            let (target, rest) = named(rest, target, database);
            written + &target + rest
        }
        None => written + rest,
    }
}

/// Of `all`, up to the name that `rest` begins with, with the database before that; and what
/// follows.
fn named<'s>(all: &str, rest: &'s str, database: &str) -> (String, &'s str) {
    let rest = rest.trim_start();
    let before = &all[..all.len() - rest.len()];
    let (end, parts) = path(rest);
    let database = match parts {
        1 => quote::name(database) + ".",
        _ => String::new(),
    };
    (format!("{before}{database}{}", &rest[..end]), &rest[end..])
}

fn unguarded(sql: &str) -> &str {
    let guards = ["IF NOT EXISTS", "IF EXISTS"];
    let found = guards.iter().find_map(|words| behind(sql, words));
    found.unwrap_or(sql)
}

/// Where the name at the beginning ends, and of how many parts it is.
fn path(text: &str) -> (usize, usize) {
    let (mut end, mut parts) = (0, 0);
    loop {
        let rest = &text[end..];
        let length = match rest.chars().next() {
            Some(quote @ ('`' | '"')) => quoted(rest, quote),
            _ => rest
                .find(|c: char| c.is_whitespace() || matches!(c, '(' | ';' | ',' | '.'))
                .unwrap_or(rest.len()),
        };
        if length == 0 {
            return (end, parts);
        }
        (end, parts) = (end + length, parts + 1);
        match text[end..].strip_prefix('.') {
            Some(_) => end += 1,
            None => return (end, parts),
        }
    }
}

/// With both quotes; a doubled one and one behind a backslash do not end it.
fn quoted(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        if c == '\\' || (c == quote && next == Some(quote)) {
            chars.next();
        } else if c == quote {
            return at + quote.len_utf8();
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_what_is_made_stands_behind_its_words() {
        let of = |sql: &str| name_in(sql, &["CREATE TASK", "CREATE OR REPLACE TASK"]);
        assert_eq!(
            of("create  task\n IF NOT EXISTS db.`a`\nSCHEDULE 1s"),
            "db.a"
        );
        assert_eq!(of("CREATE OR REPLACE TASK t(x)"), "t");
        assert_eq!(of("CREATE TASK `my task` SCHEDULE 1s"), "my task");
        assert_eq!(of("CREATE TASKS t"), "");
        assert_eq!(of("CREATE DISK d"), "");
        assert_eq!(of("CREATE TASK"), "");
    }

    #[test]
    fn what_belongs_to_a_database_is_named_with_it() {
        let of = |sql: &str| in_database(sql, "my db");
        for (sql, sent) in [
            ("CREATE STREAM s (a int)", "CREATE STREAM `my db`.s (a int)"),
            (
                "create or replace task IF NOT EXISTS `t``.x` SCHEDULE 1s",
                "create or replace task IF NOT EXISTS `my db`.`t``.x` SCHEDULE 1s",
            ),
            (
                "CREATE MATERIALIZED VIEW v\nINTO t AS\nSELECT 1 FROM s INTO x",
                "CREATE MATERIALIZED VIEW `my db`.v\nINTO `my db`.t AS\nSELECT 1 FROM s INTO x",
            ),
            (
                "CREATE SCHEDULED MATERIALIZED VIEW v INTO other.t AS SELECT 1",
                "CREATE SCHEDULED MATERIALIZED VIEW `my db`.v INTO other.t AS SELECT 1",
            ),
            (
                "ALTER STREAM s MODIFY COMMENT 'x'",
                "ALTER STREAM `my db`.s MODIFY COMMENT 'x'",
            ),
            ("DROP VIEW IF EXISTS v", "DROP VIEW IF EXISTS `my db`.v"),
            ("SYSTEM PAUSE TASK t", "SYSTEM PAUSE TASK `my db`.t"),
            (
                "SHOW ALERTS SETTINGS verbose=true",
                "SHOW ALERTS FROM `my db` SETTINGS verbose=true",
            ),
        ] {
            assert_eq!(of(sql), sent);
        }
    }

    #[test]
    fn all_else_stays_as_it_is() {
        for sql in [
            "CREATE STREAM other.s (a int)",
            "CREATE FUNCTION f(a int) RETURNS int LANGUAGE JAVASCRIPT AS $$ $$",
            "CREATE DISK d disk(type = 's3')",
            "DROP NAMED COLLECTION c",
            "SELECT 'CREATE STREAM s'",
            "SHOW ALERTS FROM other",
            "CREATE STREAM",
            "DROP STREAM `unclosed",
            "",
        ] {
            let sent = in_database(sql, "d");
            let expected = match sql {
                "DROP STREAM `unclosed" => "DROP STREAM d.`unclosed",
                other => other,
            };
            assert_eq!(sent, expected);
        }
    }
}
