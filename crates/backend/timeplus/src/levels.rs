//! Levels of the last half hour, so that charts of them do not begin when somebody looks.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, get_current_pid};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior},
};
use weir_api::timeplus::{metrics::Level, query::Status};

use weir_queries::run::Queries;
use weir_store::Store;

use crate::clock;

const EVERY: Duration = Duration::from_secs(10);
/// Half an hour.
const KEPT: usize = 180;

/// Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Levels(Arc<Mutex<VecDeque<Level>>>);

impl Levels {
    /// Oldest first.
    pub(crate) fn all(&self) -> Vec<Level> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().copied().collect()
    }

    /// With the first of them.
    pub(crate) fn begin(store: &Store, queries: &Queries) -> Self {
        let levels = Self::default();
        levels.add(now(store, queries));
        levels
    }

    fn add(&self, level: Level) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back(level);
        if all.len() > KEPT {
            all.pop_front();
        }
    }
}

/// Takes them until `stopping` turns true or its sender is gone.
pub(crate) async fn keep(
    levels: Levels,
    store: Store,
    queries: Queries,
    mut stopping: watch::Receiver<bool>,
) {
    let mut ticks = tokio::time::interval_at(Instant::now() + EVERY, EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        let (store, queries) = (store.clone(), queries.clone());
        let taken = tokio::task::spawn_blocking(move || now(&store, &queries)).await;
        match taken {
            Ok(level) => levels.add(level),
            Err(error) => tracing::warn!("levels were not taken: {error}"),
        }
    }
}

pub(crate) fn now(store: &Store, queries: &Queries) -> Level {
    let queries = queries.list();
    let running = queries
        .iter()
        .filter(|query| query.status == Status::Running);
    Level {
        time: clock::now_ms(),
        storage: i64::try_from(store.storage()).unwrap_or(i64::MAX),
        memory: memory(),
        queries_running: i64::try_from(running.count()).unwrap_or(i64::MAX),
    }
}

/// Bytes of this process; 0 where the system does not tell.
fn memory() -> i64 {
    let Ok(pid) = get_current_pid() else { return 0 };
    let mut system = System::new();
    let what = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), false, what);
    let bytes = system.process(pid).map_or(0, sysinfo::Process::memory);
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_an_hour_is_kept_oldest_first() {
        let levels = Levels::default();
        for time in 0..200 {
            levels.add(Level {
                time,
                ..Level::default()
            });
        }
        let all = levels.all();
        assert_eq!((all.len(), all[0].time, all[179].time), (180, 20, 199));
        assert!(memory() > 0);
    }
}
