//! `SHOW CREATE`: the statement that makes a stream, a view or a function.

use sqlparser::tokenizer::Span;

use super::scope::suggestion;
use crate::{Catalog, SqlError, catalog::FunctionBody, parse};

pub(super) fn of(
    name: &str,
    function: bool,
    catalog: &dyn Catalog,
    span: Span,
) -> Result<String, SqlError> {
    let found = match function {
        true => None,
        false => relation(name, catalog),
    };
    found.or_else(|| defined(name, catalog)).ok_or_else(|| {
        let names = match function {
            true => catalog.function_names(),
            false => catalog.names(),
        };
        let near = suggestion(name, names.iter().map(String::as_str));
        let what = if function {
            "function"
        } else {
            "stream or view"
        };
        SqlError::at(format!("unknown {what} '{name}'{near}"), span)
    })
}

pub(super) fn relation(name: &str, catalog: &dyn Catalog) -> Option<String> {
    if let Some(text) = catalog.definition(name) {
        return Some(text);
    }
    if let Some(query) = catalog.view(name) {
        return Some(format!("CREATE VIEW default.{name} AS {query}"));
    }
    if let Some(info) = catalog.dictionary(name) {
        return Some(parse::dictionary_statement(name, &info, ""));
    }
    let info = catalog.stream(name)?;
    let columns = info.columns.iter();
    let columns = columns.map(|column| format!("  `{}` {}", column.name, column.data_type));
    let columns: Vec<_> = columns.collect();
    Some(format!(
        "CREATE STREAM default.{name}\n(\n{}\n)",
        columns.join(",\n")
    ))
}

fn defined(name: &str, catalog: &dyn Catalog) -> Option<String> {
    let info = catalog.function(name)?;
    let arguments = info.arguments.iter();
    let arguments: Vec<_> = arguments
        .map(|argument| format!("{} {}", argument.name, argument.data_type))
        .collect();
    let head = format!("{name}({}) RETURNS {}", arguments.join(", "), info.returns);
    Some(match &info.body {
        FunctionBody::JavaScript(code) => {
            format!("CREATE FUNCTION {head} LANGUAGE JAVASCRIPT AS $$\n{code}\n$$")
        }
        FunctionBody::Aggregate(code) => {
            format!("CREATE AGGREGATE FUNCTION {head} LANGUAGE JAVASCRIPT AS $$\n{code}\n$$")
        }
        // Its address can hold a secret.
        FunctionBody::Remote(_) => format!("CREATE REMOTE FUNCTION {head} URL '…'"),
        FunctionBody::Expression(text) => {
            let names = info.arguments.iter().map(|argument| argument.name.as_str());
            let names: Vec<_> = names.collect();
            format!("CREATE FUNCTION {name} AS ({}) -> {text}", names.join(", "))
        }
    })
}
