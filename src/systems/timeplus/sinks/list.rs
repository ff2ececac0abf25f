//! Columns of the list of sinks.

use weir_api::{
    ApiError, json_response,
    property::find,
    timeplus::{
        sink::{Sink, SinkStats, Throughput},
        types::sinks::TYPES,
    },
};

use crate::{
    kit::{Column, latest},
    ui::{
        Tone,
        number::{bytes, count},
        table::Cell,
    },
};

pub const COLUMNS: &[Column<Sink>] = &[
    Column::text("name", "Name", 160, |it| it.name.clone()),
    Column::cell("state", "State", 88, |it| {
        Cell::State(tone(&it.status), it.status.clone())
    }),
    Column::text("type", "Type", 100, |it| kind(&it.kind)),
    Column::mono("query", "Query", 260, |it: &Sink| one_line(&it.query)).unsorted(),
    Column::number("delivered", "Delivered", 92, |_| Cell::Empty).late(),
    Column::number("failed", "Failed", 76, |_| Cell::Empty).late(),
    Column::number("rate", "Rate", 92, |_| Cell::Empty).late(),
    Column::time("updated", "Updated", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

/// What the state word stands for.
pub fn tone(status: &str) -> Tone {
    match status {
        "running" => Tone::Good,
        "stopped" => Tone::Neutral,
        "error" => Tone::Bad,
        _ => Tone::Warn,
    }
}

/// The type's title, or its name where the table does not know it.
pub fn kind(name: &str) -> String {
    match find(TYPES, name) {
        known if known.name.is_empty() => name.into(),
        known => known.title.into(),
    }
}

pub fn one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Rows delivered, rows given up, bytes per second.
pub fn figures(body: &[u8]) -> Result<Vec<Cell>, ApiError> {
    let stats: SinkStats = json_response(body)?;
    let whole = |value: f64| Cell::Number(value, count(value.max(0.0) as u64));
    let rate = rate(&stats.throughput);
    Ok(vec![
        whole(stats.success_count),
        whole(stats.failure_count),
        Cell::Number(rate, format!("{}/s", bytes(rate as u64))),
    ])
}

/// Bytes per second in the newest minute.
pub fn rate(throughput: &[Throughput]) -> f64 {
    throughput.last().map_or(0.0, |point| point.value.max(0.0))
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
    fn figures_count_rows() {
        let body = br#"{"success_count":12345,"failure_count":1,"throughput":[{"value":9},{"value":2500.4}]}"#;
        let cells = figures(body).expect("stats");
        let words: Vec<_> = cells.iter().map(Cell::words).collect();
        assert_eq!(words, ["12,345", "1", "2.50 kB/s"]);
    }

    #[test]
    fn a_query_fits_one_line() {
        assert_eq!(one_line("SELECT\n  a\nFROM s"), "SELECT a FROM s");
        assert_eq!(
            (kind("http").as_str(), kind("new").as_str()),
            ("HTTP", "new")
        );
    }
}
