//! What is known of one query while its results arrive: fed with bytes and times, it does no
//! input or output, so that recorded streams can be played through it.

mod view;

use weir_api::{
    ApiError,
    sse::Event,
    timeplus::{
        event::{End, QueryEvent, QueryEvents},
        query::{Metrics, Query, Status},
    },
};
use weir_live::{Limits, Rate, RingColumn};

pub use super::state::State;
use super::{
    arrange::Applied, bounded::ends_by_itself, gaps::Gaps, recording::Recording, rows::Rows,
};

/// Milliseconds within which a server that keeps up tells its figures again.
const TELLS_EVERY: f64 = 2_500.0;

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
    /// Milliseconds by which the newest event lay behind when that was told, and when that was.
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
                    // By the server's own clock, where it says what that is: this one may be wrong.
                    let server = metrics.server_time as f64;
                    let told = if server > 0.0 { server } else { now };
                    let lag = (told - metrics.last_event_time as f64).max(0.0);
                    self.newest = Some((lag, now));
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

    /// Whether the server tells regularly how it goes, so that silence means something. One that takes
    /// queries up again does from the beginning; of others it is known when they did for a while.
    pub fn has_pulse(&self) -> bool {
        self.resume_point().is_some() || self.beats >= 3
    }

    /// No answer any more: a break where the query was running, else a failure.
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
}

#[cfg(test)]
mod tests;
