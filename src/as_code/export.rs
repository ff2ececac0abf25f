//! The page that writes a connection as a folder of files, packed as one.

use std::collections::BTreeSet;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, FieldError, capability::Capabilities, timeplus::stream::EMBEDDED};
use weir_code::Definition;

use super::gather::{Gathered, Remote, gather, remote};
use crate::{
    connections::{Connection, Connections, use_connection},
    errors, paths,
    text::capital,
    ui::{
        Banner, Button, ButtonKind, ErrorBanner, Tone,
        number::plural,
        save,
        table::{Head, ShortTable},
    },
};

pub fn page() -> AnyView {
    let connection = use_connection();
    (move || {
        connection
            .get()
            .map(|connection| view! { <Export connection /> })
    })
    .into_any()
}

#[derive(Clone)]
struct Read {
    remote: Remote,
    all: Vec<Gathered>,
}

#[component]
fn Export(connection: Connection) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let read = RwSignal::new(None::<Result<Read, ApiError>>);
    let asked = RwSignal::new(0usize);
    let name = StoredValue::new(connection.name.clone());
    let import = paths::import(&connection.id);
    let left_out = RwSignal::new(BTreeSet::<(usize, String)>::new());
    spawn_local(async move {
        let Some(remote) = remote(connections, &connection).await else {
            return;
        };
        let all = gather(
            &remote,
            |_| true,
            move |count| {
                asked.try_set(count);
            },
        )
        .await;
        // The page may be left meanwhile.
        let found = all.map(|all| Read { remote, all });
        if let Ok(read) = &found {
            let user = connections.statuses.get_untracked(&connection.id).user;
            left_out.try_set(own(read, user.as_deref()));
        }
        read.try_set(Some(found.map_err(ApiError::from)));
    });
    let chosen = Memo::new(move |_| {
        read.with(|read| {
            let read = read.as_ref().and_then(|read| read.as_ref().ok());
            let all = read.map(|read| read.all.as_slice());
            left_out.with(|left_out| chosen(all.unwrap_or_default(), left_out).len())
        })
    });
    let download = move || {
        read.with_untracked(|read| {
            let Some(Ok(Read { remote, all })) = read else {
                return;
            };
            let definitions = left_out.with_untracked(|left_out| chosen_of(all, left_out));
            let files = weir_code::write(
                &weir_code::order(definitions),
                &remote.endpoint.written_base(),
            );
            if let Ok(bytes) = weir_code::pack(&files) {
                let name = name.with_value(|name| file_name(name));
                save::bytes(&name, "application/zip", &bytes);
            }
        });
    };
    let body = move || {
        read.with(|read| match read {
            None => view! {
                <p role="status">{move || format!("Loading definitions: {} kinds so far", asked.get())}</p>
            }
            .into_any(),
            Some(Ok(read)) => kinds(&read.all, left_out),
            Some(Err(_)) => ().into_any(),
        })
    };
    let disabled = Signal::derive(move || chosen.get() == 0);
    let error = Signal::derive(move || read.with(|read| read.as_ref()?.as_ref().err().cloned()));
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Export as code"</h1>
                <p class="page-count" role="status">
                    {move || plural(chosen.get() as u64, "definition", "definitions")}
                </p>
                <div class="page-actions">
                    <a class="button" href=import>"Import"</a>
                    <Button kind=ButtonKind::Primary disabled=disabled reason="Choose at least one definition" on_click=download>"Download zip"</Button>
                </div>
            </header>
            <p class="lead">"One file per definition in dependency order, with a shell script, SQL and Terraform where available. Secrets are replaced by variables."</p>
            <ErrorBanner error />
            {body}
        </div>
    }
    .into_any()
}

/// What every embedded backend has by itself, and who is signed in: not chosen unless somebody does.
fn own(read: &Read, user: Option<&str>) -> BTreeSet<(usize, String)> {
    let embedded = read.remote.can == Capabilities::all();
    let all = read.all.iter().enumerate().filter(|_| embedded);
    let found = all.flat_map(|(at, gathered)| {
        let one = gathered.kind.list.one;
        let found = gathered.found.iter().flatten();
        found
            .filter(move |described| is_own(one, &described.name, user))
            .map(move |described| (at, described.key.clone()))
    });
    found.collect()
}

fn is_own(kind: &str, name: &str, user: Option<&str>) -> bool {
    match kind {
        "stream" => EMBEDDED.contains(&name),
        "user" => user == Some(name),
        _ => false,
    }
}

/// For example `weir-production.zip`.
fn file_name(connection: &str) -> String {
    let letters = connection.chars().map(|c| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_lowercase(),
        false => '-',
    });
    format!("weir-{}.zip", letters.collect::<String>())
}

