//! Messages of an external stream, one batch after the other.

use weir_api::timeplus::external_stream::Setting;
use weir_engine::Seek;
use weir_store::Store;

use super::{
    kafka, log,
    message::Message,
    nats, random,
    settings::{RANDOM, Settings},
};
use crate::error::HttpError;

/// Where messages are, and how to get at them.
pub(super) enum Location {
    Log(log::Location),
    Nats(nats::Location),
    Kafka(kafka::Location),
    Random(random::Location),
}

impl Location {
    /// `None` for types that the embedded backend does not run.
    pub(super) fn of(store: &Store, settings: &[Setting]) -> Result<Option<Self>, HttpError> {
        let settings = Settings(settings);
        Ok(match settings.required("type")? {
            "log" => Some(Self::Log(log::Location::of(settings, store.log_folders())?)),
            "nats_jetstream" => Some(Self::Nats(nats::Location::of(settings)?)),
            "kafka" => Some(Self::Kafka(kafka::Location::of(settings)?)),
            RANDOM => Some(Self::Random(random::Location::of(settings)?)),
            _ => None,
        })
    }

    /// What can be told at once, before anything is read.
    pub(super) fn check(&self, store: &Store) -> Result<(), HttpError> {
        match self {
            Self::Log(place) => place.check(store.log_folders()),
            Self::Nats(_) | Self::Kafka(_) | Self::Random(_) => Ok(()),
        }
    }

    /// What comes from now on is read once this returns. With `bounded` the reader ends with what
    /// is there now.
    pub(super) async fn open(self, seek: Seek, bounded: bool) -> Result<Reader, String> {
        Ok(match self {
            Self::Log(place) => Reader::Log(log::Reader::open(place, seek, bounded).await?),
            Self::Nats(place) => {
                Reader::Nats(Box::new(nats::Reader::open(place, seek, bounded).await?))
            }
            Self::Kafka(place) => Reader::Kafka(kafka::Reader::open(place, seek, bounded).await?),
            Self::Random(place) => Reader::Random(random::Reader::open(&place, bounded)),
        })
    }
}

pub(super) fn not_run(kind: &str) -> String {
    format!(
        "type '{kind}' is kept but not run by the embedded backend: a Timeplus server can read it"
    )
}

pub(super) enum Reader {
    Log(log::Reader),
    Nats(Box<nats::Reader>),
    Kafka(kafka::Reader),
    Random(random::Reader),
}

impl Reader {
    /// Waits for messages; `None` at the end of a bounded one. A dropped call loses nothing but
    /// what it would have returned.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<Message>>, String> {
        match self {
            Self::Log(reader) => reader.next().await,
            Self::Nats(reader) => reader.next().await,
            Self::Kafka(reader) => reader.next().await,
            Self::Random(reader) => Ok(reader.next().await),
        }
    }
}
