//! Indexes: in definitions, and as `ALTER STREAM` adds and drops them.

use sqlparser::tokenizer::Token;
use weir_api::timeplus::stream::SecondaryIndex;

use super::{ColumnChange, cursor::Cursor, source::is_word, tail};
use crate::SqlError;

/// `[UNIQUE | SECONDARY] INDEX name (a, b) [UNIQUE] [STORING (c)]`
pub(super) fn index(cursor: &mut Cursor<'_>) -> Result<SecondaryIndex, SqlError> {
    let unique = cursor.accept_word("UNIQUE");
    cursor.accept_word("SECONDARY");
    cursor.expect_word("INDEX")?;
    cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut index = SecondaryIndex {
        name: cursor.name("the index's name")?,
        columns: cursor.names()?,
        unique,
        ..SecondaryIndex::default()
    };
    loop {
        if cursor.accept_word("UNIQUE") {
            index.unique = true;
        } else if cursor.accept_word("STORING") {
            index.storing = cursor.names()?;
            cursor.without_effect("STORING");
        } else {
            return Ok(index);
        }
    }
}

/// `INDEX name expression TYPE …`, as it stands behind the first word; such an index only makes
/// reading faster elsewhere. `None` where it is none.
pub(super) fn skipping(cursor: &mut Cursor<'_>) -> Option<String> {
    let rest = cursor.rest();
    let mut depth = 0usize;
    let end = rest.iter().position(|token| match token.token {
        Token::LParen => {
            depth += 1;
            false
        }
        Token::RParen if depth == 0 => true,
        Token::RParen => {
            depth -= 1;
            false
        }
        Token::Comma => depth == 0,
        _ => false,
    });
    let inside = &rest[..end.unwrap_or(rest.len())];
    let typed = inside.len() > 3
        && is_word(&inside[0].token, "INDEX")
        && inside[2..].iter().any(|t| is_word(&t.token, "TYPE"));
    if !typed {
        return None;
    }
    cursor.skip();
    let text = cursor.until(|token| *token == Token::Comma || is_word(token, "SETTINGS"));
    let text = cursor.source.slice(text).to_string();
    cursor.without_effect("INDEX … TYPE");
    Some(text)
}

/// A part of `ALTER STREAM`.
pub(super) enum Altered {
    Change(ColumnChange),
    /// It changes nothing here.
    Nothing,
    /// Something else.
    Other,
}

pub(super) fn altered(cursor: &mut Cursor<'_>) -> Result<Altered, SqlError> {
    if cursor.accept_words(&["DROP", "INDEX"])
        || cursor.accept_words(&["DROP", "SECONDARY", "INDEX"])
    {
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.name("the index's name")?;
        return Ok(Altered::Change(ColumnChange::DropIndex { name, if_exists }));
    }
    let next = |n: usize, word: &str| {
        let token = cursor.rest().get(n);
        token.is_some_and(|token| is_word(&token.token, word))
    };
    let adds = next(0, "ADD")
        && (next(1, "INDEX") || (next(2, "INDEX") && (next(1, "SECONDARY") || next(1, "UNIQUE"))));
    if adds {
        let if_not_exists = (2..4).any(|n| next(n, "IF") && next(n + 2, "EXISTS"));
        cursor.skip();
        if skipping(cursor).is_some() {
            return Ok(Altered::Nothing);
        }
        let index = index(cursor)?;
        return Ok(Altered::Change(ColumnChange::AddIndex {
            index,
            if_not_exists,
        }));
    }
    for verb in ["MATERIALIZE", "CLEAR"] {
        if cursor.accept_words(&[verb, "INDEX"]) {
            cursor.accept_words(&["IF", "EXISTS"]);
            cursor.name("the index's name")?;
            if cursor.accept_words(&["IN", "PARTITION"]) {
                cursor.skip();
            }
            cursor.accept_words(&["WITH", "CLEAR"]);
            cursor.without_effect(&format!("{verb} INDEX (an index is always whole)"));
            return Ok(Altered::Nothing);
        }
    }
    if cursor.accept_words(&["MODIFY", "QUERY", "SETTING"]) {
        loop {
            tail::tuning(cursor)?;
            if !cursor.accept(&Token::Comma) {
                return Ok(Altered::Nothing);
            }
        }
    }
    if cursor.accept_words(&["RESET", "QUERY", "SETTING"]) {
        let name = cursor.name("a setting's name")?;
        cursor.without_effect(&format!("RESET QUERY SETTING {name}"));
        return Ok(Altered::Nothing);
    }
    Ok(Altered::Other)
}
