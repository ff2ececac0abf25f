//! Go templates (`text/template`) over rows of JSON: `{{ .col }}`, `{{ .a.b }}`, `{{ json . }}`,
//! `if`, `range`, `with`, variables, pipelines and the functions of the original, so that what
//! people have written for the vendor's server goes on working. Numbers print as they are in the
//! row: nothing is rounded. Templates that name others (`define`, `template`, `block`) are refused.
//!
//! Small enough for the browser, where a form shows what a template makes of a row.

mod compare;
mod eval;
mod format;
mod functions;
mod lex;
mod parse;
mod value;

use std::fmt;

pub use value::Value;

/// What is wrong with a template, and where in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    pub message: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            message,
            line,
            column,
        } = self;
        write!(f, "{message} (line {line}, column {column})")
    }
}

impl std::error::Error for Error {}

/// A place in the source, in bytes, with what is wrong there.
pub(crate) struct Fault {
    at: usize,
    message: String,
}

impl Fault {
    fn new(at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { at, message }
    }

    fn in_source(self, source: &str) -> Error {
        let before = source.get(..self.at).unwrap_or(source);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        Error {
            message: self.message,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// A template that was read and understood.
#[derive(Debug, Clone)]
pub struct Template {
    source: String,
    nodes: Vec<parse::Node>,
}

impl Template {
    pub fn parse(source: &str) -> Result<Self, Error> {
        match parse::parse(source) {
            Ok(nodes) => Ok(Self {
                source: source.to_owned(),
                nodes,
            }),
            Err(fault) => Err(fault.in_source(source)),
        }
    }

    /// The text it makes of `root`, which is `.` and `$` in the template.
    pub fn render(&self, root: &Value) -> Result<String, Error> {
        eval::render(&self.nodes, root).map_err(|fault| fault.in_source(&self.source))
    }

    /// Complains about the first field of the row that is not among `known`.
    pub fn check_fields(&self, known: &[&str]) -> Result<(), Error> {
        let mut fields = Vec::new();
        parse::fields(&self.nodes, true, &mut fields);
        let unknown = fields.iter().find(|(_, name)| !known.contains(name));
        match unknown {
            None => Ok(()),
            Some((at, name)) => {
                let words = format!(
                    "the query has no column '{name}'; it has {}",
                    known.join(", ")
                );
                Err(Fault::new(*at, words).in_source(&self.source))
            }
        }
    }
}
