//! The workspace and its settings.

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::workspace::{self, UpdateSettings, Workspace},
};

use crate::{
    connections::use_connection_id,
    errors,
    kit::{FieldGroup, Form, FormView, Load, drafts::Restored, notice::Waiting, use_load},
    paths,
    ui::{
        ErrorBanner, Time,
        field::{Bound, Checkbox},
        use_toasts,
    },
};

pub fn page() -> AnyView {
    let current = RwSignal::new(None::<Workspace>);
    let accept = Callback::new(move |body: Vec<u8>| {
        current.set(Some(json_response(&body)?));
        Ok(())
    });
    let load = use_load(Signal::derive(workspace::get), None, accept);
    (move || match current.get() {
        Some(workspace) => form(workspace, load),
        None => view! {
            <div class="page">
                <header class="page-head"><h1>"Workspace"</h1></header>
                <ErrorBanner error=load.page_error() />
                <Waiting load />
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn form(workspace: Workspace, load: Load) -> AnyView {
    let first = workspace.settings.enabled_user_tracking;
    let tracking = RwSignal::new(first);
    let toasts = use_toasts();
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let nothing = Callback::new(|()| ());
    let request = move |()| {
        let change = UpdateSettings {
            enabled_user_tracking: Some(tracking.get_untracked()),
        };
        workspace::update(&change).map_err(errors::unsent)
    };
    let facts = StoredValue::new(workspace);
    let form = Form {
        title: "Workspace".into(),
        action: "Save changes".into(),
        cancel: paths::home(&connection),
        sections: vec![
            FieldGroup::new("", move || facts.with_value(facts_of)),
            FieldGroup::new("Settings", move || {
                let value = Bound::from(tracking);
                view! {
                    <Checkbox label="User tracking" value help="Allows the vendor's console to send usage statistics to the vendor. Weir sends none." />
                }
            }),
        ],
        dirty: Signal::derive(move || tracking.get() != first),
        discard: nothing,
        start_over: nothing,
        restored: Restored::No,
        requests: Callback::new(move |()| request(()).map(|request| vec![request])),
        done: Callback::new(move |_| {
            toasts.success("Workspace settings saved");
            load.reload();
        }),
        taken: "",
        steps: "",
        aside: None,
        written: None,
        question: None,
        depends: Signal::stored(Vec::new()),
        meanwhile: None,
    };
    view! { <FormView form /> }.into_any()
}

fn facts_of(workspace: &Workspace) -> AnyView {
    let changed = &workspace.settings.audit;
    let by = changed
        .last_updated_by
        .as_ref()
        .map(|owner| owner.name.clone());
    let time = |term: &'static str, time: &Option<String>| {
        time.clone()
            .filter(|time| !time.is_empty())
            .map(|iso| view! { <dt>{term}</dt><dd><Time iso /></dd> })
    };
    view! {
        <dl class="facts">
            <dt>"Name"</dt><dd>{workspace.name.clone()}</dd>
            <dt>"Id"</dt><dd><code>{workspace.id.clone()}</code></dd>
            {time("Created", &workspace.audit.created_at)}
            {time("Settings changed", &changed.last_updated_at)}
            {by.map(|by| view! { <dt>"Changed by"</dt><dd>{by}</dd> })}
            {time("Free trial ends", &workspace.free_trial_end_date)}
        </dl>
    }
    .into_any()
}
