//! A panel on the page: its head, its menu and what is inside.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html,
    prelude::*,
};
use weir_api::timeplus::dashboard::Panel;

use super::{
    board::{self, Board, Item},
    drag::{Drag, Grip},
    feed::{Feed, Lanes, in_view},
    kind::Kind,
    layout,
    panel::{Inside, body, markdown::text_alone},
    png, range, variables,
};
use crate::{
    connections::use_connection_id,
    paths,
    text::visible,
    ui::{Icon, IconName, Menu, Picture, State, use_toasts},
};

/// What the page does with a panel.
#[derive(Clone, Copy)]
pub struct PanelActions {
    pub edit: Callback<u32>,
    pub delete: Callback<u32>,
}

/// The statement a panel runs now, or why it runs none, in words.
pub fn statement(board: Board, panel: &Panel) -> Result<String, String> {
    let kind = Kind::of(panel);
    let sql = panel.viz_content();
    if !kind.runs() || sql.trim().is_empty() {
        return Ok(String::new());
    }
    if kind == Kind::Markdown && text_alone(panel, "content").is_some() {
        return Ok(String::new());
    }
    let own = variables::names(&sql)
        .iter()
        .any(|name| name == range::NAME);
    let filled = variables::substitute(&sql, &board.values()).map_err(|error| error.words())?;
    Ok(range::apply(&filled, &board.range.get(), own))
}

#[component]
pub fn PanelFrame(
    board: Board,
    item: Item,
    lanes: Lanes,
    panel_actions: PanelActions,
    drag: Drag,
    /// Place among the panels in reading order, for narrow screens.
    #[prop(into)]
    order: Signal<usize>,
) -> impl IntoView {
    let node = NodeRef::<html::Section>::new();
    let active = in_view(node);
    let sql = Memo::new(move |_| item.panel.with(|panel| statement(board, panel)));
    let feed = Feed::new(lanes, sql.into(), active);
    let inside = Inside::new(board, lanes, item.panel.into(), feed, active);
    let kind = Memo::new(move |_| item.panel.with(Kind::of));
    let title = Memo::new(move |_| item.panel.with(Panel::title));
    let named = move || {
        let name = item.panel.with(board::title);
        if board.editing.get() {
            format!("{name}, {}", board::words(item.at.get()))
        } else {
            name
        }
    };
    let keys = move |event: KeyboardEvent| {
        // Keys of what is inside the panel are its own.
        if !board.editing.get_untracked() || event.target() != event.current_target() {
            return;
        }
        let key = event.key();
        match key.as_str() {
            "Enter" => panel_actions.edit.run(item.key),
            "Delete" => panel_actions.delete.run(item.key),
            arrow if arrow.starts_with("Arrow") && !event.ctrl_key() && !event.alt_key() => {
                let Some(index) = board.index(item.key) else {
                    return;
                };
                let places = layout::nudged(&board.places(), index, arrow, event.shift_key());
                board.set_places(&places);
                let name = item.panel.with_untracked(board::title);
                board
                    .spoken
                    .set(format!("{name}: {}", board::words(item.at.get_untracked())));
            }
            _ => return,
        }
        event.prevent_default();
    };
    let style = move || {
        let at = drag.place_of(item.key).unwrap_or_else(|| item.at.get());
        format!(
            "--x:{};--y:{};--w:{};--h:{};order:{}",
            at.x,
            at.y,
            at.w,
            at.h,
            order.get()
        )
    };
    let grip = move |grip: Grip| {
        move |event: PointerEvent| {
            if board.editing.get_untracked() {
                drag.begin(board, item, grip, &event);
            }
        }
    };
    let moves = move |event: PointerEvent| drag.follow(board, &event);
    let ends = move |_: PointerEvent| drag.end(board);
    let stops = move |_: PointerEvent| drag.stop(board);
    let described = move || board.editing.get().then_some("dash-keys");
    view! {
        <section
            class="dash-panel"
            class:control=move || kind.get().is_control()
            class:dragged=move || drag.is(item.key)
            class:bare=move || title.with(|title| title.trim().is_empty()) && !board.editing.get()
            node_ref=node
            style=style
            style:transform=move || drag.shift(item.key)
            style:width=move || drag.width(item.key)
            style:height=move || drag.height(item.key)
            data-panel=move || item.panel.with(Panel::title)
            tabindex=move || board.editing.get().then_some("0")
            aria-label=named
            aria-describedby=described
            on:keydown=keys
        >
            <header
                class="dash-head"
                on:pointerdown=grip(Grip::Move)
                on:pointermove=moves
                on:pointerup=ends
                on:pointercancel=stops
            >
                {move || {
                    let words = title.get();
                    let about = item.panel.with(|panel| panel.0.text("description"));
                    if words.trim().is_empty() {
                        view! { <span class="dash-untitled"></span> }.into_any()
                    } else {
                        let about = visible(&about).into_owned();
                        view! { <h2 title=about>{visible(&words).into_owned()}</h2> }.into_any()
                    }
                }}
                {move || kind.get().runs().then(|| view! { <PanelState feed /> })}
                <PanelMenu board item panel_actions feed picture=inside.picture />
            </header>
            <div class="dash-body">{body(inside)}</div>
            <Show when=move || board.editing.get()>
                <div
                    class="dash-resize"
                    aria-hidden="true"
                    on:pointerdown=grip(Grip::Size)
                    on:pointermove=moves
                    on:pointerup=ends
                    on:pointercancel=stops
                ></div>
            </Show>
        </section>
    }
    .into_any()
}

