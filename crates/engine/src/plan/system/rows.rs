//! The rows of each table.

use super::Table;
use crate::{
    Catalog,
    catalog::{DictionaryColumn, Process},
    functions,
    parse::setting_names,
    plan::definition,
    typed::escape,
};

const DATABASE: &str = "default";

pub(super) fn of(table: &str, catalog: &dyn Catalog) -> Option<Table> {
    Some(match table {
        "databases" => Table {
            columns: &["name"],
            rows: vec![vec![DATABASE.to_string()]],
        },
        "one" => Table {
            columns: &["dummy"],
            rows: vec![vec!["0".to_string()]],
        },
        "time_zones" => {
            let zones = chrono_tz::TZ_VARIANTS.iter();
            let row = |zone: &chrono_tz::Tz| vec![zone.name().to_string()];
            Table {
                columns: &["time_zone"],
                rows: zones.map(row).collect(),
            }
        }
        "settings" => {
            let row = |(name, words): (&str, &str)| vec![name.into(), String::new(), words.into()];
            Table {
                columns: &["name", "value", "description"],
                rows: setting_names().map(row).collect(),
            }
        }
        "format_schemas" => format_schemas(catalog),
        "processes" => processes(catalog),
        "dictionaries" => dictionaries(catalog),
        "tables" | "streams" => tables(catalog),
        "columns" => columns(catalog),
        "functions" => functions(catalog),
        _ => return None,
    })
}

fn format_schemas(catalog: &dyn Catalog) -> Table {
    let row = |[name, kind, text]: [String; 3]| {
        let text_literal = escape(&text);
        let statement = format!("CREATE FORMAT SCHEMA {name} AS '{text_literal}' TYPE {kind}");
        vec![name, kind, text, statement]
    };
    Table {
        columns: &["name", "type", "schema", "statement"],
        rows: catalog.schemas().into_iter().map(row).collect(),
    }
}

fn processes(catalog: &dyn Catalog) -> Table {
    let row = |process: Process| {
        let seconds = process.elapsed_ms as f64 / 1000.0;
        vec![
            process.id,
            process.user,
            process.sql,
            format!("{seconds:?}"),
        ]
    };
    Table {
        columns: &["query_id", "user", "query", "elapsed"],
        rows: catalog.processes().into_iter().map(row).collect(),
    }
}

fn dictionaries(catalog: &dyn Catalog) -> Table {
    let row = |name: &String| {
        let info = catalog.dictionary(name)?;
        let is_key = |column: &&DictionaryColumn| info.key.contains(&column.name);
        let (keys, others): (Vec<_>, Vec<_>) = info.columns.iter().partition(is_key);
        let names = |columns: Vec<&DictionaryColumn>| {
            let names = columns.iter().map(|column| column.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        Some(vec![
            DATABASE.into(),
            name.clone(),
            "LOADED".into(),
            info.layout.clone(),
            names(keys),
            names(others),
            info.query.clone(),
        ])
    };
    Table {
        columns: &[
            "database",
            "name",
            "status",
            "type",
            "key_names",
            "attribute_names",
            "source",
        ],
        rows: catalog.names().iter().filter_map(row).collect(),
    }
}

fn tables(catalog: &dyn Catalog) -> Table {
    let row = |name: &String| {
        let engine = match catalog.view(name) {
            _ if catalog.dictionary(name).is_some() => "Dictionary",
            Some(_) => "View",
            None if catalog.outside(name).is_some() => "External",
            None if catalog.is_materialized(name) => "MaterializedView",
            None if catalog.stream(name).is_some_and(|info| info.keyed) => "KeyedStream",
            None => "Stream",
        };
        vec![
            DATABASE.into(),
            name.clone(),
            engine.into(),
            catalog.view(name).unwrap_or_default(),
            definition::relation(name, catalog).unwrap_or_default(),
        ]
    };
    Table {
        columns: &[
            "database",
            "name",
            "engine",
            "as_select",
            "create_table_query",
        ],
        rows: catalog.names().iter().map(row).collect(),
    }
}

fn columns(catalog: &dyn Catalog) -> Table {
    let mut rows = Vec::new();
    for table in catalog.names() {
        let columns: Vec<(String, String)> = match catalog.dictionary(&table) {
            Some(info) => {
                let columns = info.columns.iter();
                let column = |c: &DictionaryColumn| (c.name.clone(), c.data_type.clone());
                columns.map(column).collect()
            }
            None => {
                let columns = catalog.stream(&table).map(|info| info.columns);
                let columns = columns.into_iter().flatten();
                columns.map(|c| (c.name, c.data_type.to_string())).collect()
            }
        };
        for (place, (name, data_type)) in columns.into_iter().enumerate() {
            let place = (place + 1).to_string();
            rows.push(vec![DATABASE.into(), table.clone(), name, data_type, place]);
        }
    }
    Table {
        columns: &["database", "table", "name", "type", "position"],
        rows,
    }
}

fn functions(catalog: &dyn Catalog) -> Table {
    let own = functions::names().iter().map(|function| {
        vec![
            function.name.into(),
            u8::from(function.aggregate).to_string(),
            function.signature.into(),
            "System".to_string(),
            function.help.into(),
        ]
    });
    let defined = catalog.function_names().into_iter().map(|name| {
        let info = catalog.function(&name);
        let aggregate = info.as_ref().is_some_and(|info| info.is_aggregate());
        let help = info.as_ref().map(|info| info.help.clone());
        let signature = info.map(|info| info.signature());
        vec![
            name,
            u8::from(aggregate).to_string(),
            signature.unwrap_or_default(),
            "SQLUserDefined".into(),
            help.unwrap_or_default(),
        ]
    });
    Table {
        columns: &["name", "is_aggregate", "syntax", "origin", "description"],
        rows: own.chain(defined).collect(),
    }
}
