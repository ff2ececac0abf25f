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
    pub problem: Option<ApiError>,
    pub metrics: Metrics,
    /// Changes when the columns do.
    pub header: u64,
    /// Milliseconds since 1970 when it was asked for and, once over, when it ended.
    pub asked_at: f64,
    pub ended_at: Option<f64>,
    /// The person asked for the end.
    pub canceling: bool,
    /// Rows that could not be read or were cut, as far as the stream tells.
    lost: u64,
    rate: Rate,
    /// Unix milliseconds of the newest event time told, and when it was told.
    newest: Option<(f64, f64)>,
    limits: Limits,
    events: QueryEvents,
    /// Rows held belong to an earlier run that is being continued.
    continued: bool,
    /// What arrives is being recorded.
    pub recording: Option<Recording>,
}

impl Core {
    pub fn new(limits: Limits) -> Self {
        Self {
            state: State::Idle,
            rows: Rows::new(Vec::new(), limits),
            gaps: Gaps::default(),
            applied: Applied::default(),
            query: None,
            problem: None,
            metrics: Metrics::default(),
            header: 0,
            asked_at: 0.0,
            ended_at: None,
            canceling: false,
            lost: 0,
            rate: Rate::default(),
            newest: None,
            limits,
            events: QueryEvents::default(),
            continued: false,
            recording: None,
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
                if metrics.last_event_time > 0 {
                    self.newest = Some((metrics.last_event_time as f64, now));
                }
            }
            Ok(QueryEvent::Gap(gap)) => {
                self.lost += gap.rows;
                self.gaps.lost(self.rows.end(), gap.rows, now);
            }
            Ok(QueryEvent::Finished(query)) => {
                let state = match query.status {
                    Status::Canceled => State::Canceled,
                    Status::Failed => State::Failed,
                    Status::Finished | Status::Running | Status::Other(_) => State::Finished,
                };
                if state == State::Failed {
                    self.problem = Some(weir_api::timeplus::error(
                        500,
                        None,
                        query.message.as_bytes(),
                    ));
                }
                self.query = Some(query);
                self.over(state, now);
            }
            Err(error) => self.problem = Some(error),
        }
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
        self.gaps.over(now);
        self.rate = Rate::default();
        self.rate.sample(now, self.rows.end());
        self.query = Some(query);
        self.state = State::Running;
        self.problem = None;
    }

    fn push(&mut self, json: &[u8], now: f64) {
        if let Err(error) = self.rows.push(json) {
            self.problem = Some(ApiError::Decode(error.to_string()));
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
    }

    /// The server takes up the stream again behind this event; `None` where it cannot.
    pub fn resume_point(&self) -> Option<(&str, &str)> {
        let query = self.query.as_ref()?;
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
