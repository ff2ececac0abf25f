//! A whole statement: from syntax to a plan.

use std::sync::Arc;

use sqlparser::ast::Expr;
use weir_api::{
    DataType,
    timeplus::{query::TimeColumns, sql::Analysis},
};

use super::{
    analysis::{result_column, time_columns},
    brought::{outside, plain_limit},
    compiler::{Bring, Compiler, Flow},
    emission::Emission,
    keyed_changelog, relation,
    scope::{self, Env, ScopeColumn},
    seek::Seek,
    stage::{self, Leaf, Stage},
    told::told,
};
use crate::{
    Catalog, ColumnInfo, Select, SqlError, StreamInfo,
    catalog::FunctionInfo,
    functions,
    parse::{self, Body},
    typed::{Typed, quote_name},
};

/// A checked query.
#[derive(Debug, Clone)]
pub struct Plan {
    pub header: Vec<ColumnInfo>,
    pub time_columns: TimeColumns,
    pub streaming: bool,
    /// Streams read, each once; views are expanded.
    pub sources: Vec<String>,
    /// What is not in the database: brought in by whoever runs the query.
    pub outside: Vec<Bring>,
    pub analysis: Analysis,
    /// What was asked for and changes nothing.
    pub notices: Vec<String>,
    /// Gives the result: of history, of new rows, or of finished groups.
    pub(crate) sql: String,
    /// SQLite tables of `sources`, of those that have `_tp_time`.
    pub(crate) tables: Vec<String>,
    /// The streams that it follows, and where each begins.
    pub(crate) leaves: Vec<(Leaf, Seek)>,
    pub(crate) stages: Vec<Arc<Stage>>,
    /// Rows after which a streaming query ends.
    pub(crate) limit: Option<u64>,
    pub(crate) emission: Emission,
    /// Rows of joined streams without a partner are sent when they come.
    pub(crate) keeps_unmatched: bool,
    /// Those that people have defined, by their number in the SQLite text.
    pub(crate) functions: Vec<Arc<FunctionInfo>>,
    /// Those that stood for an expression.
    pub(crate) inlined: Vec<String>,
    /// Dictionaries read, each once.
    pub dictionaries: Vec<String>,
}

impl Plan {
    /// Names of the functions of people that it calls.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        let called = self.functions.iter().map(|function| function.name.as_str());
        called.chain(self.inlined.iter().map(String::as_str))
    }
}

impl Plan {
    /// The first stream that a streaming query follows.
    pub fn followed(&self) -> Option<&str> {
        self.leaves.first().map(|(leaf, _)| leaf.stream.as_str())
    }

    /// Whether a streaming query follows this stream; others are looked up.
    pub(crate) fn follows(&self, stream: &str) -> bool {
        let mut leaves = self.leaves.iter();
        leaves.any(|(leaf, _)| leaf.stream == stream && !leaf.looked_up)
    }

    /// Where the first of them begins.
    pub fn seek(&self) -> Seek {
        self.leaves.first().map_or(Seek::Latest, |(_, seek)| *seek)
    }

    /// The place of the last aggregation among the stages.
    pub(crate) fn last_groups(&self) -> Option<usize> {
        let mut stages = self.stages.iter();
        stages.rposition(|stage| stage.aggregation().is_some())
    }
}

/// `now_ms` is what a `seek_to` in the past is counted from.
pub fn plan(select: &Select, catalog: &dyn Catalog, now_ms: i64) -> Result<Plan, SqlError> {
    planned(select, catalog, now_ms, Mode::default())
}

/// As [`plan`], with every stream read as a table is: what is there now, as if each stood in
/// `table(…)`.
pub fn plan_tables(select: &Select, catalog: &dyn Catalog, now_ms: i64) -> Result<Plan, SqlError> {
    let bounded = Mode {
        bounded: true,
        ..Mode::default()
    };
    planned(select, catalog, now_ms, bounded)
}

