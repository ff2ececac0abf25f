use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::connections::{Auth, Connection, form_page::ConnectionCreatePage, sign_in::SignInForm};

use crate::page::{focused, settle, show, until};

#[wasm_bindgen_test]
async fn signing_in_asks_for_what_is_missing() {
    let page = show(|| {
        let connection = Connection {
            auth: Auth::ApiKey,
            ..Connection::default()
        };
        view! { <SignInForm connection done=|| () /> }.into_any()
    });
    page.button("Sign in").click();
    settle().await;
    assert!(
        page.text().contains("Enter the API key."),
        "{}",
        page.text()
    );
    assert_eq!(focused().get_attribute("type").as_deref(), Some("password"));
}

/// Nothing listens on port 1 and browsers do not even try: the same as a dead address.
#[wasm_bindgen_test]
async fn testing_a_connection_keeps_what_was_typed_and_says_what_is_wrong() {
    let page = show(|| {
        expect_context::<weir::connections::Connections>()
            .all
            .set(Some(Vec::new()));
        view! { <ConnectionCreatePage /> }.into_any()
    });
    page.button("Test connection").click();
    settle().await;
    assert_eq!(
        page.find(".field-error").inner_text(),
        "Enter a name, for example “Timeplus staging”."
    );

    page.type_in("input", "Staging");
    page.type_in("input.mono", "http://127.0.0.1:1");
    page.button("Test connection").click();
    until("the verdict", || {
        page.text().contains("Wrong URL: no response")
    })
    .await;
    assert!(
        page.text().contains("http://127.0.0.1:1"),
        "{}",
        page.text()
    );
}
