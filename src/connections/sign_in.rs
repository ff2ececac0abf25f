//! Signing in to a connection.

use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};
use weir_api::{ApiError, FieldError};

use super::{
    Auth, Connection, Connections,
    session::{self, Proof},
    tester::is_refusal,
    use_connection,
};
use crate::{
    paths,
    ui::{
        Banner, Button, ButtonKind, ErrorBanner, Tone,
        field::{Checkbox, FormErrors, TextField},
    },
};

/// `/c/{connection}/sign-in?next=…`
#[component]
pub fn SignInPage() -> impl IntoView {
    let connection = use_connection();
    let connections = expect_context::<Connections>();
    let query = use_query_map();
    let navigate = StoredValue::new_local(use_navigate());
    let go_on = move |id: &str| {
        let asked = query.read_untracked().get("next");
        let to = asked
            .as_deref()
            .and_then(paths::safe_next)
            .map(String::from);
        let to = to.unwrap_or_else(|| paths::home(id));
        let replace = NavigateOptions {
            replace: true,
            ..Default::default()
        };
        navigate.with_value(|navigate| navigate(&to, replace));
    };
    move || match connection.get() {
        Some(connection) => {
            let id = connection.id.clone();
            let name = connection.name.clone();
            let form = if connection.auth == Auth::None {
                view! {
                    <p>"This system asks for no credential."</p>
                    <div class="actions"><a class="button primary" href=paths::home(&id)>"Open"</a></div>
                }
                .into_any()
            } else {
                view! { <SignInForm connection done=move || go_on(&id) /> }.into_any()
            };
            view! {
                <div class="page narrow sign-in">
                    <h1>"Sign in to " {name}</h1>
                    {form}
                </div>
            }
            .into_any()
        }
        None if connections.all.with(Option::is_some) => {
            view! { <crate::shell::NotFound /> }.into_any()
        }
        None => ().into_any(),
    }
}

/// What it takes depends on the connection's kind of sign-in.
#[component]
pub fn SignInForm(connection: Connection, #[prop(into)] done: Callback<()>) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let errors = FormErrors::new();
    let (user, secret, keep) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ApiError>));
    let auth = connection.auth;
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        failed.set(None);
        let wrong = missing(auth, &user.read_untracked(), &secret.read_untracked());
        if busy.get_untracked() || !wrong.is_empty() {
            errors.set(wrong);
            errors.focus_first();
            return;
        }
        let (connection, proof) = (
            connection.clone(),
            proof(auth, user.get_untracked(), secret.get_untracked()),
        );
        let kept = keep.with_untracked(|keep| keep == "true");
        busy.set(true);
        leptos::task::spawn_local(async move {
            let outcome = session::sign_in(connections, &connection, proof, kept).await;
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
    let other = Signal::derive(move || failed.get().filter(|error| !is_refusal(error)));
    let refusal = move || {
        failed.get().filter(is_refusal).map(|_| {
            view! { <Banner tone=Tone::Bad>{refused(auth)}</Banner> }
        })
    };
    view! {
        <Provider value=errors>
            <form class="form" novalidate on:submit=submit>
                {refusal}
                <ErrorBanner error=other />
                <CredentialFields auth user secret autofocus=true />
                {matches!(auth, Auth::ApiKey | Auth::Basic).then(|| view! {
                    <Checkbox
                        label="Keep on this device, encrypted"
                        value=keep
                        help="Otherwise it is forgotten when this page is closed. Whoever uses this browser profile can use what is kept."
                    />
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

/// Also part of the connection form, where the credential is for the test.
#[component]
pub fn CredentialFields(
    auth: Auth,
    user: RwSignal<String>,
    secret: RwSignal<String>,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let password = move |label: &'static str, autofocus| {
        view! {
            <TextField label name="secret" value=secret kind="password" autocomplete="current-password" autofocus />
        }
    };
    match auth {
        Auth::None => ().into_any(),
        Auth::ApiKey => password("API key", autofocus).into_any(),
        Auth::Basic | Auth::Session => view! {
            <TextField label="User" name="user" value=user autocomplete="username" autofocus />
            {password("Password", false)}
        }
        .into_any(),
    }
}

#[component]
fn LinkHint() -> impl IntoView {
    view! {
        <p class="hint">
            "No password yet? The backend prints a link when it starts that signs you in once. Open it in this browser."
        </p>
    }
    .into_any()
}

fn missing(auth: Auth, user: &str, secret: &str) -> Vec<FieldError> {
    let needs_user = matches!(auth, Auth::Basic | Auth::Session);
    let wanted = [
        (needs_user && user.is_empty(), "user", "Type the user."),
        (
            auth == Auth::ApiKey && secret.is_empty(),
            "secret",
            "Type the API key.",
        ),
        (
            needs_user && secret.is_empty(),
            "secret",
            "Type the password.",
        ),
    ];
    let missing = wanted.into_iter().filter(|(missing, ..)| *missing);
    missing
        .map(|(_, field, message)| FieldError {
            field: field.into(),
            message: message.into(),
        })
        .collect()
}

fn proof(auth: Auth, user: String, secret: String) -> Proof {
    match auth {
        Auth::ApiKey => Proof::ApiKey(secret),
        _ => Proof::Password {
            user,
            password: secret,
        },
    }
}

fn refused(auth: Auth) -> &'static str {
    match auth {
        Auth::ApiKey => "The system refuses this API key.",
        _ => "The user or the password is wrong.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_kind_of_sign_in_needs_is_asked_for() {
        let fields = |auth, user, secret| {
            let all = missing(auth, user, secret).into_iter();
            all.map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(fields(Auth::Session, "", ""), ["user", "secret"]);
        assert_eq!(fields(Auth::Basic, "me", ""), ["secret"]);
        assert_eq!(fields(Auth::ApiKey, "", ""), ["secret"]);
        assert!(fields(Auth::ApiKey, "", "k").is_empty());
    }
}
