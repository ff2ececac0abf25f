//! What a query has done so far.

use serde::{Deserialize, Serialize};

use crate::Plan;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunnerStats {
    /// Rows read from the sources. Over history: rows stepped over in full scans.
    pub scanned_rows: i64,
    /// Bytes of those rows as ingested; over history estimated from the newest rows.
    pub scanned_bytes: i64,
    pub emitted_rows: i64,
    /// Rows that came after their window was sent.
    pub late_rows: i64,
    /// Newest `_tp_time` read in Unix milliseconds, 0 where there is none.
    pub last_event_time: i64,
    /// Unix milliseconds, 0 where there is none.
    pub watermark: i64,
    /// Sources, the work on their rows, the output.
    pub nodes: Vec<NodeStats>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeStats {
    pub id: i64,
    pub name: String,
    pub rows: i64,
    pub bytes: i64,
    pub time_ns: i64,
    /// Ids of the nodes that feed it.
    pub inputs: Vec<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Counters {
    pub(super) scanned_rows: i64,
    pub(super) scanned_bytes: i64,
    /// Rows after filters.
    pub(super) passed_rows: i64,
    pub(super) emitted_rows: i64,
    pub(super) late_rows: i64,
    pub(super) last_event_time: i64,
    pub(super) watermark: i64,
    pub(super) read_ns: i64,
    pub(super) work_ns: i64,
    pub(super) output_ns: i64,
}

impl Counters {
    pub(super) fn stats(&self, plan: &Plan) -> RunnerStats {
        let mut nodes: Vec<NodeStats> = Vec::new();
        for (name, id) in plan.sources.iter().zip(1..) {
            // Tables joined to a followed stream are looked up, not read through.
            let followed = plan.follows(name);
            let first = plan.followed().is_none_or(|stream| stream == name);
            let reads = (first && followed == plan.streaming) || plan.sources.len() == 1;
            nodes.push(NodeStats {
                id,
                name: if followed {
                    format!("Stream {name}")
                } else {
                    format!("Table {name}")
                },
                rows: if reads { self.scanned_rows } else { 0 },
                bytes: if reads { self.scanned_bytes } else { 0 },
                time_ns: if reads { self.read_ns } else { 0 },
                inputs: Vec::new(),
            });
        }
        let sources: Vec<i64> = nodes.iter().map(|node| node.id).collect();
        let work = sources.len() as i64 + 1;
        nodes.push(NodeStats {
            id: work,
            name: if plan.last_groups().is_some() || (!plan.streaming && plan.analysis.has_aggr) {
                "Aggregate"
            } else {
                "Select"
            }
            .to_string(),
            rows: self.passed_rows,
            bytes: self.scanned_bytes,
            time_ns: self.work_ns,
            inputs: sources,
        });
        nodes.push(NodeStats {
            id: work + 1,
            name: "Output".to_string(),
            rows: self.emitted_rows,
            time_ns: self.output_ns,
            inputs: vec![work],
            ..NodeStats::default()
        });
        RunnerStats {
            scanned_rows: self.scanned_rows,
            scanned_bytes: self.scanned_bytes,
            emitted_rows: self.emitted_rows,
            late_rows: self.late_rows,
            last_event_time: self.last_event_time,
            watermark: self.watermark,
            nodes,
        }
    }
}

/// Nanoseconds since `start`.
pub(super) fn elapsed(start: std::time::Instant) -> i64 {
    i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX)
}
