//! Records of a Kafka topic.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use chrono::DateTime;
use futures_util::future::select_all;
use rskafka::{
    client::{
        ClientBuilder, Credentials, SaslConfig,
        partition::{OffsetAt, PartitionClient, UnknownTopicHandling},
    },
    record::Record,
};
use weir_engine::Seek;

use super::{
    message::{Beside, Message},
    settings::{Settings, wrong},
};
use crate::{brokers, error::HttpError, tls};
use weir_platform::{gate::Gate, hosts};

const PATIENCE: Duration = Duration::from_secs(15);
const FETCH: std::ops::Range<i32> = 1..1_000_000;
const WAIT_MS: i32 = 500;

pub(super) struct Location {
    brokers: Vec<String>,
    topic: String,
    sasl: Option<SaslConfig>,
    tls: Option<Arc<rustls::ClientConfig>>,
}

impl Location {
    pub(super) fn of(settings: Settings<'_>) -> Result<Self, HttpError> {
        settings.refuse(&[
            "config_file",
            "named_collection",
            "ssl_ca_cert_file",
            "kafka_schema_registry_url",
            "properties",
        ])?;
        let sasl = match settings.get("security_protocol").unwrap_or("PLAINTEXT") {
            "PLAINTEXT" => None,
            "SSL" => None,
            "SASL_PLAINTEXT" | "SASL_SSL" => Some(sasl(settings)?),
            other => {
                let words = format!("'{other}' is not run by the embedded backend");
                return Err(wrong("security_protocol", words));
            }
        };
        let encrypted = settings.text("security_protocol").ends_with("SSL");
        let tls = encrypted.then(|| {
            let verify = settings.text("skip_ssl_cert_check") != "true";
            let tls = tls::client_with(&settings.text("ssl_ca_pem"), verify);
            tls.map(Arc::new)
                .map_err(|words| wrong("ssl_ca_pem", words))
        });
        let brokers = settings.required("brokers")?.split(',');
        Ok(Self {
            tls: tls.transpose()?,
            brokers: brokers.map(|broker| broker.trim().to_string()).collect(),
            topic: settings.required("topic")?.to_string(),
            sasl,
        })
    }
}

impl Location {
    fn builder(&self, gate: Option<&Gate>) -> ClientBuilder {
        let mut builder = ClientBuilder::new(self.brokers.clone()).client_id("weir");
        if let Some(tls) = &self.tls {
            builder = builder.tls_config(tls.clone());
        }
        if let Some(sasl) = &self.sasl {
            builder = builder.sasl_config(sasl.clone());
        }
        // Brokers announce others.
        if let Some(gate) = gate {
            builder = builder.socks5_proxy(gate.address());
        }
        builder
    }
}

fn sasl(settings: Settings<'_>) -> Result<SaslConfig, HttpError> {
    let credentials = Credentials::new(
        settings.required("username")?.to_string(),
        settings.text("password"),
    );
    match settings.get("sasl_mechanism").unwrap_or("PLAIN") {
        "PLAIN" => Ok(SaslConfig::Plain(credentials)),
        "SCRAM-SHA-256" => Ok(SaslConfig::ScramSha256(credentials)),
        "SCRAM-SHA-512" => Ok(SaslConfig::ScramSha512(credentials)),
        other => {
            let words = format!("'{other}' is not run by the embedded backend");
            Err(wrong("sasl_mechanism", words))
        }
    }
}

pub(super) struct Reader {
    partitions: Vec<Partition>,
    topic: String,
    bounded: bool,
    ready: VecDeque<Vec<Message>>,
    /// What the clients above connect through.
    _gate: Option<Gate>,
}

struct Partition {
    number: i32,
    client: PartitionClient,
    next: i64,
    /// Offset after the last record when the reader was opened.
    end: i64,
}

