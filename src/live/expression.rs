//! Regular expressions: the browser's own, so that none is carried along.

use js_sys::{Function, Reflect, RegExp};
use wasm_bindgen::{JsCast, JsValue};

use super::arrange::rule::Matcher;

/// `None` where `pattern` is none.
pub fn compile(pattern: &str) -> Option<Matcher> {
    let constructor: Function = Reflect::get(&js_sys::global(), &"RegExp".into())
        .ok()?
        .dyn_into()
        .ok()?;
    // Through `construct`, because `new` of a broken expression throws.
    let arguments = js_sys::Array::of2(&pattern.into(), &"u".into());
    let made: JsValue = Reflect::construct(&constructor, &arguments).ok()?;
    let expression: RegExp = made.dyn_into().ok()?;
    Some(Box::new(move |text| expression.test(text)))
}
