use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::ui::{ToastList, ToastRegion, use_toasts};

use crate::page::{settle, show};

#[wasm_bindgen_test]
async fn toasts_are_announced_and_errors_stay_until_closed() {
    let page = show(|| {
        let toasts = use_toasts();
        view! {
            <button class="fail" on:click=move |_| toasts.error("Could not cancel the query")></button>
            <button class="good" on:click=move |_| toasts.success("Query canceled")></button>
            <ToastRegion><ToastList /></ToastRegion>
        }
        .into_any()
    });
    // The region is there before its first message, otherwise nothing is announced.
    assert_eq!(
        page.find(".toasts").get_attribute("aria-live").as_deref(),
        Some("polite")
    );
    page.find(".fail").click();
    page.find(".good").click();
    settle().await;
    assert!(
        page.text().contains("Could not cancel the query"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("Query canceled"), "{}", page.text());

    page.find(".toast.failed button").click();
    settle().await;
    assert!(!page.text().contains("Could not cancel"), "{}", page.text());
    assert!(page.text().contains("Query canceled"), "{}", page.text());
}
