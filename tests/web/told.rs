//! What people are told: long errors, copying without TLS, leaving what was typed, lists that stop or
//! lag behind.

use leptos::{prelude::*, wasm_bindgen::JsCast, wasm_bindgen::JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{
    connections::{Connections, form_page::ConnectionCreatePage},
    kit::created::Created,
    ui::{ConfirmDialog, ErrorBanner, HeldBack, clipboard, leave},
};
use weir_api::ApiError;

use crate::page::{settle, show, until};

#[wasm_bindgen_test]
async fn an_error_of_a_megabyte_is_cut_and_shown_on_request() {
    let page = show(|| {
        let error = ApiError::with_status(502, "ä".repeat(500_000));
        view! { <ErrorBanner error=Signal::stored(Some(error)) /> }.into_any()
    });
    settle().await;
    let cut = page.find(".detail").text_content().unwrap_or_default();
    assert!(cut.chars().count() < 3_000 && cut.ends_with('…'));
    let all = page.all("button");
    let all = all
        .iter()
        .find(|button| button.inner_text().starts_with("Show all"));
    all.expect("a button for the rest").click();
    settle().await;
    let whole = page.find(".detail").text_content().unwrap_or_default();
    assert!(whole.chars().count() >= 500_000);
}

/// While somebody signs in or tests a connection.
#[wasm_bindgen_test]
async fn a_call_that_is_held_back_is_told_until_it_is_answered() {
    let busy = RwSignal::new(true);
    let page = show(move || view! { <HeldBack busy /> }.into_any());
    settle().await;
    assert!(!page.text().contains("No response yet"));
    weir::http::pause(std::time::Duration::from_secs(5)).await;
    until("the words", || page.text().contains("No response yet")).await;
    busy.set(false);
    settle().await;
    assert!(!page.text().contains("No response yet"));
}

#[wasm_bindgen_test]
async fn without_tls_text_is_copied_from_a_field_that_goes_again() {
    // What pages over plain HTTP of another host have: no clipboard, but the browser's own command.
    let instead = js_sys::Function::new_no_args(
        "Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
         document.execCommand = (command) => {
           window.copied = command + ':' + document.activeElement.value;
           return true;
         };",
    );
    instead
        .call0(&JsValue::NULL)
        .expect("a page without clipboard");
    let fields = || {
        document()
            .query_selector_all("textarea")
            .map(|all| all.length())
    };
    let before = fields();
    assert!(clipboard("line 1\nline 2 ü").await);
    let copied = js_sys::Reflect::get(&window(), &"copied".into()).expect("what was copied");
    assert_eq!(copied.as_string().as_deref(), Some("copy:line 1\nline 2 ü"));
    assert_eq!(fields(), before, "the field is gone");
    let back =
        js_sys::Function::new_no_args("delete navigator.clipboard; delete document.execCommand;");
    back.call0(&JsValue::NULL).expect("the page as it was");
}

#[wasm_bindgen_test]
async fn a_half_typed_connection_is_not_left_without_a_question() {
    let page = show(|| {
        expect_context::<Connections>().all.set(Some(Vec::new()));
        view! {
            <a href="/connections">"Elsewhere"</a>
            <ConnectionCreatePage />
            <ConfirmDialog production=Signal::stored(false) />
        }
        .into_any()
    });
    let here = window().location().pathname().expect("a path");
    page.type_in("input", "Staging");
    settle().await;
    page.find("a[href='/connections']").click();
    until("the question", || {
        page.text().contains("Leave without saving?")
    })
    .await;
    assert_eq!(window().location().pathname().expect("a path"), here);
    page.button("Cancel").click();
    settle().await;
    let input: leptos::web_sys::HtmlInputElement = page.find("input").unchecked_into();
    assert_eq!(input.value(), "Staging");
    // Nothing to lose: the links of other tests ask nobody.
    page.type_in("input", "");
    settle().await;
}

#[wasm_bindgen_test]
async fn what_would_lose_input_is_done_after_the_question_or_at_once() {
    let (dirty, done) = (RwSignal::new(true), RwSignal::new(0));
    let go_on = Callback::new(move |()| done.update(|done| *done += 1));
    let page = show(move || {
        leave::guard(dirty.into(), Callback::new(move |()| dirty.set(false)));
        view! { <ConfirmDialog production=Signal::stored(false) /> }.into_any()
    });
    leave::then(go_on);
    until("the question", || {
        page.text().contains("Leave without saving?")
    })
    .await;
    page.button("Cancel").click();
    settle().await;
    assert_eq!((done.get_untracked(), dirty.get_untracked()), (0, true));
    leave::then(go_on);
    settle().await;
    page.button("Leave").click();
    settle().await;
    assert_eq!((done.get_untracked(), dirty.get_untracked()), (1, false));
    leave::then(go_on);
    assert_eq!(done.get_untracked(), 2, "nothing to lose");
}

#[wasm_bindgen_test]
async fn what_was_just_made_is_awaited_in_its_list() {
    use std::sync::Arc;
    use weir::{
        kit::{created::Lagging, use_load},
        ui::table::{Cell, Row, Rows},
    };
    let rows = RwSignal::new(Rows::default());
    let page = show(move || {
        Created::new().put("/c/a/sinks", "7", "out");
        // As after the page was loaded again.
        provide_context(Created::new());
        let request = Signal::derive(|| weir_api::ApiRequest::get("/x"));
        let load = use_load(request, None, Callback::new(|_| Ok(())));
        load.ready.set(true);
        view! { <Lagging list="/c/a/sinks".to_string() rows load /> }.into_any()
    });
    until("the hint", || {
        page.text().contains("out was created a moment ago")
    })
    .await;
    rows.set(Arc::new(vec![Arc::new(Row {
        key: "7".into(),
        cells: vec![Cell::Text("out".into())],
        ..Row::default()
    })]));
    until("the list has it", || {
        !page.text().contains("created a moment ago")
    })
    .await;
}
