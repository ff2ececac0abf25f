//! What surrounds every page.

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::shell::{firing::Firing, top_bar::DrawerButton};

use crate::page::{settle, show};

#[wasm_bindgen_test]
async fn the_button_of_a_closed_navigation_tells_that_an_alert_is_firing() {
    let page = show(move || {
        let firing = RwSignal::new(0);
        provide_context(Firing(firing));
        let drawer = RwSignal::new(false);
        view! {
            <button class="fire" on:click=move |_| firing.update(|count| *count += 1)></button>
            <DrawerButton drawer />
        }
        .into_any()
    });
    let label = || page.find(".drawer-button").get_attribute("aria-label");
    assert_eq!(label().as_deref(), Some("Navigation"));
    assert!(page.try_find(".firing-mark").is_none());
    page.find(".fire").click();
    settle().await;
    assert_eq!(label().as_deref(), Some("Navigation, 1 alert firing"));
    assert!(page.try_find(".firing-mark").is_some());
    page.find(".fire").click();
    settle().await;
    assert_eq!(label().as_deref(), Some("Navigation, 2 alerts firing"));
}
