//! From text to statements. Queries go through `sqlparser`; the statements that only streaming
//! databases know are read token by token.

mod alter;
mod apply;
mod array_join;
mod bind;
mod bounds;
mod column;
mod create;
mod cursor;
mod dialect;
mod dictionary;
mod digits;
mod emit;
mod external;
mod function;
mod idioms;
mod index;
mod inner_alias;
mod insert;
pub(crate) mod interval;
mod joins;
mod literal;
mod members;
mod named;
pub(crate) mod refused;
mod rewrite;
mod session_range;
mod shorthand;
mod show;
pub(crate) mod source;
mod statement;
mod stream_options;
mod substreams;
mod tail;
mod ternary;
mod ties;
mod view;

use sqlparser::{
    ast::{Expr, Query},
    keywords::Keyword,
    parser::{Parser, ParserError},
    tokenizer::{Span, Token, TokenWithSpan, Word},
};

use self::dialect::Timeplus;
pub(crate) use self::{apply::FUNCTION as APPLY, array_join::FUNCTION as ARRAY_JOIN};
pub use self::{
    bind::Given,
    statement::{ColumnChange, Control, Ddl, Insert, Select, Statement},
};
pub(crate) use self::{
    bind::{bind, parameters},
    dictionary::statement as dictionary_statement,
    emit::{Emit, Last, Policy},
    joins::{Joins, Strictness},
    named::Named,
    rewrite::rewrite,
    source::VIEW_PARAMETER,
    statement::{Body, Cell, Rows},
    tail::{Tail, setting_names},
};
use self::{
    cursor::Cursor,
    source::{IsFunction, Source},
};
use crate::{SqlError, error::quoted};

/// Reads one statement; a closing semicolon is allowed.
pub(crate) fn parse(sql: &str, is_function: IsFunction) -> Result<Statement, SqlError> {
    let source = Source::new(sql, is_function);
    let mut tokens = source.tokens()?;
    while tokens.last().is_some_and(|t| t.token == Token::SemiColon) {
        tokens.pop();
    }
    // The parser tells of what stands behind a bracket that is not closed.
    statement(&source, &tokens).map_err(|error| unclosed(&tokens).unwrap_or(error))
}

/// The last bracket or CASE that is not closed.
fn unclosed(tokens: &[TokenWithSpan]) -> Option<SqlError> {
    let (mut brackets, mut cases) = (Vec::new(), Vec::new());
    for token in tokens {
        match &token.token {
            Token::LParen | Token::LBracket => brackets.push(token),
            Token::RParen | Token::RBracket => {
                brackets.pop();
            }
            Token::Word(word) if word.keyword == Keyword::CASE => cases.push(token),
            Token::Word(word) if word.keyword == Keyword::END => {
                cases.pop();
            }
            _ => {}
        }
    }
    if let Some(open) = brackets.pop() {
        let words = format!("the bracket {} that opens here is not closed", open.token);
        return Some(SqlError::at(words, open.span));
    }
    let open = cases.pop()?;
    let words = "CASE is not closed: END is missing";
    Some(SqlError::at(words, open.span))
}

