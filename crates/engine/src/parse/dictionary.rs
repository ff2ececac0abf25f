//! `CREATE DICTIONARY`: rows of a stream to look values up in by a key.

use sqlparser::tokenizer::Token;

use super::{Ddl, column, cursor::Cursor, source::is_word};
use crate::{
    SqlError,
    catalog::{DictionaryColumn, DictionaryInfo, Lookup},
    typed::escape,
};

/// Sources that are not read from here, and what to write instead.
const SOURCES: &[(&str, &str)] = &[
    ("MYSQL", MYSQL),
    ("POSTGRESQL", POSTGRESQL),
    ("CLICKHOUSE", ELSEWHERE),
    ("MONGODB", ELSEWHERE),
    ("REDIS", ELSEWHERE),
    ("HTTP", FILE),
    ("FILE", FILE),
    ("EXECUTABLE", FILE),
    ("EXECUTABLE_POOL", FILE),
];
const MYSQL: &str = "use CREATE EXTERNAL TABLE t SETTINGS type = 'mysql', …, and \
                     SOURCE(TIMEPLUS(STREAM 't'))";
const POSTGRESQL: &str = "use CREATE EXTERNAL TABLE t SETTINGS type = 'postgresql', …, \
                          and SOURCE(TIMEPLUS(STREAM 't'))";
const ELSEWHERE: &str =
    "send its rows into a MUTABLE STREAM s and use SOURCE(TIMEPLUS(STREAM 's'))";
const FILE: &str = "import the file into a MUTABLE STREAM s on the stream's page and use \
                    SOURCE(TIMEPLUS(STREAM 's'))";

/// After `CREATE [OR REPLACE] DICTIONARY`.
pub(super) fn dictionary(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let start = cursor.span();
    let name = cursor.object("the dictionary's name")?;
    let mut info = DictionaryInfo::default();
    cursor.expect(&Token::LParen)?;
    while !cursor.accept(&Token::RParen) {
        info.columns.push(column(cursor)?);
        if !cursor.accept(&Token::Comma) {
            cursor.expect(&Token::RParen)?;
            break;
        }
    }
    let mut description = None;
    while !cursor.at_end() {
        if cursor.accept_word("COMMENT") {
            description = Some(cursor.string("a comment in quotes")?);
        } else {
            clause(cursor, &mut info)?;
        }
    }
    let missing = match () {
        () if info.key.is_empty() => Some("PRIMARY KEY and its columns"),
        () if info.query.is_empty() => Some("SOURCE(TIMEPLUS(STREAM 's'))"),
        () => None,
    };
    if let Some(missing) = missing {
        return Err(SqlError::at(format!("a dictionary needs {missing}"), start));
    }
    let mut named = info.key.clone();
    if let Lookup::Range { min, max, .. } = &info.lookup {
        named.extend([min.clone(), max.clone()]);
    }
    let known = |name: &String| info.columns.iter().any(|column| column.name == *name);
    if let Some(unknown) = named.iter().find(|name| !known(name)) {
        let words = format!("'{unknown}' is not among the dictionary's columns");
        return Err(SqlError::at(words, start));
    }
    Ok(Ddl::CreateDictionary {
        name,
        info,
        description,
        if_not_exists,
        or_replace,
    })
}

/// Words behind a column's type.
const WORDS: [&str; 6] = [
    "DEFAULT",
    "EXPRESSION",
    "INJECTIVE",
    "HIERARCHICAL",
    "BIDIRECTIONAL",
    "IS_OBJECT_ID",
];

/// `name type [DEFAULT e] [EXPRESSION e] [INJECTIVE] …`
fn column(cursor: &mut Cursor<'_>) -> Result<DictionaryColumn, SqlError> {
    let mut column = DictionaryColumn {
        name: cursor.name("a column's name")?,
        data_type: column::data_type(cursor, "the column's type")?.to_string(),
        ..DictionaryColumn::default()
    };
    let stop =
        |token: &Token| *token == Token::Comma || WORDS.iter().any(|word| is_word(token, word));
    loop {
        let span = cursor.span();
        if cursor.accept_word("DEFAULT") {
            column.default = Some(cursor.expression(stop)?);
        } else if cursor.accept_word("EXPRESSION") {
            column.expression = Some(cursor.expression(stop)?);
        } else if cursor.accept_word("HIERARCHICAL") {
            let what = "HIERARCHICAL; use dict_get of the parent's key";
            return Err(SqlError::unsupported(what, span));
        } else if !WORDS[2..].iter().any(|word| cursor.accept_word(word)) {
            break;
        }
    }
    match cursor.peek() {
        Some(Token::Comma | Token::RParen) => Ok(column),
        _ => Err(cursor.expected("DEFAULT, EXPRESSION, a comma or a closing bracket")),
    }
}

