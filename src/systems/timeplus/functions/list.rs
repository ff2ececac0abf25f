//! Columns of the list of functions.

use weir_api::timeplus::udf::{Kind, Udf};

use super::draft::Form;
use crate::kit::Column;

pub const COLUMNS: &[Column<Udf>] = &[
    Column::text("name", "Name", 160, |it| it.name.clone()),
    Column::text("kind", "Kind", 96, |it| Form::of(it).as_str().into()),
    Column::mono("arguments", "Arguments", 200, arguments),
    Column::mono("returns", "Returns", 110, |it| it.return_type.clone()),
    Column::text("language", "Language", 96, language),
    Column::text("description", "Description", 160, |it| {
        it.description.clone()
    }),
    Column::time("updated", "Updated", 96, |it| {
        updated(it).unwrap_or_default()
    }),
];

pub fn language(function: &Udf) -> String {
    match function.kind {
        Kind::JavaScript => "JavaScript".into(),
        Kind::Remote => "HTTP".into(),
        Kind::Sql => "SQL".into(),
        Kind::Other(word) => word.as_str().into(),
    }
}

/// `x float64, y string`
pub fn arguments(function: &Udf) -> String {
    let arguments: Vec<String> = function
        .arguments
        .iter()
        .map(|argument| {
            format!("{} {}", argument.name, argument.data_type)
                .trim_end()
                .to_string()
        })
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
    use crate::{kit, ui::table::Cell};

    #[test]
    fn a_row_tells_the_signature() {
        let function: Udf = serde_json::from_str(
            r#"{"name":"f","type":"javascript","is_aggregation":true,"return_type":"string",
                "arguments":[{"name":"x","type":"float64"},{"name":"y","type":"int8"}]}"#,
        )
        .expect("function");
        let cells = kit::cells(COLUMNS, &function);
        let words: Vec<_> = cells.iter().map(Cell::words).collect();
        assert_eq!(
            words[1..5],
            ["aggregate", "x float64, y int8", "string", "JavaScript"]
        );
    }
}
