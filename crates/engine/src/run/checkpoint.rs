//! A query between two steps, to go on with later: neither losing nor repeating rows.

use serde::{Deserialize, Serialize};

use super::{
    Cursor, Runner, scripts,
    state::{SavedGroups, SavedState, State},
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
    /// As it was written when there was one aggregation at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    groups: Option<SavedGroups>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    states: Vec<SavedState>,
    /// Tables, positions and starts of other followed streams.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    others: Vec<(String, i64, i64)>,
    #[serde(default)]
    version: i64,
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
        let stages = self.states.iter().zip(&self.plan.stages);
        let states = stages.map(|(state, stage)| state.save(stage));
        let leaves = self.plan.leaves.iter().zip(&self.cursors);
        let others = leaves
            .skip(1)
            .map(|((leaf, _), cursor)| (leaf.table.clone(), cursor.position, cursor.start));
        let first = self.cursors.first();
        let first = first.map_or((0, 0), |cursor| (cursor.position, cursor.start));
        let leaf = self.plan.leaves.first();
        Ok(Checkpoint {
            table: leaf.map(|(leaf, _)| leaf.table.clone()),
            position: first.0,
            start: first.1,
            groups: None,
            states: states.collect::<Result<_, _>>()?,
            others: others.collect(),
            version: self.version,
            next_emit_ms: self.next_emit_ms,
            remaining: self.remaining,
            done: self.done,
            counters: self.counters.clone(),
        })
    }

    /// Fails where the query is another than the checkpoint's, or follows a stream that was
    /// deleted and made anew.
    pub fn resume(plan: Plan, checkpoint: Checkpoint) -> Result<Self, SqlError> {
        let tables = plan.leaves.iter().map(|(leaf, _)| leaf.table.as_str());
        let known = checkpoint.table.as_deref().into_iter();
        let known = known.chain(checkpoint.others.iter().map(|(table, ..)| table.as_str()));
        if !tables.eq(known) {
            return Err(SqlError::new(match plan.followed() {
                Some(stream) => {
                    format!("the checkpoint is of another stream than '{stream}' is now")
                }
                None => "the checkpoint is of a query that follows a stream".to_string(),
            }));
        }
        let library = Library::new(&plan.functions);
        let saved = match checkpoint.groups {
            Some(groups) => vec![SavedState::Groups(vec![groups])],
            None => checkpoint.states,
        };
        if saved.len() != plan.stages.len() {
            return Err(SqlError::new(
                "the query's aggregation is not that of its checkpoint",
            ));
        }
        let states = plan.stages.iter().zip(saved);
        let states = states
            .map(|(stage, saved)| State::restore(stage, saved, scripts(library.as_ref())))
            .collect::<Result<_, _>>()?;
        let first = plan.leaves.first().map(|_| Cursor {
            start: checkpoint.start,
            position: checkpoint.position,
        });
        let others = checkpoint.others.iter().map(|(_, position, start)| Cursor {
            start: *start,
            position: *position,
        });
        let cursors = first.into_iter().chain(others).collect();
        Ok(Self {
            plan,
            library,
            cursors,
            states,
            last_row_ms: None,
            version: checkpoint.version,
            next_emit_ms: checkpoint.next_emit_ms,
            remaining: checkpoint.remaining,
            done: checkpoint.done,
            counters: checkpoint.counters,
            governor: None,
        })
    }
}
