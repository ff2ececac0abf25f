use leptos::{context::Provider, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::ui::field::{FormErrors, QuantityField, TextField, unit::Measure};
use weir_api::FieldError;

use crate::page::{focused, settle, show};

fn wrong(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.into(),
        message: message.into(),
    }
}

#[wasm_bindgen_test]
async fn an_error_stands_at_its_field_until_somebody_types() {
    let errors = FormErrors::new();
    let (name, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let page = show(move || {
        view! {
            <Provider value=errors>
                <TextField label="Name" name="name" value=name help="Letters and digits." />
                <TextField label="Note" name="note" value=note />
            </Provider>
        }
        .into_any()
    });
    let lost = errors.set(vec![
        wrong("note", "Too long."),
        wrong("name", "Already taken."),
        wrong("shards", "Too many."),
    ]);
    errors.focus_first();
    settle().await;
    assert_eq!(
        lost,
        [wrong("shards", "Too many.")],
        "no field shows this one"
    );

    let input = page.find("input");
    assert_eq!(
        focused(),
        input.clone().into(),
        "the first field on the page"
    );
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    let described = input.get_attribute("aria-describedby").expect("described");
    let words: Vec<String> = described
        .split(' ')
        .map(|id| page.find(&format!("#{id}")).inner_text())
        .collect();
    assert_eq!(words, ["Already taken.", "Letters and digits."]);

    page.type_in("input", "orders");
    settle().await;
    assert_eq!(name.get_untracked(), "orders");
    assert_eq!(input.get_attribute("aria-invalid"), None);
    assert!(
        page.text().contains("Too long."),
        "the other field's error stays"
    );
}

#[wasm_bindgen_test]
async fn what_cannot_be_seen_has_its_code_in_an_error() {
    let errors = FormErrors::new();
    let name = RwSignal::new(String::new());
    let page = show(move || {
        view! {
            <Provider value=errors>
                <TextField label="Name" name="name" value=name />
            </Provider>
        }
        .into_any()
    });
    for (sent, shown) in [
        ("'a\u{200b}b' is taken.", "'a‹U+200B›b' is taken."),
        ("'a\u{202e}b' is taken.", "'a‹U+202E›b' is taken."),
        (
            "'\u{feff}a\u{a0}' is taken.",
            "'‹U+FEFF›a‹U+00A0›' is taken.",
        ),
        ("'é 😀' is taken.", "'é 😀' is taken."),
    ] {
        errors.set(vec![wrong("name", sent)]);
        settle().await;
        assert_eq!(page.find(".field-error").inner_text(), shown);
    }
}

/// Saving by keyboard and leaving the page happen while the focus is still in the field.
#[wasm_bindgen_test]
async fn a_quantity_is_there_while_it_is_typed() {
    let span = RwSignal::new(String::from("7 d"));
    let page = show(move || {
        view! { <QuantityField label="Retention" value=span measure=Measure::Span unit="d" /> }
            .into_any()
    });
    settle().await;
    for (typed, value) in [
        ("9", "9 d"),
        ("9 m", "9 m"),
        ("9 mi", "9 mi"),
        ("9 min", "9 min"),
    ] {
        page.type_in("input", typed);
        settle().await;
        assert_eq!(span.get_untracked(), value);
        let input: web_sys::HtmlInputElement = page.find("input").unchecked_into();
        assert_eq!(input.value(), typed, "nothing moves while somebody types");
    }
    let input: web_sys::HtmlInputElement = page.find("input").unchecked_into();
    for kind in ["change", "blur"] {
        let event = web_sys::Event::new(kind).expect("an event");
        input.dispatch_event(&event).expect("dispatched");
    }
    settle().await;
    assert_eq!(
        (span.get_untracked().as_str(), input.value().as_str()),
        ("9 min", "9")
    );
}
