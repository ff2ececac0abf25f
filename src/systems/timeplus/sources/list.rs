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
    systems::timeplus::activity,
    ui::{
        number::{bytes, count},
        table::{Cell, Column},
    },
};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 180),
        Column::text("state", "State", 116),
        Column::text("type", "Type", 140),
        Column::text("stream", "Stream", 160),
        Column::number("rate", "Throughput", 104).late(),
        Column::number("rows", "Rows", 96).late(),
        Column::number("errors", "Errors", 84).late(),
        Column::text("updated", "Updated", 96),
    ]
}

pub fn cells(source: &Source) -> Vec<Cell> {
    let updated = source.last_updated_at.as_ref();
    let updated = updated.or(source.created_at.as_ref()).cloned();
    vec![
        Cell::Text(source.name.clone()),
        Cell::State(activity::tone(&source.status), source.status.clone()),
        Cell::Text(kind(&source.kind)),
        Cell::Mono(source.stream.clone()),
        Cell::Empty,
        Cell::Empty,
        Cell::Empty,
        Cell::Time(updated.unwrap_or_default()),
    ]
}

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
    fn there_is_a_cell_for_each_column() {
        assert_eq!(cells(&Source::default()).len(), columns().len());
        let late = columns().iter().filter(|column| column.late).count();
        assert_eq!(figures(b"{}").expect("stats").len(), late);
    }

    #[test]
    fn types_have_the_names_people_know() {
        assert_eq!(kind("nats_jetstream"), "NATS JetStream");
        assert_eq!(kind("brand_new"), "brand_new");
    }
}
