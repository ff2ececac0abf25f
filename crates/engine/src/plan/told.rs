//! Statements that tell what is known instead of reading rows: SHOW CREATE, EXISTS, EXPLAIN,
//! DESCRIBE.

use sqlparser::tokenizer::Span;
use weir_api::{
    DataType,
    timeplus::{query::TimeColumns, sql::Analysis},
};

use super::{
    analysis::result_column,
    definition,
    emission::Emission,
    scope,
    stage::Work,
    statement::{Mode, Plan, plan_view, planned},
};
use crate::{
    Catalog, ColumnInfo, Select, SqlError, StreamInfo, functions,
    parse::{self, Body},
    typed::Typed,
};

/// The plan of such a statement; `None` of a query.
pub(super) fn told(
    select: &Select,
    catalog: &dyn Catalog,
    now_ms: i64,
    mode: Mode,
) -> Result<Option<Plan>, SqlError> {
    Ok(Some(match &select.body {
        Body::Query { .. } => return Ok(None),
        Body::ShowCreate {
            name,
            function,
            span,
        } => {
            let text = definition::of(name, *function, catalog, *span)?;
            listed(select, &["statement"], vec![vec![text]])
        }
        Body::Exists(name) => {
            let there = catalog.stream(name).is_some()
                || catalog.view(name).is_some()
                || catalog.dictionary(name).is_some();
            let row = vec![u8::from(there).to_string()];
            listed(select, &["result"], vec![row])
        }
        Body::Explain(inner) => {
            let plan = planned(inner, catalog, now_ms, mode)?;
            let lines = explained(&plan).into_iter().map(|line| vec![line]);
            listed(select, &["explain"], lines.collect())
        }
        Body::DescribeQuery(inner) => {
            described(select, planned(inner, catalog, now_ms, mode)?.header)
        }
        Body::Describe { name, span } => {
            described(select, columns_of(name, *span, catalog, now_ms)?)
        }
    }))
}

fn described(select: &Select, columns: Vec<ColumnInfo>) -> Plan {
    let row = |column: ColumnInfo| vec![column.name, column.data_type.to_string()];
    let rows = columns.into_iter().map(row).collect();
    listed(select, &["name", "type"], rows)
}

/// Of a dictionary, a stream or a view.
fn columns_of(
    name: &str,
    span: Span,
    catalog: &dyn Catalog,
    now_ms: i64,
) -> Result<Vec<ColumnInfo>, SqlError> {
    let dictionary = || {
        let info = catalog.dictionary(name)?;
        let columns = info.columns.iter().map(|column| ColumnInfo {
            name: column.name.clone(),
            data_type: DataType::parse(&column.data_type).unwrap_or(DataType::String),
        });
        Some(columns.collect())
    };
    let stream = || catalog.stream(name).map(|info: StreamInfo| info.columns);
    let view = || {
        let sql = catalog.view(name)?;
        let (query, tail, joins) = parse::parse_query(&sql, functions::is_known).ok()?;
        let body = Body::Query { query, tail, joins };
        let plan = plan_view(&Select { sql, body }, catalog, now_ms).ok()?;
        Some(plan.header)
    };
    dictionary().or_else(stream).or_else(view).ok_or_else(|| {
        let names = catalog.names();
        let near = scope::suggestion(name, names.iter().map(String::as_str));
        SqlError::at(format!("unknown stream '{name}'{near}"), span)
    })
}

/// What a plan does, line by line.
fn explained(plan: &Plan) -> Vec<String> {
    let mut lines = Vec::new();
    for source in &plan.sources {
        lines.push(match plan.follows(source) {
            true => format!("Source: {source} (stream)"),
            false => format!("Source: {source} (table)"),
        });
    }
    for stage in &plan.stages {
        lines.push(match &stage.work {
            Work::Groups(groups) => format!(
                "Aggregation ({} keys, {} states): {}",
                groups.keys,
                groups.calls.len(),
                stage.sql
            ),
            Work::Rows(_) => format!("Row functions: {}", stage.sql),
        });
    }
    lines.push(format!("Result: {}", plan.sql));
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