impl Reader {
    pub(super) async fn open(place: Location, seek: Seek, bounded: bool) -> Result<Self, String> {
        let at = format!("Kafka at {}", place.brokers.join(","));
        let gate = Gate::open().await;
        let gate = gate.map_err(|error| format!("{at}: {error}"))?;
        let connecting = Self::connect(&place, gate.as_ref(), seek, bounded);
        let opened = tokio::time::timeout(PATIENCE, connecting).await;
        let refusal = gate.as_ref().and_then(Gate::refusal);
        match (opened, refusal) {
            (Ok(Ok(reader)), _) => Ok(Self {
                _gate: gate,
                ..reader
            }),
            (_, Some(words)) => Err(format!("{at}: {words}")),
            (Ok(Err(error)), None) => Err(format!("{at}: {error}")),
            (Err(_), None) => {
                let why = brokers::why(place.builder(gate.as_ref())).await;
                let silent = || format!("no answer within {} s", PATIENCE.as_secs());
                Err(format!("{at}: {}", why.unwrap_or_else(silent)))
            }
        }
    }

    async fn connect(
        place: &Location,
        gate: Option<&Gate>,
        seek: Seek,
        bounded: bool,
    ) -> Result<Self, String> {
        let words = |error: rskafka::client::error::Error| error.to_string();
        for broker in &place.brokers {
            hosts::check_address(broker, 9092)?;
        }
        if (place.sasl.is_some() || place.tls.is_some())
            && let Some(words) = brokers::refusal(place.builder(gate)).await
        {
            return Err(words);
        }
        let client = brokers::steady(place.builder(gate));
        let client = client.build().await.map_err(words)?;
        let topics = client.list_topics().await.map_err(words)?;
        let topic = topics.into_iter().find(|topic| topic.name == place.topic);
        let topic = topic.ok_or_else(|| format!("topic '{}' does not exist", place.topic))?;
        let mut partitions = Vec::new();
        for number in topic.partitions {
            let handling = UnknownTopicHandling::Retry;
            let client = client.partition_client(&place.topic, number, handling);
            let client = client.await.map_err(words)?;
            let end = client.get_offset(OffsetAt::Latest).await.map_err(words)?;
            let next = match seek {
                Seek::Latest => end,
                Seek::Earliest => client.get_offset(OffsetAt::Earliest).await.map_err(words)?,
                Seek::Time(ms) => {
                    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
                    let found = client.get_offset(OffsetAt::Timestamp(time)).await;
                    // -1: no record is that new.
                    Some(found.map_err(words)?)
                        .filter(|at| *at >= 0)
                        .unwrap_or(end)
                }
            };
            partitions.push(Partition {
                number,
                client,
                next,
                end,
            });
        }
        Ok(Self {
            partitions,
            topic: place.topic.clone(),
            bounded,
            ready: VecDeque::new(),
            _gate: None,
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Vec<Message>>, String> {
        loop {
            if let Some(batch) = self.ready.pop_front() {
                return Ok(Some(batch));
            }
            let bounded = self.bounded;
            let open = self.partitions.iter();
            let open = open.filter(|one| !bounded || one.next < one.end);
            let fetches: Vec<_> = open.map(|one| Box::pin(fetch(one))).collect();
            if fetches.is_empty() {
                return Ok(None);
            }
            let (number, records) = select_all(fetches).await.0?;
            let topic = &self.topic;
            let Some(partition) = self.partitions.iter_mut().find(|p| p.number == number) else {
                continue;
            };
            let mut batch = Vec::with_capacity(records.len());
            for (offset, record) in records {
                partition.next = partition.next.max(offset + 1);
                if bounded && offset >= partition.end {
                    continue;
                }
                batch.push(Message {
                    bytes: record.value.unwrap_or_default(),
                    time_ms: record.timestamp.timestamp_millis(),
                    place: format!("offset {offset} of partition {number} of topic '{topic}'"),
                    beside: Some(Beside {
                        key: record.key,
                        headers: record.headers.into_iter().collect(),
                        offset,
                        partition: number,
                    }),
                });
            }
            if !batch.is_empty() {
                self.ready.push_back(batch);
            }
        }
    }
}

/// By offset.
type Records = BTreeMap<i64, Record>;

async fn fetch(partition: &Partition) -> Result<(i32, Records), String> {
    let fetched = partition
        .client
        .fetch_records(partition.next, FETCH, WAIT_MS);
    let (records, _) = fetched.await.map_err(|error| error.to_string())?;
    let records = records.into_iter().map(|one| (one.offset, one.record));
    Ok((partition.number, records.collect()))
}
