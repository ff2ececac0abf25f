//! Where batches go, one file for each way to send.

mod fields;
mod http;
mod kafka;
mod object;
mod outcome;
mod sigv4;

use weir_api::azion::streaming::StreamingDef;

use self::fields::Fields;
pub(super) use self::outcome::{Retry, Sent};
use crate::outbound::Outbound;

pub(super) enum Sender {
    Http(http::Http),
    Objects(object::ObjectStore),
    Kafka(kafka::Kafka),
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

    pub(super) async fn send(&self, outbound: &Outbound, lines: &[String]) -> Result<Sent, Retry> {
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
