use leptos::prelude::*;

use super::{
    database::DatabaseMenu, firing::Firing, palette::PaletteButton, switcher::Switcher,
    theme::ThemeSwitch, trail::Step, user_menu::UserMenu, zone::ZoneMenu,
};
use crate::{
    text::visible,
    ui::{Icon, IconName, number::plural},
};

#[component]
pub fn TopBar(trail: Memo<Vec<Step>>, drawer: RwSignal<bool>) -> impl IntoView {
    view! {
        <header class="top-bar">
            <DrawerButton drawer />
            <a class="brand" href="/">"Weir"</a>
            <Switcher />
            <DatabaseMenu />
            <Trail trail />
            <PaletteButton />
            <UserMenu />
            <ZoneMenu />
            <ThemeSwitch />
        </header>
    }
    .into_any()
}

/// Opens the navigation where it is a drawer. What fires is told in there, so that its button does.
#[component]
pub fn DrawerButton(drawer: RwSignal<bool>) -> impl IntoView {
    let Firing(firing) = expect_context();
    let menu = move || match firing.get() {
        0 => "Navigation".to_string(),
        count => format!(
            "Navigation, {} firing",
            plural(count as u64, "alert", "alerts")
        ),
    };
    view! {
        <button
            type="button"
            class="button quiet icon-only drawer-button"
            aria-label=menu
            aria-controls="navigation"
            aria-expanded=move || if drawer.get() { "true" } else { "false" }
            on:click=move |_| drawer.update(|open| *open = !*open)
        >
            <Icon name=IconName::Menu />
            <Show when=move || { firing.get() > 0 }>
                <span class="firing-mark" aria-hidden="true"></span>
            </Show>
        </button>
    }
    .into_any()
}

#[component]
fn Trail(trail: Memo<Vec<Step>>) -> impl IntoView {
    let steps = move || {
        let steps = trail.get();
        steps
            .into_iter()
            .map(|step| match step.href {
                Some(href) => {
                    view! { <li><a href=href>{visible(&step.label).into_owned()}</a></li> }
                        .into_any()
                }
                None => view! { <li aria-current="page">{visible(&step.label).into_owned()}</li> }
                    .into_any(),
            })
            .collect_view()
    };
    view! { <nav class="trail" aria-label="Breadcrumbs"><ol>{steps}</ol></nav> }.into_any()
}
