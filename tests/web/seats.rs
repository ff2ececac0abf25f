//! Seats for streams where the browser has no locks: pages without TLS on another address than
//! localhost.

use std::{cell::Cell, rc::Rc};

use js_sys::Function;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::page::until;

#[wasm_bindgen(module = "/src/js/seats.js")]
extern "C" {
    /// The console itself declares it by its own name.
    #[wasm_bindgen(js_name = take)]
    fn wait_for(name: &str, count: u32, granted: &Function) -> Option<Function>;
}

#[wasm_bindgen_test]
async fn seats_are_counted_without_locks_too() {
    let run = |script: &str| {
        let function = Function::new_no_args(script);
        function.call0(&JsValue::NULL).expect("a script")
    };
    run("Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });");
    let sits = Rc::new(Cell::new(0));
    let leave: Vec<Function> = (0..3)
        .map(|_| {
            let sits = sits.clone();
            let granted = Closure::once_into_js(move || sits.set(sits.get() + 1));
            wait_for("test", 2, granted.unchecked_ref()).expect("a place to wait")
        })
        .collect();
    until("two sit", || sits.get() == 2).await;
    let kept = || {
        let storage = window().local_storage().expect("storage").expect("storage");
        let held = |seat| storage.get_item(&format!("weir.seat test {seat}"));
        [0, 1, 2].map(|seat| held(seat).expect("an entry").is_some())
    };
    assert_eq!(kept(), [true, true, false]);
    let release = |at: usize| drop(leave[at].call0(&JsValue::NULL).expect("left"));
    release(0);
    until("the third sits, too", || sits.get() == 3).await;
    release(1);
    release(2);
    assert_eq!(kept(), [false; 3]);
    run("delete navigator.locks;");
}
