//! `system.tables`, `system.columns`, `system.functions`, `system.settings`: what the catalog knows, as rows.

use sqlparser::ast::Ident;
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow},
    relation::{From, scope},
    scope::{ScopeColumn, suggestion},
};
use crate::{SqlError, functions, parse::setting_names, typed::Typed};

const TABLES: [&str; 7] = [
    "tables",
    "streams",
    "columns",
    "functions",
    "databases",
    "settings",
    "numbers",
];

impl Compiler<'_> {
    /// The relation `system.name`.
    pub(super) fn system(&mut self, name: &Ident) -> Result<From, SqlError> {
        let catalog = self.catalog;
        let names = catalog.names();
        let (columns, rows): (&[&str], Vec<Vec<String>>) = match name.value.as_str() {
            "databases" => (&["name"], vec![vec!["default".to_string()]]),
            "tables" | "streams" => {
                let row = |name: &String| {
                    let engine = match catalog.view(name) {
                        Some(_) => "View",
                        None if catalog.outside(name).is_some() => "External",
                        None if catalog.is_materialized(name) => "MaterializedView",
                        None if catalog.stream(name).is_some_and(|info| info.keyed) => {
                            "KeyedStream"
                        }
                        None => "Stream",
                    };
                    let query = catalog.view(name).unwrap_or_default();
                    vec!["default".into(), name.clone(), engine.into(), query]
                };
                (
                    &["database", "name", "engine", "as_select"],
                    names.iter().map(row).collect(),
                )
            }
            "columns" => {
                let mut rows = Vec::new();
                for table in &names {
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
                    vec![function.name.into(), aggregate, function.signature.into()]
                });
                let defined = catalog.function_names().into_iter().map(|name| {
                    let info = catalog.function(&name);
                    let aggregate = info.as_ref().is_some_and(|info| info.is_aggregate());
                    let signature = info.map_or_else(String::new, |info| info.signature());
                    vec![name, u8::from(aggregate).to_string(), signature]
                });
                (
                    &["name", "is_aggregate", "syntax"],
                    own.chain(defined).collect(),
                )
            }
            "settings" => {
                let rows = setting_names();
                let row =
                    |(name, words): (&str, &str)| vec![name.into(), String::new(), words.into()];
                (&["name", "value", "description"], rows.map(row).collect())
            }
            "numbers" => {
                return Err(SqlError::at(
                    "system.numbers never ends: numbers(10) gives so many",
                    name.span,
                ));
            }
            other => {
                let near = suggestion(other, TABLES);
                return Err(SqlError::at(
                    format!(
                        "unknown table 'system.{other}'{near} ({} are)",
                        TABLES.join(", ")
                    ),
                    name.span,
                ));
            }
        };
        let alias = self.alias();
        let number = |column: &str| matches!(column, "position" | "is_aggregate");
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
            data_type: match number(column) {
                true => DataType::UInt(64),
                false => DataType::String,
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
