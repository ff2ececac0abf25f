//! What compiling a query gathers on its way.

use std::{rc::Rc, sync::Arc};

use sqlparser::{
    ast::{Query, Select, Spanned},
    tokenizer::Span,
};
use weir_api::{
    DataType,
    timeplus::sql::{Analysis, AnalyzedColumn},
};

use super::{
    budget::{Budget, on_enough_stack},
    grouping::Grouping,
    scope::{Edge, Scope},
    stage::{Carries, Leaf, Stage},
    view_parameters::Given,
};
use crate::{
    Catalog, ColumnInfo, Limits, SqlError, StreamInfo,
    catalog::FunctionInfo,
    parse::{Emit, Joins, Named},
};

/// Views within views, and common table expressions used over and over.
const MAX_RELATIONS: usize = 500;

/// Queries inside each other.
const MAX_DEPTH: usize = 24;

pub(crate) struct Compiler<'a> {
    pub(super) catalog: &'a dyn Catalog,
    /// SQLite text of the current time.
    pub(super) now_ms: String,
    /// Of the text being compiled: the query's own, or a view's.
    pub(super) joins: Joins,
    /// What the query says about its results, or a view in it.
    pub(super) emit: Emit,
    /// When the plan is made (Unix ms).
    pub(super) now: i64,
    /// In the order of their parameters.
    pub(super) leaves: Vec<Leaf>,
    /// Sides of the UNIONs around the SELECT being compiled, as [`Leaf::sides`].
    pub(super) sides: Vec<(usize, usize)>,
    pub(super) unions: usize,
    /// A join of followed streams keeps rows without a partner.
    pub(super) keeps_unmatched: bool,
    /// Streams are followed to be looked up.
    pub(super) looking_up: bool,
    pub(super) stages: Vec<Stage>,
    pub(super) window: Option<Window>,
    /// Of the SELECT being compiled.
    pub(super) carries: Option<Carries>,
    /// Arrays whose elements stand in FROM (SQLite text), and the alias of their places.
    pub(super) unrolled: Vec<(String, String)>,
    /// What was asked for and changes nothing.
    pub(super) notices: Vec<String>,
    /// A view's `seek_to`.
    pub(super) seek_to: Option<(String, Span)>,
    pub(super) sources: Vec<StreamInfo>,
    pub(super) outside: Vec<Bring>,
    pub(super) analysis: Analysis,
    pub(super) ctes: Vec<(String, Rc<Query>)>,
    /// Parameters of the view being compiled.
    pub(super) given: Given,
    /// Expressions that WITH names, of the text being compiled.
    pub(super) named: Vec<Named>,
    /// Those being replaced by what they stand for.
    pub(super) naming: Vec<String>,
    /// Scopes around the subquery being compiled.
    pub(super) outer: Vec<Scope>,
    pub(super) grouping: Vec<Grouping>,
    /// Of people, each once, in the order of their numbers.
    pub(super) functions: Vec<Arc<FunctionInfo>>,
    /// Functions of people that stand for an expression, each once.
    pub(super) inlined: Vec<String>,
    /// Dictionaries that are read, each once.
    pub(super) dictionaries: Vec<String>,
    /// Aliases being replaced by what they stand for.
    pub(super) expanding: Vec<String>,
    /// Sizes of all columns that were referred to so far.
    pub(super) referenced: usize,
    /// Parameters of the lambdas around the expression being compiled.
    pub(super) lambdas: Vec<Vec<super::lambda::Parameter>>,
    /// The SELECT whose FROM is being compiled, where it has sessions.
    pub(super) around: Option<Rc<Select>>,
    /// Where OVER stands in the SELECT being compiled.
    pub(super) over: Option<Span>,
    /// Whether the SELECT that is compiled next gives `_tp_time` behind its columns.
    pub(super) wants_time: bool,
    /// Inside `table(…)`: streams are read as they are now.
    pub(super) bounded: bool,
    /// Each result will be made anew of all rows, so that streams with a key can be followed beside
    /// each other.
    pub(super) anew: bool,
    /// `changelog` of a stream by its key gives rows that are no longer there as well.
    pub(super) takes_back: bool,
    /// `*` leaves out `_tp_time` and its kind.
    pub(super) hides_reserved: bool,
    /// Inside a subquery of an expression, which reads streams as they are.
    pub(super) in_expression: bool,
    pub(super) budget: Budget,
    aliases: usize,
    relations: usize,
    depth: usize,
}

/// Rows of something outside that the query's connection must hold in a temporary table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bring {
    pub name: String,
    /// The temporary table, unquoted.
    pub table: String,
    /// Rows are added as they come; otherwise all are there when the query begins.
    pub followed: bool,
    /// Columns that are looked at; the others may hold anything.
    pub columns: Vec<String>,
    /// So many rows are enough.
    pub limit: Option<u64>,
}

/// The temporary table of all rows of an outside stream, beside that of new ones.
fn whole(table: &str) -> String {
    format!("{table}_all")
}

/// The window function over the rows of the SELECT being compiled.
#[derive(Debug, Clone)]
pub(crate) struct Window {
    /// Gives the newest event time of the rows read, in Unix ms.
    pub(crate) watermark_sql: String,
    /// SQLite text of a row's time in Unix ms.
    pub(crate) time_sql: String,
    /// `None` of windows of months.
    pub(crate) size_ms: Option<i64>,
    pub(crate) session: Option<Session>,
}

