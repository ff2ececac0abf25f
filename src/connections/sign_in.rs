//! Signing in to a connection.

use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use leptos_router::NavigateOptions;
use weir_api::ApiError;

use super::{
    Auth, Connection, Connections,
    credential::{CredentialFields, CredentialInput, missing},
    provider::ProviderLink,
    session,
    status::Access,
    tester::is_refusal,
    use_connection,
};
use crate::{
    errors as words_of, paths,
    query::use_query,
    ui::{
        Banner, Button, ButtonKind, ErrorBanner, HeldBack, Tone,
        field::{Checkbox, FormErrors},
    },
};

/// `/c/{connection}/sign-in?next=…`
#[component]
pub fn SignInPage(
    /// Shown where there is no such connection.
    #[prop(into)]
    missing_page: ViewFn,
) -> impl IntoView {
    let connection = use_connection();
    let connections = expect_context::<Connections>();
    let query = use_query();
    let navigate = StoredValue::new_local(paths::use_navigate());
    let next = move |id: &str| {
        let asked = query.read_untracked().get("next");
        let to = asked
            .as_deref()
            .and_then(paths::safe_next)
            .map(String::from);
        to.unwrap_or_else(|| paths::home(id))
    };
    let go_on = move |id: &str| {
        let to = next(id);
        let replace = NavigateOptions {
            replace: true,
            ..Default::default()
        };
        navigate.with_value(|navigate| navigate(&to, replace));
    };
    // Somebody signed out in another tab and in again: the cookie is there once more.
    Effect::new(move |before: Option<Option<Access>>| {
        let connection = connection.get()?;
        let access = connections
            .statuses
            .with(&connection.id, |status| status.access);
        if before.flatten() == Some(Access::SignedOut) && access == Access::Unknown {
            leptos::task::spawn_local(async move {
                let id = connection.id.clone();
                session::enter(connections, connection).await;
                let now = connections.statuses.get_untracked(&id).access;
                // The form may have been faster.
                if now == Access::Open && !navigate.is_disposed() {
                    go_on(&id);
                }
            });
        }
        Some(access)
    });
    move || match connection.get() {
        Some(connection) => {
            let id = connection.id.clone();
            let name = connection.name.clone();
            let elsewhere = connections.statuses.get_untracked(&id).elsewhere;
            let form = if connection.auth == Auth::None {
                view! {
                    <p>"This connection needs no credential."</p>
                    <div class="actions"><a class="button primary" href=paths::home(&id)>"Open"</a></div>
                }
                .into_any()
            } else {
                let other = connection.clone();
                let next = next(&id);
                view! {
                    <SignInForm connection done=move || go_on(&id) />
                    <ProviderLink connection=other next />
                }
                .into_any()
            };
            view! {
                <div class="page narrow sign-in">
                    <h1>"Sign in to " {name}</h1>
                    {elsewhere.then(|| view! {
                        <Banner tone=Tone::Accent>
                            "You signed out in another tab. Your input is kept until you close this page."
                        </Banner>
                    })}
                    {form}
                </div>
            }
            .into_any()
        }
        None if connections.all.with(Option::is_some) => missing_page.run(),
        None => ().into_any(),
    }
}

/// What it takes depends on the connection's kind of sign-in.
#[component]
pub fn SignInForm(connection: Connection, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let errors = FormErrors::new();
    let (typed, keep) = (CredentialInput::new(), RwSignal::new(false));
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let (system, auth) = (connection.system(), connection.auth);
    let way = connection.spec().way(auth);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failed.set(None);
        let given = typed.given();
        let wrong = way.map_or_else(Vec::new, |way| missing(way, &given));
        if busy.get_untracked() || !wrong.is_empty() {
            errors.set(wrong);
            errors.focus_first();
            return;
        }
        let connection = connection.clone();
        let kept = keep.get_untracked();
        busy.set(true);
        leptos::task::spawn_local(async move {
            let outcome = session::sign_in(connections, &connection, given, kept).await;
            // The form may be gone: signing in opens the page behind it.
            busy.try_set(false);
            match outcome {
                Ok(()) => done.run(()),
                Err(error) => {
                    failed.try_set(Some(error));
                }
            }
        });
    };
    // A session is refused with 401; 403 is of what stands between, and says why.
    let is_wrong = move |error: &ApiError| {
        is_refusal(error) && (auth != Auth::Session || error.status() == Some(401))
    };
    let other = Signal::derive(move || failed.get().filter(|error| !is_wrong(error)));
    let refusal = move || {
        failed.get().filter(is_wrong).map(|error| {
            // IAM also refuses accounts and projects, and says so.
            let words = (auth == Auth::Iam).then(|| words_of::words(&error).detail);
            view! { <Banner tone=Tone::Bad><p>{refused(auth)}</p><p class="detail">{words}</p></Banner> }
        })
    };
    view! {
        <Provider value=errors>
            <form class="form" novalidate on:submit=submit>
                {refusal}
                <ErrorBanner error=other />
                <HeldBack busy />
                <CredentialFields system auth typed autofocus=true />
                {auth.asks().then(|| match window().is_secure_context() {
                    true => view! {
                        <Checkbox
                            label="Keep on this device, encrypted"
                            value=keep
                            help="Otherwise it is discarded when this page is closed. Anyone using this browser profile can use a kept credential."
                        />
                    }
                    .into_any(),
                    // Without WebCrypto nothing could be encrypted.
                    false => view! {
                        <p class="hint">
                            "It is discarded when this page is closed: browsers keep credentials only for pages served over HTTPS."
                        </p>
                    }
                    .into_any(),
                })}
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true busy>"Sign in"</Button>
                </div>
            </form>
            {(auth == Auth::Session).then(|| view! { <LinkHint /> })}
        </Provider>
    }
    .into_any()
}

#[component]
fn LinkHint() -> impl IntoView {
    view! {
        <p class="hint sign-in-hint">
            "No password yet? The backend prints a one-time sign-in link when it starts. Open it in this browser."
        </p>
    }
    .into_any()
}

fn refused(auth: Auth) -> &'static str {
    match auth {
        Auth::ApiKey => "The system rejected this API key.",
        Auth::AzionPassword => "Azion rejected this e-mail address or password.",
        Auth::Token => "The system rejected this token.",
        Auth::Iam => "IAM or the system rejected this sign-in.",
        Auth::Keys | Auth::KeysV1 => "The system rejected this key or its signature.",
        _ => "Wrong user or password.",
    }
}
