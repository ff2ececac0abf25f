//! Views, and `DROP …`.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};
use weir_api::timeplus::stream::{ColumnDef, UpdateStream};

use super::{Ddl, column, cursor::Cursor, external, show::skip_settings, source::is_word};
use crate::{SqlError, typed::escape};

/// After `CREATE [OR REPLACE] VIEW`.
pub(super) fn view(cursor: &mut Cursor<'_>, or_replace: bool) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let name = cursor.object("the view's name")?;
    let columns = columns(cursor)?;
    let End {
        query,
        description,
        keep,
    } = as_query(cursor)?;
    let query = of_columns(&columns, query);
    if keep != UpdateStream::default() {
        let what = "TTL of a view; use it on a MATERIALIZED VIEW";
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
    let columns = columns(cursor)?;
    if cursor.peek().is_some_and(|token| is_word(token, "REFRESH")) {
        let what = "REFRESH; the query follows its stream all the time";
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
        query: of_columns(&columns, query),
        description,
        keep,
        if_not_exists,
    })
}

/// `(a int, b string)` behind a view's name.
fn columns(cursor: &mut Cursor<'_>) -> Result<Vec<ColumnDef>, SqlError> {
    let mut columns = Vec::new();
    if !cursor.accept(&Token::LParen) {
        return Ok(columns);
    }
    while !cursor.accept(&Token::RParen) {
        columns.push(column::column(cursor)?);
        if !cursor.accept(&Token::Comma) {
            cursor.expect(&Token::RParen)?;
            break;
        }
    }
    Ok(columns)
}

/// The query with these columns alone, by their names, in their types.
fn of_columns(columns: &[ColumnDef], query: String) -> String {
    if columns.is_empty() {
        return query;
    }
    let list = columns.iter().map(|column| {
        let data_type = escape(&column.data_type);
        format!("cast(`{0}`, '{data_type}') AS `{0}`", column.name)
    });
    let list: Vec<String> = list.collect();
    format!("SELECT {} FROM ({query})", list.join(", "))
}

/// What stands behind a view's name and columns.
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
    let notices = std::mem::take(&mut end.notices);
    let select = super::select(cursor.source, query)?;
    if let super::Body::Query { tail, .. } = &select.body {
        cursor.notices.extend(tail.notices.iter().cloned());
    }
    cursor.notices.extend(notices);
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
    if cursor.accept_word("DICTIONARY") {
        let if_exists = cursor.accept_words(&["IF", "EXISTS"]);
        let name = cursor.object("the dictionary's name")?;
        skip_settings(cursor)?;
        cursor.expect_end()?;
        return Ok(Ddl::DropDictionary { name, if_exists });
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
        return Err(cursor.expected("STREAM, VIEW, FUNCTION, DICTIONARY or FORMAT SCHEMA"));
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
