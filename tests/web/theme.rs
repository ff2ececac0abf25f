use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::shell::theme::ThemeSwitch;

use crate::page::{Page, settle, show};

fn applied() -> Option<String> {
    let root = document().document_element().expect("a root");
    root.get_attribute("data-theme")
}

fn switch() -> Page {
    show(|| view! { <ThemeSwitch /> }.into_any())
}

#[wasm_bindgen_test]
async fn the_theme_applies_at_once_and_is_kept() {
    let page = switch();
    page.button("Dark").click();
    settle().await;
    assert_eq!(applied().as_deref(), Some("dark"));
    assert_eq!(
        page.button("Dark").get_attribute("aria-pressed").as_deref(),
        Some("true")
    );
    drop(page);

    let again = switch();
    settle().await;
    assert_eq!(
        again
            .button("Dark")
            .get_attribute("aria-pressed")
            .as_deref(),
        Some("true")
    );
    again.button("System").click();
    settle().await;
    assert_eq!(applied(), None);
}
