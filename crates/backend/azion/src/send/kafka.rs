//! Lines as records of a Kafka topic, batch by batch on the next partition.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use chrono::Utc;
use rskafka::{
    client::{
        ClientBuilder,
        partition::{Compression, PartitionClient, UnknownTopicHandling},
    },
    record::Record,
};
use tokio::sync::{Mutex, OnceCell};

use super::{
    fields::Fields,
    outcome::{Retry, Sent},
};
use crate::outbound;
use weir_platform::{gate::Gate, hosts};
use weir_queries::brokers;

/// Of a batch, with finding the brokers.
const PATIENCE: Duration = Duration::from_secs(15);

pub(crate) struct Kafka {
    servers: Vec<String>,
    topic: String,
    tls: bool,
    /// None until the first batch and after a failure.
    partitions: Mutex<Vec<Arc<PartitionClient>>>,
    /// What they connect through.
    gate: OnceCell<Option<Gate>>,
    next: AtomicUsize,
}

impl Kafka {
    pub(super) fn new(fields: Fields<'_>) -> Self {
        let servers = fields.text("bootstrap_servers");
        Self {
            servers: servers.split(',').map(String::from).collect(),
            topic: fields.text("kafka_topic"),
            tls: fields.flag("use_tls"),
            partitions: Mutex::default(),
            gate: OnceCell::new(),
            next: AtomicUsize::new(0),
        }
    }

    pub(super) async fn send(&self, lines: &[String]) -> Result<Sent, Retry> {
        let at = format!("Kafka at {}", self.servers.join(","));
        let words = match tokio::time::timeout(PATIENCE, self.produce(lines)).await {
            Ok(Ok(())) => return Ok(Sent::default()),
            Ok(Err(words)) => format!("{at}: {words}"),
            Err(_) => {
                let why = match self.builder().await {
                    Ok(builder) => brokers::why(builder).await,
                    Err(words) => Some(words),
                };
                let silent = || format!("no answer within {} s", PATIENCE.as_secs());
                format!("{at}: {}", why.unwrap_or_else(silent))
            }
        };
        self.partitions.lock().await.clear();
        let gate = self.gate.get().and_then(Option::as_ref);
        match gate.and_then(Gate::refusal) {
            Some(refusal) => Err(format!("{at}: {refusal}").into()),
            None => Err(words.into()),
        }
    }

    async fn produce(&self, lines: &[String]) -> Result<(), String> {
        let partition = self.partition().await?;
        let now = Utc::now();
        let records = lines.iter().map(|line| Record {
            key: None,
            value: Some(line.clone().into_bytes()),
            headers: BTreeMap::new(),
            timestamp: now,
        });
        let produced = partition
            .produce(records.collect(), Compression::Gzip)
            .await;
        produced.map(|_| ()).map_err(|error| error.to_string())
    }

    async fn partition(&self) -> Result<Arc<PartitionClient>, String> {
        let mut partitions = self.partitions.lock().await;
        if partitions.is_empty() {
            *partitions = self.connect().await?;
        }
        let next = self.next.fetch_add(1, Ordering::Relaxed) % partitions.len().max(1);
        let found = partitions.get(next).cloned();
        found.ok_or_else(|| format!("topic '{}' has no partition", self.topic))
    }

    async fn connect(&self) -> Result<Vec<Arc<PartitionClient>>, String> {
        let words = |error: rskafka::client::error::Error| error.to_string();
        for server in &self.servers {
            hosts::check_address(server, 9092)?;
        }
        let client = brokers::steady(self.builder().await?);
        let client = client.build().await.map_err(words)?;
        let topics = client.list_topics().await.map_err(words)?;
        let topic = topics.into_iter().find(|topic| topic.name == self.topic);
        let topic = topic.ok_or_else(|| format!("topic '{}' does not exist", self.topic))?;
        let mut partitions = Vec::new();
        for number in topic.partitions {
            let handling = UnknownTopicHandling::Retry;
            let client = client.partition_client(&self.topic, number, handling);
            partitions.push(Arc::new(client.await.map_err(words)?));
        }
        Ok(partitions)
    }

    async fn builder(&self) -> Result<ClientBuilder, String> {
        let mut builder = ClientBuilder::new(self.servers.clone()).client_id("weir");
        if self.tls {
            builder = builder.tls_config(Arc::new(outbound::tls()));
        }
        // Brokers announce others.
        let gate = self.gate.get_or_try_init(Gate::open).await;
        if let Some(gate) = gate.map_err(|error| error.to_string())? {
            builder = builder.socks5_proxy(gate.address());
        }
        Ok(builder)
    }
}
