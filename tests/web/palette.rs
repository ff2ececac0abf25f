//! The command palette by keyboard only, also through an input method.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::shell::palette::{Palette, PaletteOpen};

use crate::page::{Page, press, press_with, settle, show, until};

const INPUT: &str = "[role=combobox]";

async fn opened() -> Page {
    let page = show(|| {
        provide_context(PaletteOpen::new());
        view! { <Palette /> }.into_any()
    });
    settle().await;
    let body = document().body().expect("a body");
    press_with(&body, "k", &["ctrlKey"]);
    until("the palette", || page.try_find(INPUT).is_some()).await;
    page
}

fn options(page: &Page) -> Vec<String> {
    let labels = page.all("[role=option] .palette-label");
    labels.iter().map(|label| label.inner_text()).collect()
}

fn address() -> String {
    window().location().pathname().expect("a path")
}

#[wasm_bindgen_test]
async fn enter_that_ends_a_composition_never_acts() {
    let page = opened().await;
    let before = address();
    page.type_in(INPUT, "all deliveries");
    until("the page", || {
        options(&page)
            .first()
            .is_some_and(|it| it == "All deliveries")
    })
    .await;
    let input = page.find(INPUT);
    press_with(&input, "Enter", &["isComposing"]);
    settle().await;
    assert_eq!(address(), before);
    assert!(page.try_find("dialog[open]").is_some(), "still open");
    press(&input, "Enter");
    until("the place", || address().ends_with("/deliveries")).await;
    until("the palette to close", || {
        page.try_find("dialog[open]").is_none()
    })
    .await;
    let history = window().history().expect("a history");
    history
        .replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&before))
        .expect("the address as it was");
}

#[wasm_bindgen_test]
async fn arrows_choose_and_the_chosen_one_is_told() {
    let page = opened().await;
    until("pages", || options(&page).len() > 1).await;
    let input = page.find(INPUT);
    press(&input, "ArrowDown");
    settle().await;
    let chosen = page.find("[role=option][aria-selected=true]");
    assert_eq!(
        input.get_attribute("aria-activedescendant"),
        Some(chosen.id())
    );
    assert_eq!(page.all("[role=option]")[1].id(), chosen.id());
    // A question mark is typed here; it does not show the keys of the page.
    press(&input, "?");
    settle().await;
    assert_eq!(page.all("dialog[open]").len(), 1);
    press_with(&input, "k", &["ctrlKey"]);
    until("the palette to close", || {
        page.try_find("dialog[open]").is_none()
    })
    .await;
}
