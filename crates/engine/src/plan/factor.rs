//! Names and arguments in FROM, and what may not stand there.

use sqlparser::{
    ast::{Expr, FunctionArg, FunctionArgExpr, Ident, ObjectName, ObjectNamePart, TableFactor},
    tokenizer::Span,
};

use super::compiler::span;
use crate::SqlError;

pub(super) fn no_database(database: &str, at: Span) -> SqlError {
    let words = format!("unknown database '{database}': the only one is 'default'");
    SqlError::at(words, at)
}

/// Whether a part of a name is this, quoted or not.
pub(super) fn is_part(part: &ObjectNamePart, name: &str) -> bool {
    part.as_ident().is_some_and(|ident| ident.value == name)
}

/// The only identifier of a name.
pub(super) fn simple(name: &ObjectName) -> Result<&Ident, SqlError> {
    match name.0.as_slice() {
        [only] => only.as_ident(),
        // The workspace's database may stand before a name.
        [database, only] if is_part(database, "default") => only.as_ident(),
        _ => None,
    }
    .ok_or_else(|| {
        let at = span(name);
        match name.0.as_slice() {
            [database, _]
                if database
                    .to_string()
                    .eq_ignore_ascii_case("information_schema") =>
            {
                let what = format!("'{name}'; use system.tables or system.columns");
                SqlError::unsupported(what, at)
            }
            [database, _] => no_database(&database.to_string(), at),
            _ => SqlError::unsupported(format!("the name '{name}'"), at),
        }
    })
}

/// The expression of an unnamed argument.
pub(super) fn plain_argument(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

/// What the grammar takes behind a table's name and nothing here would do.
pub(super) fn refuse_ignored(factor: &TableFactor) -> Result<(), SqlError> {
    let construct = match factor {
        TableFactor::Table {
            sample: Some(_), ..
        }
        | TableFactor::Derived {
            sample: Some(_), ..
        } => "SAMPLE",
        TableFactor::Table {
            version: Some(_), ..
        } => "a table as it was at a time",
        TableFactor::Table { with_hints, .. } if !with_hints.is_empty() => "WITH after a table",
        TableFactor::Table { index_hints, .. } if !index_hints.is_empty() => "an index hint",
        TableFactor::Table { partitions, .. } if !partitions.is_empty() => {
            "PARTITION after a table"
        }
        TableFactor::Table {
            with_ordinality: true,
            ..
        } => "WITH ORDINALITY",
        _ => return Ok(()),
    };
    Err(SqlError::unsupported(construct, span(factor)))
}
