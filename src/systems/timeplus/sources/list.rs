//! Columns of the list of sources.

use weir_api::{
    ApiError, json_response,
    property::find,
    timeplus::{
        source::{Source, Stats},
        types::sources::TYPES,
    },
};

use crate::{
    kit::{Column, latest},
    systems::timeplus::activity,
    ui::{
        number::{bytes, count},
        table::Cell,
    },
};

pub const COLUMNS: &[Column<Source>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::cell("state", "State", 116, |it| {
        Cell::State(activity::tone(&it.status), it.status.clone())
    }),
    Column::text("type", "Type", 140, |it| kind(&it.kind)),
    Column::mono("stream", "Stream", 160, |it| it.stream.clone()),
    Column::number("rate", "Throughput", 104, |_| Cell::Empty).late(),
    Column::number("rows", "Rows", 96, |_| Cell::Empty).late(),
    Column::number("errors", "Errors", 84, |_| Cell::Empty).late(),
    Column::time("updated", "Updated", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

pub fn kind(name: &str) -> String {
    match find(TYPES, name).title {
        title if !find(TYPES, name).name.is_empty() => title.into(),
        _ => name.into(),
    }
}

/// Bytes per second, rows that came through, rows that did not.
pub fn figures(body: &[u8]) -> Result<Vec<Cell>, ApiError> {
    let stats: Stats = json_response(body)?;
    let rate = activity::current(&stats).max(0.0);
    let whole = |value: f64| Cell::Number(value, count(value.max(0.0) as u64));
    Ok(vec![
        Cell::Number(rate, format!("{}/s", bytes(rate as u64))),
        whole(stats.success_count),
        whole(stats.failure_count),
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
    fn types_have_the_names_people_know() {
        assert_eq!(kind("nats_jetstream"), "NATS JetStream");
        assert_eq!(kind("brand_new"), "brand_new");
    }
}
