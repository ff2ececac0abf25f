//! Saving what a tab of the workspace holds.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, timeplus::saved_query};

use super::{draft::Draft, short_fields};
use crate::{
    connections::use_endpoint,
    http,
    kit::place::place,
    ui::{Button, ButtonKind, Dialog, ErrorBanner, field::FormErrors, use_toasts},
};

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
            reason="There is nothing to save."
            on_click=move || open.set(true)
        >
            "Save query"
        </Button>
        <Dialog open title="Save query" children=move || view! { <Form sql open /> } />
    }
    .into_any()
}

#[component]
fn Form(sql: Signal<String>, open: RwSignal<bool>) -> impl IntoView {
    let errors = FormErrors::new();
    provide_context(errors);
    let (endpoint, toasts) = (use_endpoint(), use_toasts());
    let draft = RwSignal::new(Draft {
        sql: sql.get_untracked(),
        ..Draft::default()
    });
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        let definition = match draft.with_untracked(Draft::definition) {
            Ok(definition) => definition,
            Err(fields) => {
                errors.set(fields);
                return errors.focus_first();
            }
        };
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let sent = match saved_query::create(&definition) {
                Ok(request) => http::send(&endpoint, request).await,
                Err(error) => Err(error),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match sent {
                Ok(_) => {
                    toasts.success(format!("Saved query {} created", definition.name));
                    open.set(false);
                }
                Err(error) => {
                    let (fields, rest) = place(error, "name");
                    errors.set(fields);
                    failed.set(rest);
                    errors.focus_first();
                }
            }
        });
    };
    view! {
        <form class="dialog-form" on:submit=save>
            <ErrorBanner error=failed />
            {short_fields(draft)}
            <div class="dialog-actions">
                <Button on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true busy>"Save"</Button>
            </div>
        </form>
    }
    .into_any()
}
