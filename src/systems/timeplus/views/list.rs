//! Columns of the list of views.

use weir_api::timeplus::view::View;

use crate::{
    kit::{Column, latest},
    ui::table::Cell,
};

pub const COLUMNS: &[Column<View>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::number("columns", "Columns", 76, |it| {
        Cell::count(it.columns.len() as u64)
    }),
    Column::mono("query", "Query", 420, |it: &View| one_line(it.select())).unsorted(),
    Column::time("updated", "Updated", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

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
    fn long_queries_are_cut() {
        assert_eq!(one_line("SELECT\n  1"), "SELECT 1");
        let long = one_line(&"ä ".repeat(200));
        assert_eq!(long.chars().count(), 161);
    }
}
