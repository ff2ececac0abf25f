//! Deliveries in a table.

use weir_api::secmaster::shipper::{End, Shipper, consumption, status};

use crate::ui::{
    Tone,
    number::count,
    table::{Cell, Column},
    time,
};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 180),
        Column::text("state", "State", 170),
        Column::text("mode", "Mode", 90),
        Column::text("source", "Source", 180),
        Column::text("destination", "Destination", 180),
        Column::number("records", "Delivered", 90),
        Column::text("created", "Created", 150),
    ]
}

pub fn cells(shipper: &Shipper) -> Vec<Cell> {
    let records = shipper.weir.as_ref().map(|progress| progress.records);
    vec![
        Cell::Text(shipper.shipper_name.clone()),
        Cell::State(tone(shipper), state(shipper)),
        Cell::Text(mode(shipper.consumption_type)),
        Cell::Mono(place(&shipper.shipper_source, &shipper.workspace_id)),
        Cell::Mono(place(&shipper.shipper_destination, &shipper.workspace_id)),
        records.map_or(Cell::Empty, |n| Cell::Number(n as f64, count(n))),
        Cell::Time(iso(shipper.create_time)),
    ]
}

/// The words we believe; a number we do not know stays one.
pub fn state(shipper: &Shipper) -> String {
    match status::words(shipper.status) {
        Some(_) if failing(shipper) => "Delivering, with errors".into(),
        Some(words) => words.into(),
        None => format!("Status {}", shipper.status),
    }
}

pub fn tone(shipper: &Shipper) -> Tone {
    match shipper.status {
        _ if failing(shipper) => Tone::Bad,
        status::DELIVERING => Tone::Good,
        status::PENDING => Tone::Warn,
        status::REFUSED | status::CANCELED => Tone::Bad,
        _ => Tone::Neutral,
    }
}

fn failing(shipper: &Shipper) -> bool {
    let progress = shipper.weir.as_ref();
    shipper.status == status::DELIVERING && progress.is_some_and(|p| !p.last_error.is_empty())
}

pub fn mode(kind: i64) -> String {
    consumption::words(kind).map_or_else(|| format!("Mode {kind}"), Into::into)
}

/// The pipe, and its workspace where that is another.
pub fn place(end: &End, own: &str) -> String {
    let pipe = match end.pipe_name.as_str() {
        "" => &end.pipe,
        name => name,
    };
    match end.workspace.is_empty() || end.workspace == own {
        true => pipe.to_string(),
        false => format!("{} / {pipe}", end.workspace_name),
    }
}

/// Of Unix ms; empty where it is not known.
pub fn iso(ms: i64) -> String {
    match ms {
        0 => String::new(),
        ms => time::iso(ms as f64),
    }
}

#[cfg(test)]
mod tests {
    use weir_api::secmaster::shipper::Progress;

    use super::*;

    #[test]
    fn there_is_a_cell_for_each_column() {
        assert_eq!(cells(&Shipper::default()).len(), columns().len());
    }

    #[test]
    fn unknown_numbers_stay_visible() {
        let shipper = Shipper {
            status: 77,
            consumption_type: 9,
            ..Shipper::default()
        };
        assert_eq!(state(&shipper), "Status 77");
        assert_eq!(mode(9), "Mode 9");
        let failing = Shipper {
            weir: Some(Progress {
                last_error: "gone".into(),
                ..Progress::default()
            }),
            ..Shipper::default()
        };
        assert_eq!(tone(&failing), Tone::Bad);
    }
}
