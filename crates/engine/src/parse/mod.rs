//! From text to statements. Queries go through `sqlparser`; the statements that only streaming
//! databases know are read token by token.

mod bind;
mod create;
mod cursor;
mod dialect;
mod external;
mod function;
mod insert;
pub(crate) mod interval;
mod rewrite;
pub(crate) mod source;
mod tail;
mod view;

use sqlparser::{
    ast::{Expr, Query},
    parser::Parser,
    tokenizer::{Span, Token, TokenWithSpan},
};
use weir_api::timeplus::{
    external_stream::ExternalStreamDef,
    external_table::ExternalTableDef,
    schema::SchemaDef,
    stream::{StreamDef, UpdateStream},
    udf::CreateUdf,
};

pub use self::bind::{Given, bind, parameters};
use self::dialect::Timeplus;
use self::{cursor::Cursor, source::Source};
pub(crate) use self::{
    rewrite::rewrite,
    tail::{Emit, Tail},
};
use crate::SqlError;

#[derive(Debug, Clone)]
pub enum Statement {
    Select(Box<Select>),
    Ddl(Box<Ddl>),
    Insert(Box<Insert>),
}

/// A query, parsed but not yet checked against the catalog.
#[derive(Debug, Clone)]
pub struct Select {
    pub sql: String,
    pub(crate) body: Body,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    Query { query: Box<Query>, tail: Tail },
    ShowStreams,
    ShowDatabases,
    Describe { name: String, span: Span },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ddl {
    CreateStream {
        definition: StreamDef,
        if_not_exists: bool,
    },
    /// Also of external streams and tables.
    DropStream {
        name: String,
        if_exists: bool,
    },
    CreateExternalStream {
        definition: ExternalStreamDef,
        if_not_exists: bool,
    },
    CreateExternalTable {
        definition: ExternalTableDef,
        if_not_exists: bool,
    },
    CreateSchema {
        definition: SchemaDef,
        if_not_exists: bool,
        or_replace: bool,
    },
    DropSchema {
        name: String,
        if_exists: bool,
    },
    AlterStream {
        name: String,
        change: UpdateStream,
    },
    CreateView {
        name: String,
        query: String,
        description: Option<String>,
        if_not_exists: bool,
        or_replace: bool,
    },
    DropView {
        name: String,
        if_exists: bool,
    },
    CreateMaterializedView {
        name: String,
        target: Option<String>,
        query: String,
        description: Option<String>,
        if_not_exists: bool,
    },
    /// Of views and materialized views.
    AlterView {
        name: String,
        description: String,
    },
    ControlMaterializedView {
        name: String,
        control: Control,
    },
    CreateFunction {
        definition: CreateUdf,
        if_not_exists: bool,
        or_replace: bool,
    },
    DropFunction {
        name: String,
        if_exists: bool,
    },
}

/// `SYSTEM … MATERIALIZED VIEW`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    Pause,
    Resume,
    Recover,
}

/// Values as JSON text, to be decoded by the types of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    pub stream: String,
    /// Empty: all columns in the stream's order.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Reads one statement; a closing semicolon is allowed.
pub fn parse(sql: &str) -> Result<Statement, SqlError> {
    let source = Source::new(sql);
    let mut tokens = source.tokens()?;
    while tokens.last().is_some_and(|t| t.token == Token::SemiColon) {
        tokens.pop();
    }
    statement(&source, &tokens)
}

fn statement(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Statement, SqlError> {
    let mut cursor = Cursor::new(source, tokens);
    let ddl = |ddl| Ok(Statement::Ddl(Box::new(ddl)));
    let Some(first) = tokens.first() else {
        return Err(SqlError::new("the statement is empty"));
    };
    let word = source.text(first.span).to_ascii_uppercase();
    match word.as_str() {
        "SELECT" | "WITH" | "(" => select(source, tokens).map(|s| Statement::Select(Box::new(s))),
        "CREATE" => ddl(create::create(&mut cursor)?),
        "DROP" => ddl(view::drop(&mut cursor)?),
        "ALTER" => ddl(view::alter(&mut cursor)?),
        "INSERT" => insert::insert(&mut cursor).map(|i| Statement::Insert(Box::new(i))),
        "SHOW" | "DESCRIBE" | "DESC" => view::describe(&mut cursor),
        "SYSTEM" => ddl(view::system(&mut cursor)?),
        _ => Err(SqlError::at(
            format!(
                "'{word}' is not supported: a statement starts with SELECT, WITH, INSERT, CREATE, \
                 DROP, ALTER, SHOW, DESCRIBE or SYSTEM"
            ),
            first.span,
        )),
    }
}

fn select(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Select, SqlError> {
    let (query, tail) = tail::split(source, tokens)?;
    let mut parser =
        Parser::new(&Timeplus).with_tokens_with_locations(rewrite::rewrite(source, query)?);
    let end = query.last().map_or(Span::empty(), |token| token.span);
    let query = parser
        .parse_query()
        .map_err(|error| SqlError::from(error).or_at(end))?;
    at_end(&parser)?;
    Ok(Select {
        sql: source.slice(tokens).to_string(),
        body: Body::Query { query, tail },
    })
}

/// Reads one expression from all of `tokens`.
fn expression(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Expr, SqlError> {
    let mut parser =
        Parser::new(&Timeplus).with_tokens_with_locations(rewrite::rewrite(source, tokens)?);
    let end = tokens.last().map_or(Span::empty(), |token| token.span);
    let expr = parser
        .parse_expr()
        .map_err(|error| SqlError::from(error).or_at(end))?;
    at_end(&parser)?;
    Ok(expr)
}

/// Parses an expression that stands by itself, as a column's default.
pub(crate) fn parse_expression(text: &str) -> Result<Expr, SqlError> {
    let source = Source::new(text);
    expression(&source, &source.tokens()?)
}

fn at_end(parser: &Parser<'_>) -> Result<(), SqlError> {
    let next = parser.peek_token();
    if next.token == Token::EOF {
        Ok(())
    } else {
        Err(SqlError::at(format!("unexpected '{next}'"), next.span))
    }
}

/// Parses a query that stands by itself, as in a view.
pub(crate) fn parse_query(sql: &str) -> Result<(Box<Query>, Tail), SqlError> {
    match parse(sql)? {
        Statement::Select(select) => match select.body {
            Body::Query { query, tail } => Ok((query, tail)),
            Body::ShowStreams | Body::ShowDatabases | Body::Describe { .. } => {
                Err(SqlError::new("expected a SELECT"))
            }
        },
        Statement::Ddl(_) | Statement::Insert(_) => Err(SqlError::new("expected a SELECT")),
    }
}
