//! Two windows of one connection share their tabs and their history.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::workspace::{history::History, tabs::QueryTabs};

use crate::page::{settle, show};

thread_local! {
    static TABS: RefCell<Option<QueryTabs>> = const { RefCell::new(None) };
}

fn storage() -> web_sys::Storage {
    window().local_storage().expect("storage").expect("storage")
}

/// As another window would: written, and told to this one.
fn written_elsewhere(key: &str, text: &str) {
    storage().set_item(key, text).expect("written");
    let options = js_sys::Object::new();
    for (name, value) in [("key", key), ("newValue", text)] {
        js_sys::Reflect::set(&options, &name.into(), &value.into()).expect("an option");
    }
    let class = js_sys::Reflect::get(&js_sys::global(), &"StorageEvent".into()).expect("a class");
    let arguments = js_sys::Array::of2(&"storage".into(), &options);
    let event = js_sys::Reflect::construct(&class.into(), &arguments).expect("an event");
    window().dispatch_event(&event.into()).expect("heard");
}

#[wasm_bindgen_test]
async fn no_window_overwrites_what_another_one_typed() {
    let (key, connection) = ("weir.tabs.windows", "windows");
    storage()
        .set_item(key, r#"{"active":1,"tabs":[[1,"one"],[2,"two"]]}"#)
        .expect("stored");
    let _page = show(move || {
        TABS.with(|slot| slot.borrow_mut().replace(QueryTabs::load(connection)));
        ().into_any()
    });
    settle().await;
    let tabs = TABS.with(|slot| slot.borrow().expect("tabs"));
    let texts = || {
        let all = tabs.all.get_untracked();
        all.iter()
            .map(|tab| tab.sql.get_untracked())
            .collect::<Vec<_>>()
    };
    assert_eq!(texts(), ["one", "two"]);
    written_elsewhere(
        key,
        r#"{"active":7,"tabs":[[1,"one"],[2,"two, there"],[7,"new there"]]}"#,
    );
    settle().await;
    assert_eq!(texts(), ["one", "two, there", "new there"]);
    assert_eq!(tabs.active.get_untracked(), 1, "each window shows its own");
    let first = tabs.all.get_untracked()[0];
    first.sql.set("one, here".into());
    settle().await;
    let stored = storage().get_item(key).expect("read").expect("something");
    for text in ["one, here", "two, there", "new there"] {
        assert!(stored.contains(text), "{stored}");
    }
    storage().remove_item(key).expect("removed");
}

#[wasm_bindgen_test]
async fn what_was_typed_stays_in_front_of_its_reader() {
    let (key, connection) = ("weir.tabs.aside", "aside");
    storage()
        .set_item(key, r#"{"active":1,"tabs":[[1,""]]}"#)
        .expect("stored");
    let _page = show(move || {
        TABS.with(|slot| slot.borrow_mut().replace(QueryTabs::load(connection)));
        ().into_any()
    });
    settle().await;
    let tabs = TABS.with(|slot| slot.borrow().expect("tabs"));
    let active = || tabs.active_tab_untracked().expect("a tab").sql;
    let texts = || {
        let all = tabs.all.get_untracked();
        all.iter()
            .map(|tab| tab.sql.get_untracked())
            .collect::<Vec<_>>()
    };
    // Nothing typed here yet: the tab stays as empty as it is.
    written_elsewhere(key, r#"{"active":1,"tabs":[[1,"there"]]}"#);
    settle().await;
    assert_eq!((active().get_untracked().as_str(), texts().len()), ("", 2));
    active().set("here".into());
    settle().await;
    let stored = storage().get_item(key).expect("read").expect("something");
    let own: serde_json::Value = serde_json::from_str(&stored).expect("tabs");
    assert_eq!(own["tabs"].as_array().map(Vec::len), Some(2), "{stored}");
    // The other window goes on in the tab that this one writes to.
    let over = stored.replace("here\"", "here instead\"");
    written_elsewhere(key, &over);
    settle().await;
    assert_eq!(active().get_untracked(), "here");
    let stored = storage().get_item(key).expect("read").expect("something");
    for text in ["\"here\"", "here instead"] {
        assert!(stored.contains(text), "{stored}");
    }
    // All of the site's data is deleted there: what is open here stays.
    let before = texts();
    storage().remove_item(key).expect("removed");
    let event = web_sys::Event::new("storage").expect("an event");
    window().dispatch_event(&event).expect("heard");
    settle().await;
    assert_eq!(texts(), before);
}

#[wasm_bindgen_test]
async fn the_history_has_what_both_windows_ran() {
    let key = "weir.history.windows";
    storage().remove_item(key).expect("removed");
    let _page = show(|| {
        let history = History::load("windows");
        history.add(1.0, "here");
        written_elsewhere(
            "weir.history.windows",
            r#"[{"at":2.0,"sql":"there","state":"running","duration":null,"rows":0},{"at":1.0,"sql":"here","state":"running","duration":null,"rows":0}]"#,
        );
        history.ended(1.0, "finished", 5.0, 3);
        ().into_any()
    });
    settle().await;
    let stored = storage().get_item(key).expect("read").expect("something");
    assert!(
        stored.contains("there") && stored.contains("finished"),
        "{stored}"
    );
    storage().remove_item(key).expect("removed");
}
