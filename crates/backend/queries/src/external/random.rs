//! Random streams: so many rows in a second, each of the defaults of its columns.

use std::time::Duration;

use tokio::time::{Instant, Interval, MissedTickBehavior, interval};
use weir_api::{DataType, timeplus::stream::ColumnDef};

use super::{
    message::Message,
    settings::{Settings, wrong},
};
use crate::{clock, error::HttpError};

/// Rows in a second unless `eps` says.
const RATE: f64 = 1000.0;
const HIGHEST_RATE: f64 = 100_000.0;
/// Between two batches unless `interval_time` (ms) says.
const BETWEEN: Duration = Duration::from_millis(100);
/// Rows that `table(…)` reads, as many as the vendor's.
const WHOLE: usize = 65_409;
/// Of one batch.
const MOST: usize = 5000;

pub(super) struct Location {
    rate: f64,
    between: Duration,
}

impl Location {
    pub(super) fn of(settings: Settings<'_>) -> Result<Self, HttpError> {
        let number = |key: &str| match settings.get(key).map(str::parse::<f64>) {
            None => Ok(None),
            Some(Ok(number)) if number.is_finite() => Ok(Some(number)),
            Some(_) => Err(wrong(key, "a number is needed")),
        };
        let rate = number("eps")?.unwrap_or(RATE);
        if !(0.001..=HIGHEST_RATE).contains(&rate) {
            let words = format!("from 0.001 to {HIGHEST_RATE} rows in a second");
            return Err(wrong("eps", words));
        }
        let between = match number("interval_time")? {
            None => BETWEEN,
            Some(ms) if (1.0..=60_000.0).contains(&ms) => Duration::from_secs_f64(ms / 1000.0),
            Some(_) => return Err(wrong("interval_time", "from 1 to 60,000 milliseconds")),
        };
        Ok(Self { rate, between })
    }
}

pub(super) struct Reader {
    rate: f64,
    ticks: Interval,
    last: Instant,
    /// Part of a row that is due.
    due: f64,
    /// Rows left until the end, if there is one.
    left: Option<usize>,
}

impl Reader {
    pub(super) fn open(place: &Location, bounded: bool) -> Self {
        let mut ticks = interval(place.between);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            rate: place.rate,
            ticks,
            last: Instant::now(),
            due: 0.0,
            left: bounded.then_some(WHOLE),
        }
    }

    /// `None` at the end.
    pub(super) async fn next(&mut self) -> Option<Vec<Message>> {
        if let Some(left) = &mut self.left {
            let count = MOST.min(*left);
            *left -= count;
            return (count > 0).then(|| rows(count));
        }
        loop {
            self.ticks.tick().await;
            let now = Instant::now();
            self.due += now.duration_since(self.last).as_secs_f64() * self.rate;
            self.last = now;
            // A reader that was kept waiting does not catch up.
            let count = (self.due as usize).min(MOST);
            self.due = (self.due - count as f64).min(MOST as f64);
            if count > 0 {
                return Some(rows(count));
            }
        }
    }
}

fn rows(count: usize) -> Vec<Message> {
    let message = Message {
        bytes: b"{}".to_vec(),
        time_ms: clock::now_ms(),
        place: "a random row".into(),
        beside: None,
    };
    vec![message; count]
}

/// A column without a default gets one of random values of its type.
pub(super) fn column(mut column: ColumnDef) -> ColumnDef {
    if column.default.is_none()
        && let Ok(data_type) = DataType::parse(&column.data_type)
    {
        column.default = random_value(data_type.inner()).map(str::to_string);
    }
    column
}

fn random_value(data_type: &DataType) -> Option<&'static str> {
    Some(match data_type {
        DataType::Bool => "rand() % 2 = 1",
        DataType::Int(8) | DataType::UInt(8) => "rand() % 128",
        DataType::Int(16) | DataType::UInt(16) => "rand() % 32768",
        DataType::Int(32) => "rand() % 2147483648",
        DataType::UInt(32) => "rand()",
        DataType::Int(64) | DataType::UInt(64) => "rand64()",
        DataType::Float32 | DataType::Float64 => "rand() / 4294967296",
        DataType::String => "lower(hex(rand()))",
        DataType::Date => "to_date(now() - to_int64(rand() % 31536000))",
        DataType::DateTime { .. } | DataType::DateTime64 { .. } => "now64(3)",
        DataType::Uuid => "generate_uuidv4()",
        _ => return None,
    })
}
