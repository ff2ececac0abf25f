//! Beside the grid: one cell or row in full, two rows compared, or what a column holds.

pub mod cell;
pub mod compare;
pub mod pretty;
pub mod profile;
pub mod row;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{grid::At, session::Session};
use crate::ui::{Button, ButtonKind, Icon, IconName};

/// What is shown; rows by their number in the result, columns by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Cell(At),
    Row(u64),
    Compare(u64, u64),
    Profile(usize),
}

/// One side at a time; another result closes it, as it means nothing there.
#[component]
pub fn SidePanel(session: Session, side: RwSignal<Option<Side>>) -> impl IntoView {
    Effect::new(move |before: Option<u64>| {
        let header = session.header.get();
        if before.is_some_and(|before| before != header) {
            side.set(None);
        }
        header
    });
    let shown = Memo::new(move |_| side.get());
    move || match shown.get()? {
        Side::Cell(at) => cell::cell(session, at, side),
        Side::Row(number) => row::row(session, number, side),
        Side::Compare(a, b) => compare::compare(session, a, b, side),
        Side::Profile(column) => profile::profile(session, column, side),
    }
}

/// What all of them have: a name, a way to close it, and the focus while it opens.
pub fn frame(
    side: RwSignal<Option<Side>>,
    label: &'static str,
    title: AnyView,
    tools: AnyView,
    body: AnyView,
) -> AnyView {
    let node = NodeRef::<leptos::html::Aside>::new();
    // The focus goes back to where it was: the grid.
    let before = StoredValue::new_local(None::<HtmlElement>);
    node.on_load(move |aside| {
        before.set_value(document().active_element().map(JsCast::unchecked_into));
        let _ = aside.focus();
    });
    on_cleanup(move || {
        if let Some(Some(before)) = before.try_get_value() {
            let _ = before.focus();
        }
    });
    let close = format!("Close {}", label.to_lowercase());
    view! {
        <aside
            node_ref=node
            class="live-side"
            tabindex="-1"
            aria-label=label
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    side.set(None);
                }
            }
        >
            <header>
                <h2>{title}</h2>
                {tools}
                <Button kind=ButtonKind::Quiet label=close on_click=move || side.set(None)>
                    <Icon name=IconName::Close />
                </Button>
            </header>
            {body}
        </aside>
    }
    .into_any()
}

/// What stands there once a row is no longer held.
pub fn gone() -> AnyView {
    view! { <p class="side-facts">"This row is no longer in memory."</p> }.into_any()
}
