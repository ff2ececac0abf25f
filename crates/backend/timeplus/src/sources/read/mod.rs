//! Reading: one module for each type that the backend runs.

mod generator;
mod jetstream;
mod nats;
mod options;
mod take;
mod websocket;

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use serde_json::value::RawValue;
use weir_api::property::Map;
use weir_store::Store;

use super::Definition;
use crate::{error::HttpError, random, running::Work};
use options::Options;
use take::{Previewed, Stored, Taker};

/// What to read, ready to be read.
#[derive(Clone)]
enum Reader {
    Generator(generator::Generator),
    WebSocket(websocket::WebSocket),
    Nats(nats::Subscription),
    JetStream(jetstream::Consumption),
}

impl Reader {
    async fn read<T: Taker>(&self, taker: &mut T) -> Result<(), String> {
        match self {
            Self::Generator(one) => one.read(taker).await,
            Self::WebSocket(one) => one.read(taker).await,
            Self::Nats(one) => one.read(taker).await,
            Self::JetStream(one) => one.read(taker).await,
        }
    }
}

/// Why a source of that type does nothing.
pub(super) fn not_run(kind: &str) -> String {
    format!("sources of type {kind} are kept but not run by the embedded backend")
}

/// The error is at the property that cannot be used.
pub(super) fn check(kind: &str, properties: &Map) -> Result<(), HttpError> {
    reader(kind, properties).map(drop)
}

fn reader(kind: &str, properties: &Map) -> Result<Reader, HttpError> {
    let options = Options::new(kind, properties);
    Ok(match kind {
        "stream_generator" => Reader::Generator(generator::Generator::new(&options)?),
        "websocket" => Reader::WebSocket(websocket::WebSocket::new(&options)?),
        "nats" => Reader::Nats(nats::Subscription::new(&options)?),
        "nats_jetstream" => Reader::JetStream(jetstream::Consumption::new(&options)?),
        other => return Err(HttpError::new(StatusCode::NOT_IMPLEMENTED, not_run(other))),
    })
}

/// Reads and appends to the stream until it is stopped.
pub(super) fn work(store: &Store, definition: &Definition) -> Result<Work, HttpError> {
    let mut reader = reader(&definition.kind, &definition.properties)?;
    if let Reader::JetStream(consumption) = &mut reader {
        // Attempts of one start go on where the last one ended.
        consumption.name_for_run(&random::uuid());
    }
    let (store, stream) = (store.clone(), definition.stream.clone());
    let text = Options::new(&definition.kind, &definition.properties).is_text();
    Ok(Arc::new(move |monitor| {
        let (reader, store, stream) = (reader.clone(), store.clone(), stream.clone());
        Box::pin(async move {
            let mut taker = Stored::new(store, stream, text, monitor)?;
            reader.read(&mut taker).await
        })
    }))
}

/// The first events; fewer when they do not come in time. Nothing of it stays: no durable consumer
/// moves on, no member of a queue group loses a message.
pub(super) async fn preview(
    kind: &str,
    properties: &Map,
    size: usize,
    timeout: Duration,
) -> Result<Vec<Box<RawValue>>, HttpError> {
    let mut reader = reader(kind, properties)?;
    match &mut reader {
        Reader::Nats(subscription) => subscription.only_look(),
        Reader::JetStream(consumption) => consumption.only_look(),
        Reader::Generator(_) | Reader::WebSocket(_) => {}
    }
    let mut taker = Previewed::new(Options::new(kind, properties).is_text(), size);
    match tokio::time::timeout(timeout, reader.read(&mut taker)).await {
        Ok(Err(message)) if taker.is_empty() => Err(HttpError::bad_request(message)),
        Ok(_) | Err(_) => Ok(taker.into_events()),
    }
}
