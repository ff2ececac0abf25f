//! Views, and `DROP …`.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};
use weir_api::timeplus::stream::UpdateStream;

use super::{Ddl, cursor::Cursor, external, show::skip_settings, source::is_word};
use crate::SqlError;

/// After `CREATE [OR REPLACE] VIEW`.
pub(super) fn view(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.object("the view's name")?;
    let End {
        query,
        description,
        keep,
    } = as_query(cursor)?;
    if keep != UpdateStream::default() {
        let what = "how long the rows of a view are kept (a MATERIALIZED VIEW has rows)";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    Ok(Ddl::CreateView {
        name,
        query,
        description,
        if_not_exists,
        or_replace,
    })
}

/// After `CREATE MATERIALIZED VIEW`.
pub(super) fn materialized(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.object("the view's name")?;
    let refused = match cursor.peek() {
        Some(Token::LParen) => Some("columns of a materialized view (its query has them)"),
        Some(token) if is_word(token, "REFRESH") => {
            Some("REFRESH (the query follows its stream all the time)")
        }
        _ => None,
    };
    if let Some(what) = refused {
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    let target = if cursor.accept_word("INTO") {
        Some(cursor.object("the target stream's name")?)
    } else {
        None
    };
    let End {
        query,
        description,
        keep,
    } = as_query(cursor)?;
    Ok(Ddl::CreateMaterializedView {
        name,
        target,
        query,
        description,
        keep,
        if_not_exists,
    })
}

/// What stands behind a view's name.
struct End {
    query: String,
    description: Option<String>,
    keep: UpdateStream,
}

/// `AS SELECT … [TTL e] [STORAGE_SETTINGS s = n, …] [COMMENT 'c']`
fn as_query(cursor: &mut Cursor<'_>) -> Result<End, SqlError> {
    cursor.expect_word("AS")?;
    if cursor.at_end() {
        return Err(cursor.expected("a SELECT"));
    }
    let (query, description) = match cursor.rest() {
        [query @ .., word, text] if is_word(&word.token, "COMMENT") && !query.is_empty() => {
            match &text.token {
                Token::SingleQuotedString(text) => (query, Some(text.clone())),
                _ => (cursor.rest(), None),
            }
        }
        query => (query, None),
    };
    let (query, rest) = query.split_at(kept_from(query));
    let mut keep = UpdateStream::default();
    let mut end = Cursor::new(cursor.source, rest);
    while !end.at_end() {
        if end.accept_word("TTL") {
            keep.ttl_expression = Some(end.expression(|token| {
                is_word(token, "STORAGE_SETTINGS") || is_word(token, "SETTINGS")
            })?);
            continue;
        }
        end.expect_word("STORAGE_SETTINGS")?;
        loop {
            super::alter::setting(&mut end, &mut keep)?;
            if !end.accept(&Token::Comma) {
                break;
            }
        }
    }
    let select = super::select(cursor.source, query)?;
    Ok(End {
        query: select.sql,
        description,
        keep,
    })
}

/// Where `TTL …` or `STORAGE_SETTINGS …` begins behind a query.
fn kept_from(query: &[TokenWithSpan]) -> usize {
    let mut depth = 0i64;
    for (index, token) in query.iter().enumerate() {
        let next = |n: usize| query.get(index + n).map(|token| &token.token);
        match &token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth -= 1,
            _ if depth > 0 || index == 0 => {}
            token if is_word(token, "STORAGE_SETTINGS") => return index,
            // Not a column of that name.
            token
                if is_word(token, "TTL")
                    && matches!(next(1), Some(Token::Word(word)) if word.keyword == Keyword::NoKeyword)
                    && matches!(next(2), Some(Token::LParen | Token::Plus)) =>
            {
                return index;
            }
            _ => {}
        }
    }
    query.len()
}

/// `DELETE FROM s WHERE …`, `TRUNCATE STREAM s`
pub(super) fn delete_rows(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    if cursor.accept_word("TRUNCATE") {
        let _ = cursor.accept_word("STREAM") || cursor.accept_word("TABLE");
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.object("the stream's name")?;
        skip_settings(cursor)?;
        cursor.expect_end()?;
        return Ok(Ddl::DeleteRows {
            name,
            condition: None,
            if_exists,
        });
    }
    cursor.expect_word("DELETE")?;
    cursor.expect_word("FROM")?;
    let name = cursor.object("the stream's name")?;
    cursor.expect_word("WHERE")?;
    let condition = cursor.expression(|token| is_word(token, "SETTINGS"))?;
    skip_settings(cursor)?;
    cursor.expect_end()?;
    Ok(Ddl::DeleteRows {
        name,
        condition: Some(condition),
        if_exists: false,
    })
}

pub(super) fn drop(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("DROP")?;
    if cursor.accept_word("FUNCTION") {
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.name("the function's name")?;
        skip_settings(cursor)?;
        cursor.expect_end()?;
        return Ok(Ddl::DropFunction { name, if_exists });
    }
    if cursor.accept_words(&["FORMAT", "SCHEMA"]) {
        return external::drop_schema(cursor);
    }
    let stream = [
        &["STREAM"][..],
        &["EXTERNAL", "STREAM"],
        &["MUTABLE", "STREAM"],
        &["RANDOM", "STREAM"],
        &["EXTERNAL", "TABLE"],
        &["TABLE"],
    ]
    .iter()
    .any(|words| cursor.accept_words(words));
    if !stream && !cursor.accept_words(&["MATERIALIZED", "VIEW"]) && !cursor.accept_word("VIEW") {
        return Err(cursor.expected("STREAM, VIEW, FUNCTION or FORMAT SCHEMA"));
    }
    let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
    let name = cursor.object("a name")?;
    // It is done when the answer comes, and for good.
    while cursor.accept_word("SYNC") || cursor.accept_word("PERMANENTLY") {}
    skip_settings(cursor)?;
    cursor.expect_end()?;
    Ok(if stream {
        Ddl::DropStream { name, if_exists }
    } else {
        Ddl::DropView { name, if_exists }
    })
}
