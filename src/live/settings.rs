//! How much of a result is held; the person's choice stays in this browser.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use weir_live::Limits;

const STORED: &str = "weir.live.limits";

pub const DEFAULT: Limits = Limits {
    rows: 50_000,
    bytes: 64 << 20,
};

#[derive(Serialize, Deserialize)]
struct Stored {
    rows: u64,
    bytes: usize,
}

pub fn limits() -> Limits {
    let stored = window()
        .local_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(STORED).ok().flatten())
        .and_then(|text| serde_json::from_str::<Stored>(&text).ok());
    stored.map_or(DEFAULT, |stored| {
        bounded(Limits {
            rows: stored.rows,
            bytes: stored.bytes,
        })
    })
}

pub fn keep_limits(limits: Limits) {
    let stored = Stored {
        rows: limits.rows,
        bytes: limits.bytes,
    };
    if let (Ok(Some(storage)), Ok(text)) =
        (window().local_storage(), serde_json::to_string(&stored))
    {
        // A full or forbidden storage only means that the choice lasts until the reload.
        let _ = storage.set_item(STORED, &text);
    }
}

/// What a browser tab can hold.
pub fn bounded(limits: Limits) -> Limits {
    Limits {
        rows: limits.rows.clamp(100, 2_000_000),
        bytes: limits.bytes.clamp(1 << 20, 1 << 30),
    }
}
