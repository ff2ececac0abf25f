use weir_api::timeplus::stream::{StreamDef, UpdateStream};

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
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ddl {
    CreateStream {
        definition: StreamDef,
        if_not_exists: bool,
    },
    DropStream {
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
        if_not_exists: bool,
    },
}

/// Values as JSON text, to be decoded by the types of the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insert {
    pub stream: String,
    /// Empty: all columns in the stream's order.
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

pub fn parse(sql: &str) -> Result<Statement, SqlError> {
    Ok(Statement::Select(Box::new(Select {
        sql: sql.to_string(),
    })))
}