fn statement(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Statement, SqlError> {
    let mut cursor = Cursor::new(source, tokens);
    let Some(first) = tokens.first() else {
        return Err(SqlError::new("the statement is empty"));
    };
    refused::check(tokens)?;
    let word = source.text(first.span).to_ascii_uppercase();
    match word.as_str() {
        "SELECT" | "WITH" | "(" => select(source, tokens).map(|s| Statement::Select(Box::new(s))),
        "CREATE" => ddl(cursor, create::create),
        "DROP" => ddl(cursor, view::drop),
        "ALTER" => ddl(cursor, alter::alter),
        "INSERT" => insert::insert(&mut cursor).map(|i| Statement::Insert(Box::new(i))),
        "SHOW" => show::show(&mut cursor),
        "DESCRIBE" | "DESC" => show::describe(&mut cursor),
        "EXISTS" => show::exists(&mut cursor),
        "EXPLAIN" => show::explain(&mut cursor, tokens),
        "DELETE" | "TRUNCATE" => ddl(cursor, view::delete_rows),
        "SYSTEM" => ddl(cursor, alter::system),
        "RENAME" => ddl(cursor, alter::rename),
        "OPTIMIZE" => ddl(cursor, alter::optimize),
        _ => Err(SqlError::at(
            format!(
                "'{}' is not supported: a statement starts with SELECT, WITH, INSERT, CREATE, \
                 DROP, ALTER, RENAME, DELETE, TRUNCATE, OPTIMIZE, SHOW, DESCRIBE, EXISTS, EXPLAIN or \
                 SYSTEM",
                word.chars().take(40).collect::<String>()
            ),
            first.span,
        )),
    }
}

fn ddl<'a>(
    mut cursor: Cursor<'a>,
    read: impl FnOnce(&mut Cursor<'a>) -> Result<Ddl, SqlError>,
) -> Result<Statement, SqlError> {
    let ddl = read(&mut cursor)?;
    Ok(Statement::Ddl(Box::new(ddl), cursor.notices))
}

fn select(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Select, SqlError> {
    refused::clauses(tokens)?;
    let (query, mut tail) = tail::split(source, tokens)?;
    let (query, shuffled) = substreams::take(&query)?;
    if shuffled {
        let words = "SHUFFLE BY has no effect here: one worker reads the stream";
        tail.notices.push(words.to_string());
    }
    let (query, kept_last) = idioms::take(ties::take(apply::take(query)));
    if kept_last {
        let words = "FINAL has no effect here: a stream with a key is read with its last rows";
        tail.notices.push(words.to_string());
    }
    let (kept, joins) = joins::take(&array_join::take(query.clone())?)?;
    let (kept, named) = idioms::named(source, kept)?;
    tail.named = named;
    let mut parser = parser(rewrite::rewrite(source, &kept)?);
    let end = query.last().map_or(Span::empty(), |token| token.span);
    let query = parser
        .parse_query()
        .map_err(|error| refused(error).or_at(end))?;
    at_end(&parser)?;
    Ok(Select {
        sql: source.slice(tokens).to_string(),
        body: Body::Query { query, tail, joins },
    })
}

fn parser(tokens: Vec<TokenWithSpan>) -> Parser<'static> {
    Parser::new(&Timeplus)
        .with_recursion_limit(bounds::parser_levels())
        .with_tokens_with_locations(tokens)
}

fn refused(error: ParserError) -> SqlError {
    match error {
        ParserError::RecursionLimitExceeded => SqlError::new(bounds::too_deep()),
        error => SqlError::from(error),
    }
}

fn word(value: &str, keyword: Keyword, span: Span) -> TokenWithSpan {
    let token = Token::Word(Word {
        value: value.to_string(),
        quote_style: None,
        keyword,
    });
    TokenWithSpan::new(token, span)
}

/// Reads one expression from all of `tokens`.
fn expression(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Expr, SqlError> {
    let mut parser = parser(rewrite::rewrite(source, tokens)?);
    let end = tokens.last().map_or(Span::empty(), |token| token.span);
    let expr = parser
        .parse_expr()
        .map_err(|error| refused(error).or_at(end))?;
    at_end(&parser)?;
    Ok(expr)
}

/// Parses an expression that stands by itself, as a column's default.
pub(crate) fn parse_expression(text: &str, is_function: IsFunction) -> Result<Expr, SqlError> {
    let source = Source::new(text, is_function);
    expression(&source, &source.tokens()?)
}

fn at_end(parser: &Parser<'_>) -> Result<(), SqlError> {
    let next = parser.peek_token();
    if next.token == Token::EOF {
        Ok(())
    } else {
        let behind = parser.peek_nth_token(1);
        Err(match refused::inside(&next.token, &behind.token) {
            Some(what) => SqlError::unsupported(what, next.span),
            None if source::is_word(&next.token, "INTERVAL") => {
                SqlError::at("unexpected length of time", next.span)
            }
            None => SqlError::at(
                format!("unexpected {}", quoted(&next.to_string())),
                next.span,
            ),
        })
    }
}

/// Parses a query that stands by itself, as in a view.
pub(crate) fn parse_query(
    sql: &str,
    is_function: IsFunction,
) -> Result<(Box<Query>, Tail, Joins), SqlError> {
    match parse(sql, is_function)? {
        Statement::Select(select) => match select.body {
            Body::Query { query, tail, joins } => Ok((query, tail, joins)),
            _ => Err(SqlError::new("expected a SELECT")),
        },
        Statement::Ddl(..) | Statement::Insert(_) => Err(SqlError::new("expected a SELECT")),
    }
}
