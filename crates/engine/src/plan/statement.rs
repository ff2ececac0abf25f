//! A whole statement: from syntax to a plan.

use std::sync::Arc;

use sqlparser::{
    ast::{Expr, GroupByExpr, Query, SelectItem, SetExpr, TableFactor},
    tokenizer::Span,
};
use weir_api::{
    DataType,
    timeplus::{query::TimeColumns, sql::Analysis},
};

use super::{
    analysis::{result_column, time_columns},
    compiler::{Bring, Compiler, Flow},
    definition,
    emission::Emission,
    query, relation,
    scope::{self, Env, ScopeColumn},
    seek::Seek,
    stage::{self, Leaf, Stage, Work},
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
struct Mode {
    /// Every stream is read as a table is.
    bounded: bool,
    /// Parameters of views need no values.
    unbound: bool,
}

fn planned(
    select: &Select,
    catalog: &dyn Catalog,
    now_ms: i64,
    mode: Mode,
) -> Result<Plan, SqlError> {
    let (query, (tail, joins)) = match &select.body {
        Body::Query { query, tail, joins } => (query, (tail, joins)),
        Body::ShowCreate {
            name,
            function,
            span,
        } => {
            let text = definition::of(name, *function, catalog, *span)?;
            return Ok(listed(select, &["statement"], vec![vec![text]]));
        }
        Body::Exists(name) => {
            let there = catalog.stream(name).is_some()
                || catalog.view(name).is_some()
                || catalog.dictionary(name).is_some();
            let row = vec![u8::from(there).to_string()];
            return Ok(listed(select, &["result"], vec![row]));
        }
        Body::Explain(inner) => {
            let plan = planned(inner, catalog, now_ms, mode)?;
            let lines = explained(&plan).into_iter().map(|line| vec![line]);
            return Ok(listed(select, &["explain"], lines.collect()));
        }
        Body::DescribeQuery(inner) => {
            let plan = planned(inner, catalog, now_ms, mode)?;
            let columns = plan.header.into_iter();
            let rows = columns.map(|column| vec![column.name, column.data_type.to_string()]);
            return Ok(listed(select, &["name", "type"], rows.collect()));
        }
        Body::Describe { name, span } => {
            let dictionary = || {
                let info = catalog.dictionary(name)?;
                let columns = info.columns.iter().map(|column| ColumnInfo {
                    name: column.name.clone(),
                    data_type: DataType::parse(&column.data_type).unwrap_or(DataType::String),
                });
                Some(StreamInfo {
                    name: name.clone(),
                    table: String::new(),
                    columns: columns.collect(),
                    keyed: false,
                })
            };
            let view = || {
                let text = catalog.view(name)?;
                let (query, tail, joins) = parse::parse_query(&text, functions::is_known).ok()?;
                let select = Select {
                    sql: text,
                    body: Body::Query { query, tail, joins },
                };
                let plan = plan_view(&select, catalog, now_ms).ok()?;
                Some(StreamInfo {
                    name: name.clone(),
                    table: String::new(),
                    columns: plan.header,
                    keyed: false,
                })
            };
            let Some(info) = dictionary().or_else(|| catalog.stream(name)).or_else(view) else {
                let names = catalog.names();
                let near = scope::suggestion(name, names.iter().map(String::as_str));
                return Err(SqlError::at(
                    format!("unknown stream '{name}'{near}"),
                    *span,
                ));
            };
            let row = |column: ColumnInfo| vec![column.name, column.data_type.to_string()];
            return Ok(listed(
                select,
                &["name", "type"],
                info.columns.into_iter().map(row).collect(),
            ));
        }
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
    compiler.compares(query, tail.emit_inside);
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

/// Completes what is known of each table once the whole query is read.
fn outside(brings: Vec<Bring>, analysis: &Analysis, limit: Option<u64>) -> Vec<Bring> {
    let complete = |bring: Bring| {
        let required = analysis.required_columns.iter();
        let columns = required.filter(|column| column.table == bring.name);
        Bring {
            columns: columns.map(|column| column.column.clone()).collect(),
            limit: limit.filter(|_| !bring.followed),
            ..bring
        }
    };
    brings.into_iter().map(complete).collect()
}

/// Rows after which `SELECT columns FROM one LIMIT n` needs no more of its one relation.
fn plain_limit(query: &Query) -> Option<u64> {
    let SetExpr::Select(select) = query.body.as_ref() else {
        return None;
    };
    let plain = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
        }
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => true,
        _ => false,
    };
    let grouped = match &select.group_by {
        GroupByExpr::Expressions(by, more) => !by.is_empty() || !more.is_empty(),
        GroupByExpr::All(_) => true,
    };
    let whole = select.selection.is_some()
        || select.having.is_some()
        || select.distinct.is_some()
        || grouped
        || query.order_by.is_some()
        || query.with.is_some()
        || !select.projection.iter().all(plain);
    let relation = |factor: &TableFactor| {
        matches!(
            factor,
            TableFactor::Table { args: None, .. } | TableFactor::TableFunction { .. }
        )
    };
    let one = match select.from.as_slice() {
        [only] => only.joins.is_empty() && relation(&only.relation),
        _ => false,
    };
    if whole || !one {
        return None;
    }
    query::limit(query.limit_clause.as_ref(), Span::empty())
        .ok()
        .and_then(|limit| limit.count?.checked_add(limit.offset))
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

/// What a plan does, line by line.
fn explained(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for source in &plan.sources {
        lines.push(match plan.follows(source) {
            true => format!("follows stream {source}"),
            false => format!("reads {source} as it is"),
        });
    }
    for stage in &plan.stages {
        lines.push(match &stage.work {
            Work::Groups(groups) => format!(
                "groups by {} keys into {} states: {}",
                groups.keys,
                groups.calls.len(),
                stage.sql
            ),
            Work::Rows(_) => format!("looks back row by row: {}", stage.sql),
        });
    }
    lines.push(format!("gives {}", plan.sql));
    lines
}

/// A plan that gives texts known already.
fn listed(select: &Select, names: &[&str], rows: Vec<Vec<String>>) -> Plan {
    let header: Vec<_> = names
        .iter()
        .map(|name| ColumnInfo {
            name: (*name).to_string(),
            data_type: DataType::String,
        })
        .collect();
    let literal = |text: &String| Typed::text(text).sql;
    let rows: Vec<String> = rows
        .iter()
        .map(|row| {
            format!(
                "({})",
                row.iter().map(literal).collect::<Vec<_>>().join(", ")
            )
        })
        .collect();
    let nothing = vec!["NULL"; names.len()].join(", ");
    let sql = if rows.is_empty() {
        format!("SELECT {nothing} WHERE 0")
    } else {
        format!("SELECT * FROM (VALUES {})", rows.join(", "))
    };
    Plan {
        analysis: Analysis {
            original_query: select.sql.clone(),
            rewritten_query: select.sql.clone(),
            query_type: "SHOW".to_string(),
            result_columns: header.iter().map(result_column).collect(),
            ..Analysis::default()
        },
        header,
        time_columns: TimeColumns::default(),
        streaming: false,
        sources: Vec::new(),
        outside: Vec::new(),
        notices: Vec::new(),
        sql,
        tables: Vec::new(),
        leaves: Vec::new(),
        stages: Vec::new(),
        limit: None,
        emission: Emission::default(),
        keeps_unmatched: false,
        functions: Vec::new(),
        inlined: Vec::new(),
        dictionaries: Vec::new(),
    }
}
