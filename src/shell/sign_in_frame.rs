//! What surrounds the page to sign in: little, because somebody who cannot go on waits for it.

use std::cell::Cell;

use leptos::{html, prelude::*};

use super::{arrive, focus, theme::ThemeSwitch, title, trail::Step};
use crate::{
    connections::use_connection,
    paths,
    ui::{
        ToastList, ToastRegion,
        lazy::{Lazy, lazy},
        use_toasts,
    },
};

/// Few who sign in see one.
const TOASTS: Lazy<()> = lazy!(toasts: () => |()| ToastList().into_any());

thread_local! {
    static FIRST: Cell<bool> = const { Cell::new(true) };
}

/// Whether this document showed another frame before: its page then has to be led to.
pub(super) fn follows() -> bool {
    !FIRST.replace(false)
}

#[component]
pub fn SignInFrame(children: Children) -> impl IntoView {
    let connection = use_connection();
    Effect::new(move |_| {
        document().set_title(&title(&[Step::page("Sign in")], connection.get(), 0));
    });
    let main = NodeRef::<html::Main>::new();
    if follows() {
        Effect::new(move |_| request_animation_frame(move || arrive(main)));
    }
    let mark = move || {
        connection
            .get()
            .map(|connection| connection.colour.as_str())
    };
    let production = move || connection.get().is_some_and(|c| c.production);
    view! {
        <a class="skip" href="#main" rel="external" on:click=move |event| {
            event.prevent_default();
            focus(main);
        }>"Skip to content"</a>
        <div class="app signs-in" data-mark=mark class:production=production>
            <header class="top-bar">
                <a class="brand" href="/">"Weir"</a>
                <nav class="trail" aria-label="Main"><a href=paths::connections()>"Connections"</a></nav>
                <ThemeSwitch />
            </header>
            <main node_ref=main id="main" tabindex="-1">{children()}</main>
        </div>
        <ToastRegion>{TOASTS.show_once(use_toasts().any(), ())}</ToastRegion>
    }
    .into_any()
}
