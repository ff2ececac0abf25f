//! What arrives, written down with its times: a text that any reader of event streams takes.

use weir_api::{
    sse::{Event, capture::write_event},
    timeplus::query::Query,
};

#[derive(Debug, Clone, Default)]
pub struct Recording {
    /// Milliseconds since 1970.
    since: f64,
    /// Not handed on yet.
    text: Vec<u8>,
    /// Bytes in all.
    pub bytes: u64,
}

impl Recording {
    /// A query that runs already is told first, so that a replay knows the columns.
    pub fn start(now: f64, query: Option<&Query>) -> Self {
        let mut recording = Self {
            since: now,
            ..Self::default()
        };
        if let Some(Ok(data)) = query.map(serde_json::to_vec) {
            let event = Event {
                event: "query",
                data: &data,
                id: None,
                retry: None,
            };
            recording.add(&event, now);
        }
        recording
    }

    pub fn add(&mut self, event: &Event<'_>, now: f64) {
        let before = self.text.len();
        write_event((now - self.since).max(0.0) as u64, event, &mut self.text);
        self.bytes += (self.text.len() - before) as u64;
    }

    /// What has come since it was last taken.
    pub fn take(&mut self) -> String {
        // Events are text; what is no UTF-8 was not written by a server of ours.
        String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use weir_api::sse::capture::Replay;
    use weir_live::Limits;

    use super::*;
    use crate::live::core::{Core, State};

    #[test]
    fn a_recording_begun_in_the_middle_replays_what_came_after() {
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        core.bytes(
            b"event: query\ndata: {\"id\":\"q\",\"status\":\"running\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"uint64\"}]}}\n\ndata: [[1]]\n\nda",
            10.0,
        );
        core.recording = Some(Recording::start(100.0, core.query.as_deref()));
        core.bytes(b"ta: [[18446744073709551615]]\n\n", 130.0);
        core.bytes(
            b"event: query\ndata: {\"id\":\"q\",\"status\":\"finished\"}\n\n",
            150.0,
        );
        let text = core.recording.as_mut().map(Recording::take).expect("text");
        let times: Vec<u64> = Replay::new(text.as_bytes()).map(|(at, _)| at).collect();
        assert_eq!(times, [0, 30, 50]);
        let mut again = Core::new(Limits::default());
        again.ask(false, 0.0);
        again.bytes(text.as_bytes(), 0.0);
        assert_eq!(again.state, State::Finished);
        assert_eq!(again.rows.shown().cell(0, 0).text(), "18446744073709551615");
        assert_eq!(again.received(), 1);
    }
}
