//! Where everybody is signed in, for admins, and the way to put somebody out.

use leptos::prelude::*;
use weir_api::session::{self, OpenSession};

use super::sessions::browser;
use crate::{
    connections::{Connection, backend::backend},
    http,
    kit::use_call,
    ui::{
        Button, ButtonKind, ErrorBanner, Time,
        table::{Head, ShortTable},
        time, use_toasts,
    },
};

/// What an admin ends.
#[derive(Clone)]
enum End {
    One(String),
    AllOf(String),
}

#[component]
pub fn Everybody(connection: Connection) -> impl IntoView {
    let toasts = use_toasts();
    let all = RwSignal::new(Vec::<OpenSession>::new());
    let call = use_call();
    let server = StoredValue::new_local(backend(&connection));
    let load = move || {
        let server = server.get_value();
        call.run(
            move |_| async move {
                weir_api::json_response(&http::send(&server, session::list_all()).await?)
            },
            move |list: Vec<OpenSession>| all.set(others(list)),
        );
    };
    load();
    let end = Callback::new(move |which: End| {
        let server = server.get_value();
        let (request, done) = match which {
            End::One(id) => (session::end_any(&id), "Session ended"),
            End::AllOf(user) => (session::end_all_of(&user), "Sessions ended"),
        };
        call.run(
            move |_| async move { http::send(&server, request).await },
            move |_| {
                toasts.success(done);
                load();
            },
        );
    });
    view! {
        <section aria-label="Sessions of other users">
            <h2>"Sessions of other users"</h2>
            <ErrorBanner error=call.error />
            {move || match all.get() {
                none if none.is_empty() => view! { <p class="hint">"No other users are signed in."</p> }.into_any(),
                some => {
                    let rows = some.into_iter().map(|one| row(one, end)).collect_view();
                    view! {
                        <ShortTable
                            label="Sessions of other users"
                            heads=&[Head::Text("User"), Head::Text("Browser"), Head::Text("Signed in"), Head::Text("Last used"), Head::Hidden("Actions")]
                        >
                            {rows}
                        </ShortTable>
                    }
                    .into_any()
                }
            }}
        </section>
    }
    .into_any()
}

/// One's own stand above.
fn others(mut all: Vec<OpenSession>) -> Vec<OpenSession> {
    let own = all.iter().find(|one| one.current);
    if let Some(own) = own.map(|own| own.user.clone()) {
        all.retain(|one| one.user != own);
    }
    all
}

fn row(one: OpenSession, end: Callback<End>) -> AnyView {
    let at = |ms: i64| time::iso(ms as f64);
    let who = one.name.clone().unwrap_or_else(|| one.user.clone());
    let browser = browser(&one.browser);
    let labels = (
        format!("End the session of {who} with {browser}"),
        format!("End all sessions of {who}"),
    );
    let (id, user) = (one.id.clone(), one.user.clone());
    view! {
        <tr>
            <th scope="row" title=one.user>{who}</th>
            <td title=one.browser>{browser}</td>
            <td><Time iso=at(one.started_ms) /></td>
            <td><Time iso=at(one.seen_ms) /></td>
            <td class="row_actions">
                <Button kind=ButtonKind::Quiet label=labels.0 text=true on_click=move || end.run(End::One(id.clone()))>"End session"</Button>
                <Button kind=ButtonKind::Quiet label=labels.1 text=true on_click=move || end.run(End::AllOf(user.clone()))>"End all sessions"</Button>
            </td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_own_sessions_stand_elsewhere() {
        let one = |user: &str, current| OpenSession {
            user: user.into(),
            current,
            ..OpenSession::default()
        };
        let all = vec![one("a", true), one("b", false), one("a", false)];
        let left = others(all);
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].user, "b");
    }
}
