//! `backend_log`: what the backend writes to its log.

use std::{
    fmt::{Debug, Write},
    sync::{Arc, PoisonError, RwLock, Weak},
};

use serde::Serialize;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{Layer, layer::Context};
use weir_api::timeplus::stream::StreamDef;

use super::recorder::Recorder;
use crate::delivery::masked::masked_words;

pub(super) const NAME: &str = "backend_log";
const MESSAGE_CHARS: usize = 4096;

#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct LogRecord {
    level: &'static str,
    /// Where in the program it was written.
    target: String,
    message: String,
}

pub(super) fn definition() -> StreamDef {
    super::definition(
        NAME,
        "What this backend writes to its log",
        &[
            ("level", "low_cardinality(string)"),
            ("target", "low_cardinality(string)"),
            ("message", "string"),
        ],
    )
}

/// Those that take lines; several only where several backends run in one process.
static LISTENERS: RwLock<Vec<Weak<Recorder<LogRecord>>>> = RwLock::new(Vec::new());

pub(super) fn listen(recorder: &Arc<Recorder<LogRecord>>) {
    let mut listeners = LISTENERS.write().unwrap_or_else(PoisonError::into_inner);
    listeners.retain(|one| one.strong_count() > 0);
    listeners.push(Arc::downgrade(recorder));
}

/// Part of the program's subscriber.
pub struct LogLayer;

impl<S: Subscriber> Layer<S> for LogLayer {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let target = event.metadata().target();
        // A line about lines that cannot be stored would bring about the next one.
        if target.starts_with("weir_platform::collectors") {
            return;
        }
        let mut words = Words::default();
        event.record(&mut words);
        // Libraries say where they connect to, with what is in the address.
        let message = masked_words(&words.message);
        let record = LogRecord {
            level: event.metadata().level().as_str(),
            target: target.into(),
            message: message.chars().take(MESSAGE_CHARS).collect(),
        };
        let listeners = LISTENERS.read().unwrap_or_else(PoisonError::into_inner);
        for recorder in listeners.iter().filter_map(Weak::upgrade) {
            recorder.record(record.clone());
        }
    }
}

/// The message, and after it the other fields as `name=value`.
#[derive(Default)]
struct Words {
    message: String,
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a text cannot fail.
        let _ = match field.name() {
            "message" => {
                let said = format!("{value:?}");
                self.message.insert_str(0, &said);
                Ok(())
            }
            name => write!(self.message, " {name}={value:?}"),
        };
    }
}
