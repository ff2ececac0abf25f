//! What surrounds every page.

pub mod changes;
pub mod database;
pub mod firing;
pub mod folding;
pub mod gate;
pub mod link;
pub mod navigation;
pub mod not_found;
pub mod notify;
pub mod palette;
pub mod sign_in_frame;
pub mod switcher;
pub mod theme;
pub mod top_bar;
pub mod trail;
pub mod troubles;
pub mod user_menu;
pub mod zone;

use leptos::{html, prelude::*};
use leptos_router::hooks::use_location;
use wasm_bindgen::JsCast;

pub use gate::{Waiting, gate};
pub use not_found::NotFound;
pub use sign_in_frame::SignInFrame;

use crate::{
    connections::{server, use_connection},
    http,
    kit::{
        created::Created,
        page_name::{PageName, Told},
    },
    sql::relation::Database,
    text::visible,
    ui::{self, ConfirmDialog, Confirmer, ToastList, ToastRegion, kept_focus::keep_focus},
};
use changes::Changes;
use firing::Firing;
use link::{LateBanner, LinkBanner, PauseBanner};
use navigation::Navigation;
use palette::{
    Palette, PaletteOpen,
    recent::{Place, remember},
};
use theme::ThemeChoice;
use top_bar::TopBar;
use troubles::Troubles;

/// Navigation, top bar and the page.
#[component]
pub fn Shell(children: Children) -> impl IntoView {
    let path = use_location().pathname;
    let connection = use_connection();
    provide_context(Confirmer::new());
    ui::time::provide_clock();
    ui::zone::follow_others();
    ui::script::read_with(|path| Box::pin(http::asset(path)));
    let changes = Changes::watch();
    server::keep_asking(expect_context());
    let name = PageName::new();
    provide_context(name);
    provide_context(Created::new());
    provide_context(Database(Memo::new(move |_| {
        connection.with(|it| {
            it.as_ref()
                .map_or_else(String::new, |it| it.target.database().into())
        })
    })));
    let trail = Memo::new(move |_| {
        let Told { key, name, .. } = name.get();
        trail::named(trail::of(&trail::segments(&path.read())), &key, &name)
    });
    provide_context(PaletteOpen::new());
    provide_context(ThemeChoice::kept());
    let main = NodeRef::<html::Main>::new();
    keep_focus(main);
    // Below 800 pixels the navigation is a drawer.
    let drawer = RwSignal::new(false);
    let firing = Firing::watch(changes);
    provide_context(firing);
    provide_context(Troubles::watch(changes));
    Effect::new(move |_| {
        let words = title(&trail.read(), connection.get(), firing.0.get());
        document().set_title(&visible(&words));
    });
    Effect::new(move || {
        let place = Place {
            path: path.get(),
            name: trail::page_title(&trail.read()),
            connection: connection.get().map_or_else(String::new, |it| it.name),
        };
        if trail::is_place(&place.name) {
            remember(place);
        }
    });
    // After signing in as after a link.
    let follows = sign_in_frame::follows();
    Effect::new(move |before: Option<()>| {
        path.track();
        drawer.set(false);
        if follows || before.is_some() {
            request_animation_frame(move || arrive(main));
        }
    });
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
        <div class="app" data-mark=mark class:production=production class:drawer-open=drawer>
            <TopBar trail drawer />
            <Navigation />
            <button
                type="button"
                class="drawer-shade"
                aria-label="Close navigation"
                tabindex="-1"
                on:click=move |_| drawer.set(false)
            ></button>
            <main node_ref=main id="main" tabindex="-1">
                <LinkBanner />
                <PauseBanner />
                <LateBanner />
                {children()}
            </main>
        </div>
        <ToastRegion><ToastList /></ToastRegion>
        <ConfirmDialog production=Signal::derive(production) />
        <Palette />
    }
}

/// Begins with the number of alerts that fire.
fn title(
    trail: &[trail::Step],
    connection: Option<crate::connections::Connection>,
    firing: usize,
) -> String {
    let page = trail::page_title(trail);
    let name = connection.map(|connection| connection.name);
    let parts = [Some(page), name, Some("Weir".into())];
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let mark = match firing {
        0 => String::new(),
        count => format!("({count}) "),
    };
    mark + &parts.join(" · ")
}

/// A new page starts at its top, and the keyboard starts in it: unless the page itself has put
/// the focus somewhere.
fn arrive(main: NodeRef<html::Main>) {
    let Some(element) = main.get_untracked() else {
        return;
    };
    let inside = document().active_element().is_some_and(|active| {
        let active: &leptos::web_sys::Node = active.unchecked_ref();
        !element.is_same_node(Some(active)) && element.contains(Some(active))
    });
    if inside {
        return;
    }
    element.set_scroll_top(0);
    // Browsers heed `autofocus` only once per document.
    match element.query_selector("[autofocus]") {
        Ok(Some(first)) => {
            let _ = first
                .unchecked_ref::<leptos::web_sys::HtmlElement>()
                .focus();
        }
        _ => focus(main),
    }
}

fn focus(main: NodeRef<html::Main>) {
    if let Some(element) = main.get_untracked() {
        // Nothing to do where the browser refuses.
        let _ = element.focus();
    }
}
