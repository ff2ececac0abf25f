//! The page "Activity" of a connection.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError, System, json_response,
    timeplus::stream::{self, Stream},
};

use super::{
    event::{self, Event, MOST, STREAM},
    filter::{Filter, choices},
    journal,
    row::row,
};
use crate::{
    as_code::gather::{Remote, remote},
    connections::{Connection, Connections, use_connection},
    http,
    kit::address,
    query::use_query,
    ui::{
        Button, Empty, ErrorBanner,
        field::{Bound, Checkbox, Choice, Select},
        number::plural,
        table::{Head, ShortTable},
    },
};

/// Events that are drawn; the filters find the others.
const SHOWN: usize = 200;

pub fn page() -> AnyView {
    let connection = use_connection();
    (move || {
        connection
            .get()
            .map(|connection| view! { <Activity connection /> })
    })
    .into_any()
}

#[derive(Clone)]
struct Known {
    remote: Remote,
    events: Vec<Event>,
    /// The server's own log, not this browser's journal.
    audit: bool,
}

#[component]
fn Activity(connection: Connection) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let start = use_query().get_untracked();
    let text = |name: &str| start.get(name).unwrap_or_default();
    let (search, who, action, kind) = (
        RwSignal::new(text("q")),
        RwSignal::new(text("who")),
        RwSignal::new(text("action")),
        RwSignal::new(text("kind")),
    );
    let failed = RwSignal::new(address::flag("failed"));
    let canceled = RwSignal::new(address::flag("canceled"));
    let days = RwSignal::new(start.get("days").unwrap_or_else(|| "7".into()));
    address::keep(Signal::derive(move || {
        let days = Some(days.get()).filter(|days| days != "7");
        vec![
            ("q", search.get()),
            ("who", who.get()),
            ("action", action.get()),
            ("kind", kind.get()),
            ("failed", address::flagged(failed.get())),
            ("canceled", address::flagged(canceled.get())),
            ("days", days.unwrap_or_default()),
        ]
    }));
    let known = RwSignal::new(None::<Result<Known, ApiError>>);
    let connection = StoredValue::new(connection);
    let again = RwSignal::new(0u32);
    Effect::new(move || {
        again.track();
        let days = days.get().parse().unwrap_or(7);
        let connection = connection.get_value();
        spawn_local(async move {
            let found = ask(connections, &connection, days).await;
            // The page may be left meanwhile.
            known.try_set(found);
        });
    });
    let shown = Memo::new(move |_| {
        let filter = Filter {
            search: search.get(),
            who: who.get(),
            action: action.get(),
            kind: kind.get(),
            failed: failed.get(),
            canceled: canceled.get(),
        };
        known.with(|known| match known {
            Some(Ok(known)) => {
                let events = known.events.iter().filter(|event| filter.keeps(event));
                events.cloned().collect()
            }
            _ => Vec::new(),
        })
    });
    let of = move |label: &'static str, field: fn(&Event) -> &String| {
        Signal::derive(move || {
            let found = known.with(|known| match known {
                Some(Ok(known)) => choices(&known.events, field),
                _ => Vec::new(),
            });
            let all = std::iter::once(Choice::new("", label));
            all.chain(found.into_iter().map(|one| Choice::new(one.clone(), one)))
                .collect::<Vec<_>>()
        })
    };
    let error = Signal::derive(move || known.with(|it| it.as_ref()?.as_ref().err().cloned()));
    let count = move || {
        known.with(|known| match known {
            Some(Ok(_)) => plural(shown.with(Vec::len) as u64, "event", "events"),
            _ => String::new(),
        })
    };
    let about = move || {
        known.with(|known| match known {
            Some(Ok(known)) if !known.audit => Some("This server has no audit log that the console can read. These are the changes made in this browser, stored on this device."),
            Some(Ok(known)) if known.events.len() == MOST => Some("Only the newest 1,000 events are shown: choose a shorter period, or query audit_log."),
            _ => None,
        })
    };
    let spans = [
        ("1", "Last day"),
        ("7", "Last 7 days"),
        ("30", "Last 30 days"),
        ("3650", "All time"),
    ];
    let spans: Vec<Choice> = spans.map(|(days, words)| Choice::new(days, words)).into();
    let body = move || {
        known.with(|known| match known {
            Some(Ok(known)) => shown.with(|shown| events(connection, &known.remote, shown)),
            _ => ().into_any(),
        })
    };
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Activity"</h1>
                <p class="page-count" role="status">{count}</p>
                <div class="page-actions">
                    <Button on_click=move || again.update(|again| *again += 1)>"Refresh"</Button>
                </div>
            </header>
            <div class="toolbar activity-filters" role="search">
                <input
                    class="input search" type="search" aria-label="Search activity" placeholder="Search activity"
                    prop:value=search
                    on:input:target=move |event| search.set(event.target().value())
                />
                <Select bare=true label="User" value=who choices=of("All users", |event| &event.who) />
                <Select bare=true label="Action" value=action choices=of("All actions", |event| &event.action) />
                <Select bare=true label="Kind" value=kind choices=of("All kinds", |event| &event.kind) />
                <Select bare=true label="Period" value=days choices=Signal::stored(spans) />
                <Checkbox label="Failed only" value=Bound::from(failed) />
                <Checkbox label="Canceled queries" value=Bound::from(canceled) />
            </div>
            <ErrorBanner error=error />
            {move || about().map(|words| view! { <p class="hint">{words}</p> })}
            {body}
        </div>
    }
    .into_any()
}

/// `None` where somebody has to sign in first.
async fn ask(
    connections: Connections,
    connection: &Connection,
    days: u32,
) -> Option<Result<Known, ApiError>> {
    let remote = remote(connections, connection).await?;
    let user = connections.statuses.get_untracked(&connection.id).user;
    let audit = match remote.system {
        System::Timeplus => http::send(&remote.endpoint, stream::CRUD.get(STREAM)).await,
        _ => Err(ApiError::Cancelled),
    };
    let audit = audit.and_then(|body| json_response::<Stream>(&body)).ok();
    let Some(audit) = audit else {
        let events = journal::events(&remote.endpoint, &user.unwrap_or_default());
        return Some(Ok(Known {
            remote,
            events,
            audit: false,
        }));
    };
    let events = match event::request(&audit, days) {
        Ok(request) => http::send(&remote.endpoint, request).await,
        Err(error) => Err(error),
    };
    Some(
        events
            .and_then(|body| event::read(&body))
            .map(|events| Known {
                remote,
                events,
                audit: true,
            }),
    )
}

fn events(connection: StoredValue<Connection>, remote: &Remote, all: &[Event]) -> AnyView {
    if all.is_empty() {
        return view! { <Empty title="No matching events" hint="Change the filters or choose a longer period." /> }.into_any();
    }
    let rows = all
        .iter()
        .take(SHOWN)
        .map(|event| row(connection, remote, event));
    let rows = rows.collect_view();
    let more = all.len().saturating_sub(SHOWN);
    view! {
        <ShortTable
            label="Activity"
            class="activity"
            heads=&[Head::Text("Time"), Head::Text("User"), Head::Text("Action"), Head::Text("Resource"), Head::Text("Result"), Head::Text("Address"), Head::Text("Details")]
        >
            {rows}
        </ShortTable>
        {(more > 0).then(|| view! { <p>{format!("{more} older events not shown: narrow the filters.")}</p> })}
    }
    .into_any()
}
