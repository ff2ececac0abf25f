//! A streaming as it is kept, and how its delivery goes.

use std::sync::{Mutex, PoisonError, RwLock, atomic::AtomicBool};

use serde::{Deserialize, Serialize};
use weir_api::azion::streaming::StreamingDef;

use crate::{clock, follow::Checkpoint};

/// Where delivery stands: after so many rows that come after the checkpoint. Rows never change, so
/// that counting them finds the place again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Position {
    pub checkpoint: Checkpoint,
    pub rows: u64,
}

/// Times in Unix ms, 0 for never.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Figures {
    pub delivered: u64,
    pub failures: u64,
    pub last_delivery_ms: i64,
    pub last_error_ms: i64,
    pub last_error: String,
    /// The last attempt failed.
    pub failing: bool,
}

/// Who changed it last, and when; times in Unix ms.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Edits {
    pub editor: String,
    pub created_ms: i64,
    pub modified_ms: i64,
}

impl Edits {
    pub(super) fn begun(editor: &str) -> Self {
        let now = clock::now_ms();
        Self {
            editor: editor.into(),
            created_ms: now,
            modified_ms: now,
        }
    }

    pub(super) fn by(self, editor: &str) -> Self {
        Self {
            editor: editor.into(),
            modified_ms: clock::now_ms(),
            ..self
        }
    }
}

pub(super) struct Entry {
    pub id: i64,
    definition: RwLock<StreamingDef>,
    edits: RwLock<Edits>,
    figures: Mutex<Figures>,
    /// What waits is sent before it stops.
    pub flush: AtomicBool,
}

impl Entry {
    pub(super) fn new(id: i64, definition: StreamingDef, edits: Edits, figures: Figures) -> Self {
        Self {
            id,
            definition: RwLock::new(definition),
            edits: RwLock::new(edits),
            figures: Mutex::new(figures),
            flush: AtomicBool::new(false),
        }
    }

    pub(super) fn definition(&self) -> StreamingDef {
        let held = self.definition.read();
        held.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn edits(&self) -> Edits {
        let held = self.edits.read();
        held.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn set_definition(&self, definition: StreamingDef, edits: Edits) {
        let held = self.definition.write();
        *held.unwrap_or_else(PoisonError::into_inner) = definition;
        let held = self.edits.write();
        *held.unwrap_or_else(PoisonError::into_inner) = edits;
    }

    pub(super) fn figures(&self) -> Figures {
        let figures = self.figures.lock();
        figures.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The figures after the change.
    pub(super) fn note(&self, change: impl FnOnce(&mut Figures)) -> Figures {
        let mut figures = self.figures.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut figures);
        figures.clone()
    }
}
