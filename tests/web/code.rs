//! Definitions as code, and the plan of something done to many.

use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::kit::{
    BulkDialog, CodeButton, Job,
    bulk::{Harm, Work},
};
use weir_api::{ApiRequest, FieldError};
use weir_code::Definition;

use crate::page::{show, until};

fn sink() -> Definition {
    let body = json!({"name": "out", "type": "http", "query": "SELECT 1", "properties": {"url": "http://h", "password": "s3cret"}});
    let request = ApiRequest::post("/v1beta2/sinks")
        .json(&body)
        .expect("JSON");
    let sql = vec!["CREATE EXTERNAL TABLE out SETTINGS password = 's3cret'".to_string()];
    Definition::new("sink", "out", vec![request], sql)
}

#[wasm_bindgen_test]
async fn every_form_is_shown_without_the_secret_and_names_its_place() {
    let page = show(|| {
        let written = Callback::new(|()| Ok(sink()));
        view! { <CodeButton written /> }.into_any()
    });
    page.button("Code").click();
    until("the dialog", || page.try_find(".code-text").is_some()).await;
    for form in ["SQL", "curl", "JSON", "Terraform"] {
        page.button(form).click();
        until("it", || {
            page.find(".code-text")
                .get_attribute("aria-label")
                .as_deref()
                == Some(form)
        })
        .await;
        let text = page.find(".code-text").inner_text();
        assert!(!text.contains("s3cret"), "{form}: {text}");
        assert!(
            text.to_uppercase().contains("SINK_OUT_PROPERTIES_PASSWORD"),
            "{form}: {text}"
        );
    }
    assert!(
        page.find(".code-secrets")
            .inner_text()
            .contains("SINK_OUT_PROPERTIES_PASSWORD")
    );
}

#[wasm_bindgen_test]
async fn what_the_form_misses_is_told() {
    let page = show(|| {
        let written = Callback::new(|()| Err(vec![FieldError::new("name", "Enter a name")]));
        view! { <CodeButton written /> }.into_any()
    });
    page.button("Code").click();
    until("it", || page.text().contains("name: Enter a name")).await;
}

#[wasm_bindgen_test]
async fn many_are_named_before_anything_is_done_to_them() {
    let job = RwSignal::new(None::<Job>);
    let page = show(move || {
        let changed = Callback::new(|_: Vec<String>| ());
        view! { <BulkDialog job changed /> }.into_any()
    });
    job.set(Some(Job {
        verb: "Stop",
        done: "stopped",
        one: "sink",
        many: "sinks",
        items: vec![("1".into(), "one".into()), ("2".into(), "two".into())],
        work: Work::Send(std::sync::Arc::new(|key: String| {
            Ok(ApiRequest::post(format!("/{key}/stop")))
        })),
        effects: vec!["Rows are no longer sent.".into()],
        harm: Harm::None,
    }));
    until("it", || page.text().contains("Stop 2 sinks?")).await;
    let text = page.text();
    assert!(
        text.contains("Rows are no longer sent.") && text.contains("one") && text.contains("two"),
        "{text}"
    );
    page.button("Cancel").click();
    until("it", || job.with_untracked(Option::is_none)).await;
}
