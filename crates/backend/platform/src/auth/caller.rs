use std::sync::{Arc, OnceLock};

use super::Actor;

/// Filled in by whoever finds out who is calling.
#[derive(Clone, Default)]
pub struct Caller(Arc<OnceLock<Actor>>);

impl Caller {
    pub fn set(&self, actor: Actor) {
        // Set once per request: nothing authenticates twice.
        let _ = self.0.set(actor);
    }

    pub fn actor(&self) -> Option<Actor> {
        self.0.get().cloned()
    }

    pub fn name(&self) -> String {
        self.0.get().map(Actor::label).unwrap_or_default()
    }
}
