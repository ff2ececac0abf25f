//! Where one is signed in, and the way out of there.

use leptos::prelude::*;
use weir_api::session::{self, OpenSession};

use crate::{
    connections::{
        Connection, Connections,
        backend::backend,
        session::{leave_to, sign_out_everywhere},
    },
    http,
    kit::use_call,
    ui::{
        Button, ButtonKind, ErrorBanner, Time,
        table::{Head, ShortTable},
        time, use_toasts,
    },
};

#[component]
pub fn Sessions(connection: Connection) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let toasts = use_toasts();
    let all = RwSignal::new(Vec::<OpenSession>::new());
    let call = use_call();
    let server = StoredValue::new_local(backend(&connection));
    let connection = StoredValue::new(connection);
    let load = move || {
        let server = server.get_value();
        call.run(
            move |_| async move {
                weir_api::json_response(&http::send(&server, session::list()).await?)
            },
            move |list| all.set(list),
        );
    };
    load();
    let end = Callback::new(move |id: String| {
        let server = server.get_value();
        call.run(
            move |_| async move { http::send(&server, session::end(&id)).await },
            move |_| {
                toasts.success("Session ended");
                load();
            },
        );
    });
    let everywhere = move || {
        let connection = connection.get_value();
        call.run(
            move |_| async move { sign_out_everywhere(connections, &connection).await },
            leave_to,
        );
    };
    view! {
        <section aria-label="Sessions">
            <h2>"Sessions"</h2>
            <ErrorBanner error=call.error />
            <ShortTable
                label="Sessions"
                heads=&[Head::Text("Browser"), Head::Text("Signed in"), Head::Text("Last used"), Head::Text("Expires"), Head::Hidden("Actions")]
            >
                {move || all.get().into_iter().map(|one| row(one, end)).collect_view()}
            </ShortTable>
            <p class="hint">"Ends all your sessions, including this one, and their live queries."</p>
            <Button kind=ButtonKind::Danger busy=call.busy on_click=everywhere>"Sign out everywhere"</Button>
        </section>
    }
    .into_any()
}

fn row(one: OpenSession, end: Callback<String>) -> AnyView {
    let at = |ms: i64| time::iso(ms as f64);
    let browser = browser(&one.browser);
    let last = match one.current {
        true => view! { <span>"This session"</span> }.into_any(),
        false => {
            let (id, label) = (one.id.clone(), format!("End the session of {browser}"));
            view! {
                <Button kind=ButtonKind::Quiet label text=true on_click=move || end.run(id.clone())>"End session"</Button>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" title=one.browser>{browser}</th>
            <td><Time iso=at(one.started_ms) /></td>
            <td><Time iso=at(one.seen_ms) /></td>
            <td><Time iso=at(one.expires_ms) /></td>
            <td class="row-actions">{last}</td>
        </tr>
    }
    .into_any()
}

/// Name of the browser and its system, of the text it calls itself by: `Firefox on Linux`.
pub fn browser(agent: &str) -> String {
    // Those that call themselves by others' names, too, come first.
    const BROWSERS: [(&str, &str); 7] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
        ("python", "Python"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        let found = known.iter().find(|(mark, _)| agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.into(),
        (None, None) if agent.is_empty() => "Unknown browser".into(),
        (None, None) => agent.chars().take(40).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_as_people_know_them() {
        for (agent, name) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
                "Safari on iPhone",
            ),
            ("curl/8.0", "curl"),
            ("something else", "something else"),
            ("", "Unknown browser"),
        ] {
            assert_eq!(browser(agent), name, "{agent}");
        }
    }
}
