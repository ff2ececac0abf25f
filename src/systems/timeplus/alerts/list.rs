//! Columns of the list of alerts.

use weir_api::{
    property::find,
    timeplus::{alert::Alert, types::alert_actions::TYPES},
};

use crate::ui::{
    Tone,
    table::{Cell, Column},
    time,
};

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 180),
        Column::text("state", "State", 130),
        Column::number("severity", "Severity", 80),
        Column::text("action", "Action", 100),
        Column::text("last", "Last event", 120),
        Column::text("message", "Message", 200).unsorted(),
        Column::text("updated", "Updated", 96),
    ]
}

pub fn cells(alert: &Alert) -> Vec<Cell> {
    let updated = alert
        .last_updated_at
        .clone()
        .or_else(|| alert.created_at.clone());
    let last = alert.instance.timeline.last();
    let (tone, word) = state(alert);
    vec![
        Cell::Text(alert.name.clone()),
        Cell::State(tone, word.into()),
        Cell::Number(alert.severity as f64, alert.severity.to_string()),
        Cell::Text(action(&alert.action)),
        last.map_or(Cell::Empty, |last| Cell::Time(moment(last.timestamp))),
        Cell::Text(alert.message.clone()),
        Cell::Time(updated.unwrap_or_default()),
    ]
}

pub fn state(alert: &Alert) -> (Tone, &'static str) {
    match (alert.status.as_str(), alert.is_triggered()) {
        ("error", _) => (Tone::Bad, "error"),
        ("stopped", false) => (Tone::Neutral, "stopped"),
        ("stopped", true) => (Tone::Warn, "stopped, triggered"),
        (_, true) => (Tone::Bad, "triggered"),
        (_, false) => (Tone::Good, "resolved"),
    }
}

pub fn action(name: &str) -> String {
    match find(TYPES, name) {
        known if known.name.is_empty() => name.into(),
        known => known.title.into(),
    }
}

/// Unix time to what a page shows; seconds and milliseconds are told apart by their size.
pub fn moment(timestamp: i64) -> String {
    const YEAR_5138_IN_SECONDS: i64 = 100_000_000_000;
    let ms = match timestamp {
        0 => return String::new(),
        seconds if seconds.abs() < YEAR_5138_IN_SECONDS => seconds.saturating_mul(1000),
        ms => ms,
    };
    time::iso(ms as f64)
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::alert::{Incident, TRIGGERED};

    use super::*;

    #[test]
    fn there_is_a_cell_for_each_column() {
        assert_eq!(cells(&Alert::default()).len(), columns().len());
    }

    #[test]
    fn the_state_says_both_what_it_is_and_whether_it_watches() {
        let mut alert = Alert {
            status: "running".into(),
            ..Alert::default()
        };
        assert_eq!(state(&alert).1, "resolved");
        alert.instance = Incident {
            status: TRIGGERED.into(),
            ..Incident::default()
        };
        assert_eq!(state(&alert), (Tone::Bad, "triggered"));
        alert.status = "stopped".into();
        assert_eq!(state(&alert).1, "stopped, triggered");
        alert.status = "error".into();
        assert_eq!(state(&alert).1, "error");
    }
}
