//! One's own account on the backend behind a connection: where one is signed in, and the password.

pub mod everybody;
pub mod password;
pub mod sessions;
pub mod usage;

use leptos::prelude::*;
use weir_api::role::Role;

use crate::connections::{Auth, Connections, use_connection};

pub fn page() -> AnyView {
    // A page of another connection is another page.
    let connection = use_connection();
    let connections = expect_context::<Connections>();
    let provider = Memo::new(move |_| {
        let id = connection.get()?.id;
        connections
            .statuses
            .with(&id, |status| status.provider.clone())
    });
    let admin = Memo::new(move |_| {
        let role = |id: &str| connections.statuses.with(id, |status| status.role);
        connection
            .get()
            .is_some_and(|connection| role(&connection.id) == Some(Role::Admin))
    });
    (move || {
        let connection = connection.get()?;
        let body = match connection.auth {
            Auth::Session => view! {
                <usage::UsageFigures connection=connection.clone() />
                <sessions::Sessions connection=connection.clone() />
                {admin.get().then(|| view! { <everybody::Everybody connection=connection.clone() /> })}
                {match provider.get() {
                    Some(name) => elsewhere(&name),
                    None => view! { <password::PasswordForm connection /> }.into_any(),
                }}
            }
            .into_any(),
            _ => view! {
                <p class="lead">"This connection uses its own credential. Only connections with a session of Weir's backend have sessions and a password here."</p>
            }
            .into_any(),
        };
        Some(view! {
            <div class="page account">
                <header class="page-head">
                    <h1>"Account"</h1>
                </header>
                {body}
            </div>
        })
    })
    .into_any()
}

fn elsewhere(provider: &str) -> AnyView {
    let words = format!(
        "You sign in with {provider}: change your password there. {provider} assigned your role when you signed in."
    );
    view! {
        <section aria-label="Password">
            <h2>"Password"</h2>
            <p>{words}</p>
        </section>
    }
    .into_any()
}
