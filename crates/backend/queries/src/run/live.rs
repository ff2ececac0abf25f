//! A query that runs, or has ended so recently that readers may still come for its last events.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::watch;
use weir_api::timeplus::query::{NodeMetric, Pipeline, PipelineEdge, PipelineNode, Query, Status};
use weir_engine::{Governor, NodeStats};

use super::{
    event_log::EventLog,
    quota::{Permit, Quota},
};
use crate::clock;

pub struct LiveQuery {
    /// As it was when it started.
    started: Query,
    pub log: Arc<EventLog>,
    /// So long it stays for a reader that comes back.
    pub stay: Duration,
    progress: Mutex<Progress>,
    governor: Governor,
    /// It waits for rows or for readers, and uses nothing meanwhile.
    parked: AtomicBool,
    /// Until it has ended.
    permit: Mutex<Option<Permit>>,
    quota: Quota,
    user: String,
    /// Why it is to stop, once it is.
    cancel: watch::Sender<Option<String>>,
    ended: watch::Sender<bool>,
}

#[derive(Default)]
struct Progress {
    response_time: i64,
    nodes: Vec<NodeStats>,
    end: Option<End>,
}

#[derive(Debug, Clone)]
pub struct End {
    pub status: Status,
    pub message: String,
    pub at_ms: i64,
}

impl LiveQuery {
    pub fn new(started: Query, permit: Permit, stay: Duration) -> Arc<Self> {
        Arc::new(Self {
            started,
            log: EventLog::new(),
            stay,
            progress: Mutex::default(),
            governor: Governor::of(permit.user()),
            parked: AtomicBool::new(false),
            quota: permit.quota(),
            user: permit.user().to_string(),
            permit: Mutex::new(Some(permit)),
            cancel: watch::Sender::new(None),
            ended: watch::Sender::new(false),
        })
    }

    pub fn id(&self) -> &str {
        &self.started.id
    }

    /// What a reader's first event shows: the end comes as an event of its own.
    pub fn started(&self) -> &Query {
        &self.started
    }

    pub fn is_running(&self) -> bool {
        self.progress().end.is_none()
    }

    /// As it is now.
    pub fn query(&self) -> Query {
        let progress = self.progress();
        let mut query = self.started.clone();
        query.response_time = progress.response_time;
        match &progress.end {
            None => query.duration = clock::now_ms() - query.start_time,
            Some(end) => {
                query.status = end.status;
                query.message.clone_from(&end.message);
                query.end_time = end.at_ms;
                query.duration = end.at_ms - query.start_time;
            }
        }
        query
    }

    pub fn pipeline(&self) -> Pipeline {
        let progress = self.progress();
        let status = match &progress.end {
            None => "running",
            Some(end) => end.status.as_str(),
        };
        pipeline(&progress.nodes, status)
    }

    pub fn note(&self, nodes: Vec<NodeStats>, response_time: i64) {
        let mut progress = self.progress();
        progress.nodes = nodes;
        progress.response_time = response_time;
    }

    /// So many rows more went to its readers; an error where its user has had too many.
    pub fn sent(&self, rows: u64) -> Result<(), String> {
        self.quota.send(&self.user, rows)
    }

    pub fn note_end(&self, end: End) {
        self.progress().end = Some(end);
    }

    /// To be called when nothing will change any more.
    pub fn finished(&self) {
        let mut permit = self.permit.lock().unwrap_or_else(PoisonError::into_inner);
        drop(permit.take());
        drop(permit);
        self.ended.send_replace(true);
    }

    pub fn governor(&self) -> &Governor {
        &self.governor
    }

    pub fn park(&self, parked: bool) {
        self.parked.store(parked, Ordering::Relaxed);
    }

    /// Whether it waits for rows or for readers.
    pub fn is_parked(&self) -> bool {
        self.parked.load(Ordering::Relaxed) || self.log.is_waiting()
    }

    /// Asks it to stop; the first reason given is kept.
    pub fn cancel(&self, reason: &str) {
        self.cancel.send_if_modified(|current| {
            let first = current.is_none();
            if first {
                *current = Some(reason.to_string());
            }
            first
        });
        self.log.abandon();
        self.governor.stop();
    }

    pub fn canceled(&self) -> Option<String> {
        self.cancel.borrow().clone()
    }

    pub fn cancellation(&self) -> watch::Receiver<Option<String>> {
        self.cancel.subscribe()
    }

    pub async fn wait_for_end(&self) {
        // The sender lives as long as `self`.
        let _ = self.ended.subscribe().wait_for(|ended| *ended).await;
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn pipeline(nodes: &[NodeStats], status: &str) -> Pipeline {
    Pipeline {
        nodes: nodes
            .iter()
            .map(|node| PipelineNode {
                id: node.id,
                name: node.name.clone(),
                status: status.to_string(),
                metric: NodeMetric {
                    processed_bytes: node.bytes,
                    processing_time_ns: node.time_ns,
                    processed_rows: Some(node.rows),
                },
            })
            .collect(),
        edges: nodes
            .iter()
            .flat_map(|node| {
                node.inputs.iter().map(|input| PipelineEdge {
                    from: *input,
                    to: node.id,
                })
            })
            .collect(),
    }
}
