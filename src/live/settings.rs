//! How much of a result is held; the person's choice stays in this browser.

use leptos::prelude::window;
use serde::{Deserialize, Serialize};
use weir_live::Limits;

use crate::storage;

const STORED: &str = "weir.live.limits";

/// The usual number of rows; of wide ones the bytes hold fewer.
const ROWS: u64 = 1_000_000;

/// Part of the device's memory that one result may take, unless the person says otherwise.
const SHARE: f64 = 1.0 / 32.0;

/// What is held where the person chose nothing.
fn usual() -> Limits {
    // In gibibytes, at most 8; unknown to some browsers and over plain http.
    let told = js_sys::Reflect::get(&window().navigator(), &"deviceMemory".into());
    usual_of(told.ok().and_then(|told| told.as_f64()))
}

fn usual_of(device_memory: Option<f64>) -> Limits {
    let bytes = device_memory.unwrap_or(8.0) * SHARE * f64::from(1 << 30);
    bounded(Limits {
        rows: ROWS,
        bytes: bytes.clamp(f64::from(16 << 20), f64::from(256 << 20)) as usize,
    })
}

#[derive(Serialize, Deserialize)]
struct Stored {
    rows: u64,
    bytes: usize,
}

pub fn limits() -> Limits {
    storage::read::<Stored>(STORED).map_or_else(usual, |stored| {
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
    storage::write(STORED, &stored);
}

/// What a browser tab can hold.
pub fn bounded(limits: Limits) -> Limits {
    Limits {
        rows: limits.rows.clamp(100, 5_000_000),
        bytes: limits.bytes.clamp(1 << 20, 1 << 30),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_devices_hold_fewer_bytes() {
        let mebibytes = |told| usual_of(told).bytes >> 20;
        assert_eq!(mebibytes(None), 256);
        let told = [0.25, 1.0, 2.0, 4.0, 8.0, 32.0].map(|told| mebibytes(Some(told)));
        assert_eq!(told, [16, 32, 64, 128, 256, 256]);
        assert_eq!(usual_of(Some(1.0)).rows, 1_000_000);
    }
}
