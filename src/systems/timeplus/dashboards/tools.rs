//! Buttons in the head of a dashboard.

use leptos::{html, prelude::*};
use leptos_router::NavigateOptions;
use weir_api::timeplus::dashboard::DashboardDef;

use super::{Dashboards, NAMES};
use crate::{
    connections::use_connection_id,
    dashboards::{board::Board, kind::Kind, range, transfer},
    kit::{Resource, delete::use_named_deletion},
    paths,
    ui::{Button, ButtonKind, Dialog, Icon, IconName, Menu, use_toasts},
};

#[component]
pub fn Tools(
    board: Board,
    full: RwSignal<bool>,
    root: NodeRef<html::Div>,
    dirty: Signal<bool>,
    busy: RwSignal<bool>,
    #[prop(into)] on_save: Callback<()>,
    #[prop(into)] on_discard: Callback<()>,
    #[prop(into)] on_add: Callback<Kind>,
) -> impl IntoView {
    let toggle = move || {
        let on = !full.get_untracked();
        full.set(on);
        if on {
            // Where the browser refuses, the dashboard still fills the page.
            if let Some(root) = root.get_untracked() {
                let _ = root.request_fullscreen();
            }
        } else if document().fullscreen_element().is_some() {
            document().exit_fullscreen();
        }
    };
    let left = window_event_listener_untyped("fullscreenchange", move |_| {
        if document().fullscreen_element().is_none() && full.try_get_untracked() == Some(true) {
            full.set(false);
        }
    });
    on_cleanup(move || left.remove());
    let ranges = range::ALL.map(|(id, words, _)| {
        view! { <option value=id prop:selected=move || board.range.get() == id>{words}</option> }
    });
    let editing = move || board.editing.get();
    view! {
        <div class="page-actions dash-tools">
            <label class="dash-range">
                <span class="visually-hidden">"Time range"</span>
                <select class="input" on:change:target=move |event| board.range.set(event.target().value())>{ranges}</select>
            </label>
            <Show when=editing>
                <span class="dash-dirty" role="status">{move || dirty.get().then_some("Unsaved changes")}</span>
                <Button on_click=move || on_add.run(Kind::Line)><Icon name=IconName::Plus /> "Add panel"</Button>
                <Button on_click=on_discard>{move || if dirty.get() { "Discard" } else { "Done" }}</Button>
                <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || !dirty.get()) reason="No changes" on_click=on_save>"Save"</Button>
            </Show>
            <Show when=move || !editing()>
                <Button on_click=move || board.editing.set(true)><Icon name=IconName::Edit /> "Edit"</Button>
            </Show>
            <Button kind=ButtonKind::Quiet label="Full screen" pressed=Signal::derive(move || full.get()) on_click=toggle>
                <Icon name=IconName::Expand />
            </Button>
            <MoreMenu board />
        </div>
    }
    .into_any()
}

#[component]
fn MoreMenu(board: Board) -> impl IntoView {
    let importing = RwSignal::new(false);
    let toasts = use_toasts();
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let id = board.saved.with_untracked(|saved| saved.id.clone());
    let details = paths::edit_item(&connection, NAMES.segment, &id);
    let back = paths::section(&connection, NAMES.segment);
    let export = move |_| {
        let definition = untrack(|| board.definition());
        let text = transfer::write(&definition);
        if transfer::download(&definition.name, &text).is_err() {
            toasts.error("The browser could not write the file.");
        }
    };
    let import = move |definition: DashboardDef| {
        importing.set(false);
        board.editing.set(true);
        board.fill(definition.panels);
    };
    let failures = RwSignal::new(Vec::new());
    let navigate = StoredValue::new_local(paths::use_navigate());
    let gone = Callback::new(move |_: Vec<String>| {
        // Nothing is left to save.
        let definition = untrack(|| board.definition());
        board.saved.update(|saved| {
            saved.name = definition.name;
            saved.description = definition.description;
            saved.panels = definition.panels;
        });
        navigate.with_value(|go| go(&back, NavigateOptions::default()));
    });
    let named = Callback::new(move |_| board.name.get_untracked());
    let deletion = Dashboards::SPEC.deletion();
    let delete = deletion.map(|deletion| use_named_deletion(deletion, failures, gone, named));
    let remove = move |_| {
        if let Some(delete) = delete {
            delete.run(vec![id.clone()]);
        }
    };
    let trouble = move || {
        let all = failures.get();
        if let Some(words) = all.first() {
            toasts.error(words.clone());
        }
    };
    Effect::new(trouble);
    view! {
        <Menu label=Signal::stored("More".to_string()) face=|| view! { <Icon name=IconName::More /> } right=true>
            <a class="menu-item" href=details><Icon name=IconName::Edit /> "Name and description"</a>
            <button type="button" class="menu-item" on:click=export><Icon name=IconName::Download /> "Export as JSON"</button>
            <button type="button" class="menu-item" on:click=move |_| importing.set(true)><Icon name=IconName::Plus /> "Import JSON"</button>
            <button type="button" class="menu-item apart" on:click=remove><Icon name=IconName::Delete /> "Delete dashboard"</button>
        </Menu>
        <Dialog open=importing title="Import panels" children=move || view! {
            <transfer::ImportForm on_import=import on_cancel=move || importing.set(false) />
        } />
    }
    .into_any()
}
