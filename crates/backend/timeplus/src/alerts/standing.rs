//! Where an alert stands while it runs.

use std::sync::{PoisonError, RwLock};

use tokio::sync::Notify;
use weir_api::timeplus::alert::AlertDef;
use weir_store::{Store, StoreError};

use super::{
    state::{Notice, State},
    storage::{self, Positions},
};
use crate::{clock, roster};

pub(super) type Entry = roster::Entry<AlertDef, Standing>;

#[derive(Default)]
pub(crate) struct Standing {
    state: RwLock<State>,
    /// Held while the state is changed and stored.
    stepping: tokio::sync::Mutex<()>,
    /// Somebody is to be told.
    pub told: Notify,
}

impl From<State> for Standing {
    fn from(state: State) -> Self {
        Self {
            state: RwLock::new(state),
            ..Self::default()
        }
    }
}

impl Standing {
    pub(super) fn get(&self) -> State {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        state.clone()
    }

    fn set(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Shown until it is settled; the next step stores it.
    pub(super) fn failing(&self, words: &str) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.trouble = format!("the notification is not sent yet: {words}");
        state.note(clock::now_ms(), "notification_failed", words.to_owned());
    }
}

impl Entry {
    /// Changes the state, stores it with what it brings about, and then shows it.
    pub(super) async fn step(
        &self,
        store: &Store,
        moved: Positions,
        change: impl FnOnce(&mut State) -> Vec<Notice>,
    ) -> Result<bool, StoreError> {
        let _stepping = self.state.stepping.lock().await;
        let mut state = self.state.get();
        let notices = change(&mut state);
        storage::step(store, &self.record().id, &state, &notices, moved).await?;
        self.state.set(state);
        if !notices.is_empty() {
            self.state.told.notify_one();
        }
        Ok(!notices.is_empty())
    }

    /// `failed` holds the words of the last attempt.
    pub(super) async fn settle(
        &self,
        store: &Store,
        seq: i64,
        failed: Option<String>,
    ) -> Result<(), StoreError> {
        let _stepping = self.state.stepping.lock().await;
        let mut state = self.state.get();
        let now = clock::now_ms();
        match failed {
            None => {
                state.trouble.clear();
                state.note(now, "notified", String::new());
            }
            Some(words) => {
                state.trouble = format!("the notification failed: {words}");
                state.note(now, "notification_failed", format!("{words}; given up"));
            }
        }
        storage::told(store, &self.record().id, &state, seq).await?;
        self.state.set(state);
        Ok(())
    }
}
