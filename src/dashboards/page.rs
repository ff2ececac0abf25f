//! The page of one dashboard.

use leptos::{html, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};
use weir_api::{
    ApiError, json_response,
    timeplus::dashboard::{self, Dashboard, DashboardDef, Position},
};

use super::{
    address,
    board::{self, Board, blank},
    editor::{Edit, PanelEditor},
    frame::Deeds,
    grid::PanelGrid,
    layout,
    options::Kind,
    range, save, transfer,
};
use crate::{
    connections::use_connection_id,
    kit::{Deletion, ResourceSpec, delete::use_named_deletion, leave, notice::Waiting, use_load},
    paths,
    shell::trail::PageName,
    systems::timeplus::dashboards::Dashboards,
    ui::{
        Banner, Button, ButtonKind, Dialog, Empty, ErrorBanner, Icon, IconName, Menu, use_toasts,
    },
};

pub fn view() -> AnyView {
    let params = use_params_map();
    // A memo, because the router tells of the same parameters again when the page is left.
    let key = Memo::new(move |_| params.with(|params| params.get("key").unwrap_or_default()));
    (move || loading(key.get())).into_any()
}

fn loading(key: String) -> AnyView {
    let board = RwSignal::new(None::<Board>);
    let owner = Owner::current().unwrap_or_default();
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: Dashboard = json_response(&body)?;
        match board.get_untracked() {
            // The answer comes when nothing is being drawn: the board belongs to this page.
            None => board.set(Some(owner.with(|| Board::new(answer)))),
            // What is being edited is not overwritten, and panels that did not change run on.
            Some(board) if board.editing.get_untracked() || untrack(|| board.dirty()) => {}
            Some(board) if board.saved.with_untracked(|saved| *saved == answer) => {}
            Some(board) => board.reset(answer),
        }
        Ok(())
    });
    let load = use_load(Signal::derive(move || dashboard::get(&key)), None, accept);
    let list = move || {
        let connection = use_connection_id().get_untracked().unwrap_or_default();
        paths::section(&connection, Dashboards::SEGMENT)
    };
    (move || match board.get() {
        Some(board) => view! { <DashboardView board /> }.into_any(),
        None if load.missing() => view! {
            <div class="page">
                <header class="page-head"><h1>"Dashboard"</h1></header>
                <Empty title="There is no such dashboard" hint="It may have been deleted.">
                    <a class="button" href=list()>"Back to the list"</a>
                </Empty>
            </div>
        }
        .into_any(),
        None => view! {
            <div class="page">
                <header class="page-head"><h1>"Dashboard"</h1></header>
                <ErrorBanner error=load.complaint() />
                <Waiting load />
            </div>
        }
        .into_any(),
    })
    .into_any()
}

