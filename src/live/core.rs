//! What is known of one query while its results arrive: fed with bytes and times, it does no
//! input or output, so that recorded streams can be played through it.

use weir_api::{
    ApiError,
    sse::Event,
    timeplus::{
        event::{End, QueryEvent, QueryEvents},
        query::{Metrics, Query, Status},
    },
};
use weir_live::{Limits, Rate, RingColumn};

use super::{
    arrange::Applied,
    bounded::ends_by_itself,
    expression,
    gaps::{Gap, Gaps, Layout},
    recording::Recording,
    rows::Rows,
};

/// Milliseconds within which a server that keeps up tells its figures again.
const TELLS_EVERY: f64 = 2_500.0;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Idle,
    Connecting,
    Running,
    Finished,
    Canceled,
    Failed,
    /// The connection broke while the query ran.
    Disconnected,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
            Self::Disconnected => "disconnected",
        }
    }

    /// Rows may still come by themselves.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Connecting | Self::Running)
    }
}

pub struct Core {
    pub state: State,
    pub rows: Rows,
    pub gaps: Gaps,
    /// What the person has arranged of the rows.
    pub applied: Applied,
    pub query: Option<Box<Query>>,
    /// What of a statement without result changes nothing on this server.
    pub notices: Vec<String>,
    pub problem: Option<ApiError>,
    pub metrics: Metrics,
    /// How often metrics came.
    beats: u32,
    /// Changes when the columns do.
    pub header: u64,
    /// Milliseconds since 1970 when it was asked for and, once over, when it ended.
    pub asked_at: f64,
    pub ended_at: Option<f64>,
    /// The person asked for the end.
    pub canceling: bool,
    /// Rows that could not be read or were cut, as far as the stream tells.
    lost: u64,
    /// Cells beyond the header's last column, which are not kept.
    pub extra_cells: u64,
    rate: Rate,
    /// Unix milliseconds of the newest event time told, and when it was told.
    newest: Option<(f64, f64)>,
    limits: Limits,
    events: QueryEvents,
    /// Rows held belong to an earlier run that is being continued.
    continued: bool,
    /// What arrives is being recorded.
    pub recording: Option<Recording>,
    /// The view stands still for its order, not because the person wants it to.
    held_for_order: bool,
    /// The server ended the query without being asked to from here; its words, where it has some.
    pub ended_elsewhere: Option<String>,
}

impl Core {
    pub fn new(limits: Limits) -> Self {
        Self {
            state: State::Idle,
            rows: Rows::new(Vec::new(), limits),
            gaps: Gaps::default(),
            applied: Applied::default(),
            query: None,
            notices: Vec::new(),
            problem: None,
            metrics: Metrics::default(),
            beats: 0,
            header: 0,
            asked_at: 0.0,
            ended_at: None,
            canceling: false,
            lost: 0,
            extra_cells: 0,
            rate: Rate::default(),
            newest: None,
            limits,
            events: QueryEvents::default(),
            continued: false,
            recording: None,
            held_for_order: false,
            ended_elsewhere: None,
        }
    }

    /// A query is being asked for. `keep`: the rows held stay, what comes continues them.
    pub fn ask(&mut self, keep: bool, now: f64) {
        let header = self.header;
        if !keep {
            let (applied, recording) = (std::mem::take(&mut self.applied), self.recording.take());
            *self = Self::new(self.limits);
            self.applied = applied;
            self.recording = recording;
            self.header = header + 1;
        }
        self.continued = keep;
        self.state = State::Connecting;
        self.events = QueryEvents::default();
        self.problem = None;
        self.canceling = false;
        self.ended_elsewhere = None;
        self.asked_at = now;
        self.ended_at = None;
    }

    /// The stream goes on in a new body.
    pub fn reattach(&mut self) {
        self.events.reconnect();
        self.continued = true;
    }

