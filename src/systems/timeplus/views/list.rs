//! Columns of the list of views.

use weir_api::timeplus::view::View;

use crate::ui::{
    number::count,
    table::{Cell, Column},
};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 180),
        Column::text("kind", "Kind", 110),
        Column::number("columns", "Columns", 76),
        Column::text("query", "Query", 420).unsorted(),
        Column::text("updated", "Updated", 96),
    ]
}

pub fn cells(view: &View) -> Vec<Cell> {
    let updated = view.last_updated_at.clone();
    let updated = updated.or_else(|| view.created_at.clone());
    vec![
        Cell::Text(view.name.clone()),
        Cell::Text(kind(view).into()),
        Cell::Number(view.columns.len() as f64, count(view.columns.len() as u64)),
        Cell::Mono(one_line(view.select())),
        Cell::Time(updated.unwrap_or_default()),
    ]
}

pub fn kind(view: &View) -> &'static str {
    if view.materialized {
        "materialized"
    } else {
        "view"
    }
}

/// The beginning of a query.
pub fn one_line(query: &str) -> String {
    const SHOWN: usize = 160;
    let words: Vec<&str> = query.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_cell_for_each_column() {
        assert_eq!(cells(&View::default()).len(), columns().len());
    }

    #[test]
    fn long_queries_are_cut() {
        assert_eq!(one_line("SELECT\n  1"), "SELECT 1");
        let long = one_line(&"ä ".repeat(200));
        assert_eq!(long.chars().count(), 161);
    }
}
