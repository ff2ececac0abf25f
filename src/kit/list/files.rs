//! A list as a file: what is shown, in its order, with the columns that are chosen.

use weir_live::export::SPREADSHEET;

use crate::ui::table::{Cell, Column, Row};

/// Columns of a file: place among the cells and what stands in them.
fn chosen(columns: &[Column], hidden: &[usize]) -> Vec<(usize, &'static str)> {
    let all = columns.iter().enumerate();
    let shown = all.filter(|(at, column)| !hidden.contains(at) && !column.late);
    shown.map(|(at, column)| (at, column.title)).collect()
}

/// RFC 4180 with a header. Text that a spreadsheet would take for a formula begins with `'`.
pub fn csv(columns: &[Column], hidden: &[usize], rows: &[std::sync::Arc<Row>]) -> String {
    let chosen = chosen(columns, hidden);
    let line = |fields: Vec<String>| fields.join(",") + "\r\n";
    let mut text = line(chosen.iter().map(|(_, title)| field(title)).collect());
    for row in rows {
        let fields = chosen.iter().map(|(at, _)| match row.cells.get(*at) {
            Some(Cell::Number(value, _)) => value.to_string(),
            Some(cell) => field(cell.words()),
            None => String::new(),
        });
        text += &line(fields.collect());
    }
    text
}

fn field(text: &str) -> String {
    let mut field = String::new();
    SPREADSHEET.write_text(text, &mut field);
    field
}

/// A list of objects with the columns' ids as names; figures are numbers.
pub fn json(columns: &[Column], hidden: &[usize], rows: &[std::sync::Arc<Row>]) -> String {
    let chosen = chosen(columns, hidden);
    let object = |row: &std::sync::Arc<Row>| {
        let fields = chosen.iter().map(|(at, _)| {
            let value = match row.cells.get(*at) {
                Some(Cell::Number(value, _)) => serde_json::json!(value),
                Some(Cell::Empty) | None => serde_json::Value::Null,
                Some(cell) => cell.words().into(),
            };
            (columns[*at].id.to_string(), value)
        });
        serde_json::Value::Object(fields.collect())
    };
    let all: Vec<serde_json::Value> = rows.iter().map(object).collect();
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

/// Places of the columns that are not shown, from the address's list of those that are.
pub fn hidden(columns: &[Column], shown: &str) -> Vec<usize> {
    let shown: Vec<&str> = shown.split(',').filter(|id| !id.is_empty()).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let all = columns.iter().enumerate().skip(1);
    let hidden = all.filter(|(_, column)| !shown.contains(&column.id));
    hidden.map(|(at, _)| at).collect()
}

/// The other way; empty while all are shown.
pub fn shown(columns: &[Column], hidden: &[usize]) -> String {
    if hidden.is_empty() {
        return String::new();
    }
    let all = columns.iter().enumerate();
    let shown = all.filter(|(at, _)| !hidden.contains(at));
    shown
        .map(|(_, column)| column.id)
        .collect::<Vec<_>>()
        .join(",")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const COLUMNS: [Column; 4] = [
        Column::text("name", "Name", 100),
        Column::text("note", "Note", 100),
        Column::number("rows", "Rows", 100),
        Column::number("rate", "Rate", 100).late(),
    ];

    fn rows() -> Vec<Arc<Row>> {
        let row = |name: &str, note: &str| {
            Arc::new(Row {
                cells: vec![
                    Cell::Text(name.into()),
                    Cell::Text(note.into()),
                    Cell::Number(1234.0, "1,234".into()),
                ],
                ..Row::default()
            })
        };
        vec![row("a", "x, \"y\""), row("=b", "")]
    }

    #[test]
    fn files_hold_what_is_shown_with_figures_as_numbers() {
        assert_eq!(
            csv(&COLUMNS, &[], &rows()),
            "Name,Note,Rows\r\na,\"x, \"\"y\"\"\",1234\r\n'=b,,1234\r\n"
        );
        let text = json(&COLUMNS, &[1], &rows());
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value[1], serde_json::json!({"name": "=b", "rows": 1234.0}));
    }

    #[test]
    fn nothing_is_a_formula_in_a_spreadsheet() {
        for text in ["=1", " =1", "\n@x", "＝1", "-x"] {
            let field = field(text);
            assert!(field.trim_start_matches('"').starts_with('\''), "{field}");
        }
        assert_eq!((field("a-b").as_str(), field("").as_str()), ("a-b", ""));
    }

    #[test]
    fn chosen_columns_come_back_from_the_address() {
        for at in [vec![], vec![1], vec![2, 3]] {
            assert_eq!(hidden(&COLUMNS, &shown(&COLUMNS, &at)), at);
        }
        // The first column is always there, and what is not known is left alone.
        assert_eq!(hidden(&COLUMNS, "rows,later"), [1, 3]);
    }
}