fn clause(cursor: &mut Cursor<'_>, info: &mut DictionaryInfo) -> Result<(), SqlError> {
    if cursor.accept_words(&["PRIMARY", "KEY"]) {
        info.key = if cursor.peek() == Some(&Token::LParen) {
            cursor.names()?
        } else {
            let mut names = vec![cursor.name("a column name")?];
            while cursor.accept(&Token::Comma) {
                names.push(cursor.name("a column name")?);
            }
            names
        };
    } else if cursor.accept_word("SOURCE") {
        cursor.expect(&Token::LParen)?;
        source(cursor, info)?;
        cursor.expect(&Token::RParen)?;
    } else if cursor.accept_word("LAYOUT") {
        layout(cursor, info)?;
    } else if cursor.accept_word("RANGE") {
        cursor.expect(&Token::LParen)?;
        cursor.expect_word("MIN")?;
        let min = cursor.name("a column name")?;
        cursor.expect_word("MAX")?;
        let max = cursor.name("a column name")?;
        cursor.expect(&Token::RParen)?;
        let last = matches!(info.lookup, Lookup::Range { last: true, .. });
        info.lookup = Lookup::Range { min, max, last };
    } else if let Some(word) = ["LIFETIME", "SETTINGS"]
        .into_iter()
        .find(|word| cursor.accept_word(word))
    {
        cursor.without_effect(&format!("{word} (each lookup reads the stream as it is)"));
        cursor.expect(&Token::LParen)?;
        cursor.until(|_| false);
        cursor.expect(&Token::RParen)?;
    } else {
        return Err(
            cursor.expected("PRIMARY KEY, SOURCE, LAYOUT, LIFETIME, RANGE, SETTINGS or COMMENT")
        );
    }
    Ok(())
}

/// `TIMEPLUS(STREAM 's')` and its kind.
fn source(cursor: &mut Cursor<'_>, info: &mut DictionaryInfo) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a source, as in TIMEPLUS(STREAM 's')")?;
    let upper = name.to_ascii_uppercase();
    if upper != "TIMEPLUS" {
        let known = SOURCES.iter().find(|(known, _)| *known == upper);
        let instead = known.map_or("use TIMEPLUS(STREAM 's')", |(_, instead)| *instead);
        let what = format!("SOURCE({upper}(…)); {instead}");
        return Err(SqlError::unsupported(what, span));
    }
    cursor.expect(&Token::LParen)?;
    let mut filter = None;
    while !cursor.accept(&Token::RParen) {
        let span = cursor.span();
        let key = cursor.name("STREAM, QUERY, DB, USER or PASSWORD")?;
        let place = cursor.span();
        let value = parameter(cursor)?;
        match key.to_ascii_uppercase().as_str() {
            "STREAM" | "TABLE" => {
                let name = value.strip_prefix("default.").unwrap_or(&value);
                info.stream = Some(name.to_string());
                info.query = format!("SELECT * FROM table(`{name}`)");
            }
            "QUERY" => {
                super::parse_query(&value, crate::functions::is_known)
                    .map_err(|error| SqlError::at(format!("QUERY: {}", error.message), place))?;
                info.stream = None;
                info.query = value;
            }
            "WHERE" => filter = Some(value),
            "DB" | "DATABASE" if value == "default" => {}
            "DB" | "DATABASE" => {
                let words = format!("unknown database '{value}': the only one is 'default'");
                return Err(SqlError::at(words, place));
            }
            "HOST" if matches!(value.as_str(), "localhost" | "127.0.0.1" | "::1") => {}
            "HOST" => {
                let what = format!("a dictionary from another server; {ELSEWHERE}");
                return Err(SqlError::unsupported(what, span));
            }
            "PORT" | "USER" | "PASSWORD" | "SECURE" => {}
            other => {
                let what = format!("{other} of a source; use STREAM, QUERY, WHERE or DB");
                return Err(SqlError::unsupported(what, span));
            }
        }
    }
    if let Some(filter) = filter {
        // What is left out makes the key of the stream none of the dictionary's own concern.
        info.query = format!("{} WHERE {filter}", info.query);
    }
    Ok(())
}

