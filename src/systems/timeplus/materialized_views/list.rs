//! Columns of the list of materialized views.

use weir_api::{
    ApiError, json_response,
    timeplus::materialized_view::{MaterializedView, Stats, Status},
};

use crate::{
    kit::{Column, latest},
    ui::{
        Tone,
        number::{count, plural, rate},
        table::Cell,
    },
};

pub const COLUMNS: &[Column<MaterializedView>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::cell("state", "State", 150, |it: &MaterializedView| {
        it.status.map(state_cell).unwrap_or_default()
    })
    .late(),
    Column::text("target", "Target", 130, target),
    Column::number("rows", "Rows", 100, |_| Cell::Empty).late(),
    Column::number("rate", "Written", 108, |_| Cell::Empty).late(),
    Column::number("lag", "Lag", 108, |_| Cell::Empty).late(),
    Column::time("updated", "Updated", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

pub fn target(view: &MaterializedView) -> String {
    match view.target_stream.as_str() {
        "" => "internal stream".into(),
        target => target.into(),
    }
}

fn state_cell(status: Status) -> Cell {
    Cell::State(tone(status), status.words().into())
}

pub fn tone(status: Status) -> Tone {
    match status {
        Status::ExecutingPipeline => Tone::Good,
        Status::Error => Tone::Bad,
        Status::AutoRecovering | Status::Recovering => Tone::Warn,
        _ => Tone::Neutral,
    }
}

pub fn behind(rows: i64) -> String {
    match rows {
        rows if rows <= 0 => "up to date".into(),
        rows => plural(rows.unsigned_abs(), "row", "rows"),
    }
}

/// State, rows, rows per second, rows not yet taken into account.
pub fn figures(body: &[u8]) -> Result<Vec<Cell>, ApiError> {
    let stats: Stats = json_response(body)?;
    let rows = stats.target.row_count.max(0);
    Ok(vec![
        stats.status().map(state_cell).unwrap_or_default(),
        Cell::Number(rows as f64, count(rows.unsigned_abs())),
        Cell::Number(
            stats.target.written_eps,
            rate(stats.target.written_eps, "rows"),
        ),
        match stats.lagging {
            Some(rows) => Cell::Number(rows as f64, behind(rows)),
            None => Cell::Empty,
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_fill_the_late_columns() {
        let late = COLUMNS.iter().filter(|column| column.head.late).count();
        assert_eq!(figures(b"{}").expect("stats").len(), late);
    }

    #[test]
    fn figures_of_either_revision() {
        let words = |body: &[u8]| -> Vec<String> {
            let cells = figures(body).expect("stats");
            cells.iter().map(|cell| cell.words().to_string()).collect()
        };
        assert_eq!(
            words(
                br#"{"row_count":1200,"written_eps":2.5,"nodes":[{"node_id":1,"status":"Fatal"}]}"#
            ),
            ["error", "1,200", "2.5 rows/s", ""]
        );
        assert_eq!(
            words(br#"{"row_count":0,"status":"ExecutingPipeline","lagging":1}"#)[3],
            "1 row"
        );
    }
}
