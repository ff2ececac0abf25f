//! Messages of a NATS JetStream stream.

use std::time::Duration;

use async_nats::{
    ConnectOptions, ServerAddr,
    jetstream::{
        self,
        consumer::{DeliverPolicy, pull},
    },
};
use futures_util::{FutureExt, StreamExt};
use weir_engine::Seek;

use super::{
    message::{Beside, Message},
    settings::Settings,
};
use crate::error::HttpError;
use weir_platform::{nats::Way, tls};

const PATIENCE: Duration = Duration::from_secs(10);
const BATCH: usize = 1000;

pub(super) struct Location {
    url: String,
    stream: String,
    /// Empty: all of the stream.
    subject: String,
    user: String,
    password: String,
    token: String,
    nkey_seed: String,
    secure: bool,
}

impl Location {
    pub(super) fn of(settings: Settings<'_>) -> Result<Self, HttpError> {
        settings.refuse(&[
            "config_file",
            "named_collection",
            "ssl_ca_cert_file",
            "skip_ssl_cert_check",
            "ssl_cert_file",
            "ssl_key_file",
            "nats_nkey_seed_file",
            "nats_creds_file",
            "nats_jwt",
        ])?;
        Ok(Self {
            url: settings.required("url")?.to_string(),
            stream: settings.required("stream_name")?.to_string(),
            subject: settings.text("subject"),
            user: settings.text("username"),
            password: settings.text("password"),
            token: settings.text("token"),
            nkey_seed: settings.text("nats_nkey_seed"),
            secure: settings.flag("secure")?,
        })
    }

    fn options(&self, name: &str) -> ConnectOptions {
        let options = if !self.token.is_empty() {
            ConnectOptions::with_token(self.token.clone())
        } else if !self.user.is_empty() {
            ConnectOptions::with_user_and_password(self.user.clone(), self.password.clone())
        } else if !self.nkey_seed.is_empty() {
            ConnectOptions::with_nkey(self.nkey_seed.clone())
        } else {
            ConnectOptions::new()
        };
        options
            .name(name)
            // Others than those that were entered would not be checked.
            .ignore_discovered_servers()
            .connection_timeout(PATIENCE)
    }

    fn servers(&self) -> Result<Vec<ServerAddr>, std::io::Error> {
        let urls = self.url.split(',').map(str::trim);
        urls.filter(|url| !url.is_empty()).map(str::parse).collect()
    }
}

pub(super) struct Reader {
    messages: pull::Ordered,
    way: Way,
    stream: String,
    /// A bounded reader ends with this message.
    end: Option<u64>,
    done: bool,
}

impl Reader {
    pub(super) async fn open(place: Location, seek: Seek, bounded: bool) -> Result<Self, String> {
        let at = format!("NATS at {}", place.url);
        let servers = place.servers().map_err(|error| format!("{at}: {error}"))?;
        let (way, servers) = Way::open(&servers, place.secure, tls::client(true)).await?;
        let client = place.options(way.name()).connect(servers).await;
        let client = client.map_err(|error| {
            let why = way.failure().unwrap_or_else(|| error.to_string());
            format!("{at}: {why}")
        })?;
        let context = jetstream::new(client);
        let stream = context
            .get_stream(&place.stream)
            .await
            .map_err(|error| format!("{at}, stream '{}': {error}", place.stream))?;
        let state = &stream.cached_info().state;
        let last = state.last_sequence;
        let start = match seek {
            Seek::Earliest => DeliverPolicy::All,
            // Not `New`: nothing may be missed between this answer and the consumer.
            Seek::Latest => DeliverPolicy::ByStartSequence {
                start_sequence: last + 1,
            },
            Seek::Time(ms) => DeliverPolicy::ByStartTime {
                start_time: async_nats::datetime::from_nanos(i128::from(ms) * 1_000_000)
                    .map_err(|error| error.to_string())?,
            },
        };
        let config = pull::OrderedConfig {
            deliver_policy: start,
            filter_subject: place.subject,
            ..pull::OrderedConfig::default()
        };
        let consumer = stream
            .create_consumer(config)
            .await
            .map_err(|error| format!("{at}, stream '{}': {error}", place.stream))?;
        let done = bounded && consumer.cached_info().num_pending == 0;
        let messages = consumer
            .messages()
            .await
            .map_err(|error| format!("{at}, stream '{}': {error}", place.stream))?;
        Ok(Self {
            messages,
            way,
            stream: place.stream,
            end: bounded.then_some(last),
            done,
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Vec<Message>>, String> {
        if self.done {
            return Ok(None);
        }
        // Who asks for more has taken what came.
        self.way.taken();
        let mut batch = Vec::new();
        let mut next = self.messages.next().await;
        loop {
            let Some(message) = next else {
                return Err(format!("NATS stream '{}' has ended", self.stream));
            };
            let message = message.map_err(|error| {
                let why = self.way.failure().unwrap_or_else(|| error.to_string());
                format!("NATS stream '{}': {why}", self.stream)
            })?;
            batch.push(self.take(message)?);
            if self.done || batch.len() >= BATCH {
                return Ok(Some(batch));
            }
            match self.messages.next().now_or_never() {
                Some(more) => next = more,
                None => return Ok(Some(batch)),
            }
        }
    }

    fn take(&mut self, message: jetstream::Message) -> Result<Message, String> {
        let info = message.info().map_err(|error| error.to_string())?;
        let past_end = |end| info.stream_sequence >= end || info.pending == 0;
        self.done = self.end.is_some_and(past_end);
        let time_ms = info.published.unix_timestamp_nanos() / 1_000_000;
        let headers = message.headers.iter().flat_map(|all| all.iter());
        let headers = headers.filter_map(|(name, values)| {
            let value = values.first()?;
            Some((name.to_string(), value.as_str().as_bytes().to_vec()))
        });
        let beside = Beside {
            key: None,
            headers: headers.collect(),
            offset: i64::try_from(info.stream_sequence).unwrap_or(i64::MAX),
            partition: 0,
        };
        Ok(Message {
            beside: Some(beside),
            time_ms: i64::try_from(time_ms).unwrap_or_default(),
            place: format!(
                "message {} of stream '{}'",
                info.stream_sequence, self.stream
            ),
            bytes: message.payload.to_vec(),
        })
    }
}
