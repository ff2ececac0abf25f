//! The statements that create external streams, external tables and schemas.

use weir_api::timeplus::{
    external_stream::{ExternalStreamDef, Setting},
    external_table::ExternalTableDef,
    quote,
    schema::SchemaDef,
    stream::ColumnDef,
};

pub fn stream(definition: &ExternalStreamDef) -> String {
    let columns: Vec<String> = definition.columns.iter().map(column).collect();
    let columns = match columns.is_empty() {
        true => String::new(),
        false => format!("\n(\n  {}\n)", columns.join(",\n  ")),
    };
    format!(
        "CREATE EXTERNAL STREAM {}{columns}{}{};",
        quote::name(&definition.name),
        comment(definition.description.as_deref()),
        settings(&definition.settings)
    )
}

pub fn table(definition: &ExternalTableDef) -> String {
    format!(
        "CREATE EXTERNAL TABLE {}{}{};",
        quote::name(&definition.name),
        comment(definition.description.as_deref()),
        settings(&definition.settings)
    )
}

pub fn schema(definition: &SchemaDef, replace: bool) -> String {
    let create = if replace {
        "CREATE OR REPLACE"
    } else {
        "CREATE"
    };
    format!(
        "{create} FORMAT SCHEMA {} AS {} TYPE {};",
        quote::name(&definition.name),
        quote::text(&definition.content),
        definition.kind
    )
}

fn column(column: &ColumnDef) -> String {
    let default = column.default.as_ref();
    let default = default.map(|default| format!(" DEFAULT {default}"));
    format!(
        "{} {}{}",
        quote::name(&column.name),
        column.data_type,
        default.unwrap_or_default()
    )
}

fn comment(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| {
        format!("\nCOMMENT {}", quote::text(text))
    })
}

fn settings(settings: &[Setting]) -> String {
    let settings = settings.iter();
    let settings = settings.map(|one| format!("{} = {}", one.key, quote::text(&one.value)));
    format!(
        "\nSETTINGS\n  {}",
        settings.collect::<Vec<_>>().join(",\n  ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(key: &str, value: &str) -> Setting {
        Setting {
            key: key.into(),
            value: value.into(),
        }
    }

    #[test]
    fn statements_quote_what_people_type() {
        let stream = stream(&ExternalStreamDef {
            name: "logs".into(),
            description: Some("it's".into()),
            columns: vec![ColumnDef {
                name: "a b".into(),
                data_type: "string".into(),
                default: Some("'x'".into()),
                ..ColumnDef::default()
            }],
            settings: vec![setting("type", "log"), setting("timestamp_regex", r"^\d'")],
        });
        assert_eq!(
            stream,
            "CREATE EXTERNAL STREAM logs\n(\n  `a b` string DEFAULT 'x'\n)\nCOMMENT 'it''s'\n\
             SETTINGS\n  type = 'log',\n  timestamp_regex = '^\\\\d''';"
        );
        let table = table(&ExternalTableDef {
            name: "orders".into(),
            description: None,
            settings: vec![setting("type", "mysql")],
        });
        assert_eq!(
            table,
            "CREATE EXTERNAL TABLE orders\nSETTINGS\n  type = 'mysql';"
        );
    }

    #[test]
    fn a_schema_is_created_or_replaced() {
        let definition = SchemaDef {
            name: "s".into(),
            kind: "Protobuf".into(),
            content: "syntax = \"proto3\";\nmessage A {}".into(),
            ..SchemaDef::default()
        };
        assert_eq!(
            schema(&definition, true),
            "CREATE OR REPLACE FORMAT SCHEMA s AS 'syntax = \"proto3\";\nmessage A {}' TYPE Protobuf;"
        );
    }
}
