use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{
    kit::{FieldGroup, Form, FormView, drafts::Restored},
    ui::field::{QuantityField, TextField, unit::Measure},
};
use weir_api::FieldError;

use crate::page::{Page, focused, press_with, settle, show};

fn quantity(value: RwSignal<String>) -> Page {
    show(move || {
        view! { <QuantityField label="Retention" value measure=Measure::Span unit="d" unlimited=true /> }
            .into_any()
    })
}

#[wasm_bindgen_test]
async fn what_people_type_becomes_a_number_beside_its_unit() {
    let value = RwSignal::new(String::new());
    let page = quantity(value);
    settle().await;
    for (typed, kept) in [("3", "3 d"), ("2 weeks", "14 d"), ("90m", "90 min")] {
        change(&page, "input", typed);
        settle().await;
        assert_eq!(value.get_untracked(), kept, "typed {typed}");
    }
    change(&page, "select", "h");
    settle().await;
    assert_eq!(value.get_untracked(), "90 h");
    change(&page, "select", "unlimited");
    settle().await;
    assert_eq!(value.get_untracked(), "unlimited");
}

/// Sets a control's value as if somebody had left it.
fn change(page: &Page, selector: &str, text: &str) {
    let control = page.find(selector);
    js_sys::Reflect::set(&control, &"value".into(), &text.into()).expect("a value");
    let event = web_sys::Event::new("change").expect("an event");
    control.dispatch_event(&event).expect("dispatched");
}

fn wrong(field: &str, message: &str) -> FieldError {
    FieldError {
        field: field.into(),
        message: message.into(),
    }
}

#[wasm_bindgen_test]
async fn a_refused_form_shows_each_error_once_and_unfolds_its_field() {
    let name = RwSignal::new(String::from("typed"));
    let page = show(move || {
        let fields = move || view! { <TextField label="Shards" name="shards" value=name /> };
        let form = Form {
            title: "Create thing".into(),
            action: "Create thing".into(),
            cancel: "/".into(),
            sections: vec![FieldGroup::new("More", fields).advanced()],
            dirty: Signal::stored(false),
            discard: Callback::new(|()| ()),
            start_over: Callback::new(|()| ()),
            restored: Restored::No,
            requests: Callback::new(|()| {
                Err(vec![
                    wrong("shards", "Too many."),
                    wrong("elsewhere", "Not shown here."),
                ])
            }),
            done: Callback::new(|_| ()),
            taken: "name",
            steps: "",
            aside: None,
            written: None,
            question: None,
            depends: Signal::stored(Vec::new()),
            meanwhile: None,
        };
        view! { <FormView form /> }.into_any()
    });
    settle().await;
    let input = page.find("input");
    press_with(&input, "Enter", &["ctrlKey"]);
    settle().await;
    assert_eq!(focused(), input.clone().into());
    assert!(page.try_find("details[open]").is_some(), "unfolded");
    let text = page.text();
    assert_eq!(text.matches("Too many.").count(), 1, "{text}");
    assert!(
        page.find("[role=alert]")
            .inner_text()
            .contains("Not shown here.")
    );
    assert_eq!(name.get_untracked(), "typed");
}
