use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, HtmlInputElement, HtmlSelectElement},
};
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{
    kit::properties::{Properties, Table, TypedBound},
    ui::field::FormErrors,
};
use weir_api::{
    property::{Kind, TypeOf, Typed, Values, find},
    timeplus::types::{alert_actions, external_streams, external_tables, sinks, sources},
};

use crate::page::{Page, settle, show};

fn table(types: &'static [TypeOf], fixed: bool) -> Table {
    Table {
        label: "Type",
        field: "type",
        types,
        path: "properties",
        fixed,
    }
}

fn shown(types: &'static [TypeOf], typed: Typed, fixed: bool) -> (Page, RwSignal<Typed>) {
    let draft = RwSignal::new(typed);
    let page = show(move || {
        provide_context(FormErrors::new());
        let typed = TypedBound::part(draft, |typed| typed);
        view! { <Properties table=table(types, fixed) typed /> }.into_any()
    });
    (page, draft)
}

/// The control of the field with that label.
fn control(page: &Page, label: &str) -> HtmlElement {
    let labels = page.all("label");
    let found = labels.iter().find(|one| {
        let words = one.text_content().unwrap_or_default();
        words.trim_end_matches(" *") == label
    });
    let Some(found) = found else {
        panic!("no field {label:?} in {}", page.text());
    };
    match found.get_attribute("for") {
        Some(id) => page.find(&format!("#{id}")),
        None => found
            .query_selector("input")
            .expect("a selector")
            .expect("an input")
            .unchecked_into(),
    }
}

#[wasm_bindgen_test]
async fn every_type_shows_a_field_for_each_property() {
    for types in [
        sources::TYPES,
        sinks::TYPES,
        external_streams::TYPES,
        external_tables::TYPES,
        alert_actions::TYPES,
    ] {
        let (page, draft) = shown(types, Typed::new(types, types[0].name), false);
        for kind in types {
            let choice: HtmlSelectElement = control(&page, "Type").unchecked_into();
            choice.set_value(kind.name);
            page.fire(&choice, "change");
            settle().await;
            assert_eq!(draft.with_untracked(|d| d.kind.clone()), kind.name);
            assert!(page.text().contains(kind.help), "{}", kind.name);
            for property in kind.properties {
                let field = control(&page, property.label);
                let required = field.get_attribute("aria-required").as_deref() == Some("true");
                assert_eq!(
                    required, property.required,
                    "{}.{}",
                    kind.name, property.key
                );
                match property.kind {
                    Kind::Bool => {
                        let input: HtmlInputElement = field.unchecked_into();
                        assert_eq!(input.checked(), property.default == "true");
                    }
                    Kind::Choice(all) => {
                        let select: HtmlSelectElement = field.unchecked_into();
                        assert_eq!(select.value(), property.default, "{}", property.key);
                        assert!(select.length() as usize >= all.len());
                    }
                    Kind::Text if property.secret => {
                        assert_eq!(field.get_attribute("type").as_deref(), Some("password"));
                    }
                    _ => assert!(
                        ["INPUT", "TEXTAREA"].contains(&field.tag_name().as_str()),
                        "{}",
                        property.key
                    ),
                }
            }
            let rest = if kind.properties.is_empty() {
                "Properties"
            } else {
                "Other properties"
            };
            control(&page, rest);
        }
    }
}

#[wasm_bindgen_test]
async fn a_stored_secret_is_unchanged_until_something_is_typed() {
    let slack = find(sinks::TYPES, "slack");
    let held = serde_json::json!({"template": "{{ .x }}", "extra": 1});
    let held = held.as_object().expect("object");
    let typed = Typed {
        kind: "slack".into(),
        values: Values::of(slack, held),
    };
    let (page, draft) = shown(sinks::TYPES, typed, true);
    settle().await;
    let url: HtmlInputElement = control(&page, "Webhook URL").unchecked_into();
    assert_eq!(
        (url.value().as_str(), url.placeholder().as_str()),
        ("", "unchanged")
    );
    assert_eq!(control(&page, "Type").tag_name(), "OUTPUT");
    let body = draft
        .with_untracked(|d| d.values.body(slack))
        .expect("body");
    assert_eq!(&body, held);
    url.set_value("https://hooks/new");
    page.fire(&url, "input");
    settle().await;
    let body = draft
        .with_untracked(|d| d.values.body(slack))
        .expect("body");
    assert_eq!(body["url"], "https://hooks/new");
}
