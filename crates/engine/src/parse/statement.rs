//! What a statement can be.

use sqlparser::{
    ast::{Expr, Query},
    tokenizer::Span,
};
use weir_api::timeplus::{
    external_stream::ExternalStreamDef,
    external_table::ExternalTableDef,
    schema::SchemaDef,
    stream::{ColumnDef, SecondaryIndex, StreamDef, UpdateStream},
    udf::CreateUdf,
};

use super::{joins::Joins, tail::Tail};
use crate::DictionaryInfo;

#[derive(Debug, Clone)]
pub enum Statement {
    Select(Box<Select>),
    /// With what it says that changes nothing here.
    Ddl(Box<Ddl>, Vec<String>),
    Insert(Box<Insert>),
}

/// A query, parsed but not yet checked against the catalog.
#[derive(Debug, Clone)]
pub struct Select {
    pub sql: String,
    pub(crate) body: Body,
}

// One is made for a statement, and nearly all are queries.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Query {
        query: Box<Query>,
        tail: Tail,
        joins: Joins,
    },
    Exists(String),
    Explain(Box<Select>),
    ShowCreate {
        name: String,
        function: bool,
        span: Span,
    },
    Describe {
        name: String,
        span: Span,
    },
    DescribeQuery(Box<Select>),
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
    /// All rows where there is no condition.
    DeleteRows {
        name: String,
        condition: Option<String>,
        if_exists: bool,
    },
    RenameStream {
        from: String,
        to: String,
        if_exists: bool,
    },
    AlterColumns {
        name: String,
        columns: Vec<ColumnChange>,
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
        /// How long its own rows are kept.
        keep: UpdateStream,
        if_not_exists: bool,
    },
    /// Of views and materialized views.
    AlterView {
        name: String,
        description: String,
    },
    /// Of views and materialized views.
    AlterViewQuery {
        name: String,
        query: String,
    },
    ControlMaterializedView {
        name: String,
        control: Control,
    },
    CreateDictionary {
        name: String,
        info: DictionaryInfo,
        description: Option<String>,
        if_not_exists: bool,
        or_replace: bool,
    },
    DropDictionary {
        name: String,
        if_exists: bool,
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

/// A change of a stream's columns or indexes; those that are not named stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnChange {
    Add {
        column: ColumnDef,
        if_not_exists: bool,
    },
    Drop {
        name: String,
        if_exists: bool,
    },
    Rename {
        from: String,
        to: String,
    },
    /// Its type and what else is given of it; the values are converted.
    Modify {
        column: ColumnDef,
        /// None where only the default changes.
        typed: bool,
    },
    AddIndex {
        index: SecondaryIndex,
        if_not_exists: bool,
    },
    DropIndex {
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

/// `INSERT INTO …`; [`crate::insert_rows`] has the rows of `VALUES`.
#[derive(Debug, Clone)]
pub struct Insert {
    pub stream: String,
    /// Empty: all columns in the stream's order.
    pub columns: Vec<String>,
    pub(crate) rows: Rows,
}

impl Insert {
    /// The query whose rows are inserted, where there is one.
    pub fn select(&self) -> Option<&Select> {
        match &self.rows {
            Rows::Select(select) => Some(select),
            Rows::Values(_) => None,
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Rows {
    Values(Vec<Vec<Cell>>),
    Select(Box<Select>),
}

/// A value of a row to insert.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    /// A literal as JSON text.
    Literal(String),
    Computed(Box<Expr>, Span),
}
