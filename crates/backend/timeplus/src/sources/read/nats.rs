//! Core NATS: what is published while somebody listens.

use std::{ops::ControlFlow, time::Duration};

use async_nats::{Client, ConnectOptions, Event, ServerAddr};
use bytes::Bytes;
use futures_util::StreamExt;
use tokio::sync::watch;

use super::{options::Options, take::Taker};
use crate::{error::HttpError, tls};
use weir_platform::nats::Way;

const CONNECT: Duration = Duration::from_secs(10);
const BATCH: usize = 1000;

/// How to reach the servers.
#[derive(Debug, Clone)]
pub(super) struct Servers {
    addresses: Vec<ServerAddr>,
    without_tls: bool,
    any_certificate: bool,
    capacity: usize,
}

impl Servers {
    pub(super) fn new(options: &Options, capacity: usize) -> Result<Self, HttpError> {
        let wrong = |message: String| HttpError::field("properties.url", message);
        let addresses: Result<Vec<ServerAddr>, HttpError> = options
            .lines("url")
            .iter()
            .map(|url| {
                url.parse()
                    .map_err(|error| wrong(format!("'{url}' cannot be used: {error}")))
            })
            .collect();
        let addresses = addresses?;
        if addresses.is_empty() {
            return Err(wrong(
                "an address like nats://127.0.0.1:4222 is needed".into(),
            ));
        }
        Ok(Self {
            addresses,
            without_tls: options.flag("tls.disable"),
            any_certificate: options.flag("tls.skip_verify_server"),
            capacity,
        })
    }

    /// Whoever reads begins anew when the connection is lost, which the supervisor shows and counts.
    pub(super) async fn connect(&self) -> Result<Connected, String> {
        if self.without_tls
            && let Some(secure) = self.addresses.iter().find(|one| one.scheme() == "tls")
        {
            return Err(format!("{} needs TLS, which is disabled", host(secure)));
        }
        let mut servers = self.addresses.clone();
        servers.dedup();
        let tls = tls::client(self.without_tls || !self.any_certificate);
        let (way, servers) = Way::open(&servers, false, tls).await?;
        let (lost, is_lost) = watch::channel(false);
        let options = ConnectOptions::new()
            .name(way.name())
            .connection_timeout(CONNECT)
            .subscription_capacity(self.capacity)
            // Each is tried once.
            .max_reconnects(servers.len())
            // Others than those that were entered would not be checked.
            .ignore_discovered_servers()
            .event_callback(move |event| {
                if matches!(event, Event::Disconnected | Event::Closed) {
                    lost.send_replace(true);
                }
                async {}
            });
        let client = options.connect(servers).await;
        let client = client.map_err(|error| {
            let why = way.failure().unwrap_or_else(|| words(&error));
            format!("not connected: {why}")
        })?;
        Ok(Connected {
            client,
            is_lost,
            way,
        })
    }
}

/// A connection, for as long as it is held.
pub(super) struct Connected {
    pub(super) client: Client,
    is_lost: watch::Receiver<bool>,
    way: Way,
}

impl Connected {
    /// Why it is lost, as soon as it is.
    pub(super) async fn lost(&self) -> String {
        let _ = self.is_lost.clone().wait_for(|lost| *lost).await;
        match self.way.failure() {
            Some(why) => format!("the connection to NATS is lost: {why}"),
            None => "the connection to NATS is lost".into(),
        }
    }

    /// What came is stored.
    pub(super) fn taken(&self) {
        self.way.taken();
    }
}

/// Without the password that an address may hold.
fn host(address: &ServerAddr) -> String {
    format!("{}:{}", address.host(), address.port())
}

/// An error and its causes.
pub(super) fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    words
}

#[derive(Debug, Clone)]
pub(super) struct Subscription {
    servers: Servers,
    subject: String,
    queue: Option<String>,
}

impl Subscription {
    pub(super) fn new(options: &Options) -> Result<Self, HttpError> {
        options.choice("data_type")?;
        if options.given("nak_delay").is_some() {
            // Core NATS has nothing to refuse; the value only has to be one.
            options.duration("nak_delay")?;
        }
        Ok(Self {
            servers: Servers::new(options, options.number("prefetch_count")?)?,
            subject: options.text("subject").into(),
            queue: options.given("queue"),
        })
    }

    /// Members of the queue group keep their messages.
    pub(super) fn only_look(&mut self) {
        self.queue = None;
    }

    pub(super) async fn read<T: Taker>(&self, taker: &mut T) -> Result<(), String> {
        let connected = tokio::select! {
            connected = self.servers.connect() => connected,
            () = taker.stopped() => return Ok(()),
        };
        let connected = connected?;
        let client = &connected.client;
        let subscribed = match &self.queue {
            Some(queue) => {
                let (subject, queue) = (self.subject.clone(), queue.clone());
                client.queue_subscribe(subject, queue).await
            }
            None => client.subscribe(self.subject.clone()).await,
        };
        let subscriber =
            subscribed.map_err(|error| format!("not subscribed: {}", words(&error)))?;
        // What is published from now on is seen.
        let flushed = client.flush().await;
        flushed.map_err(|error| format!("not subscribed: {}", words(&error)))?;
        taker.up();
        taker.log(&format!("subscribed to {}", self.subject));
        let mut batches = subscriber.ready_chunks(BATCH);
        loop {
            let batch = tokio::select! {
                batch = batches.next() => batch.ok_or("the connection to NATS ended")?,
                why = connected.lost() => return Err(why),
                () = taker.stopped() => return Ok(()),
            };
            let messages: Vec<Bytes> = batch.into_iter().map(|message| message.payload).collect();
            if let ControlFlow::Break(()) = taker.take(&messages).await? {
                return Ok(());
            }
            connected.taken();
        }
    }
}
