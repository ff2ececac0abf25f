//! Columns of the list of functions.

use weir_api::timeplus::udf::{Kind, Udf};

use super::draft::Form;
use crate::ui::table::{Cell, Column};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 160),
        Column::text("kind", "Kind", 96),
        Column::text("arguments", "Arguments", 200),
        Column::text("returns", "Returns", 110),
        Column::text("language", "Language", 96),
        Column::text("description", "Description", 160),
        Column::text("updated", "Updated", 96),
    ]
}

pub fn cells(function: &Udf) -> Vec<Cell> {
    vec![
        Cell::Text(function.name.clone()),
        Cell::Text(Form::of(function).as_str().into()),
        Cell::Mono(arguments(function)),
        Cell::Mono(function.return_type.clone()),
        Cell::Text(language(function).into()),
        Cell::Text(function.description.clone()),
        Cell::Time(updated(function).unwrap_or_default()),
    ]
}

pub fn language(function: &Udf) -> &'static str {
    match function.kind {
        Kind::JavaScript => "JavaScript",
        Kind::Remote => "HTTP",
        Kind::Other if function.source.is_empty() => "",
        Kind::Other => "other",
    }
}

/// `x float64, y string`
pub fn arguments(function: &Udf) -> String {
    let arguments: Vec<String> = function
        .arguments
        .iter()
        .map(|argument| format!("{} {}", argument.name, argument.data_type))
        .collect();
    arguments.join(", ")
}

/// As text that [`crate::ui::time`] reads.
pub fn updated(function: &Udf) -> Option<String> {
    [
        &function.last_modified_at,
        &function.last_updated_at,
        &function.created_at,
    ]
    .into_iter()
    .flatten()
    .find(|text| !text.is_empty())
    .map(|text| moment(text))
}

/// Milliseconds as ISO 8601; other texts as they are.
pub fn moment(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(ms) => js_sys::Date::new(&ms.into()).to_iso_string().into(),
        Err(_) => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_cell_for_each_column() {
        let function: Udf = serde_json::from_str(
            r#"{"name":"f","type":"javascript","is_aggregation":true,"return_type":"string",
                "arguments":[{"name":"x","type":"float64"},{"name":"y","type":"int8"}]}"#,
        )
        .expect("function");
        let cells = cells(&function);
        assert_eq!(cells.len(), columns().len());
        let words: Vec<_> = cells.iter().map(Cell::words).collect();
        assert_eq!(
            words[1..5],
            ["aggregate", "x float64, y int8", "string", "JavaScript"]
        );
    }
}
