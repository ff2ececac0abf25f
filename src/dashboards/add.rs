//! Putting a chart of the workspace on a dashboard.

use leptos::prelude::*;
use weir_api::{
    ApiError, json_response,
    timeplus::dashboard::{self, Dashboard, DashboardDef, Panel},
};

use super::layout;
use crate::{
    http::{self, Endpoint},
    kit::{use_call, use_load},
    ui::{
        Button, ButtonKind, Dialog, ErrorBanner, Icon, IconName,
        field::{Choice, Select, TextField},
        use_toasts,
    },
};

/// In place of an id: a dashboard to be made.
const NEW: &str = "";

/// The button and its dialog. `panel` is asked when it is pressed.
#[component]
pub fn AddToDashboard(#[prop(into)] panel: Callback<(), Panel>) -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <Button kind=ButtonKind::Quiet on_click=move || open.set(true)>
            <Icon name=IconName::Dashboard /> "Add to dashboard"
        </Button>
        <Dialog open title="Add to dashboard" children=move || view! { <Form panel=panel.run(()) open /> } />
    }
    .into_any()
}

#[component]
fn Form(panel: Panel, open: RwSignal<bool>) -> impl IntoView {
    let toasts = use_toasts();
    let all = RwSignal::new(Vec::<(String, String)>::new());
    let load = use_load(
        Signal::stored(dashboard::CRUD.list()),
        None,
        Callback::new(move |body: Vec<u8>| {
            let answer: Option<Vec<Dashboard>> = json_response(&body)?;
            let found = answer
                .unwrap_or_default()
                .into_iter()
                .map(|d| (d.id, d.name));
            all.set(found.collect());
            Ok(())
        }),
    );
    let chosen = RwSignal::new(NEW.to_string());
    let choices = Signal::derive(move || {
        let known = all
            .get()
            .into_iter()
            .map(|(id, name)| Choice::new(id, name));
        std::iter::once(Choice::new(NEW, "New dashboard"))
            .chain(known)
            .collect()
    });
    let (name, title) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let missing = RwSignal::new(None::<String>);
    let call = use_call();
    let panel = StoredValue::new(panel);
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (id, name) = (
            chosen.get_untracked(),
            name.get_untracked().trim().to_string(),
        );
        if id == NEW && name.is_empty() {
            return missing.set(Some("Enter a name".into()));
        }
        missing.set(None);
        let mut panel = panel.get_value();
        panel.0.set("title", title.get_untracked().trim());
        call.run(
            move |endpoint| put(endpoint, id, name, panel),
            move |name| {
                toasts.success(format!("Panel added to dashboard {name}"));
                open.set(false);
            },
        );
    };
    view! {
        <form class="dialog-form" on:submit=add novalidate>
            <ErrorBanner error=load.page_error() />
            <ErrorBanner error=call.error />
            <Select label="Dashboard" value=chosen choices />
            <Show when=move || chosen.get() == NEW>
                <TextField label="Name of the new dashboard" value=name required=true error=missing />
            </Show>
            <TextField label="Title of the panel" value=title />
            <div class="dialog-actions">
                <Button on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true busy=call.busy>"Add panel"</Button>
            </div>
        </form>
    }
    .into_any()
}

/// The dashboard's name.
async fn put(
    endpoint: Endpoint,
    id: String,
    name: String,
    panel: Panel,
) -> Result<String, ApiError> {
    let mut definition = DashboardDef {
        name,
        ..DashboardDef::default()
    };
    if id != NEW {
        let body = http::send(&endpoint, dashboard::CRUD.get(&id)).await?;
        definition = json_response::<Dashboard>(&body)?.into();
    }
    append(&mut definition, panel);
    let request = match id.as_str() {
        NEW => dashboard::create(&definition)?,
        id => dashboard::update(id, &definition)?,
    };
    http::send(&endpoint, request).await?;
    Ok(definition.name)
}

/// In the first room there is.
fn append(definition: &mut DashboardDef, mut panel: Panel) {
    let places = layout::of(&definition.panels);
    panel.set_position(layout::free(&places, layout::USUAL.w, layout::USUAL.h));
    definition.panels.push(panel);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_goes_where_there_is_room() {
        let text = r#"{"name":"a","panels":[{"position":{"x":0,"y":0,"w":6,"h":2}}]}"#;
        let mut definition: DashboardDef = serde_json::from_str(text).expect("a dashboard");
        append(&mut definition, Panel::default());
        let at = definition.panels[1].position().expect("a place");
        assert_eq!((at.x, at.y, at.w), (6, 0, 6));
    }
}
