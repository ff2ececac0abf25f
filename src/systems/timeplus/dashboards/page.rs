//! The page of one dashboard.

use leptos::{html, prelude::*};
use weir_api::{
    json_response,
    timeplus::dashboard::{self, Dashboard, Position},
};

use super::{NAMES, tools::Tools};
use crate::{
    connections::use_connection_id,
    dashboards::{
        address,
        blank::blank,
        board::{self, Board},
        edit_dialog::EditorDialog,
        editor::Edit,
        frame::PanelActions,
        grid::PanelGrid,
        kind::Kind,
        save,
    },
    kit::{
        address::use_key,
        created::{use_awaited, waiting_page},
        notice::Waiting,
        page_name::PageName,
        use_load,
    },
    paths,
    text::visible,
    ui::{Banner, Button, ButtonKind, Empty, ErrorBanner, leave},
};

pub fn view() -> AnyView {
    let key = use_key();
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
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || dashboard::CRUD.get(&asked)),
        None,
        accept,
    );
    let list = move || {
        let connection = use_connection_id().get_untracked().unwrap_or_default();
        paths::section(&connection, NAMES.segment)
    };
    let awaited = use_awaited(list(), key, load);
    (move || match board.get() {
        Some(board) => view! { <DashboardView board /> }.into_any(),
        None if awaited.with(Option::is_some) => {
            waiting_page(awaited.get().unwrap_or_default()).into_any()
        }
        None if load.missing() => view! {
            <div class="page">
                <header class="page-head"><h1>"Dashboard"</h1></header>
                <Empty title="Dashboard not found" hint="It may have been deleted.">
                    <a class="button" href=list()>"Back to the list"</a>
                </Empty>
            </div>
        }
        .into_any(),
        None => view! {
            <div class="page">
                <header class="page-head"><h1>"Dashboard"</h1></header>
                <ErrorBanner error=load.page_error() />
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
    let saver = save::use_saver(board);
    leave::guard(dirty.into(), Callback::new(|()| ()));
    let removed = RwSignal::new(None::<(board::Item, Vec<(u32, Position)>)>);
    let edit = RwSignal::new(None::<Edit>);
    let panel_actions = PanelActions {
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
                <h1>{move || visible(&board.name.get()).into_owned()}</h1>
                <Tools board full root dirty=dirty.into() busy=saver.busy() on_save=move || saver.save() on_discard=discard on_add=add />
            </header>
            <ErrorBanner error=saver.error() />
            {move || {
                let text = board.description.get();
                (!text.is_empty()).then(|| view! { <p class="dash-description">{visible(&text).into_owned()}</p> })
            }}
            {undo_bar}
            {move || empty.get().then(|| view! {
                <Empty title="This dashboard has no panels yet" hint="A panel shows a live query as a chart, number, table, map or text.">
                    <Button kind=ButtonKind::Primary on_click=move || {
                        board.editing.set(true);
                        add(Kind::Line);
                    }>"Add panel"</Button>
                </Empty>
            })}
            <PanelGrid board panel_actions />
            <EditorDialog board edit />
        </div>
    }
    .into_any()
}
