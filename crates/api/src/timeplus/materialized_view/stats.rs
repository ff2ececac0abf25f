//! How a materialized view runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::{query::Pipeline, stream::StreamStats, view::or_empty};
use crate::word::words;

words! {
    /// Where a materialized view's query stands.
    #[derive(Default)]
    pub enum Status {
        #[default]
        None = "None" | "",
        Initialized = "Initialized",
        CheckingDependencies = "CheckingDependencies",
        BuildingPipeline = "BuildingPipeline",
        ExecutingPipeline = "ExecutingPipeline",
        /// Failed, and is not tried again by itself. `Fatal` in servers of 2025.
        Error = "Error" | "Fatal",
        Suspended = "Suspended",
        Paused = "Paused",
        /// Failed, and is tried again.
        AutoRecovering = "AutoRecovering",
        Unpausing = "Unpausing",
        Recovering = "Recovering",
    }
}

impl Status {
    pub fn words(&self) -> &str {
        match self {
            Self::None => "unknown",
            Self::Other(word) => word.as_str(),
            Self::Initialized => "initialized",
            Self::CheckingDependencies => "checking dependencies",
            Self::BuildingPipeline => "building pipeline",
            Self::ExecutingPipeline => "running",
            Self::Error => "error",
            Self::Suspended => "suspended",
            Self::Paused => "paused",
            Self::AutoRecovering => "recovering by itself",
            Self::Unpausing => "unpausing",
            Self::Recovering => "recovering",
        }
    }
}

/// Of what it writes into, and of the nodes that run it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    #[serde(flatten)]
    pub target: StreamStats,
    #[serde(deserialize_with = "or_empty")]
    pub nodes: Vec<Node>,
    pub status: Option<Status>,
    pub status_ts: Option<i64>,
    /// Rows of its source that it has not taken into account yet.
    pub lagging: Option<i64>,
    pub leader_node: Option<i64>,
    pub last_error_message: Option<String>,
    /// Extension of the embedded backend.
    pub pipeline: Option<Pipeline>,
}

impl Stats {
    /// The leader's, or the first node's where servers do not tell a leader.
    pub fn status(&self) -> Option<Status> {
        self.status.or_else(|| Some(self.nodes.first()?.status))
    }

    pub fn error(&self) -> Option<&str> {
        let nodes = self
            .nodes
            .iter()
            .map(|node| node.last_error_message.as_str());
        self.last_error_message
            .as_deref()
            .into_iter()
            .chain(nodes)
            .find(|message| !message.is_empty())
    }
}

/// One node that runs it.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    pub node_id: i64,
    pub status: Status,
    /// Unix ms.
    pub status_ts: Option<i64>,
    pub last_error_message: String,
    pub last_error_message_ts: Option<i64>,
    /// Bytes.
    pub checkpoint_size: i64,
    pub memory: i64,
    /// By shard; of servers with several nodes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub replication_status: BTreeMap<String, serde_json::Value>,
    /// By source.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub lagging_status: BTreeMap<String, Lagging>,
    /// From here on extensions of the embedded backend. Unix ms.
    pub checkpoint_ts: Option<i64>,
    pub read_rows: Option<i64>,
    pub written_rows: Option<i64>,
    /// Rows that came after their window was closed.
    pub late_rows: Option<i64>,
    /// Unix ms.
    pub watermark: Option<i64>,
}

impl Node {
    /// The shard that [`super::transfer`] can be about.
    pub fn shard(&self) -> Option<i64> {
        self.replication_status
            .keys()
            .find_map(|key| key.parse().ok())
    }
}

/// Sequence numbers of a source's rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lagging {
    /// The newest row of the source.
    pub end_sn: i64,
    pub processed_sn: i64,
    pub ckpt_sn: i64,
    /// Unix ms of the newest row taken into account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processed_record_ts: Option<i64>,
}

impl Lagging {
    pub fn rows(&self) -> i64 {
        (self.end_sn - self.processed_sn).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_of_both_revisions_are_known_and_others_do_no_harm() {
        for (word, status) in [
            ("ExecutingPipeline", Status::ExecutingPipeline),
            ("Fatal", Status::Error),
            ("Error", Status::Error),
            ("Levitating", Status::Other("Levitating".into())),
            ("", Status::None),
        ] {
            let node = format!(r#"{{"node_id":1,"status":"{word}"}}"#);
            let node: Node = serde_json::from_str(&node).expect("node");
            assert_eq!(node.status, status, "{word}");
        }
    }

    #[test]
    fn stats_of_both_revisions_are_read() {
        let old = r#"{"row_count":3,"nodes":[{"node_id":1,"status":"Fatal","last_error_message":"no"}],"history":[{"written_eps":1.5}]}"#;
        let old: Stats = serde_json::from_str(old).expect("old");
        assert_eq!(
            (old.status(), old.error()),
            (Some(Status::Error), Some("no"))
        );
        assert_eq!(old.target.row_count, 3);
        assert_eq!(old.target.history.map(|h| h.len()), Some(1));
        let new = r#"{"status":"Paused","nodes":null,"lagging":5,"row_count":0}"#;
        let new: Stats = serde_json::from_str(new).expect("new");
        assert_eq!((new.status(), new.error()), (Some(Status::Paused), None));
        let lagging: Lagging =
            serde_json::from_str(r#"{"end_sn":9,"processed_sn":4}"#).expect("lagging");
        assert_eq!(lagging.rows(), 5);
    }
}
