//! Where batches go, one file for each way to send.

mod http;
mod kafka;
mod object;
mod sigv4;

use std::time::Duration;

use serde_json::{Map, Value};
use weir_api::azion::{
    endpoint::{TYPE, unescaped},
    streaming::StreamingDef,
};

use crate::outbound::Outbound;

/// Of one call.
const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read.
const ANSWER: usize = 4 << 20;

pub(super) enum Sender {
    Http(http::Http),
    Objects(object::ObjectStore),
    Kafka(kafka::Kafka),
}

/// What was taken, with the words of each record that never will be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    pub refused: Vec<String>,
}

/// Try again, perhaps only with some of the records.
#[derive(Debug, Default)]
pub(super) struct Again {
    pub words: String,
    pub after: Option<Duration>,
    /// All where it is `None`.
    pub left: Option<Vec<String>>,
    /// Of those that were dealt with.
    pub sent: Sent,
}

impl From<String> for Again {
    fn from(words: String) -> Self {
        Self {
            words,
            ..Self::default()
        }
    }
}

impl Sender {
    /// The error says what is wrong with the endpoint.
    pub(super) fn new(definition: &StreamingDef) -> Result<Self, String> {
        let fields = Fields(&definition.endpoint);
        match definition.endpoint_type() {
            "standard" | "elasticsearch" | "splunk" | "datadog" | "qradar" => {
                http::Http::new(fields).map(Self::Http)
            }
            "s3" => object::ObjectStore::s3(fields).map(Self::Objects),
            "azure_blob_storage" => object::ObjectStore::azure(fields).map(Self::Objects),
            "kafka" => Ok(Self::Kafka(kafka::Kafka::new(fields))),
            other => Err(not_run(other)),
        }
    }

    pub(super) async fn send(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Again> {
        match self {
            Self::Http(http) => http.send(outbound, lines).await,
            Self::Objects(store) => store.send(outbound, lines).await,
            Self::Kafka(kafka) => kafka.send(lines).await,
        }
    }

    /// Bytes of the lines of a batch, where there is a limit.
    pub(super) fn max_size(&self) -> usize {
        match self {
            Self::Http(http) => http.max_size,
            Self::Objects(_) | Self::Kafka(_) => usize::MAX,
        }
    }
}

pub(super) fn not_run(kind: &str) -> String {
    format!("endpoints of type '{kind}' are kept, but the embedded backend sends nothing to them")
}

#[derive(Clone, Copy)]
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn kind(self) -> String {
        self.text(TYPE)
    }

    /// Empty where there is none.
    fn text(self, key: &str) -> String {
        let text = self.0.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_string()
    }

    fn flag(self, key: &str) -> bool {
        self.0.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    fn separator(self) -> String {
        unescaped(&self.text("log_line_separator"))
    }
}
