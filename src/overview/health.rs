//! How a system is doing, read from the rows of its lists: without knowledge of what is listed.

use crate::{
    kit::{
        BulkAction,
        list::states::{Counted, states},
    },
    ui::{
        Tone,
        table::{Cell, Column, Row},
        time,
    },
};

/// Resources of one kind by what they do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub all: usize,
    pub running: usize,
    /// Failed, fires, or waits for somebody.
    pub trouble: usize,
    pub stopped: usize,
}

/// Something that needs somebody.
#[derive(Debug, Clone)]
pub struct Finding {
    /// For example `Sink`.
    pub kind: String,
    pub name: String,
    pub href: String,
    pub tone: Tone,
    /// The system's own word.
    pub state: String,
    /// The last error; empty where the list tells none.
    pub message: String,
    /// When it last changed, ISO 8601; empty where the list does not tell.
    pub since: String,
    /// What it is in the list, for what can be done with it.
    pub key: String,
    /// The way out, where there is one that takes a press.
    pub help: Option<&'static BulkAction>,
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        let told = |one: &Self| {
            let help = one.help.map(|it| it.verb);
            let texts = [&one.kind, &one.href, &one.state, &one.message, &one.since];
            (help, texts.map(String::clone))
        };
        told(self) == told(other)
    }
}

/// Something that was made or changed.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Recent {
    pub kind: String,
    pub name: String,
    pub href: String,
    /// ISO 8601.
    pub at: String,
}

/// What the rows of one list tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Health {
    pub tally: Tally,
    /// In the system's own words, what failed first.
    pub states: Vec<Counted>,
    pub findings: Vec<Finding>,
    pub recent: Vec<Recent>,
}

/// Columns that hold what went wrong, and when something happened.
const MESSAGES: [&str; 3] = ["message", "error", "last_error"];
const MOMENTS: [&str; 4] = ["since", "last", "updated", "created"];

/// `columns` and the rows' cells go together; `kind` is one of them, for example `Sink`.
pub(crate) fn assess(
    kind: &str,
    columns: &[Column],
    rows: &[Row],
    actions: &'static [BulkAction],
) -> Health {
    let mut health = Health {
        states: states(rows.iter(), "", ""),
        ..Health::default()
    };
    for row in rows {
        health.tally.all += 1;
        let name = row.cells.first().map_or("", Cell::words);
        let name = if name.is_empty() { &row.key } else { name };
        let cell = |ids: &[&str]| {
            let named = |id: &&str| columns.iter().position(|column| column.id == *id);
            let places = ids.iter().filter_map(named);
            let mut words = places.filter_map(|at| row.cells.get(at).map(Cell::words));
            words
                .find(|words| !words.is_empty())
                .unwrap_or_default()
                .to_string()
        };
        let updated = cell(&["updated", "created"]);
        if !updated.is_empty() {
            health.recent.push(Recent {
                kind: kind.into(),
                name: name.into(),
                href: row.href.clone(),
                at: updated,
            });
        }
        let state = row.cells.iter().find_map(|cell| match cell {
            Cell::State(tone, word) => Some((*tone, word)),
            _ => None,
        });
        let Some((tone, state)) = state else { continue };
        match tone {
            Tone::Good | Tone::Accent => health.tally.running += 1,
            Tone::Neutral => health.tally.stopped += 1,
            Tone::Bad | Tone::Warn => {
                health.tally.trouble += 1;
                health.findings.push(Finding {
                    kind: kind.into(),
                    name: name.into(),
                    href: row.href.clone(),
                    tone,
                    state: state.clone(),
                    message: cell(&MESSAGES),
                    since: cell(&MOMENTS),
                    key: row.key.clone(),
                    help: actions.iter().find(|it| it.leads_out_of(state)),
                });
            }
        }
    }
    health
}

/// What failed before what only waits; then by name.
pub(crate) fn worst_first(findings: &mut [Finding]) {
    let rank = |one: &Finding| u8::from(one.tone != Tone::Bad);
    findings.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.name.cmp(&b.name)));
}

/// The newest `most`, whatever their kind.
pub(crate) fn newest(mut all: Vec<Recent>, most: usize) -> Vec<Recent> {
    let at = |one: &Recent| time::parse(&one.at).unwrap_or(f64::NEG_INFINITY);
    all.sort_by(|a, b| at(b).total_cmp(&at(a)));
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 4] = [
        Column::text("name", "Name", 100),
        Column::text("state", "State", 100),
        Column::text("message", "Message", 100),
        Column::text("updated", "Updated", 100),
    ];

    const ACTIONS: &[BulkAction] = &[BulkAction {
        verb: "Start",
        done: "started",
        request: |key| Ok(weir_api::ApiRequest::post(key)),
        effect: "",
        needs: None,
        helps: &["word"],
        halts: false,
        idle: &[],
    }];

    fn row(name: &str, tone: Tone, message: &str) -> Row {
        Row {
            key: format!("id-{name}"),
            href: format!("/c/a/sinks/{name}"),
            cells: vec![
                Cell::Text(name.into()),
                Cell::State(tone, "word".into()),
                Cell::Text(message.into()),
                Cell::Time("2026-01-01 00:00:00".into()),
            ],
            ..Row::default()
        }
    }

    #[test]
    fn what_failed_is_found_with_its_message_and_time() {
        let rows = [
            row("b", Tone::Warn, ""),
            row("ok", Tone::Good, ""),
            row("off", Tone::Neutral, ""),
            row("a", Tone::Bad, "refused"),
        ];
        let mut health = assess("Sink", &COLUMNS, &rows, ACTIONS);
        let tally = health.tally;
        assert_eq!(
            (tally.all, tally.running, tally.trouble, tally.stopped),
            (4, 1, 2, 1)
        );
        worst_first(&mut health.findings);
        let first = &health.findings[0];
        assert_eq!(
            (first.name.as_str(), first.message.as_str()),
            ("a", "refused")
        );
        assert_eq!(first.since, "2026-01-01 00:00:00");
        assert_eq!(first.help.map(|it| it.verb), Some("Start"));
        assert_eq!(health.recent.len(), 4);
        assert_eq!((health.states.len(), health.states[0].count), (1, 4));
    }

    #[test]
    fn what_has_no_state_or_name_is_counted_all_the_same() {
        let row = Row {
            key: "7".into(),
            cells: vec![Cell::Empty],
            ..Row::default()
        };
        let health = assess("Stream", &COLUMNS, &[row], &[]);
        assert_eq!(
            health.tally,
            Tally {
                all: 1,
                ..Tally::default()
            }
        );
        assert!(health.findings.is_empty() && health.recent.is_empty());
    }
}
