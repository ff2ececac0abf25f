//! Where messages go: into a stream, or into a preview.

use std::{
    future::{Future, pending},
    ops::ControlFlow,
};

use bytes::Bytes;
use serde_json::value::RawValue;
use weir_api::timeplus::ingest::Format;
use weir_engine::catalog::StreamInfo;
use weir_store::{
    Store,
    ingest::{self, Rows},
};

use crate::running::Monitor;

/// The column of the only text, and of a preview.
const RAW: &str = "raw";

pub(super) trait Taker: Send {
    /// Connected and ready to read.
    fn up(&self);
    fn log(&self, words: &str);
    /// Done with when it resolves: stored on disk, or refused and counted. `Break` when no more are
    /// wanted.
    fn take(
        &mut self,
        messages: &[Bytes],
    ) -> impl Future<Output = Result<ControlFlow<()>, String>> + Send;
    /// Resolves when reading has to end.
    fn stopped(&self) -> impl Future<Output = ()> + Send;
}

/// Appends to a stream.
pub(super) struct Stored {
    store: Store,
    stream: String,
    text: bool,
    monitor: Monitor,
}

impl Stored {
    pub(super) fn new(
        store: Store,
        stream: String,
        text: bool,
        monitor: Monitor,
    ) -> Result<Self, String> {
        let one = Self {
            store,
            stream,
            text,
            monitor,
        };
        let info = one.info()?;
        if text {
            text_column(&info)?;
        }
        Ok(one)
    }

    fn info(&self) -> Result<StreamInfo, String> {
        let info = self.store.catalog().stream(&self.stream);
        info.ok_or_else(|| format!("stream '{}' does not exist", self.stream))
    }

    async fn append(&self, rows: Rows) -> Result<(), String> {
        if rows.is_empty() {
            return Ok(());
        }
        let (count, bytes) = (rows.len() as u64, rows.bytes());
        self.store
            .append(&self.stream, rows)
            .await
            .map_err(|error| error.to_string())?;
        self.monitor.count(count, bytes);
        Ok(())
    }
}

impl Taker for Stored {
    fn up(&self) {
        self.monitor.up();
    }

    fn log(&self, words: &str) {
        self.monitor.log(words);
    }

    async fn take(&mut self, messages: &[Bytes]) -> Result<ControlFlow<()>, String> {
        let info = self.info()?;
        match rows(&info, self.text, messages) {
            Ok(rows) => self.append(rows).await?,
            // One by one, so that a bad message does not take the others with it.
            Err(_) => {
                for message in messages {
                    match rows(&info, self.text, std::slice::from_ref(message)) {
                        Ok(rows) => self.append(rows).await?,
                        Err(reason) => self.monitor.failed(1, &reason),
                    }
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn stopped(&self) {
        self.monitor.stopped().await;
    }
}

fn rows(info: &StreamInfo, text: bool, messages: &[Bytes]) -> Result<Rows, String> {
    let refused = |error: ingest::RowErrors| format!("message not stored: {error}");
    if !text {
        let body = messages.join(&b'\n');
        return ingest::parse(info, Format::Streaming, &body).map_err(refused);
    }
    let column = text_column(info)?;
    let values: Result<Vec<Vec<String>>, String> = messages
        .iter()
        .map(|message| {
            let text = std::str::from_utf8(message)
                .map_err(|error| format!("message not stored: it is not UTF-8: {error}"))?;
            Ok(vec![serde_json::Value::from(text).to_string()])
        })
        .collect();
    ingest::values(info, &[column], &values?).map_err(refused)
}

fn text_column(info: &StreamInfo) -> Result<String, String> {
    let mut own = info.columns.iter().filter(|one| one.name != "_tp_time");
    match (own.next(), own.next()) {
        (Some(one), None) if *one.data_type.inner() == weir_api::DataType::String => {
            Ok(one.name.clone())
        }
        _ => Err(format!(
            "text needs a stream with one column of type string; stream '{}' has others",
            info.name
        )),
    }
}

/// Keeps the first ones.
pub(super) struct Previewed {
    text: bool,
    size: usize,
    events: Vec<Box<RawValue>>,
}

impl Previewed {
    pub(super) fn new(text: bool, size: usize) -> Self {
        Self {
            text,
            size,
            events: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn into_events(self) -> Vec<Box<RawValue>> {
        self.events
    }
}

impl Taker for Previewed {
    fn up(&self) {}

    fn log(&self, _words: &str) {}

    async fn take(&mut self, messages: &[Bytes]) -> Result<ControlFlow<()>, String> {
        for message in messages {
            let raw = String::from_utf8_lossy(message);
            let object = raw.trim_start().starts_with('{');
            let event = match RawValue::from_string(raw.trim().to_string()) {
                Ok(event) if object && !self.text => event,
                _ if self.text => serde_json::value::to_raw_value(&serde_json::json!({RAW: raw}))
                    .map_err(|error| error.to_string())?,
                _ => {
                    let start: String = raw.chars().take(80).collect();
                    return Err(format!("a message is not a JSON object: {start}"));
                }
            };
            self.events.push(event);
            if self.events.len() == self.size {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn stopped(&self) {
        pending().await
    }
}
