//! What is outside: external streams and tables, and the schemas of their messages.

use sqlparser::tokenizer::Token;
use weir_api::timeplus::{
    external_stream::{ExternalStreamDef, Setting},
    external_table::ExternalTableDef,
    schema::{PROTOBUF, SchemaDef},
};

use super::{
    Ddl, column,
    cursor::Cursor,
    literal,
    refused::{BESIDE_A_MESSAGE, OWN_COLUMNS},
    source::is_word,
};
use crate::SqlError;

/// `CREATE STREAM … ENGINE = ExternalStream`, as the vendor's SHOW CREATE has it.
pub(super) fn is_stream(cursor: &Cursor<'_>) -> bool {
    let engine = |pair: &[sqlparser::tokenizer::TokenWithSpan]| {
        let [engine, rest @ ..] = pair else {
            return false;
        };
        let name = rest.iter().find(|token| token.token != Token::Eq);
        is_word(&engine.token, "ENGINE")
            && name.is_some_and(|name| is_word(&name.token, "ExternalStream"))
    };
    cursor.rest().windows(3).any(engine)
}

/// After `CREATE EXTERNAL STREAM`.
pub(super) fn stream(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut definition = ExternalStreamDef {
        name: cursor.object("the stream's name")?,
        ..ExternalStreamDef::default()
    };
    if cursor.accept(&Token::LParen) {
        while !cursor.accept(&Token::RParen) {
            let span = cursor.span();
            let column = column::column(cursor)?;
            let own = OWN_COLUMNS.iter().find(|(own, _)| *own == column.name);
            let own = own.filter(|(own, _)| !BESIDE_A_MESSAGE.contains(own));
            if let Some((own, instead)) = own {
                let what = format!("column '{own}'; {instead}");
                return Err(SqlError::unsupported(what, span));
            }
            definition.columns.push(column);
            if !cursor.accept(&Token::Comma) {
                cursor.expect(&Token::RParen)?;
                break;
            }
        }
    }
    (definition.settings, definition.description) = options(cursor)?;
    Ok(Ddl::CreateExternalStream {
        definition,
        if_not_exists,
    })
}

/// After `CREATE RANDOM STREAM`: rows of the columns' defaults, so many in a second.
pub(super) fn random(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut definition = ExternalStreamDef {
        name: cursor.object("the stream's name")?,
        ..ExternalStreamDef::default()
    };
    cursor.expect(&Token::LParen)?;
    while !cursor.accept(&Token::RParen) {
        definition.columns.push(column::column(cursor)?);
        if !cursor.accept(&Token::Comma) {
            cursor.expect(&Token::RParen)?;
            break;
        }
    }
    definition.settings.push(pair("type".into(), RANDOM));
    while !cursor.at_end() {
        if cursor.accept_word("COMMENT") {
            definition.description = Some(cursor.string("a comment in quotes")?);
            continue;
        }
        // The vendor's own SHOW CREATE has it.
        if cursor.accept_word("ENGINE") {
            cursor.accept(&Token::Eq);
            cursor.expect_word("RANDOM")?;
            if cursor.accept(&Token::LParen) {
                cursor.expect(&Token::RParen)?;
            }
            continue;
        }
        cursor.expect_word("SETTINGS")?;
        loop {
            let span = cursor.span();
            let given = setting(cursor)?;
            if !matches!(given.key.as_str(), "eps" | "interval_time") {
                return Err(SqlError::unsupported(
                    format!("setting '{}'; use eps or interval_time", given.key),
                    span,
                ));
            }
            definition.settings.push(given);
            if !cursor.accept(&Token::Comma) {
                break;
            }
        }
    }
    Ok(Ddl::CreateExternalStream {
        definition,
        if_not_exists,
    })
}

/// The type of a random stream among external ones.
pub(crate) const RANDOM: &str = "random";

/// After `CREATE EXTERNAL TABLE`.
pub(super) fn table(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.object("the table's name")?;
    if cursor.peek() == Some(&Token::LParen) {
        let what = "columns of an external table (its server tells them, and of a file, S3 or \
                    MongoDB none is read)";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    let (settings, description) = options(cursor)?;
    Ok(Ddl::CreateExternalTable {
        definition: ExternalTableDef {
            name,
            description,
            settings,
        },
        if_not_exists,
    })
}

/// `[COMMENT '…'] SETTINGS type = '…', … [COMMENT '…']`
fn options(cursor: &mut Cursor<'_>) -> Result<(Vec<Setting>, Option<String>), SqlError> {
    let (mut settings, mut description) = (Vec::new(), None);
    let start = cursor.span();
    while !cursor.at_end() {
        if cursor.accept_word("COMMENT") {
            description = Some(cursor.string("a comment in quotes")?);
        } else if cursor.accept_word("SETTINGS") {
            loop {
                settings.push(setting(cursor)?);
                if !cursor.accept(&Token::Comma) {
                    break;
                }
            }
        } else if cursor.accept_word("ENGINE") {
            cursor.accept(&Token::Eq);
            let span = cursor.span();
            let engine = cursor.name("an engine's name")?;
            if !engine.to_ascii_lowercase().starts_with("external") {
                let what = format!("engine '{engine}'; use SETTINGS type = '…'");
                return Err(SqlError::unsupported(what, span));
            }
        } else if cursor.peek().is_some_and(|token| is_word(token, "AS")) {
            let what = "code of an external stream; use SETTINGS type = 'kafka' or another type";
            return Err(SqlError::unsupported(what, cursor.span()));
        } else {
            return Err(cursor.expected("SETTINGS or COMMENT"));
        }
    }
    if settings.iter().any(|setting| setting.key == "type") {
        Ok((settings, description))
    } else {
        Err(SqlError::at("SETTINGS type = '…' is needed", start))
    }
}

fn pair(key: String, value: impl Into<String>) -> Setting {
    Setting {
        key,
        value: value.into(),
    }
}

/// Numbers and booleans may stand without quotes.
fn setting(cursor: &mut Cursor<'_>) -> Result<Setting, SqlError> {
    let key = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    if matches!(cursor.peek(), Some(Token::SingleQuotedString(_))) {
        return Ok(pair(key, cursor.string("a value in quotes")?));
    }
    for (word, value) in [("true", "true"), ("false", "false")] {
        if cursor.accept_word(word) {
            return Ok(pair(key, value));
        }
    }
    match cursor.peek() {
        Some(Token::Number(text, _)) if text.contains('.') => {
            cursor.skip();
            Ok(pair(key, text.as_str()))
        }
        _ => Ok(pair(key, literal::integer(cursor)?.to_string())),
    }
}

/// After `CREATE [OR REPLACE] FORMAT SCHEMA`: `name AS '…' [TYPE Protobuf]`.
pub(super) fn schema(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.name("the schema's name")?;
    cursor.expect_word("AS")?;
    let content = match cursor.dollar_quoted() {
        Some(text) => text.to_string(),
        None => cursor.string("the schema in quotes")?,
    };
    let kind = if cursor.accept_word("TYPE") {
        cursor.name("the schema's type")?
    } else {
        PROTOBUF.to_string()
    };
    cursor.expect_end()?;
    Ok(Ddl::CreateSchema {
        definition: SchemaDef {
            name,
            kind,
            content,
            ..SchemaDef::default()
        },
        if_not_exists,
        or_replace,
    })
}

/// After `DROP FORMAT SCHEMA`.
pub(super) fn drop_schema(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
    let name = cursor.name("the schema's name")?;
    cursor.expect_end()?;
    Ok(Ddl::DropSchema { name, if_exists })
}
