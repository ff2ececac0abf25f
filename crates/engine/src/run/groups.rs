//! State of an aggregation between steps: nothing that was read is read again.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::{Value, ValueRef};

use super::{group::Group, sessions};
use crate::{
    SqlError,
    functions::aggregate::{Scripts, add, write_key},
    plan::{Aggregation, Frame},
    value::owned,
    working::Charge,
};

/// More groups than this end the query with an error.
const MAX_GROUPS: usize = 1_000_000;

/// Groups that belong to no window are in this one, which never ends.
pub(super) const NO_WINDOW: i64 = i64::MAX;

#[derive(Default)]
pub(super) struct Groups {
    /// By the end of their window in Unix ms.
    pub(super) windows: BTreeMap<i64, HashMap<Vec<u8>, Group>>,
    pub(super) count: usize,
    pub(super) created: u64,
    /// Windows that end here or before have been sent; `None` before the first.
    pub(super) closed: Option<i64>,
    /// The newest event time of the rows taken, where rows carry it.
    pub(super) newest: Option<i64>,
    pub(super) changed: bool,
    /// Sessions that have ended and wait to be sent.
    pub(super) ended: Vec<Vec<Value>>,
    pub(super) key: Vec<u8>,
    /// Of all groups.
    pub(super) bytes: usize,
    pub(super) charge: Charge,
}

impl Groups {
    /// Nothing has come yet.
    pub(super) fn is_new(&self) -> bool {
        self.count == 0 && self.created == 0 && self.closed.is_none() && self.newest.is_none()
    }

