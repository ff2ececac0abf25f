//! Saving what a tab of the workspace holds.

use leptos::prelude::*;
use weir_api::timeplus::saved_query;

use super::{draft::Draft, short_fields};
use crate::{
    kit::use_form_call,
    ui::{
        Button, ButtonKind, Dialog, ErrorBanner,
        field::FormErrors,
        lazy::{Lazy, lazy},
        use_toasts,
    },
};

type Saved = (Signal<String>, RwSignal<bool>);

const FORM: Lazy<Saved> = lazy!(save_query: Saved => |(sql, open)| {
    view! { <Form sql open /> }.into_any()
});

/// The button and its dialog.
#[component]
pub fn SaveQuery(
    /// The statement to save.
    #[prop(into)]
    sql: Signal<String>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let empty = Signal::derive(move || sql.with(|sql| sql.trim().is_empty()));
    view! {
        <Button
            kind=ButtonKind::Quiet
            disabled=empty
            reason="Nothing to save"
            on_click=move || FORM.fetched(move || {
                open.try_set(true);
            })
        >
            "Save query"
        </Button>
        <Dialog open title="Save query" children=move || FORM.show((sql, open)) />
    }
    .into_any()
}

#[component]
fn Form(sql: Signal<String>, open: RwSignal<bool>) -> impl IntoView {
    let errors = FormErrors::new();
    provide_context(errors);
    let toasts = use_toasts();
    let draft = RwSignal::new(Draft {
        sql: sql.get_untracked(),
        ..Draft::default()
    });
    let call = use_form_call(errors, "name");
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let definition = match draft.with_untracked(Draft::definition) {
            Ok(definition) => definition,
            Err(fields) => return call.refuse(fields),
        };
        call.send(saved_query::create(&definition), move |_| {
            toasts.success(format!("Saved query {} created", definition.name));
            open.set(false);
        });
    };
    view! {
        <form class="dialog-form" on:submit=save>
            <ErrorBanner error=call.error />
            {short_fields(draft)}
            <div class="dialog-actions">
                <Button on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true busy=call.busy>"Save"</Button>
            </div>
        </form>
    }
    .into_any()
}
