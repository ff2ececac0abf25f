//! A query between two steps, to go on with later: neither losing nor repeating rows.

use serde::{Deserialize, Serialize};

use super::{
    Runner,
    groups::{Groups, SavedGroups},
    scripts,
    stats::Counters,
};
use crate::{Plan, SqlError, udf::library::Library};

/// Where a query stands, with the state of its open windows and groups. What it holds is the
/// engine's own; keep it as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The SQLite table of the followed stream. A stream made anew has another.
    table: Option<String>,
    position: i64,
    #[serde(default)]
    start: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<SavedGroups>,
    next_emit_ms: i64,
    remaining: Option<u64>,
    done: bool,
    counters: Counters,
}

impl Checkpoint {
    /// `_seq` of the last row of the followed stream that is taken into account.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Nothing comes after it.
    pub fn is_done(&self) -> bool {
        self.done
    }
}

impl Runner {
    /// What [`Runner::resume`] needs to go on after the last step. The query over history has
    /// nothing to go on with: until it is done it begins again.
    pub fn checkpoint(&self) -> Result<Checkpoint, SqlError> {
        let stage = self.plan.stage.as_ref();
        Ok(Checkpoint {
            table: self.plan.leaf.as_ref().map(|leaf| leaf.table.clone()),
            position: self.position,
            start: self.start,
            groups: stage.map(|stage| self.groups.save(stage)).transpose()?,
            next_emit_ms: self.next_emit_ms,
            remaining: self.remaining,
            done: self.done,
            counters: self.counters.clone(),
        })
    }

    /// Fails where the query is another than the checkpoint's, or follows a stream that was
    /// deleted and made anew.
    pub fn resume(plan: Plan, checkpoint: Checkpoint) -> Result<Self, SqlError> {
        let table = plan.leaf.as_ref().map(|leaf| &leaf.table);
        if table != checkpoint.table.as_ref() {
            return Err(SqlError::new(match &plan.leaf {
                Some(leaf) => format!(
                    "the checkpoint is of another stream than '{}' is now",
                    leaf.stream
                ),
                None => "the checkpoint is of a query that follows a stream".to_string(),
            }));
        }
        let library = Library::new(&plan.functions);
        let groups = match (&plan.stage, checkpoint.groups) {
            (Some(stage), Some(saved)) => Groups::restore(stage, saved, scripts(library.as_ref()))?,
            (None, None) => Groups::default(),
            _ => {
                return Err(SqlError::new(
                    "the query's aggregation is not that of its checkpoint",
                ));
            }
        };
        Ok(Self {
            plan,
            library,
            position: checkpoint.position,
            start: checkpoint.start,
            groups,
            next_emit_ms: checkpoint.next_emit_ms,
            remaining: checkpoint.remaining,
            done: checkpoint.done,
            counters: checkpoint.counters,
            governor: None,
        })
    }
}