#[component]
fn DashboardView(board: Board) -> impl IntoView {
    let id = board.saved.with_untracked(|saved| saved.id.clone());
    PageName::tell(id, board.name.into());
    let root = NodeRef::<html::Div>::new();
    let full = RwSignal::new(false);
    address::keep(board, full);
    let dirty = Memo::new(move |_| board.dirty());
    let failed = RwSignal::new(None::<ApiError>);
    let saver = save::use_saver(board, failed);
    leave::guard(dirty.into(), Callback::new(|()| ()));
    let removed = RwSignal::new(None::<(board::Item, Vec<(u32, Position)>)>);
    let edit = RwSignal::new(None::<Edit>);
    let deeds = Deeds {
        edit: Callback::new(move |key: u32| {
            let panel = board.index(key).and_then(|index| {
                board
                    .items
                    .with_untracked(|items| Some(items.get(index)?.panel.get_untracked()))
            });
            if let Some(panel) = panel {
                edit.set(Some(Edit {
                    key: Some(key),
                    panel,
                }));
            }
        }),
        delete: Callback::new(move |key: u32| removed.set(board.remove(key))),
    };
    let add = move |kind: Kind| {
        edit.set(Some(Edit {
            key: None,
            panel: blank(kind, ""),
        }));
    };
    let discard = move || {
        let saved = board.saved.get_untracked();
        removed.set(None);
        board.reset(saved);
        board.editing.set(false);
    };
    let undo = move || {
        if let Some(gone) = removed.get_untracked() {
            board.restore(gone);
            removed.set(None);
        }
    };
    let undo_bar = move || {
        let name = removed.with(|removed| Some(removed.as_ref()?.0.panel.with(board::title)))?;
        Some(view! {
            <Banner>
                {format!("“{name}” was deleted. ")}
                <Button on_click=undo>"Undo"</Button>
            </Banner>
        })
    };
    let empty = Memo::new(move |_| board.items.with(Vec::is_empty));
    view! {
        <div class="page dash" class:full=move || full.get() node_ref=root>
            <header class="page-head">
                <h1>{move || board.name.get()}</h1>
                <Tools board full root dirty=dirty.into() busy=saver.busy on_save=move || saver.save() on_discard=discard on_add=add />
            </header>
            <ErrorBanner error=failed />
            {move || {
                let text = board.description.get();
                (!text.is_empty()).then(|| view! { <p class="dash-description">{text}</p> })
            }}
            {undo_bar}
            {move || empty.get().then(|| view! {
                <Empty title="This dashboard has no panels yet" hint="A panel shows the rows of a live query as a chart, a number, a table, a map or a text.">
                    <Button kind=ButtonKind::Primary on_click=move || {
                        board.editing.set(true);
                        add(Kind::Line);
                    }>"Add the first panel"</Button>
                </Empty>
            })}
            <PanelGrid board deeds />
            <EditorDialog board edit />
        </div>
    }
    .into_any()
}

#[component]
fn EditorDialog(board: Board, edit: RwSignal<Option<Edit>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(edit.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && edit.with_untracked(Option::is_some) {
            edit.set(None);
        }
    });
    let apply = move |done: Edit| {
        open.set(false);
        let index = done.key.and_then(|key| board.index(key));
        match index {
            Some(index) => board.items.with_untracked(|items| {
                if let Some(item) = items.get(index)
                    && item.panel.with_untracked(|panel| *panel != done.panel)
                {
                    item.panel.set(done.panel);
                }
            }),
            None => {
                let kind = Kind::of(&done.panel);
                let size = match kind {
                    Kind::Selector | Kind::TextBox => (3, 1),
                    Kind::SingleValue => (3, 2),
                    Kind::Table => (12, 3),
                    _ => (layout::USUAL.w, layout::USUAL.h),
                };
                let size = Position {
                    w: size.0,
                    h: size.1,
                    ..layout::USUAL
                };
                board.add(done.panel, size);
            }
        }
    };
    let title = Signal::derive(move || {
        let new = edit.with(|edit| edit.as_ref().is_some_and(|edit| edit.key.is_none()));
        if new {
            "Add panel".to_string()
        } else {
            "Edit panel".into()
        }
    });
    let body = move || {
        edit.get_untracked().map(|edit| {
            view! { <PanelEditor board edit on_apply=apply on_cancel=move || open.set(false) /> }
        })
    };
    view! { <Dialog open title children=body wide=true /> }.into_any()
}

#[component]
fn Tools(
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
                <Button kind=ButtonKind::Primary busy disabled=Signal::derive(move || !dirty.get()) reason="Nothing has changed." on_click=on_save>"Save"</Button>
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
    let details = paths::edit_item(&connection, Dashboards::SEGMENT, &id);
    let back = paths::section(&connection, Dashboards::SEGMENT);
    let export = move |_| {
        let definition = untrack(|| board.definition());
        let text = transfer::write(&definition);
        if transfer::download(&definition.name, &text).is_err() {
            toasts.error("The browser did not write the file.");
        }
    };
    let import = move |definition: DashboardDef| {
        importing.set(false);
        board.editing.set(true);
        board.fill(definition.panels);
    };
    let failures = RwSignal::new(Vec::new());
    let navigate = StoredValue::new_local(use_navigate());
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
    let deletion: Option<Deletion> = Dashboards::DELETION;
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