/// As [`plan`], of what a view is made of: its parameters have no values yet.
pub fn plan_view(select: &Select, catalog: &dyn Catalog, now_ms: i64) -> Result<Plan, SqlError> {
    planned(
        select,
        catalog,
        now_ms,
        Mode {
            unbound: true,
            ..Mode::default()
        },
    )
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mode {
    /// Every stream is read as a table is.
    bounded: bool,
    /// Parameters of views need no values.
    unbound: bool,
}

pub(super) fn planned(
    select: &Select,
    catalog: &dyn Catalog,
    now_ms: i64,
    mode: Mode,
) -> Result<Plan, SqlError> {
    if let Some(told) = told(select, catalog, now_ms, mode)? {
        return Ok(told);
    }
    let Body::Query { query, tail, joins } = &select.body else {
        return Err(SqlError::new("a query expected"));
    };
    let mut compiler = Compiler::new(catalog, stage::NOW);
    compiler.bounded = mode.bounded || tail.table_mode;
    compiler.given.unbound = mode.unbound;
    compiler.now = now_ms;
    compiler.joins = joins.clone();
    compiler.named.clone_from(&tail.named);
    compiler.hides_reserved = tail.hides_reserved;
    if let Some((emit, _)) = &tail.emit {
        compiler.emit = emit.clone();
    }
    let over = match compiler.bounded {
        true => None,
        false => keyed_changelog::over_stream(query, catalog),
    };
    let query = match &over {
        Some((over, changes)) => {
            compiler.emit.changelog |= *changes;
            over
        }
        None => query,
    };
    compiler.compares(query, tail.emit_inside);
    compiler.takes_back = over.is_none()
        && !compiler.bounded
        && tail.emit.is_none()
        && keyed_changelog::is_read_alone(query, catalog);
    let relation = compiler.query(query, true)?;
    let relation = compiler.changes(query, relation)?;
    let stages = compiler.stages.iter().map(|stage| stage.sql.as_str());
    super::constants::check(stages.chain([relation.sql.as_str()]))?;
    let streaming = relation.flow != Flow::Bounded;
    let last = Compiler::last_seek(&compiler.emit, now_ms);
    let span = tail.emit.as_ref().map(|(_, span)| *span);
    let emission = compiler.emission(streaming, span, tail.emit_inside)?;
    let seek = match tail.seek_to.as_ref().or(compiler.seek_to.as_ref()) {
        Some((text, span)) => Some(Seek::parse(text, now_ms).map_err(|m| SqlError::at(m, *span))?),
        None => last,
    };
    let begins = |leaf: Leaf| {
        // A filter by time is as if the time were given: what it leaves out need not be read.
        // The last rows of the keys of a stream are what it is: they come first.
        let begin = match leaf.keyed {
            true => Seek::Earliest,
            false => Seek::Latest,
        };
        let rewind = || match leaf.rewind {
            None => begin,
            Some(i64::MIN) => Seek::Earliest,
            Some(from) => Seek::Time(from),
        };
        let seek = seek.unwrap_or_else(rewind);
        (leaf, seek)
    };
    let mut leaves = std::mem::take(&mut compiler.leaves);
    // What a row of one stream meets comes from the same time on.
    let rewinds: Vec<Leaf> = leaves
        .iter()
        .filter(|leaf| leaf.rewind.is_some())
        .cloned()
        .collect();
    for leaf in leaves.iter_mut().filter(|leaf| leaf.rewind.is_none()) {
        let met = rewinds.iter().filter(|other| !other.is_apart(leaf));
        leaf.rewind = met.filter_map(|other| other.rewind).min();
    }
    let leaves: Vec<_> = leaves
        .into_iter()
        .filter(|_| streaming)
        .map(begins)
        .collect();
    let mut notices = tail.notices.clone();
    notices.append(&mut compiler.notices);
    notices.dedup();
    let header: Vec<ColumnInfo> = relation
        .columns
        .into_iter()
        .map(|column| column.info)
        .collect();
    let mut analysis = compiler.analysis;
    analysis.original_query.clone_from(&select.sql);
    analysis.rewritten_query = crate::format(&select.sql).unwrap_or_else(|_| select.sql.clone());
    analysis.query_type = "SELECT".to_string();
    analysis.is_streaming = streaming;
    analysis.result_columns = header.iter().map(result_column).collect();
    let enough = (compiler.sources.len() == 1).then(|| plain_limit(query));
    let outside = outside(compiler.outside, &analysis, enough.flatten());
    let inside = compiler.sources.iter();
    let inside = inside.filter(|info| outside.iter().all(|bring| bring.name != info.name));
    let tables = inside.map(|info| info.table.clone());
    // Tables of other databases have no event times to tell of.
    let timed = |bring: &&Bring| {
        let mut sources = compiler.sources.iter();
        let columns = sources.find(|info| info.name == bring.name);
        columns.is_some_and(|info| info.columns.iter().any(|column| column.name == "_tp_time"))
    };
    let brought = outside.iter().filter(timed);
    let brought = brought.map(|bring| bring.table.clone());
    Ok(Plan {
        time_columns: time_columns(&header),
        header,
        streaming,
        tables: tables.chain(brought).collect(),
        outside,
        sources: compiler
            .sources
            .iter()
            .map(|info| info.name.clone())
            .collect(),
        analysis,
        notices,
        sql: relation.sql,
        leaves,
        stages: compiler.stages.into_iter().map(Arc::new).collect(),
        limit: relation.limit,
        emission,
        keeps_unmatched: compiler.keeps_unmatched,
        functions: compiler.functions,
        inlined: compiler.inlined,
        dictionaries: compiler.dictionaries,
    })
}

/// SQLite text and type of an expression over one row of `stream`: column defaults, TTL.
/// The text names the stream's columns without a table.
pub fn expression_sql(expr: &str, stream: &StreamInfo) -> Result<(String, DataType), SqlError> {
    let columns = stream.columns.iter().map(|column| ScopeColumn {
        name: column.name.clone(),
        sql: quote_name(&column.name),
        data_type: column.data_type.clone(),
        edge: None,
        event_time: None,
        size: 0,
        stream: None,
        hidden: false,
    });
    let scope = relation::scope(columns.collect());
    let value = row_value(&parse::parse_expression(expr, functions::is_known)?, &scope)?;
    Ok((value.sql, value.data_type))
}

pub(super) fn row_value(expr: &Expr, scope: &scope::Scope) -> Result<Typed, SqlError> {
    let mut compiler = Compiler::new(&relation::NoStreams, "_now_ms()");
    compiler.value(expr, Env::rows(scope, &[]))
}