fn chosen<'a>(all: &'a [Gathered], left_out: &BTreeSet<(usize, String)>) -> Vec<&'a Definition> {
    let mut chosen = Vec::new();
    for (at, gathered) in all.iter().enumerate() {
        for one in gathered.found.iter().flatten() {
            if let Ok(definition) = &one.definition
                && !left_out.contains(&(at, one.key.clone()))
            {
                chosen.push(definition);
            }
        }
    }
    chosen
}

fn chosen_of(all: &[Gathered], left_out: &BTreeSet<(usize, String)>) -> Vec<Definition> {
    chosen(all, left_out).into_iter().cloned().collect()
}

fn kinds(all: &[Gathered], left_out: RwSignal<BTreeSet<(usize, String)>>) -> AnyView {
    let some = all
        .iter()
        .enumerate()
        .filter(|(_, gathered)| match &gathered.found {
            Ok(found) => !found.is_empty(),
            Err(_) => true,
        });
    let rows = some.map(|(at, gathered)| {
        let (many, title) = (gathered.kind.list.many, gathered.kind.list.title);
        match &gathered.found {
            Err(error) => {
                let words = errors::words(error).sentence();
                view! { <tr><th scope="row">{title}</th><td colspan="2">{words}</td></tr> }.into_any()
            }
            Ok(found) => {
                let keys: Vec<String> = found.iter().map(|one| one.key.clone()).collect();
                let all = keys.len();
                let boxes: Vec<_> = found
                    .iter()
                    .map(|described| {
                        let wrong = described.definition.as_ref().err();
                        let wrong = wrong.map(|wrong| words(wrong));
                        let key = (at, described.key.clone());
                        view! { <Pick label=described.name.clone() keys=vec![key] left_out wrong /> }
                    })
                    .collect();
                let keys = keys.into_iter().map(|key| (at, key)).collect();
                view! {
                    <tr>
                        <th scope="row"><Pick label=title.to_string() keys left_out wrong=None /></th>
                        <td class="number">{all}</td>
                        <td>
                            <details>
                                <summary>{format!("Choose {many}")}</summary>
                                <div class="code-picks">{boxes}</div>
                            </details>
                        </td>
                    </tr>
                }
                .into_any()
            }
        }
    });
    let rows = rows.collect_view();
    view! {
        <ShortTable label="Kinds" heads=&[Head::Text("Kind"), Head::Number("Total"), Head::Text("Selection")]>{rows}</ShortTable>
    }
    .into_any()
}

fn words(wrong: &[FieldError]) -> String {
    let parts: Vec<String> = wrong
        .iter()
        .map(|one| format!("{}: {}", capital(&one.field), one.message))
        .collect();
    format!("Cannot be exported. {}", parts.join("; "))
}

/// A checkbox for all of `keys`.
#[component]
fn Pick(
    label: String,
    keys: Vec<(usize, String)>,
    left_out: RwSignal<BTreeSet<(usize, String)>>,
    wrong: Option<String>,
) -> impl IntoView {
    if let Some(wrong) = wrong {
        return view! { <Banner tone=Tone::Warn><strong>{label}</strong>" "{wrong}</Banner> }
            .into_any();
    }
    let keys = StoredValue::new(keys);
    let out = Memo::new(move |_| {
        keys.with_value(|keys| {
            left_out.with(|out| keys.iter().filter(|key| out.contains(*key)).count())
        })
    });
    let all = keys.with_value(Vec::len);
    let none_out = move || out.get() == 0;
    let some_out = move || (1..all).contains(&out.get());
    view! {
        <label class="code-pick">
            <input
                type="checkbox"
                prop:checked=none_out
                prop:indeterminate=some_out
                on:change:target=move |event| {
                    let on = event.target().checked();
                    left_out.update(|out| {
                        for key in keys.get_value() {
                            if on { out.remove(&key); } else { out.insert(key); }
                        }
                    });
                }
            />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn what_a_backend_has_by_itself_and_the_own_user_are_not_chosen() {
        for (kind, name, own) in [
            ("stream", "audit_log", true),
            ("stream", "host_metrics", true),
            ("stream", "orders", false),
            ("view", "audit_log", false),
            ("user", "ada", true),
            ("user", "grace", false),
        ] {
            assert_eq!(is_own(kind, name, Some("ada")), own, "{kind} {name}");
        }
        assert!(!is_own("user", "ada", None));
    }

    #[test]
    fn the_file_is_called_as_the_connection() {
        assert_eq!(super::file_name("Prod, EU"), "weir-prod--eu.zip");
    }
}
