//! Columns of the list of alerts.

use std::borrow::Cow;

use weir_api::{
    property::find,
    timeplus::{alert::Alert, types::alert_actions::TYPES},
};

use super::super::views::list::one_line;
use crate::{
    kit::{Column, latest},
    ui::{Tone, table::Cell, time},
};

pub const COLUMNS: &[Column<Alert>] = &[
    Column::text("name", "Name", 180, |it| it.name.clone()),
    Column::cell("state", "State", 130, |it| {
        let (tone, word) = state(it);
        Cell::State(tone, word.into_owned())
    }),
    Column::number("severity", "Severity", 80, |it| {
        Cell::Number(it.severity as f64, it.severity.to_string())
    }),
    Column::text("action", "Action", 100, |it| action(&it.action)),
    Column::time("last", "Last event", 120, |it| {
        let last = it.instance.timeline.last();
        last.map_or_else(String::new, |last| moment(last.timestamp))
    }),
    Column::text("message", "Message", 200, message).unsorted(),
    Column::time("updated", "Updated", 96, |it| {
        latest(&it.last_updated_at, &it.created_at)
    }),
];

pub fn state(alert: &Alert) -> (Tone, Cow<'static, str>) {
    match (alert.status.as_str(), alert.is_triggered()) {
        ("error", _) => (Tone::Bad, "error".into()),
        ("stopped", false) => (Tone::Neutral, "stopped".into()),
        ("stopped", true) => (Tone::Warn, "stopped, firing".into()),
        ("" | "running", true) => (Tone::Bad, "firing".into()),
        ("" | "running", false) => (Tone::Good, "resolved".into()),
        // Of a server that knows more: as it came.
        (other, true) => (Tone::Bad, format!("{other}, firing").into()),
        (other, false) => (Tone::Neutral, other.to_string().into()),
    }
}

/// Why it is in its state: an alert that fires has no error, but a reason.
fn message(alert: &Alert) -> String {
    let reasons = [&alert.message, &alert.description, &alert.trigger_sql];
    match alert.is_triggered() {
        true => reasons
            .into_iter()
            .find(|one| !one.is_empty())
            .map_or_else(String::new, |one| one_line(one)),
        false => alert.message.clone(),
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
        assert_eq!(state(&alert), (Tone::Bad, "firing".into()));
        alert.status = "stopped".into();
        assert_eq!(state(&alert).1, "stopped, firing");
        alert.status = "error".into();
        assert_eq!(state(&alert).1, "error");
        alert.status = "muted".into();
        assert_eq!(state(&alert).1, "muted, firing");
    }
}