/// A text, a number, a word, or a call like `tcp_port()`.
fn parameter(cursor: &mut Cursor<'_>) -> Result<String, SqlError> {
    match cursor
        .rest()
        .first()
        .map(|token| (&token.token, token.span))
    {
        Some((Token::SingleQuotedString(text), _)) => {
            cursor.skip();
            Ok(text.clone())
        }
        Some((Token::Word(_) | Token::Number(..), span)) => {
            let text = cursor.source.text(span).to_string();
            cursor.skip();
            if cursor.accept(&Token::LParen) {
                cursor.until(|_| false);
                cursor.expect(&Token::RParen)?;
            }
            Ok(text)
        }
        _ => Err(cursor.expected("a value")),
    }
}

/// `(HASHED())`: how rows are held elsewhere. Some say how they are found.
fn layout(cursor: &mut Cursor<'_>, info: &mut DictionaryInfo) -> Result<(), SqlError> {
    const KNOWN: [&str; 14] = [
        "FLAT",
        "HASHED",
        "SPARSE_HASHED",
        "HASHED_ARRAY",
        "CACHE",
        "SSD_CACHE",
        "DIRECT",
        "MUTABLE_CACHE",
        "HYBRID_HASH_CACHE",
        "COMPLEX_KEY_HYBRID_HASH_CACHE",
        "RANGE_HASHED",
        "COMPLEX_KEY_RANGE_HASHED",
        "IP_TRIE",
        "COMPLEX_KEY_HASHED",
    ];
    cursor.expect(&Token::LParen)?;
    let span = cursor.span();
    let name = cursor.name("a layout's name")?.to_ascii_uppercase();
    let plain = name.strip_prefix("COMPLEX_KEY_").unwrap_or(&name);
    if !KNOWN.contains(&plain) {
        let what = format!("LAYOUT({name}); use one of {}", KNOWN[..13].join(", "));
        return Err(SqlError::unsupported(what, span));
    }
    let mut inside: &[_] = &[];
    if cursor.accept(&Token::LParen) {
        inside = cursor.until(|_| false);
        cursor.expect(&Token::RParen)?;
    }
    cursor.expect(&Token::RParen)?;
    match plain {
        "IP_TRIE" => info.lookup = Lookup::Prefix,
        "RANGE_HASHED" => {
            let last = inside.windows(2).any(|pair| {
                is_word(&pair[0].token, "RANGE_LOOKUP_STRATEGY")
                    && pair[1].token.to_string().trim_matches('\'') == "max"
            });
            let (min, max) = match std::mem::take(&mut info.lookup) {
                Lookup::Range { min, max, .. } => (min, max),
                _ => (String::new(), String::new()),
            };
            info.lookup = Lookup::Range { min, max, last };
        }
        _ => cursor.without_effect("LAYOUT"),
    }
    info.layout = name;
    Ok(())
}

/// `CREATE DICTIONARY …`, as [`dictionary`] reads it.
pub(crate) fn statement(name: &str, info: &DictionaryInfo, description: &str) -> String {
    let columns: Vec<String> = info
        .columns
        .iter()
        .map(|column| {
            let mut text = format!("  `{}` {}", column.name, column.data_type);
            for (word, value) in [
                ("DEFAULT", &column.default),
                ("EXPRESSION", &column.expression),
            ] {
                if let Some(value) = value {
                    text.push_str(&format!(" {word} {value}"));
                }
            }
            text
        })
        .collect();
    let source = match &info.stream {
        Some(stream) if !info.query.contains(" WHERE ") => format!("STREAM '{}'", escape(stream)),
        _ => format!("QUERY '{}'", escape(&info.query)),
    };
    let mut text = format!(
        "CREATE DICTIONARY default.{name}\n(\n{}\n)\nPRIMARY KEY ({})\nSOURCE(TIMEPLUS({source}))",
        columns.join(",\n"),
        info.key.join(", "),
    );
    let strategy = match &info.lookup {
        Lookup::Range { last: true, .. } => "range_lookup_strategy 'max'",
        _ => "",
    };
    if !info.layout.is_empty() {
        text.push_str(&format!("\nLAYOUT({}({strategy}))", info.layout));
    }
    if let Lookup::Range { min, max, .. } = &info.lookup {
        text.push_str(&format!("\nRANGE(MIN {min} MAX {max})"));
    }
    if !description.is_empty() {
        text.push_str(&format!("\nCOMMENT '{}'", escape(description)));
    }
    text
}