#[component]
fn PanelState(feed: Feed) -> impl IntoView {
    let tone = Signal::derive(move || feed.state().0);
    let word = Signal::derive(move || feed.state().1.to_string());
    view! { <span class="dash-state" data-state=move || word.get()><State tone word /></span> }
        .into_any()
}

#[component]
fn PanelMenu(
    board: Board,
    item: Item,
    panel_actions: PanelActions,
    feed: Feed,
    picture: Picture,
) -> impl IntoView {
    let toasts = use_toasts();
    let connection = use_connection_id();
    let name = Signal::derive(move || format!("Menu of {}", item.panel.with(board::title)));
    let kind = Memo::new(move |_| item.panel.with(Kind::of));
    let open = move || {
        let connection = connection.get().unwrap_or_default();
        feed.sql.with(|sql| paths::workspace_with(&connection, sql))
    };
    let entry = move |label: &'static str, icon: IconName, run: Callback<u32>| {
        view! {
            <button type="button" class="menu-item" on:click=move |_| run.run(item.key)>
                <Icon name=icon /> {label}
            </button>
        }
    };
    let duplicate = Callback::new(move |key| board.duplicate(key));
    view! {
        <span class="dash-menu" on:pointerdown=|event| event.stop_propagation()>
            <Menu label=name face=|| view! { <Icon name=IconName::More /> } right=true>
                <Show when=move || board.editing.get()>
                    {entry("Edit panel", IconName::Edit, panel_actions.edit)}
                    {entry("Duplicate", IconName::Copy, duplicate)}
                    {entry("Delete", IconName::Delete, panel_actions.delete)}
                </Show>
                <Show when=move || kind.get().runs()>
                    <a class="menu-item" href=open><Icon name=IconName::Prompt /> "Open in SQL workspace"</a>
                    <button type="button" class="menu-item" on:click=move |_| feed.run_again()>
                        <Icon name=IconName::Reload /> "Run again"
                    </button>
                </Show>
                <Show when=move || kind.get().is_drawn()>
                    <button
                        type="button"
                        class="menu-item"
                        on:click=move |_| png::save(picture, item.panel.with_untracked(board::title), toasts)
                    >
                        <Icon name=IconName::Download /> "Save as PNG"
                    </button>
                </Show>
                <Show when=move || !kind.get().runs() && !board.editing.get()>
                    <p class="menu-note">"Edit the dashboard to change this panel."</p>
                </Show>
            </Menu>
        </span>
    }
    .into_any()
}