/// What ends a session: a gap, its length, or conditions of its first and last row.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) gap_ms: i64,
    pub(crate) max_ms: i64,
    pub(crate) include_end: bool,
    /// SQLite text; 1 where every row starts one and none ends it.
    pub(crate) starts_sql: String,
    pub(crate) ends_sql: String,
}

impl<'a> Compiler<'a> {
    pub(crate) fn new(catalog: &'a dyn Catalog, now_ms: impl Into<String>) -> Self {
        Self {
            catalog,
            now_ms: now_ms.into(),
            now: 0,
            joins: Joins::default(),
            emit: Emit::default(),
            leaves: Vec::new(),
            sides: Vec::new(),
            unions: 0,
            keeps_unmatched: false,
            looking_up: false,
            stages: Vec::new(),
            window: None,
            carries: None,
            unrolled: Vec::new(),
            notices: Vec::new(),
            seek_to: None,
            sources: Vec::new(),
            outside: Vec::new(),
            analysis: Analysis::default(),
            ctes: Vec::new(),
            given: Given::default(),
            named: Vec::new(),
            naming: Vec::new(),
            outer: Vec::new(),
            grouping: Vec::new(),
            functions: Vec::new(),
            inlined: Vec::new(),
            dictionaries: Vec::new(),
            expanding: Vec::new(),
            referenced: 0,
            lambdas: Vec::new(),
            around: None,
            over: None,
            wants_time: false,
            bounded: false,
            anew: false,
            takes_back: false,
            hides_reserved: false,
            in_expression: false,
            budget: Budget::new(Limits::get()),
            aliases: 0,
            relations: 0,
            depth: 0,
        }
    }

    pub(super) fn alias(&mut self) -> String {
        self.aliases += 1;
        format!("t{}", self.aliases)
    }

    /// Compiles what is written the same wherever it stands, so that a key of GROUP BY is found
    /// again: its aliases are told apart by `number`, not by how many came before.
    pub(super) fn alike<T>(&mut self, number: usize, compile: impl FnOnce(&mut Self) -> T) -> T {
        let aliases = std::mem::replace(&mut self.aliases, number * 1_000_000);
        let compiled = compile(self);
        self.aliases = aliases;
        compiled
    }

    pub(super) fn count_relation(&mut self, at: Span) -> Result<(), SqlError> {
        self.relations += 1;
        if self.relations > MAX_RELATIONS {
            return Err(SqlError::at(
                "the query is too large once its views and WITH expressions are expanded \
                 (perhaps a view reads itself)",
                at,
            ));
        }
        self.budget.check(at)
    }

    /// Runs `compile` one query deeper.
    pub(super) fn deeper<T>(
        &mut self,
        at: Span,
        compile: impl FnOnce(&mut Self) -> Result<T, SqlError>,
    ) -> Result<T, SqlError> {
        if self.depth >= MAX_DEPTH {
            return Err(SqlError::at(
                format!(
                    "more than {MAX_DEPTH} queries inside each other (perhaps a view reads itself)"
                ),
                at,
            ));
        }
        self.depth += 1;
        let result = on_enough_stack(|| compile(self));
        self.depth -= 1;
        result
    }

    pub(super) fn add_source(&mut self, info: &StreamInfo) {
        if self.sources.iter().all(|known| known.name != info.name) {
            self.sources.push(info.clone());
        }
    }

    /// The table to read for something outside: followed rows and all rows are different tables.
    pub(super) fn bring(&mut self, info: &StreamInfo, followed: bool) -> String {
        let table = if followed {
            info.table.clone()
        } else {
            whole(&info.table)
        };
        if self.outside.iter().all(|known| known.table != table) {
            self.outside.push(Bring {
                name: info.name.clone(),
                table: table.clone(),
                followed,
                columns: Vec::new(),
                limit: None,
            });
        }
        table
    }

    pub(super) fn require(&mut self, stream: &str, column: &str, data_type: &DataType) {
        let known = |c: &AnalyzedColumn| c.table == stream && c.column == column;
        if !self.analysis.required_columns.iter().any(known) {
            self.analysis.required_columns.push(AnalyzedColumn {
                database: "default".to_string(),
                table: stream.to_string(),
                column: column.to_string(),
                column_type: data_type.to_string(),
                is_view: false,
            });
        }
    }
}

/// How the rows of a relation come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// All at once.
    Bounded,
    /// One by one as the followed stream grows.
    Rows,
    /// A result of the aggregation at each emission.
    Groups,
}

/// A compiled query; its columns are named c0, c1, … in the SQLite text.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    pub(crate) sql: String,
    pub(crate) columns: Vec<OutColumn>,
    pub(crate) flow: Flow,
    /// LIMIT of a query that ends after so many rows.
    pub(crate) limit: Option<u64>,
    /// `_tp_time` behind the columns, which do not have it.
    pub(crate) time: Option<OutColumn>,
    /// What its rows weigh, behind the columns and the time, where the columns do not say it.
    pub(crate) delta: Option<OutColumn>,
}

#[derive(Debug, Clone)]
pub(crate) struct OutColumn {
    pub(crate) info: ColumnInfo,
    pub(crate) edge: Option<Edge>,
    /// The followed stream whose `_tp_time` it is, as it is.
    pub(crate) event_time: Option<usize>,
    /// As [`super::scope::ScopeColumn::size`].
    pub(crate) size: usize,
    /// It is the word NULL, which has any type.
    pub(crate) null: bool,
}

/// The place of a syntax node.
pub(crate) fn span(node: &impl Spanned) -> Span {
    node.span()
}
