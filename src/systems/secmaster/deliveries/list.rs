//! Deliveries in a table.

use weir_api::secmaster::shipper::{End, Shipper, consumption, status};

use crate::{
    kit::Column,
    ui::{Tone, table::Cell, time},
};

pub const COLUMNS: &[Column<Shipper>] = &[
    Column::text("name", "Name", 180, |it| it.shipper_name.clone()),
    Column::cell("state", "State", 170, |it| Cell::State(tone(it), state(it))),
    Column::text("mode", "Mode", 90, |it| mode(it.consumption_type)),
    Column::mono("source", "Source", 180, |it| {
        place(&it.shipper_source, &it.workspace_id)
    }),
    Column::mono("destination", "Destination", 180, |it| {
        place(&it.shipper_destination, &it.workspace_id)
    }),
    Column::number("records", "Delivered", 90, |it| match &it.weir {
        Some(progress) => Cell::count(progress.records),
        None => Cell::Empty,
    }),
    Column::text("error", "Last error", 180, |it| {
        let progress = it.weir.as_ref().filter(|_| failing(it));
        progress.map_or_else(String::new, |progress| progress.last_error.clone())
    }),
    Column::time("created", "Created", 150, |it| iso(it.create_time)),
];

/// Words for the embedded backend's own numbers; those of others stay numbers.
pub fn state(shipper: &Shipper) -> String {
    match shipper.known_status().and_then(status::words) {
        Some(_) if failing(shipper) => "Delivering, with errors".into(),
        Some(words) => words.into(),
        None => format!("Status {}", shipper.status),
    }
}

pub fn tone(shipper: &Shipper) -> Tone {
    match shipper.known_status() {
        _ if failing(shipper) => Tone::Bad,
        Some(status::DELIVERING) => Tone::Good,
        Some(status::PENDING) => Tone::Warn,
        Some(status::REFUSED | status::CANCELED) => Tone::Bad,
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
