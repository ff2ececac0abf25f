use leptos::{ev::MouseEvent, prelude::*};

use super::{Permit, unique};
use crate::text::visible;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one action a page or dialog is there for.
    Primary,
    #[default]
    Normal,
    /// Without a frame, for toolbars and rows.
    Quiet,
    /// Cannot be undone.
    Danger,
}

impl ButtonKind {
    pub fn class(self) -> &'static str {
        match self {
            Self::Primary => "button primary",
            Self::Normal => "button",
            Self::Quiet => "button quiet",
            Self::Danger => "button danger",
        }
    }
}

/// A button stays focusable while disabled, so that everybody can learn the `reason`. Where a
/// [`Permit`] is the context, the button changes something and needs it.
#[component]
pub fn Button(
    #[prop(optional)] kind: ButtonKind,
    /// Shows that the action runs; clicks do nothing meanwhile.
    #[prop(optional, into)]
    busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Why it is disabled.
    #[prop(optional, into)]
    reason: Signal<String>,
    /// Accessible name and tooltip of a button that shows an icon only, or too few words.
    #[prop(optional, into)]
    label: Option<String>,
    /// Shows words although it has a `label`.
    #[prop(optional)]
    text: bool,
    /// `aria-pressed` of a toggle.
    #[prop(optional, into)]
    pressed: MaybeProp<bool>,
    /// Submits the form it is in.
    #[prop(optional)]
    submit: bool,
    /// Takes the focus when the dialog it is in opens.
    #[prop(optional)]
    autofocus: bool,
    #[prop(optional, into)] on_click: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let id = unique("why");
    let permit = use_context::<Permit>();
    let refused = move || permit.is_some_and(|permit| permit.denied.get());
    let disabled = Signal::derive(move || disabled.get() || refused());
    let reason = Signal::derive(move || match permit {
        Some(permit) if permit.denied.get() => permit.reason.get(),
        _ => reason.get(),
    });
    let blocked = move || busy.get() || disabled.get();
    let why = move || Some(reason.get()).filter(|why| disabled.get() && !why.is_empty());
    let label = label.map(|label| visible(&label).into_owned());
    let (title, described) = (label.clone(), id.clone());
    let click = move |event: MouseEvent| {
        if busy.get_untracked() || disabled.get_untracked() {
            event.prevent_default();
        } else if let Some(on_click) = on_click {
            on_click.run(());
        }
    };
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=kind.class()
            class:icon-only=label.is_some() && !text
            aria-label=label
            autofocus=autofocus
            title=move || why().or_else(|| title.clone())
            aria-disabled=move || blocked().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-pressed=move || pressed.get().map(|on| if on { "true" } else { "false" })
            aria-describedby=move || why().map(|_| described.clone())
            on:click=click
        >
            {children()}
            {move || why().map(|why| view! { <span id=id.clone() hidden>{why}</span> })}
        </button>
    }
    .into_any()
}

/// A link to a page that changes something; without the [`Permit`] of the context a disabled
/// button that says why.
#[component]
pub fn ChangeLink(
    #[prop(into)] href: String,
    #[prop(optional)] kind: ButtonKind,
    #[prop(into)] text: String,
) -> impl IntoView {
    let permit = use_context::<Permit>();
    move || {
        let (href, text) = (href.clone(), text.clone());
        if permit.is_some_and(|permit| permit.denied.get()) {
            view! { <Button kind>{text}</Button> }.into_any()
        } else {
            view! { <a class=kind.class() href=href>{text}</a> }.into_any()
        }
    }
}
