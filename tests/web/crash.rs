use leptos::prelude::document;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_failure_of_the_console_is_told_over_the_page() {
    weir::crash::show();
    let notice = document()
        .query_selector(".crash[role=alert]")
        .expect("a valid selector")
        .expect("the notice is shown");
    let text = notice.text_content().unwrap_or_default();
    assert!(text.contains("Reload the page"), "{text}");
    notice.remove();
}