    /// Bytes of a fetch stream.
    pub fn bytes(&mut self, bytes: &[u8], now: f64) {
        let mut events = std::mem::take(&mut self.events);
        let mut recording = self.recording.take();
        let seen = |event: &Event<'_>| {
            if let Some(recording) = &mut recording {
                recording.add(event, now);
            }
        };
        events.push_seen(bytes, seen, |event| self.take(event, now));
        self.events = events;
        self.recording = recording;
    }

    /// An event the browser has cut out.
    pub fn event(&mut self, event: Event<'_>, now: f64) {
        if let Some(recording) = &mut self.recording {
            recording.add(&event, now);
        }
        let mut events = std::mem::take(&mut self.events);
        events.event(event, |event| self.take(event, now));
        self.events = events;
    }

    fn take(&mut self, event: Result<QueryEvent<'_>, ApiError>, now: f64) {
        match event {
            Ok(QueryEvent::Started(query)) => self.started(query, now),
            Ok(QueryEvent::Rows(json)) => self.push(json, now),
            Ok(QueryEvent::Metrics(metrics)) => {
                self.metrics = metrics;
                self.beats = self.beats.saturating_add(1);
                if metrics.last_event_time > 0 {
                    self.newest = Some((metrics.last_event_time as f64, now));
                }
            }
            Ok(QueryEvent::Gap(gap)) => {
                self.lost += gap.rows;
                self.gaps.lost(self.rows.end(), gap.rows, now);
            }
            Ok(QueryEvent::Finished(query)) => self.finished(query, now),
            Err(error) => self.problem = Some(error),
        }
    }

    fn finished(&mut self, query: Box<Query>, now: f64) {
        let state = match query.status {
            // As when nobody read for too long: the break before it stays.
            Status::Canceled if self.gaps.is_open() => State::Disconnected,
            Status::Canceled => State::Canceled,
            Status::Failed => State::Failed,
            Status::Finished | Status::Running | Status::Other(_) => State::Finished,
        };
        if query.status == Status::Canceled && !self.canceling {
            self.ended_elsewhere = Some(query.message.trim().to_string());
            self.gaps.broke(self.rows.end(), now);
        }
        if state == State::Failed {
            self.problem = Some(weir_api::timeplus::error(
                crate::errors::QUERY,
                None,
                query.message.as_bytes(),
            ));
        }
        self.query = Some(query);
        self.over(state, now);
    }

    fn started(&mut self, query: Box<Query>, now: f64) {
        let columns = RingColumn::from_header(&query.result.header);
        if !self.continued || self.rows.shown().columns() != columns.as_slice() {
            let held = self.rows.held();
            self.rows = Rows::new(columns, self.limits);
            self.gaps = Gaps::default();
            if held {
                self.rows.hold();
            }
            self.header += 1;
        }
        if query.status == Status::Running {
            self.gaps.over(now);
        }
        self.rate = Rate::default();
        self.rate.sample(now, self.rows.end());
        self.query = Some(query);
        self.state = State::Running;
        self.problem = None;
    }

    fn push(&mut self, json: &[u8], now: f64) {
        match self.rows.push(json) {
            Ok(pushed) => self.extra_cells += pushed.extra_cells,
            Err(error) => {
                self.extra_cells += error.pushed.extra_cells;
                self.problem = Some(ApiError::Decode(error.to_string()));
            }
        }
        self.rate.sample(now, self.rows.end());
    }

    /// The body has ended.
    pub fn ended(&mut self, now: f64) {
        match self.events.end() {
            End::Finished => {}
            _ if self.canceling => self.over(State::Canceled, now),
            End::Broken => self.broken(now),
            End::NeverStarted => self.failed(
                ApiError::Decode("the stream ended before the query started".into()),
                now,
            ),
        }
    }

    /// The events have ended without a closing one, which no server promises: the query to ask after.
    pub fn asks_after(&self) -> Option<String> {
        let open = self.state == State::Running && !self.canceling;
        let broken = open && matches!(self.events.end(), End::Broken);
        self.query
            .as_ref()
            .filter(|_| broken)
            .map(|query| query.id.clone())
    }

    /// What the server says of that query. A statement that ends by itself has ended where the server
    /// no longer knows it.
    pub fn told_after(&mut self, told: Result<Query, ApiError>, now: f64) {
        let ends = |query: &Query| !query.sql.is_empty() && ends_by_itself(&query.sql);
        let ends = self.query.as_deref().is_some_and(ends);
        match told {
            Ok(query) if query.status != Status::Running && query.status != Status::default() => {
                self.finished(Box::new(query), now);
            }
            Ok(_) | Err(ApiError::Status(_)) if ends => self.over(State::Finished, now),
            _ => self.broken(now),
        }
    }

    /// No answer any more: a break where the query was running, else a failure.
    /// Whether the server tells regularly how it goes, so that silence means something.
    pub fn has_pulse(&self) -> bool {
        self.beats >= 3
    }

    pub fn stopped(&mut self, error: ApiError, now: f64) {
        if self.canceling || error == ApiError::Cancelled {
            self.over(State::Canceled, now);
        } else if self.state == State::Running {
            self.broken(now);
        } else {
            self.failed(error, now);
        }
    }

    fn broken(&mut self, now: f64) {
        self.state = State::Disconnected;
        self.gaps.broke(self.rows.end(), now);
    }

    pub fn failed(&mut self, error: ApiError, now: f64) {
        self.problem = Some(error);
        self.over(State::Failed, now);
    }

    pub fn over(&mut self, state: State, now: f64) {
        self.state = state;
        self.ended_at = Some(now);
        // Nothing comes in any more: all that came is sorted.
        if self.held_for_order {
            self.release();
        }
    }

    /// The person wants what is shown to stand still.
    pub fn hold(&mut self) {
        self.rows.hold();
        self.held_for_order = false;
    }

    /// Sorted rows stand still while more come, which would come in anywhere; not before there is
    /// one to be seen.
    pub fn hold_for_order(&mut self) {
        let sorted = self.applied.arrangement().sort.is_some();
        let moving = self.state.is_live() && !self.rows.held();
        if sorted && moving && !self.rows.shown().is_empty() {
            self.rows.hold();
            self.held_for_order = true;
        }
    }

    /// What waits is shown.
    pub fn release(&mut self) {
        self.rows.release();
        self.held_for_order = false;
    }

    pub fn is_held_for_order(&self) -> bool {
        self.held_for_order
    }

    /// The server takes up the stream again behind this event; `None` where it cannot.
    pub fn resume_point(&self) -> Option<(&str, &str)> {
        let query = self
            .query
            .as_ref()
            .filter(|_| self.ended_elsewhere.is_none())?;
        let last = self.events.last_event_id();
        (!last.is_empty() && !query.id.is_empty()).then_some((query.id.as_str(), last))
    }

    pub fn query_id(&self) -> Option<&str> {
        self.query
            .as_ref()
            .map(|query| query.id.as_str())
            .filter(|id| !id.is_empty())
    }

    /// Milliseconds the server wants to be left alone before an attach.
    pub fn retry(&self) -> Option<u64> {
        self.events.retry()
    }

    /// Text of the `_tp_time` that came last, whether it is shown or waits.
    pub fn last_tp_time(&self) -> Option<String> {
        let (ring, row) = self.rows.newest()?;
        let cell = ring.cell(row, ring.column("_tp_time")?);
        (!cell.is_null()).then(|| cell.text())
    }

    /// Forgets the rows held and what is told between them.
    pub fn clear(&mut self) {
        self.rows.clear();
        self.gaps.clear();
    }

    pub fn received(&self) -> u64 {
        self.rows.end() + self.lost
    }

    /// Rows that arrived or were sent but cannot be looked at any more.
    pub fn dropped(&self) -> u64 {
        self.rows.dropped() + self.lost
    }

    pub fn rate(&self, now: f64) -> f64 {
        if self.state == State::Running {
            self.rate.per_second(now)
        } else {
            0.0
        }
    }

    /// Milliseconds by which the newest event read lay behind when the server last told, and since
    /// then where it has not told for a while.
    pub fn lag(&self, now: f64) -> Option<f64> {
        let (newest, told) = self.newest.filter(|_| self.state == State::Running)?;
        Some((told - newest).max(0.0) + (now - told - TELLS_EVERY).max(0.0))
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.rows.set_limits(limits);
    }

    /// Breaks among the rows held, oldest first.
    pub fn breaks(&self) -> &[Gap] {
        self.gaps.all()
    }

    /// To be called before rows are shown; false: there is more to do in the next frame.
    pub fn arrange(&mut self) -> bool {
        self.applied
            .update(self.header, &self.rows, expression::compile)
    }

    /// What the lines of a grid show.
    pub fn layout(&self) -> Layout<'_> {
        let (ring, base) = (self.rows.shown(), self.rows.base());
        Layout::new(
            self.applied.picked(&self.rows),
            base + ring.first(),
            base + ring.end(),
            self.breaks(),
            self.rows.skipped(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::arrange::{Arrangement, Sort};

    const STARTED: &[u8] = b"event: query\ndata: {\"id\":\"q1\",\"status\":\"running\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"int64\"}]}}\n\n";
    const FINISHED: &[u8] =
        b"event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\",\"result\":{}}\n\n";

    fn shown(core: &mut Core) -> Vec<String> {
        core.arrange();
        let ring = core.rows.shown();
        let picked = core.applied.picked(&core.rows);
        (0..picked.count())
            .filter_map(|at| picked.row(at))
            .map(|row| ring.cell(row, 0).text())
            .collect()
    }

    const CANCELED: &[u8] = b"event: query\ndata: {\"id\":\"q1\",\"status\":\"canceled\",\"message\":\"no reader for 30 seconds\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"int64\"}]}}\n\n";

    #[test]
    fn an_outage_that_the_query_did_not_outlive_is_told_with_its_gap() {
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        core.bytes(STARTED, 0.0);
        core.bytes(b"id: 7\ndata: [[1],[2]]\n\n", 1.0);
        core.ended(2.0);
        assert_eq!(core.state, State::Disconnected);
        assert!(core.resume_point().is_some());
        core.reattach();
        core.bytes(CANCELED, 40.0);
        assert_eq!(core.state, State::Disconnected);
        let words = core.ended_elsewhere.clone();
        assert_eq!(words.as_deref(), Some("no reader for 30 seconds"));
        assert!(core.resume_point().is_none());
        let gaps: Vec<_> = core.breaks().iter().map(|g| (g.before, g.since)).collect();
        assert_eq!(gaps, [(2, 2.0)]);
        // Run again: what comes is behind the gap.
        core.ask(true, 50.0);
        core.bytes(STARTED, 51.0);
        assert_eq!((core.state, core.rows.end()), (State::Running, 2));
        assert_eq!(core.breaks()[0].until, Some(51.0));
        assert_eq!(core.ended_elsewhere, None);
    }

    #[test]
    fn events_that_end_without_a_closing_one_are_a_query_to_ask_after() {
        let query = |status: &str, sql: &str| Query {
            id: "q1".into(),
            sql: sql.into(),
            status: status.into(),
            ..Query::default()
        };
        let gone = || Err(ApiError::with_status(404, "no such query"));
        let cut = || Err(ApiError::Network("gone".into()));
        for (sql, told, state) in [
            (
                "SELECT * FROM s",
                Ok(query("finished", "")),
                State::Finished,
            ),
            ("SELECT * FROM s", Ok(query("failed", "")), State::Failed),
            (
                "SELECT * FROM s",
                Ok(query("canceled", "")),
                State::Canceled,
            ),
            (
                "SELECT * FROM s",
                Ok(query("running", "")),
                State::Disconnected,
            ),
            ("SELECT * FROM s", gone(), State::Disconnected),
            ("SELECT * FROM table(s)", gone(), State::Finished),
            ("SELECT * FROM s LIMIT 5", gone(), State::Finished),
            ("SELECT * FROM table(s)", Ok(query("", "")), State::Finished),
            ("SELECT * FROM table(s)", cut(), State::Disconnected),
        ] {
            let mut core = Core::new(Limits::default());
            core.ask(false, 0.0);
            core.bytes(STARTED, 0.0);
            if let Some(known) = &mut core.query {
                known.sql = sql.into();
            }
            assert!(core.asks_after().is_some());
            let words = format!("{sql}: {told:?}");
            core.told_after(told, 1.0);
            assert_eq!(core.state, state, "{words}");
            assert_eq!(core.asks_after(), None);
        }
        // What said how it ended, and what is canceled from here, needs no question.
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        core.bytes(STARTED, 0.0);
        core.canceling = true;
        assert_eq!(core.asks_after(), None);
    }

    #[test]
    fn only_what_is_canceled_from_here_ends_without_a_word() {
        for (canceling, words) in [(true, None), (false, Some("no reader for 30 seconds"))] {
            let mut core = Core::new(Limits::default());
            core.ask(false, 0.0);
            core.bytes(STARTED, 0.0);
            core.canceling = canceling;
            core.bytes(CANCELED, 1.0);
            assert_eq!(core.state, State::Canceled);
            assert_eq!(core.ended_elsewhere.as_deref(), words);
            assert_eq!(core.breaks().len(), usize::from(!canceling));
        }
    }

    #[test]
    fn a_sort_in_force_never_hides_a_result() {
        let mut core = Core::new(Limits::default());
        core.applied.set(Arrangement {
            sort: Some(Sort {
                column: "n".into(),
                descending: false,
            }),
            ..Arrangement::default()
        });
        for run in 0..2 {
            core.ask(false, 0.0);
            core.hold_for_order();
            core.bytes(STARTED, 0.0);
            core.hold_for_order();
            core.bytes(b"data: [[3],[1]]\n\n", 0.0);
            assert_eq!(shown(&mut core), ["1", "3"], "run {run}");
            // An endless query: what comes now waits.
            core.hold_for_order();
            core.bytes(b"data: [[2]]\n\n", 0.0);
            assert_eq!((shown(&mut core).len(), core.rows.waiting()), (2, 1));
            core.bytes(FINISHED, 0.0);
            assert_eq!(shown(&mut core), ["1", "2", "3"], "run {run}");
        }
        // What the person holds stays.
        core.ask(false, 0.0);
        core.bytes(STARTED, 0.0);
        core.hold();
        core.bytes(b"data: [[3]]\n\n", 0.0);
        core.bytes(FINISHED, 0.0);
        assert_eq!((shown(&mut core).len(), core.rows.waiting()), (0, 1));
    }
}
