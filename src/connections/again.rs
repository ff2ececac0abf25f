//! Signing in again over the page, so that what was typed in it stays. The form is fetched when it is
//! needed.

use leptos::prelude::*;

use super::{Connection, Connections, provider::ProviderLink, sign_in::SignInForm};
use crate::{
    paths,
    ui::{
        Dialog,
        lazy::{Lazy, lazy},
    },
};

#[derive(Clone)]
struct Asked {
    /// Of the connection.
    id: String,
    open: RwSignal<bool>,
    words: &'static str,
    /// The way to the provider is offered, too.
    provider: bool,
}

const FORM: Lazy<Asked> = lazy!(again in sign_in: Asked, AnyView => form);

/// Opens the dialog as soon as its form is there, if it is still `wanted` then.
pub fn open(open: RwSignal<bool>, wanted: impl Fn() -> bool + 'static) {
    FORM.fetched(move || {
        if wanted() {
            open.try_set(true);
        }
    });
}

#[component]
pub fn SignInDialog(
    id: String,
    open: RwSignal<bool>,
    title: &'static str,
    words: &'static str,
    #[prop(optional)] provider: bool,
) -> impl IntoView {
    let asked = Asked {
        id,
        open,
        words,
        provider,
    };
    view! { <Dialog open title children=move || FORM.show(asked.clone()) /> }.into_any()
}

fn form(asked: Asked) -> AnyView {
    let Asked {
        id,
        open,
        words,
        provider,
    } = asked;
    let connections = expect_context::<Connections>();
    let connection: Connection = connections.find_untracked(&id).unwrap_or_default();
    let other = provider.then(|| (connection.clone(), paths::home(&id)));
    view! {
        <p>{words}</p>
        <SignInForm connection done=move || open.set(false) />
        {other.map(|(connection, next)| view! { <ProviderLink connection next other_tab=true /> })}
    }
    .into_any()
}
