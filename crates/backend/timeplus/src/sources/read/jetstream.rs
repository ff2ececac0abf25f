//! NATS JetStream: a message is acknowledged when its row is on disk, so none is lost. One that was
//! stored and not yet acknowledged when the connection broke comes, and is stored, again.

use std::{ops::ControlFlow, time::Duration};

use async_nats::jetstream::{
    self,
    consumer::{AckPolicy, DeliverPolicy, PullConsumer, pull},
    stream::Stream,
};
use bytes::Bytes;
use futures_util::StreamExt;

use super::{
    nats::{Connected, Servers, words},
    options::Options,
    take::Taker,
};
use crate::error::HttpError;

const BATCH: usize = 500;
const EXPIRES: Duration = Duration::from_secs(10);
const HEARTBEAT: Duration = Duration::from_secs(4);
/// A consumer without a durable name goes when nobody has read for so long.
const FORGOTTEN: Duration = Duration::from_secs(300);

#[derive(Debug, Clone)]
pub(super) struct Consumption {
    servers: Servers,
    subject: Option<String>,
    stream: Option<String>,
    /// The consumer's name, which those of a queue share.
    durable: Option<String>,
    bind: bool,
    last: bool,
    ack_wait: Duration,
    max_ack_pending: usize,
    /// Of a consumer without a durable name.
    own_name: Option<String>,
    looks_only: bool,
}

impl Consumption {
    pub(super) fn new(options: &Options) -> Result<Self, HttpError> {
        options.choice("data_type")?;
        let durable = options.given("durable").or_else(|| options.given("queue"));
        let bind = options.flag("bind");
        if bind && durable.is_none() {
            return Err(HttpError::field(
                "properties.durable",
                "the name of the existing consumer is needed",
            ));
        }
        let bad = |c: char| c.is_whitespace() || matches!(c, '.' | '*' | '>' | '/' | '\\');
        for key in ["durable", "queue"] {
            if options.text(key).contains(bad) {
                return Err(HttpError::field(
                    format!("properties.{key}"),
                    "must be without spaces and . * > / \\",
                ));
            }
        }
        Ok(Self {
            servers: Servers::new(options, 65_536)?,
            subject: options.given("subject"),
            stream: options.given("stream"),
            durable,
            bind,
            last: options.choice("deliver")? == "last",
            ack_wait: options.duration("ack_wait")?,
            max_ack_pending: options.number("max_ack_pending")?,
            own_name: None,
            looks_only: false,
        })
    }

    /// Attempts with the same id go on where the last one ended.
    pub(super) fn name_for_run(&mut self, id: &str) {
        self.own_name = Some(format!("weir_{id}"));
    }

    /// Nothing is acknowledged and no consumer moves on.
    pub(super) fn only_look(&mut self) {
        self.durable = None;
        self.bind = false;
        self.looks_only = true;
    }

    pub(super) async fn read<T: Taker>(&self, taker: &mut T) -> Result<(), String> {
        let opened = tokio::select! {
            opened = self.open() => opened,
            () = taker.stopped() => return Ok(()),
        };
        let (connected, consumer) = opened?;
        let batch = BATCH.min(self.max_ack_pending);
        let messages = consumer
            .stream()
            .max_messages_per_batch(batch)
            .expires(EXPIRES)
            .heartbeat(HEARTBEAT)
            .messages()
            .await
            .map_err(|error| format!("not subscribed: {}", words(&error)))?;
        taker.up();
        taker.log(&format!(
            "reading with consumer {}",
            consumer.cached_info().name
        ));
        let mut batches = messages.ready_chunks(batch);
        loop {
            let batch = tokio::select! {
                batch = batches.next() => batch.ok_or("the connection to NATS ended")?,
                why = connected.lost() => return Err(why),
                () = taker.stopped() => return Ok(()),
            };
            let (mut received, mut failed) = (Vec::with_capacity(batch.len()), None);
            for message in batch {
                match message {
                    Ok(message) => received.push(message),
                    Err(error) => failed = Some(format!("connection lost: {}", words(&error))),
                }
            }
            let payloads: Vec<Bytes> = received.iter().map(|one| one.payload.clone()).collect();
            if !payloads.is_empty() {
                let flow = taker.take(&payloads).await?;
                if !self.looks_only {
                    for message in &received {
                        let done = message.ack().await;
                        done.map_err(|error| format!("not acknowledged: {error}"))?;
                    }
                    // They are on their way before anything can end.
                    let sent = connected.client.flush().await;
                    sent.map_err(|error| format!("not acknowledged: {}", words(&error)))?;
                }
                if let ControlFlow::Break(()) = flow {
                    return Ok(());
                }
            }
            connected.taken();
            if let Some(error) = failed {
                return Err(error);
            }
        }
    }

    async fn open(&self) -> Result<(Connected, PullConsumer), String> {
        let connected = self.servers.connect().await?;
        let context = jetstream::new(connected.client.clone());
        let stream = self.stream(&context).await?;
        let consumer = self.consumer(&stream).await?;
        Ok((connected, consumer))
    }

    async fn stream(&self, context: &jetstream::Context) -> Result<Stream, String> {
        let subject = self.subject.as_deref().unwrap_or_default();
        let name = match &self.stream {
            Some(name) => name.clone(),
            None => context.stream_by_subject(subject).await.map_err(|error| {
                format!("no stream keeps subject '{subject}': {}", words(&error))
            })?,
        };
        let stream = context.get_stream(&name).await;
        stream.map_err(|error| format!("stream '{name}': {}", words(&error)))
    }

    async fn consumer(&self, stream: &Stream) -> Result<PullConsumer, String> {
        let name = self.durable.as_ref().or(self.own_name.as_ref());
        if let (true, Some(name)) = (self.bind, name) {
            let consumer = stream.get_consumer(name).await;
            return consumer.map_err(|error| format!("consumer '{name}': {error}"));
        }
        let config = pull::Config {
            name: name.cloned(),
            durable_name: self.durable.clone(),
            description: Some("Weir".into()),
            deliver_policy: if self.last {
                DeliverPolicy::Last
            } else {
                DeliverPolicy::All
            },
            ack_policy: if self.looks_only {
                AckPolicy::None
            } else {
                AckPolicy::Explicit
            },
            ack_wait: self.ack_wait,
            max_ack_pending: if self.looks_only {
                0
            } else {
                i64::try_from(self.max_ack_pending).unwrap_or(i64::MAX)
            },
            filter_subject: self.subject.clone().unwrap_or_default(),
            inactive_threshold: if self.durable.is_some() {
                Duration::ZERO
            } else {
                FORGOTTEN
            },
            ..pull::Config::default()
        };
        let consumer = match name {
            Some(name) => stream.get_or_create_consumer(name, config).await,
            None => stream.create_consumer(config).await,
        };
        consumer.map_err(|error| format!("no consumer: {}", words(&error)))
    }
}
