//! What clocks show in the zones of the world, as the browser knows them: offsets change with the
//! seasons, so each moment has its own. And the zone in which the whole console shows its times.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use weir_live::format::{Clocks, Zone};

use crate::storage;

/// Seconds; since 1972 offsets change at the quarters of an hour.
const QUARTER: i64 = 900;
const WHOLE_QUARTERS: i64 = 63_072_000;
/// Quarters remembered of a zone.
const MOST: usize = 10_000;

thread_local! {
    static KNOWN: RefCell<HashMap<String, Option<Clocks>>> = RefCell::default();
    static CHOSEN: ArcRwSignal<Choice> = ArcRwSignal::new(Choice::kept());
}

const KEY: &str = "weir.zone";

/// The zone of every time on the screen that has none of its own; kept in this browser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    #[default]
    Utc,
    /// The browser's own.
    Browser,
    /// By its name, for example `Europe/Berlin`.
    Named(String),
}

impl Choice {
    /// As it is kept.
    pub fn text(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Browser => "browser",
            Self::Named(name) => name,
        }
    }

    pub fn of_text(text: &str) -> Self {
        match text.trim() {
            "" | "UTC" => Self::Utc,
            "browser" => Self::Browser,
            name => Self::Named(name.into()),
        }
    }

    fn kept() -> Self {
        Self::of_text(&storage::text(KEY).unwrap_or_default())
    }

    /// UTC where the browser does not know the zone.
    pub fn clock(&self) -> Clock {
        let (name, clocks) = match self {
            Self::Utc => (String::new(), None),
            Self::Browser => (local_name(), Some(local())),
            Self::Named(name) => (name.clone(), named(name)),
        };
        match clocks {
            Some(clocks) => Clock {
                name: if name.is_empty() {
                    "browser's zone".into()
                } else {
                    name
                },
                zone: Zone::In(clocks),
            },
            None => Clock {
                name: "UTC".into(),
                zone: Zone::Utc,
            },
        }
    }
}

/// A zone and its name.
#[derive(Clone)]
pub struct Clock {
    pub name: String,
    pub zone: Zone,
}

/// What was chosen; whoever asks in a reactive context is told of changes.
pub fn chosen() -> Choice {
    CHOSEN.with(|chosen| chosen.get())
}

pub fn choose(choice: Choice) {
    storage::set_text(KEY, choice.text());
    CHOSEN.with(|chosen| chosen.set(choice));
}

/// Follows what other tabs choose. Once in the application.
pub fn follow_others() {
    storage::on_change(KEY.into(), |text| {
        let choice = Choice::of_text(&text.unwrap_or_default());
        CHOSEN.with(|chosen| chosen.set(choice));
    });
}

fn milliseconds(seconds: i64) -> JsValue {
    JsValue::from_f64(seconds as f64 * 1e3)
}

/// The browser's own zone.
pub fn local() -> Clocks {
    named(&local_name()).unwrap_or_else(|| {
        Rc::new(|seconds| {
            let minutes = -Date::new(&milliseconds(seconds)).get_timezone_offset();
            (minutes * 60.0) as i64
        })
    })
}

/// Name of the browser's own zone, for example `Europe/Berlin`; empty where it does not tell.
pub fn local_name() -> String {
    let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    let name = Reflect::get(&options, &"timeZone".into()).ok();
    name.and_then(|name| name.as_string()).unwrap_or_default()
}

/// `None` where the browser knows no such zone.
pub fn named(name: &str) -> Option<Clocks> {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(name).cloned()) {
        return known;
    }
    let clocks = make(name);
    KNOWN.with_borrow_mut(|known| known.insert(name.to_string(), clocks.clone()));
    clocks
}

/// `None` where the browser knows no such zone.
fn format_in(name: &str) -> Option<Intl::DateTimeFormat> {
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &name.into()).ok()?;
    Reflect::set(&options, &"timeZoneName".into(), &"longOffset".into()).ok()?;
    let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
    let class: Function = Reflect::get(&intl, &"DateTimeFormat".into())
        .ok()?
        .dyn_into()
        .ok()?;
    // Through `construct`, because `new` with an unknown zone throws.
    let made = Reflect::construct(&class, &Array::of2(&"en-US".into(), &options)).ok()?;
    Some(made.unchecked_into())
}

fn make(name: &str) -> Option<Clocks> {
    let write = format_in(name)?.format();
    let quarters = RefCell::new(HashMap::new());
    Some(Rc::new(move |seconds| {
        let from = match seconds < WHOLE_QUARTERS {
            true => seconds,
            false => seconds - seconds.rem_euclid(QUARTER),
        };
        let mut quarters = quarters.borrow_mut();
        if quarters.len() > MOST {
            quarters.clear();
        }
        *quarters.entry(from).or_insert_with(|| {
            let text = write.call1(&JsValue::UNDEFINED, &milliseconds(from)).ok();
            let text = text.and_then(|text| text.as_string());
            text.and_then(|text| offset(&text)).unwrap_or_default()
        })
    }))
}

/// Seconds east in a text that ends with `GMT`, `GMT+01:00` or `GMT-00:44:30`.
fn offset(text: &str) -> Option<i64> {
    let (_, offset) = text.rsplit_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let sign = match offset.as_bytes()[0] {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut east = 0;
    let mut unit = 3_600;
    for part in offset.get(1..)?.split(':').take(3) {
        east += part.parse::<i64>().ok()? * unit;
        unit /= 60;
    }
    Some(sign * east)
}

/// A zone's name as it is spelled, whatever the case in which it was typed; `None` where the browser
/// knows no such zone.
pub fn spelled(name: &str) -> Option<String> {
    let options = format_in(name)?.resolved_options();
    let found = Reflect::get(&options, &"timeZone".into()).ok()?;
    let found = found.as_string()?;
    // Some browsers answer another name of the zone; what was spelled by a person stays.
    let typed = name != name.to_lowercase() && !found.eq_ignore_ascii_case(name);
    Some(if typed { name.into() } else { found })
}

/// Names of the zones to choose from; empty in browsers that do not tell.
pub fn names() -> Vec<String> {
    let tell = || {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let tell: Function = Reflect::get(&intl, &"supportedValuesOf".into())
            .ok()?
            .dyn_into()
            .ok()?;
        let names: Array = tell
            .call1(&intl, &"timeZone".into())
            .ok()?
            .dyn_into()
            .ok()?;
        Some(names.iter().filter_map(|name| name.as_string()).collect())
    };
    tell().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Choice, offset};

    #[test]
    fn a_choice_is_kept_as_text() {
        for choice in [
            Choice::Utc,
            Choice::Browser,
            Choice::Named("Asia/Kathmandu".into()),
        ] {
            assert_eq!(Choice::of_text(choice.text()), choice);
        }
        assert_eq!(Choice::of_text(""), Choice::Utc);
    }

    #[test]
    fn offsets_are_read_from_what_the_browser_writes() {
        assert_eq!(offset("1/1/2026, GMT+05:45"), Some(20_700));
        assert_eq!(offset("1/1/2026, GMT-03:30"), Some(-12_600));
        assert_eq!(offset("1/1/2026, GMT"), Some(0));
        assert_eq!(offset("1/1/1880, GMT-00:44:30"), Some(-2_670));
        assert_eq!(offset("1/1/2026"), None);
    }
}
