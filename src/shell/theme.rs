//! Light, dark, or as the system is set; kept in this browser.

use leptos::prelude::*;

use crate::{
    storage,
    ui::{Icon, IconName, Menu},
};

const KEY: &str = "weir.theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Theme {
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::System => IconName::Display,
            Self::Light => IconName::Sun,
            Self::Dark => IconName::Moon,
        }
    }

    fn kept() -> Self {
        let kept = storage::text(KEY).unwrap_or_default();
        Self::ALL
            .into_iter()
            .find(|theme| theme.label() == kept)
            .unwrap_or(Self::System)
    }

    fn apply(self) {
        if let Some(root) = document().document_element() {
            let _ = match self {
                Self::System => root.remove_attribute("data-theme"),
                Self::Light => root.set_attribute("data-theme", "light"),
                Self::Dark => root.set_attribute("data-theme", "dark"),
            };
        }
    }
}

/// The theme of this page. A context of the shell.
#[derive(Clone, Copy)]
pub(crate) struct ThemeChoice(RwSignal<Theme>);

impl ThemeChoice {
    pub(crate) fn kept() -> Self {
        let theme = RwSignal::new(Theme::kept());
        Effect::new(move |_| theme.get().apply());
        Self(theme)
    }

    pub(crate) fn choose(self, theme: Theme) {
        self.0.set(theme);
        storage::set_text(KEY, theme.label());
    }
}

#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let choice = use_context().unwrap_or_else(ThemeChoice::kept);
    let theme = choice.0;
    let options: Vec<_> = Theme::ALL
        .into_iter()
        .map(|option| {
            view! {
                <button
                    type="button"
                    class="menu-item"
                    aria-pressed=move || if theme.get() == option { "true" } else { "false" }
                    on:click=move |_| choice.choose(option)
                >
                    <Icon name=option.icon() />
                    {option.label()}
                </button>
            }
        })
        .collect();
    let label = Signal::derive(move || format!("Theme: {}", theme.get().label()));
    let face = move || view! { {move || view! { <Icon name=theme.get().icon() /> }} };
    view! { <Menu label face right=true>{options}</Menu> }.into_any()
}
