//! `system.tables`, `system.columns`, `system.functions`, `system.settings`: what the catalog knows, as rows.

use sqlparser::ast::Ident;
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow},
    relation::{From, scope},
    scope::{ScopeColumn, suggestion},
};
use crate::{
    SqlError,
    catalog::{DictionaryColumn, Process},
    functions,
    parse::setting_names,
    typed::{Typed, escape},
};

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

const QUERIES: &str = "running and past queries have a page of their own";
const FIGURES: &str = "figures of streams and views are on their pages";
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
        "system.tables WHERE engine = 'MaterializedView' has them",
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
    (
        "named_collections",
        "settings are written where they are used",
    ),
    (
        "python_package_tasks",
        "functions are written in JavaScript",
    ),
    ("quorum_status", NODE),
    ("disks", "rows are kept in the data folder"),
    ("storage_policies", "rows are kept in the data folder"),
    ("text_log", "the backend's log is the stream backend_log"),
    ("users", "users have a page of their own"),
    ("roles", "roles have a page of their own"),
    ("alerts", "alerts have a page of their own"),
    (
        "tasks",
        "there are none: a materialized view runs all the time",
    ),
];

impl Compiler<'_> {
    /// The relation `system.name`.
    pub(super) fn system(&mut self, name: &Ident) -> Result<From, SqlError> {
        let catalog = self.catalog;
        let names = catalog.names();
        let (columns, rows): (&[&str], Vec<Vec<String>>) = match name.value.as_str() {
            "databases" => (&["name"], vec![vec!["default".to_string()]]),
            "one" => (&["dummy"], vec![vec!["0".to_string()]]),
            "time_zones" => {
                let zones = chrono_tz::TZ_VARIANTS.iter();
                let row = |zone: &chrono_tz::Tz| vec![zone.name().to_string()];
                (&["time_zone"], zones.map(row).collect())
            }
            "format_schemas" => {
                let row = |[name, kind, text]: [String; 3]| {
                    let statement = format!(
                        "CREATE FORMAT SCHEMA {name} AS '{}' TYPE {kind}",
                        escape(&text)
                    );
                    vec![name, kind, text, statement]
                };
                (
                    &["name", "type", "schema", "statement"],
                    catalog.schemas().into_iter().map(row).collect(),
                )
            }
            "processes" => {
                let row = |process: Process| {
                    let seconds = process.elapsed_ms as f64 / 1000.0;
                    vec![
                        process.id,
                        process.user,
                        process.sql,
                        format!("{seconds:?}"),
                    ]
                };
                (
                    &["query_id", "user", "query", "elapsed"],
                    catalog.processes().into_iter().map(row).collect(),
                )
            }
            "dictionaries" => {
                let row = |name: &String| {
                    let info = catalog.dictionary(name)?;
                    let is_key = |column: &&DictionaryColumn| info.key.contains(&column.name);
                    let (keys, others): (Vec<_>, Vec<_>) = info.columns.iter().partition(is_key);
                    let names = |columns: Vec<&DictionaryColumn>| {
                        let names = columns.iter().map(|column| column.name.as_str());
                        names.collect::<Vec<_>>().join(", ")
                    };
                    Some(vec![
                        "default".into(),
                        name.clone(),
                        "LOADED".into(),
                        info.layout.clone(),
                        names(keys),
                        names(others),
                        info.query.clone(),
                    ])
                };
                (
                    &[
                        "database",
                        "name",
                        "status",
                        "type",
                        "key_names",
                        "attribute_names",
                        "source",
                    ],
                    names.iter().filter_map(row).collect(),
                )
            }
            "tables" | "streams" => {
                let row = |name: &String| {
                    let engine = match catalog.view(name) {
                        _ if catalog.dictionary(name).is_some() => "Dictionary",
                        Some(_) => "View",
                        None if catalog.outside(name).is_some() => "External",
                        None if catalog.is_materialized(name) => "MaterializedView",
                        None if catalog.stream(name).is_some_and(|info| info.keyed) => {
                            "KeyedStream"
                        }
                        None => "Stream",
                    };
                    let query = catalog.view(name).unwrap_or_default();
                    let statement = super::definition::relation(name, catalog);
                    vec![
                        "default".into(),
                        name.clone(),
                        engine.into(),
                        query,
                        statement.unwrap_or_default(),
                    ]
                };
                (
                    &[
                        "database",
                        "name",
                        "engine",
                        "as_select",
                        "create_table_query",
                    ],
                    names.iter().map(row).collect(),
                )
            }
            "columns" => {
                let mut rows = Vec::new();
                for table in &names {
                    if let Some(info) = catalog.dictionary(table) {
                        for (position, column) in info.columns.iter().enumerate() {
                            rows.push(vec![
                                "default".into(),
                                table.clone(),
                                column.name.clone(),
                                column.data_type.clone(),
                                (position + 1).to_string(),
                            ]);
                        }
                        continue;
                    }
                    let Some(info) = catalog.stream(table) else {
                        continue;
                    };
                    for (position, column) in info.columns.into_iter().enumerate() {
                        rows.push(vec![
                            "default".into(),
                            table.clone(),
                            column.name,
                            column.data_type.to_string(),
                            (position + 1).to_string(),
                        ]);
                    }
                }
                (&["database", "table", "name", "type", "position"], rows)
            }
            "functions" => {
                let own = functions::names().iter().map(|function| {
                    let aggregate = u8::from(function.aggregate).to_string();
                    let origin = "System".to_string();
                    vec![
                        function.name.into(),
                        aggregate,
                        function.signature.into(),
                        origin,
                        function.help.into(),
                    ]
                });
                let defined = catalog.function_names().into_iter().map(|name| {
                    let info = catalog.function(&name);
                    let aggregate = info.as_ref().is_some_and(|info| info.is_aggregate());
                    let help = info
                        .as_ref()
                        .map_or_else(String::new, |info| info.help.clone());
                    let signature = info.map_or_else(String::new, |info| info.signature());
                    let aggregate = u8::from(aggregate).to_string();
                    vec![name, aggregate, signature, "SQLUserDefined".into(), help]
                });
                (
                    &["name", "is_aggregate", "syntax", "origin", "description"],
                    own.chain(defined).collect(),
                )
            }
            "settings" => {
                let rows = setting_names();
                let row =
                    |(name, words): (&str, &str)| vec![name.into(), String::new(), words.into()];
                (&["name", "value", "description"], rows.map(row).collect())
            }
            "numbers" | "numbers_mt" => return Ok(self.all_numbers()),
            "zeros" => {
                let words = "system.zeros (zeros(10) gives so many)";
                return Err(SqlError::unsupported(words, name.span));
            }
            other => {
                let known = ELSEWHERE.iter().find(|(known, _)| *known == other);
                return Err(match known {
                    Some((_, place)) => {
                        let what = format!("system.{other} ({place})");
                        SqlError::unsupported(what, name.span)
                    }
                    None => {
                        let near = suggestion(other, TABLES);
                        let known = TABLES.join(", ");
                        let words = format!("unknown table 'system.{other}'{near} ({known} are)");
                        SqlError::at(words, name.span)
                    }
                });
            }
        };
        let alias = self.alias();
        let number =
            |column: &str| matches!(column, "position" | "is_aggregate" | "dummy" | "elapsed");
        let value = |(column, text): (&&str, &String)| match number(column) {
            true => text.clone(),
            false => Typed::text(text).sql,
        };
        let lines: Vec<String> = rows
            .iter()
            .map(|row| {
                let values: Vec<_> = columns.iter().zip(row).map(value).collect();
                format!("({})", values.join(", "))
            })
            .collect();
        let sql = match lines.is_empty() {
            true => {
                let nothing: Vec<_> = (1..=columns.len())
                    .map(|n| format!("NULL AS column{n}"))
                    .collect();
                format!("(SELECT {} WHERE 0) AS {alias}", nothing.join(", "))
            }
            false => format!("(VALUES {}) AS {alias}", lines.join(", ")),
        };
        let columns = columns.iter().zip(1..).map(|(column, n)| ScopeColumn {
            name: (*column).to_string(),
            sql: format!("{alias}.column{n}"),
            data_type: match *column {
                "elapsed" => DataType::Float64,
                column if number(column) => DataType::UInt(64),
                _ => DataType::String,
            },
            edge: None,
            event_time: None,
            size: 0,
            stream: None,
            hidden: false,
        });
        Ok(From {
            sql,
            scope: scope(columns.collect()),
            flow: Flow::Bounded,
        })
    }
}
