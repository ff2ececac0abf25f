//! What clocks show in the zones of the world, as the browser knows them: offsets change with the
//! seasons, so each moment has its own.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use js_sys::{Array, Date, Function, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use weir_live::format::Clocks;

/// Seconds; offsets change at the quarters of an hour.
const QUARTER: i64 = 900;
/// Quarters remembered of a zone.
const MOST: usize = 10_000;

thread_local! {
    static KNOWN: RefCell<HashMap<String, Option<Clocks>>> = RefCell::default();
}

fn milliseconds(seconds: i64) -> JsValue {
    JsValue::from_f64(seconds as f64 * 1e3)
}

/// The browser's own zone.
pub fn local() -> Clocks {
    Rc::new(|seconds| -Date::new(&milliseconds(seconds)).get_timezone_offset() as i32)
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

fn make(name: &str) -> Option<Clocks> {
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
    let write = made.unchecked_into::<Intl::DateTimeFormat>().format();
    let quarters = RefCell::new(HashMap::new());
    Some(Rc::new(move |seconds| {
        let quarter = seconds.div_euclid(QUARTER);
        let mut quarters = quarters.borrow_mut();
        if quarters.len() > MOST {
            quarters.clear();
        }
        *quarters.entry(quarter).or_insert_with(|| {
            let moment = milliseconds(quarter * QUARTER);
            let text = write.call1(&JsValue::UNDEFINED, &moment).ok();
            let text = text.and_then(|text| text.as_string());
            text.and_then(|text| offset(&text)).unwrap_or_default()
        })
    }))
}

/// Minutes east in a text that ends with `GMT`, `GMT+01:00` or `GMT-00:44:30`.
fn offset(text: &str) -> Option<i32> {
    let (_, offset) = text.rsplit_once("GMT")?;
    if offset.is_empty() {
        return Some(0);
    }
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let minutes = minutes.split(':').next()?;
    let east = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
    match offset.as_bytes()[0] {
        b'+' => Some(east),
        b'-' => Some(-east),
        _ => None,
    }
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
    use super::offset;

    #[test]
    fn offsets_are_read_from_what_the_browser_writes() {
        assert_eq!(offset("1/1/2026, GMT+05:45"), Some(345));
        assert_eq!(offset("1/1/2026, GMT-03:30"), Some(-210));
        assert_eq!(offset("1/1/2026, GMT"), Some(0));
        assert_eq!(offset("1/1/1880, GMT-00:44:30"), Some(-44));
        assert_eq!(offset("1/1/2026"), None);
    }
}
