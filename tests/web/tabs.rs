use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::ui::{Tab, Tabs};

use crate::page::{focused, press, show, until};

#[wasm_bindgen_test]
async fn tabs_follow_the_arrow_keys_and_are_kept_in_the_url() {
    let page = show(|| {
        let tabs = vec![
            Tab::new("schema", "Schema", || "columns"),
            Tab::new("stats", "Stats", || "figures"),
        ];
        view! { <Tabs label="orders" tabs /> }.into_any()
    });
    assert_eq!(page.find("[role=tabpanel]").inner_text(), "columns");
    press(&page.button("Schema"), "ArrowRight");
    until("the second tab", || {
        page.find("[role=tabpanel]").inner_text() == "figures"
    })
    .await;
    assert_eq!(focused(), page.button("Stats").into());
    assert_eq!(
        page.button("Stats")
            .get_attribute("aria-selected")
            .as_deref(),
        Some("true")
    );
    let search = window().location().search().expect("a query");
    assert_eq!(search, "?tab=stats");
    press(&page.button("Stats"), "Home");
    until("the first tab", || {
        page.find("[role=tabpanel]").inner_text() == "columns"
    })
    .await;
}
