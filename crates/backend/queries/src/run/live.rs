//! A query that runs, or has ended so recently that readers may still come for its last events.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use rusqlite::InterruptHandle;
use tokio::sync::watch;
use weir_api::timeplus::query::{NodeMetric, Pipeline, PipelineEdge, PipelineNode, Query, Status};
use weir_engine::NodeStats;

use super::event_log::EventLog;
use crate::clock;

pub struct LiveQuery {
    /// As it was when it started.
    started: Query,
    pub log: Arc<EventLog>,
    progress: Mutex<Progress>,
    interrupt: OnceLock<InterruptHandle>,
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
    pub fn new(started: Query) -> Arc<Self> {
        Arc::new(Self {
            started,
            log: EventLog::new(),
            progress: Mutex::default(),
            interrupt: OnceLock::new(),
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

    pub fn note_end(&self, end: End) {
        self.progress().end = Some(end);
    }

    /// To be called when nothing will change any more.
    pub fn finished(&self) {
        self.ended.send_replace(true);
    }

    pub fn can_be_interrupted(&self, handle: InterruptHandle) {
        // Set once: each query has one connection.
        let _ = self.interrupt.set(handle);
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
        if let Some(interrupt) = self.interrupt.get() {
            interrupt.interrupt();
        }
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
