//! Names of every kind in the page's address.

use leptos::prelude::*;
use leptos_router::{components::Route, components::Routes, path};
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{kit::address::use_key, paths};

use crate::{page::show, stand::frames};

/// Whatever a resource may be called.
const NAMES: [&str; 12] = [
    "plain", "%41", "%2F", "%", "a/b", "\\", ".", "..", "~.", "ü ?#&", "%2541", "a+b",
];

#[wasm_bindgen_test]
async fn a_link_leads_to_its_name_also_after_a_reload() {
    let page = show(|| {
        let links = NAMES
            .into_iter()
            .map(|name| view! { <a href=paths::item("c", "streams", name)>{name}</a> })
            .collect_view();
        let named = || {
            let key = use_key();
            view! { <output>{key}</output> }
        };
        view! {
            {links}
            <Routes fallback=|| ()>
                <Route path=path!("/c/c/streams/:key") view=named />
            </Routes>
        }
        .into_any()
    });
    let before = window().location().pathname().expect("a path");
    for (at, name) in NAMES.iter().enumerate() {
        page.find(&format!("a:nth-of-type({})", at + 1)).click();
        let shown = || {
            page.try_find("output")
                .and_then(|output| output.text_content())
        };
        for _ in 0..60 {
            if shown().as_deref() == Some(*name) {
                break;
            }
            frames(1).await;
        }
        assert_eq!(
            shown().as_deref(),
            Some(*name),
            "at {:?}",
            window().location().href()
        );
        // What a reload reads is what the link said.
        let address = window().location().pathname().expect("a path");
        assert_eq!(address, paths::item("c", "streams", name), "{name}");
    }
    let history = window().history().expect("a history");
    history
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&before))
        .expect("the address as it was");
}