    /// Adds a row of the stage's text; false if its window has been sent already.
    pub(super) fn add(
        &mut self,
        aggregation: &Aggregation,
        row: &[ValueRef<'_>],
        now_ms: i64,
        library: Option<&dyn Scripts>,
    ) -> Result<bool, SqlError> {
        let (keys, rest) = row.split_at(aggregation.keys);
        let (extras, args) = rest.split_at(aggregation.extras());
        let time = match extras.first() {
            Some(ValueRef::Integer(time)) => Some(*time),
            // No time, no window.
            Some(_) => return Ok(true),
            None => None,
        };
        self.newest = self.newest.max(time);
        let window = match aggregation.frame {
            Frame::Fixed { key, offset } => match keys[key] {
                ValueRef::Integer(edge) => edge.saturating_add(offset),
                _ => return Ok(true),
            },
            _ => NO_WINDOW,
        };
        if self.closed.is_some_and(|closed| window <= closed) {
            return Ok(false);
        }
        let mut key = std::mem::take(&mut self.key);
        key.clear();
        let (start, end) = sessions::edges(&aggregation.frame);
        for (index, value) in keys.iter().enumerate() {
            if Some(index) != start && Some(index) != end {
                write_key(&mut key, *value);
            }
        }
        let time = time.unwrap_or_default();
        let taken = match sessions::admit(self, aggregation, &key, time, extras)? {
            // A row of no session is not late.
            false => Ok(matches!(aggregation.frame, Frame::Expiring { .. })),
            true => self.admitted(
                aggregation,
                window,
                &key,
                keys,
                args,
                (time, now_ms),
                library,
            ),
        };
        if taken.is_ok() {
            sessions::settle(self, aggregation, &key, extras)?;
        }
        self.key = key;
        self.charge.set(self.bytes).map_err(SqlError::new)?;
        taken
    }

    #[expect(clippy::too_many_arguments, reason = "one row, taken apart")]
    fn admitted(
        &mut self,
        aggregation: &Aggregation,
        window: i64,
        key: &[u8],
        keys: &[ValueRef<'_>],
        mut args: &[ValueRef<'_>],
        (time, now_ms): (i64, i64),
        library: Option<&dyn Scripts>,
    ) -> Result<bool, SqlError> {
        let groups = self.windows.entry(window).or_default();
        if !groups.contains_key(key) {
            self.count += 1;
            if self.count > MAX_GROUPS {
                return Err(SqlError::new(format!(
                    "the aggregation has more than {MAX_GROUPS} groups: group by less, or by windows"
                )));
            }
            self.created += 1;
            let values = keys.iter().map(|key| owned(*key)).collect();
            let mut group = Group::new(aggregation, self.created, values, library)?;
            group.span = (time, time, now_ms);
            self.bytes += group.bytes(key.len());
            groups.insert(key.to_vec(), group);
        }
        if let Some(group) = groups.get_mut(key) {
            group.updated = true;
            let (first, last, came) = group.span;
            // A session times out from when it was opened on, a key from its last row on.
            let came = match aggregation.frame {
                Frame::Expiring {
                    session: Some(_), ..
                } => came,
                _ => now_ms,
            };
            group.span = (first.min(time), last.max(time), came);
            for (accumulator, (_, count)) in group.accumulators.iter_mut().zip(&aggregation.calls) {
                let (own, rest) = args.split_at(*count);
                let before = accumulator.bytes();
                add(accumulator.as_mut(), own).map_err(SqlError::new)?;
                self.bytes = self.bytes.saturating_sub(before) + accumulator.bytes();
                args = rest;
            }
        }
        self.changed = true;
        Ok(true)
    }

    /// The groups of the first window that ends at or before `watermark`, and forgets them. Only
    /// those that have changed since they were sent, where that is asked for.
    pub(super) fn take_window(
        &mut self,
        watermark: i64,
        only_updated: bool,
    ) -> Result<Option<Vec<Vec<Value>>>, SqlError> {
        match self.windows.first_entry() {
            Some(entry) if *entry.key() <= watermark && *entry.key() != NO_WINDOW => {
                let groups = entry.remove();
                self.count -= groups.len();
                let gone = groups.iter().map(|(key, group)| group.bytes(key.len()));
                self.bytes = self.bytes.saturating_sub(gone.sum());
                self.charge.set(self.bytes).map_err(SqlError::new)?;
                finished(
                    groups
                        .values()
                        .filter(|group| group.updated || !only_updated),
                )
                .map(Some)
            }
            _ => {
                self.closed = self.closed.max(Some(watermark));
                Ok(None)
            }
        }
    }

    /// The end of the last window that is open.
    pub(super) fn last_window(&self) -> Option<i64> {
        let last = self.windows.last_key_value();
        last.map(|(end, _)| *end).filter(|end| *end != NO_WINDOW)
    }

    /// Every group, kept; window after window.
    pub(super) fn all(&self) -> Result<Vec<Vec<Value>>, SqlError> {
        let mut all = Vec::with_capacity(self.count);
        for groups in self.windows.values() {
            all.extend(finished(groups.values())?);
        }
        Ok(all)
    }

    /// Those whose result is another than the one sent last, kept. `delta`: what was sent last comes
    /// before it with -1, and the new one with 1.
    pub(super) fn updated(&mut self, delta: bool) -> Result<Vec<Vec<Value>>, SqlError> {
        let mut all = Vec::new();
        for groups in self.windows.values_mut() {
            let mut updated: Vec<_> = groups.values_mut().filter(|group| group.updated).collect();
            updated.sort_unstable_by_key(|group| group.number);
            for group in updated {
                group.updated = false;
                let new = group.finish()?;
                if group.sent.as_ref() == Some(&new) {
                    continue;
                }
                let old = group.sent.replace(new.clone());
                all.extend(old.filter(|_| delta).map(|old| weighted(old, -1)));
                all.push(if delta { weighted(new, 1) } else { new });
            }
        }
        Ok(all)
    }

    /// Takes over what was sent of the same groups; gives what is no more, with -1.
    pub(super) fn replaces(&mut self, old: Self) -> Vec<Vec<Value>> {
        let mut gone: Vec<(u64, Vec<Value>)> = Vec::new();
        for (window, groups) in old.windows {
            for (key, group) in groups {
                let Some(sent) = group.sent else {
                    continue;
                };
                let same = self.windows.get_mut(&window);
                match same.and_then(|groups| groups.get_mut(&key)) {
                    Some(same) => same.sent = Some(sent),
                    None => gone.push((group.number, weighted(sent, -1))),
                }
            }
        }
        gone.sort_unstable_by_key(|(number, _)| *number);
        gone.into_iter().map(|(_, row)| row).collect()
    }
}

pub(super) fn weighted(mut row: Vec<Value>, delta: i64) -> Vec<Value> {
    row.push(Value::Integer(delta));
    row
}

fn finished<'g>(groups: impl Iterator<Item = &'g Group>) -> Result<Vec<Vec<Value>>, SqlError> {
    let mut groups: Vec<_> = groups.collect();
    groups.sort_unstable_by_key(|group| group.number);
    groups.into_iter().map(Group::finish).collect()
}
