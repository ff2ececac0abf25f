//! What a query's fields mean to a person.

use weir_api::timeplus::query::{Query, Status};

use crate::ui::Tone;

pub fn tone(status: Status) -> Tone {
    match status {
        Status::Running => Tone::Good,
        Status::Finished | Status::Other(_) => Tone::Neutral,
        Status::Canceled => Tone::Warn,
        Status::Failed => Tone::Bad,
    }
}

/// Milliseconds since 1970 of a time that a server gives in milliseconds or in seconds.
pub fn millis(time: i64) -> f64 {
    const SECONDS_UNTIL: i64 = 100_000_000_000;
    if time < SECONDS_UNTIL {
        time as f64 * 1e3
    } else {
        time as f64
    }
}

/// ISO text; empty for no time.
pub fn iso(time: i64) -> String {
    if time <= 0 {
        return String::new();
    }
    let date = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(millis(time)));
    date.to_iso_string().into()
}

pub fn user(query: &Query) -> String {
    let owner = query.audit.created_by.as_ref();
    owner.map_or_else(
        || "–".into(),
        |owner| {
            if owner.name.is_empty() {
                owner.id.clone()
            } else {
                owner.name.clone()
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_milliseconds_are_told_apart() {
        assert_eq!(millis(1_700_000_000), 1.7e12);
        assert_eq!(millis(1_700_000_000_000), 1.7e12);
    }
}
