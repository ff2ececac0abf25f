//! Triggered or resolved, and how it came to be so.

use serde::{Deserialize, Serialize};
use weir_api::timeplus::alert::{Happened, Incident, RESOLVED, TRIGGERED};

use crate::random;

/// Entries of a timeline; the oldest go.
const TIMELINE: usize = 200;

/// A row of the trigger or resolve query, as a JSON object, and its `_tp_time` in Unix
/// milliseconds where the query has that column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sign {
    pub row: String,
    pub at_ms: Option<i64>,
}

/// Somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notice {
    pub resolved: bool,
    pub row: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub incident: Incident,
    /// Why nobody could be told; empty when all is well.
    pub trouble: String,
    /// What triggered it or resolved it.
    changed_by: Option<Sign>,
    /// The two queries run apart: what one of them saw may be older than what the other one saw
    /// before. These are the newest rows that made no difference when they came.
    late_trigger: Option<Sign>,
    late_resolve: Option<Sign>,
}

impl State {
    pub(crate) fn is_triggered(&self) -> bool {
        self.incident.status == TRIGGERED
    }

    /// A row of the trigger query: the first one triggers, more of them do nothing.
    pub(crate) fn trigger(&mut self, sign: Sign, now_ms: i64) -> Vec<Notice> {
        if self.is_triggered() || self.is_before_change(&sign) {
            self.late_trigger = Some(sign);
            return Vec::new();
        }
        let mut notices = vec![self.begin(sign.clone(), now_ms)];
        let over = self.late_resolve.take_if(|late| is_after(late, &sign));
        if let Some(over) = over {
            notices.push(self.end(over, now_ms));
        }
        notices
    }

    /// A row of the resolve query.
    pub(crate) fn resolve(&mut self, sign: Sign, now_ms: i64) -> Vec<Notice> {
        if !self.is_triggered() || self.is_before_change(&sign) {
            self.late_resolve = Some(sign);
            return Vec::new();
        }
        let mut notices = vec![self.end(sign.clone(), now_ms)];
        let again = self.late_trigger.take_if(|late| is_after(late, &sign));
        if let Some(again) = again {
            notices.push(self.begin(again, now_ms));
        }
        notices
    }

    /// Somebody says it is over; only rows that come later count. Nothing where it is over.
    pub(crate) fn resolve_by(&mut self, who: &str, now_ms: i64) -> Option<Notice> {
        if !self.is_triggered() {
            return None;
        }
        let row = self.changed_by.as_ref().map(|sign| sign.row.clone());
        let row = row.unwrap_or_else(|| "{}".into());
        let notice = self.end(Sign { row, at_ms: None }, now_ms);
        self.late_trigger = None;
        if let Some(last) = self.incident.timeline.last_mut() {
            last.message = format!("by {who}");
        }
        Some(notice)
    }

    fn begin(&mut self, sign: Sign, now_ms: i64) -> Notice {
        self.incident.id = random::uuid();
        self.turn(TRIGGERED, sign, now_ms)
    }

    fn end(&mut self, sign: Sign, now_ms: i64) -> Notice {
        self.turn(RESOLVED, sign, now_ms)
    }

    fn turn(&mut self, status: &str, sign: Sign, now_ms: i64) -> Notice {
        self.incident.status = status.into();
        self.note(now_ms, status, crate::delivery::excerpt(&sign.row));
        let row = sign.row.clone();
        self.changed_by = Some(sign);
        Notice {
            resolved: status == RESOLVED,
            row,
        }
    }

    /// The same words in a row are noted once.
    pub(crate) fn note(&mut self, now_ms: i64, kind: &str, message: String) {
        let timeline = &mut self.incident.timeline;
        let same = |last: &Happened| last.kind == kind && last.message == message;
        if timeline.last().is_some_and(same) {
            return;
        }
        timeline.push(Happened {
            timestamp: now_ms,
            kind: kind.into(),
            message,
        });
        let surplus = timeline.len().saturating_sub(TIMELINE);
        timeline.drain(..surplus);
    }

    fn is_before_change(&self, sign: &Sign) -> bool {
        let changed = self.changed_by.as_ref().and_then(|change| change.at_ms);
        matches!((sign.at_ms, changed), (Some(at), Some(changed)) if at <= changed)
    }
}

/// False where the two cannot be compared.
fn is_after(late: &Sign, sign: &Sign) -> bool {
    matches!((late.at_ms, sign.at_ms), (Some(late), Some(at)) if late > at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(at_ms: impl Into<Option<i64>>) -> Sign {
        let at_ms = at_ms.into();
        Sign {
            row: format!("{{\"at\":{}}}", at_ms.unwrap_or(0)),
            at_ms,
        }
    }

    fn resolved(notices: &[Notice]) -> Vec<bool> {
        notices.iter().map(|notice| notice.resolved).collect()
    }

    #[test]
    fn the_first_row_triggers_and_then_there_is_silence() {
        let mut state = State::default();
        assert_eq!(resolved(&state.trigger(sign(None), 1)), [false]);
        let incident = state.incident.id.clone();
        assert!(!incident.is_empty() && state.is_triggered());
        assert_eq!(state.trigger(sign(None), 2), []);
        assert_eq!(resolved(&state.resolve(sign(None), 3)), [true]);
        assert_eq!(state.resolve(sign(None), 4), []);
        assert_eq!(resolved(&state.trigger(sign(None), 5)), [false]);
        assert_ne!(state.incident.id, incident);
        let kinds: Vec<&str> = state
            .incident
            .timeline
            .iter()
            .map(|e| e.kind.as_str())
            .collect();
        assert_eq!(kinds, ["triggered", "resolved", "triggered"]);
    }

    #[test]
    fn rows_count_in_the_order_of_their_times() {
        // True order: trigger 10, resolve 20, trigger 30. The trigger query is ahead.
        let mut state = State::default();
        state.trigger(sign(10), 1);
        assert_eq!(state.trigger(sign(30), 1), []);
        assert_eq!(resolved(&state.resolve(sign(20), 1)), [true, false]);
        assert!(state.is_triggered());
        // The resolve query is ahead: trigger 40, resolve 50 seen the other way round.
        let mut state = State::default();
        assert_eq!(state.resolve(sign(50), 1), []);
        assert_eq!(resolved(&state.trigger(sign(40), 1)), [false, true]);
        assert!(!state.is_triggered());
        // What is older than the last change is over.
        assert_eq!(state.trigger(sign(45), 1), []);
        assert_eq!(state.resolve(sign(50), 1), []);
    }

    #[test]
    fn a_person_resolves_and_what_came_before_is_forgotten() {
        let mut state = State::default();
        assert_eq!(state.resolve_by("ada", 1), None);
        state.trigger(sign(10), 1);
        state.trigger(sign(12), 1);
        let notice = state.resolve_by("ada", 2).expect("notice");
        assert_eq!(
            (notice.resolved, notice.row.as_str()),
            (true, "{\"at\":10}")
        );
        let last = state.incident.timeline.last().expect("entry");
        assert_eq!(
            (last.kind.as_str(), last.message.as_str()),
            ("resolved", "by ada")
        );
        assert!(!state.is_triggered());
        assert_eq!(resolved(&state.trigger(sign(13), 3)), [false]);
    }

    #[test]
    fn a_timeline_does_not_grow_for_ever() {
        let mut state = State::default();
        for n in 0..500 {
            state.note(n, "x", n.to_string());
            state.note(n, "x", n.to_string());
        }
        assert_eq!(state.incident.timeline.len(), TIMELINE);
        assert_eq!(state.incident.timeline[0].message, "300");
    }
}
