//! A query that the server ended, as a person is told of it.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::live::{Session, breaks::SessionBanner};

use crate::{
    page::{settle, show, until},
    stand::started,
};

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
}

const CANCELED: &str = "event: query\ndata: {\"id\":\"q1\",\"status\":\"canceled\",\"message\":\"no reader for 30 seconds\",\"result\":{\"header\":[]}}\n\n";

#[wasm_bindgen_test]
async fn the_reason_and_the_way_on_are_told() {
    let page = show(|| {
        let session = Session::new();
        SESSION.with(|slot| slot.borrow_mut().replace(session));
        view! { <SessionBanner session /> }.into_any()
    });
    let session = SESSION.with(|slot| slot.borrow().expect("a session"));
    session.replay((started() + "data: [[1,2,\"a\",4,5]]\n\n").as_bytes());
    until("what is not shown", || {
        page.text().contains("2 cells without a column")
    })
    .await;
    session.replay(CANCELED.as_bytes());
    settle().await;
    let text = page.text();
    assert!(
        text.contains("The server ended the query: no reader for 30 seconds"),
        "{text}"
    );
    page.button("Dismiss").click();
    settle().await;
    assert!(!page.text().contains("The server ended"), "{}", page.text());
}
