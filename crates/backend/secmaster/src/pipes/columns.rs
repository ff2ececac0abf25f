//! Columns of a stream as the vendor's tables have them.

use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::timeplus::stream::{ColumnDef, StreamColumn};
use weir_engine::ColumnChange;

use super::super::vendor_error::VendorError;
use crate::{Services, auth::Actor};

/// The vendor's types, and those of streams; of two with the same the first is told.
const TYPES: [(&str, &str); 19] = [
    ("STRING", "string"),
    ("KEYWORD", "string"),
    ("VARCHAR", "string"),
    ("CHAR", "string"),
    // An object, as JSON.
    ("ROW", "string"),
    ("TIME", "string"),
    ("TINYINT", "int8"),
    ("SMALLINT", "int16"),
    ("INT", "int32"),
    ("BIGINT", "int64"),
    ("FLOAT", "float32"),
    ("DOUBLE", "float64"),
    ("DECIMAL", "decimal(38, 9)"),
    ("BOOLEAN", "bool"),
    ("DATE", "date"),
    ("TIMESTAMP", "datetime64(3)"),
    ("TIMESTAMP_LTZ", "datetime64(3)"),
    ("MAP_STRING", "map(string, string)"),
    ("MAP_DECIMAL", "map(string, float64)"),
];

/// What a request says of a column; other keys say how the vendor stores it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Column {
    column_name: String,
    column_data_type: String,
    /// An expression.
    default_value: Option<String>,
    nullable: Option<bool>,
    array: Option<bool>,
}

/// `place` is the list's own in the request.
pub(super) fn read(columns: Vec<Column>, place: &str) -> Result<Vec<ColumnDef>, VendorError> {
    let columns = columns.into_iter().enumerate();
    columns
        .map(|(at, column)| {
            let name = &column.column_data_type;
            let known = TYPES
                .iter()
                .find(|(kind, _)| kind.eq_ignore_ascii_case(name));
            // Types of streams are taken as they are.
            let plain = known.map_or(name.as_str(), |(_, data_type)| *data_type);
            if column.column_name.is_empty() || plain.is_empty() {
                let words = "column_name and column_data_type are needed";
                return Err(VendorError::field(format!("{place}[{at}]"), words));
            }
            let nests = plain.starts_with("map(") || column.array == Some(true);
            let data_type = match () {
                () if column.array == Some(true) => format!("array({plain})"),
                () if column.nullable == Some(true) && !nests => format!("nullable({plain})"),
                () => plain.to_owned(),
            };
            Ok(ColumnDef {
                name: column.column_name,
                data_type,
                default: column.default_value.filter(|text| !text.trim().is_empty()),
                ..ColumnDef::default()
            })
        })
        .collect()
}

/// What a type is within another one.
fn within<'a>(data_type: &'a str, outer: &str) -> Option<&'a str> {
    data_type.strip_prefix(outer)?.strip_suffix(')')
}

/// As a pipe tells them.
pub(super) fn told(columns: &[StreamColumn]) -> Vec<Value> {
    let column = |(at, column): (usize, &StreamColumn)| {
        let array = within(&column.data_type, "array(");
        let plain = array.unwrap_or(&column.data_type);
        let plain = within(plain, "nullable(").unwrap_or(plain);
        let known = TYPES.iter().find(|(_, data_type)| *data_type == plain);
        json!({
            "column_name": column.name, "own_name": column.name, "parent_name": "",
            "column_data_type": known.map_or(plain, |(kind, _)| *kind),
            "column_data_type_setting": "", "column_type": "PHYSICAL", "column_type_setting": "",
            "column_sequence_number": at + 1, "nullable": column.nullable,
            "array": array.is_some(), "depth": 0,
            "default_value": column.default.clone().unwrap_or_default(),
        })
    };
    columns.iter().enumerate().map(column).collect()
}

/// Adds what a pipe does not have yet. Columns that are not sent stay, with what is in them.
pub(super) async fn add(
    app: &Services,
    pipe: &str,
    wanted: Vec<ColumnDef>,
    place: &str,
    actor: &Actor,
) -> Result<(), VendorError> {
    let all = super::index::columns(app, pipe);
    let mut added = Vec::new();
    for column in wanted {
        match all.iter().find(|known| known.name == column.name) {
            None => added.push(ColumnChange::Add {
                column,
                if_not_exists: true,
            }),
            Some(known) if plain(&known.data_type) == plain(&column.data_type) => {}
            Some(known) => {
                let words = format!(
                    "a field of the embedded backend keeps its type, which is {}",
                    known.data_type
                );
                return Err(VendorError::field(
                    format!("{place}.{}", column.name),
                    words,
                ));
            }
        }
    }
    if !added.is_empty() {
        app.store.alter_columns(pipe, added, actor.owner()).await?;
    }
    Ok(())
}

fn plain(data_type: &str) -> &str {
    within(data_type, "nullable(").unwrap_or(data_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(json: Value) -> Column {
        serde_json::from_value(json).expect("column")
    }

    #[test]
    fn types_are_the_vendors_words_on_both_ways() {
        for (kind, data_type) in TYPES {
            let sent = column(json!({"column_name": "a", "column_data_type": kind}));
            let read = read(vec![sent], "columns").expect("columns");
            assert_eq!(read[0].data_type, data_type, "{kind}");
        }
        let sent = column(
            json!({"column_name": "a", "column_data_type": "BIGINT", "nullable": true, "array": null}),
        );
        let read = read(vec![sent], "columns").expect("columns");
        assert_eq!(read[0].data_type, "nullable(int64)");
        let told = told(&[StreamColumn {
            name: "a".into(),
            data_type: "nullable(int64)".into(),
            nullable: true,
            ..StreamColumn::default()
        }]);
        assert_eq!(told[0]["column_data_type"], "BIGINT");
        assert_eq!(told[0]["array"], false);
    }

    #[test]
    fn a_column_without_a_type_is_named() {
        let refused = read(vec![column(json!({"column_name": "a"}))], "schema.columns");
        let words = format!("{:?}", refused.expect_err("no type"));
        assert!(words.contains("schema.columns[0]"), "{words}");
    }
}
