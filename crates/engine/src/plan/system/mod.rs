//! `system.tables`, `system.columns`, `system.functions`, `system.settings`: what the catalog knows, as rows.

mod rows;

use sqlparser::ast::Ident;
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow},
    relation::{From, scope},
    scope::{ScopeColumn, suggestion},
};
use crate::{SqlError, typed::Typed};

const TABLES: [&str; 12] = [
    "processes",
    "dictionaries",
    "format_schemas",
    "one",
    "time_zones",
    "tables",
    "streams",
    "columns",
    "functions",
    "databases",
    "settings",
    "numbers",
];

const QUERIES: &str = "use the Queries page, or SHOW PROCESSLIST";
const FIGURES: &str = "see the page of the stream or view";
const NODE: &str = "there is one node, whose figures are in the stream host_metrics";

/// Tables of the vendor's that are not made here, and where what they tell is found.
const ELSEWHERE: &[(&str, &str)] = &[
    ("query_log", QUERIES),
    ("query_thread_log", QUERIES),
    ("pipeline_metric_log", QUERIES),
    ("stream_metric_log", FIGURES),
    ("stream_state_log", FIGURES),
    (
        "materialized_views",
        "use system.tables WHERE engine = 'MaterializedView'",
    ),
    ("parts", FIGURES),
    ("metrics", NODE),
    ("asynchronous_metrics", NODE),
    ("events", NODE),
    ("metric_log", NODE),
    ("cluster", NODE),
    ("clusters", NODE),
    ("execute_stream_assignments", NODE),
    ("introspection_state_log", FIGURES),
    ("mv_rebalance_history", NODE),
    ("named_collections", "write the settings in each statement"),
    (
        "python_package_tasks",
        "functions are written in JavaScript",
    ),
    ("quorum_status", NODE),
    ("disks", "rows are kept in the data folder"),
    ("storage_policies", "rows are kept in the data folder"),
    ("text_log", "use the stream backend_log"),
    ("users", "use the Users page"),
    ("roles", "use the Users page"),
    ("alerts", "use the Alerts page"),
    ("tasks", "a materialized view runs all the time"),
];

impl Compiler<'_> {
    /// The relation `system.name`.
    pub(super) fn system(&mut self, name: &Ident) -> Result<From, SqlError> {
        let table = match name.value.as_str() {
            "numbers" | "numbers_mt" => return Ok(self.all_numbers()),
            "zeros" => {
                let words = "system.zeros; use zeros(10)";
                return Err(SqlError::unsupported(words, name.span));
            }
            other => rows::of(other, self.catalog).ok_or_else(|| absent(name))?,
        };
        let alias = self.alias();
        Ok(From {
            sql: format!("({}) AS {alias}", sql(&table)),
            scope: scope(columns(table.columns, &alias)),
            flow: Flow::Bounded,
        })
    }
}

fn absent(name: &Ident) -> SqlError {
    let table = &name.value;
    let known = ELSEWHERE.iter().find(|(known, _)| known == table);
    match known {
        Some((_, place)) => SqlError::unsupported(format!("system.{table}; {place}"), name.span),
        None => {
            let near = suggestion(table, TABLES);
            let known = TABLES.join(", ");
            let words = format!("unknown table 'system.{table}'{near}: use one of {known}");
            SqlError::at(words, name.span)
        }
    }
}

/// Rows of texts; columns of numbers have them as digits.
struct Table {
    columns: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

fn is_number(column: &str) -> bool {
    matches!(column, "position" | "is_aggregate" | "dummy" | "elapsed")
}

fn sql(table: &Table) -> String {
    let value = |(column, text): (&&str, &String)| match is_number(column) {
        true => text.clone(),
        false => Typed::text(text).sql,
    };
    let line = |row: &Vec<String>| {
        let values: Vec<_> = table.columns.iter().zip(row).map(value).collect();
        format!("({})", values.join(", "))
    };
    let lines: Vec<String> = table.rows.iter().map(line).collect();
    if !lines.is_empty() {
        return format!("VALUES {}", lines.join(", "));
    }
    let nothing = (1..=table.columns.len()).map(|n| format!("NULL AS column{n}"));
    let nothing: Vec<_> = nothing.collect();
    format!("SELECT {} WHERE 0", nothing.join(", "))
}

fn columns(names: &[&str], alias: &str) -> Vec<ScopeColumn> {
    let column = |(name, n): (&&str, usize)| ScopeColumn {
        name: (*name).to_string(),
        sql: format!("{alias}.column{n}"),
        data_type: match *name {
            "elapsed" => DataType::Float64,
            name if is_number(name) => DataType::UInt(64),
            _ => DataType::String,
        },
        edge: None,
        event_time: None,
        size: 0,
        stream: None,
        hidden: false,
    };
    names.iter().zip(1..).map(column).collect()
}
