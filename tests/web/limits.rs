//! How much of a result is held, as the person sets it.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlInputElement;
use weir::{live::settings, workspace::limits::LimitsMenu};

use crate::{
    page::{settle, show},
    stand::{batch, frames, stand, started},
};

const KEY: &str = "weir.live.limits";

fn storage() -> web_sys::Storage {
    window().local_storage().expect("storage").expect("storage")
}

#[wasm_bindgen_test]
async fn the_rows_held_are_a_setting_that_takes_effect_and_stays() {
    let before = storage().get_item(KEY).expect("storage");
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..400))).await;
    let session = stand.session;
    let page = show(move || {
        let now = RwSignal::new(settings::limits());
        view! { <LimitsMenu session now /> }.into_any()
    });
    settle().await;
    let fields = page.all("input[type=number]");
    let type_in = |at: usize, text: &str| {
        let field: &HtmlInputElement = fields[at].unchecked_ref();
        field.set_value(text);
        page.fire(field, "change");
    };
    // Fewer than makes sense is the least that does.
    type_in(0, "7");
    type_in(1, "32");
    frames(3).await;
    assert_eq!(fields[0].unchecked_ref::<HtmlInputElement>().value(), "100");
    assert_eq!(
        (stand.figure("shown"), stand.figure("dropped")),
        ("100".into(), "300".into())
    );
    stand.scroll(0).await;
    assert_eq!(
        stand.texts(".grid-note"),
        ["Skipped 300 older rows: over the row limit"]
    );
    let kept = settings::limits();
    assert_eq!((kept.rows, kept.bytes), (100, 32 << 20));
    // As many bytes as were set, and no more, whatever the rows.
    type_in(0, "100000");
    type_in(1, "1");
    let wide = "x".repeat(64 << 10);
    let row = format!("[1,1,\"{wide}\"]");
    let rows = vec![row; 64].join(",");
    stand.play(&format!("id: 9\ndata: [{rows}]\n\n")).await;
    let (bytes, dropped) = stand
        .session
        .facts
        .with_untracked(|facts| (facts.bytes, facts.dropped));
    assert!(bytes <= 1 << 20, "{bytes} bytes held");
    assert!(dropped > 300 + 40, "{dropped} dropped");
    match before {
        Some(before) => storage().set_item(KEY, &before),
        None => storage().remove_item(KEY),
    }
    .expect("storage");
}
