use std::sync::Arc;

use leptos::prelude::*;
use weir_api::{System, role::Role};

use super::{
    gather::{Found, Hub, Part, use_hub},
    model::{CONDITIONS, Delivery, Filter, columns},
    new::NewDelivery,
};
use crate::{
    connections::{Connection, Connections},
    errors, http,
    kit::address::{keep_in_url, sort_of},
    paths,
    query::use_query,
    ui::{
        Button, ButtonKind, Confirm, Empty, Icon, IconName,
        field::{Bound, Choice, Select},
        number::{count, plural},
        table::{
            Row, RowAction, RowActionKind, Rows, Sort, Table, TableState, found, held, renew,
            sorted,
        },
        use_confirm, use_toasts,
    },
};

/// `/deliveries?q=…&system=…&state=…`
#[component]
pub fn DeliveriesPage() -> impl IntoView {
    let hub = use_hub();
    let query = use_query().get_untracked();
    let of = |name: &str| RwSignal::new(query.get(name).unwrap_or_default());
    let (search, system, condition) = (of("q"), of("system"), of("state"));
    let usual = Sort {
        column: 0,
        descending: false,
    };
    let start = sort_of(&columns(), usual, query.get("sort"), query.get("dir"));
    let sort = RwSignal::new(start);
    let hidden = RwSignal::new(Vec::new());
    let more = Signal::derive(move || vec![("system", system.get()), ("state", condition.get())]);
    keep_in_url(columns(), usual, search, sort, hidden, more);
    let version = StoredValue::new(0_u32);
    let rows = Memo::new(move |before: Option<&Rows>| {
        let filter = Filter {
            system: system.get(),
            condition: condition.get(),
        };
        let new = hub.figures.with(|figures| {
            hub.parts.with(|parts| {
                parts
                    .iter()
                    .flat_map(|part| part.deliveries().iter().map(move |it| (part, it)))
                    .filter(|(part, it)| filter.takes(part.connection.system(), it))
                    .map(|(part, it)| {
                        let known = figures.get(&it.id(&part.connection.id));
                        it.row(&part.connection, known)
                    })
                    .collect::<Vec<Row>>()
            })
        });
        version.update_value(|version| *version += 1);
        let before = before.cloned().unwrap_or_default();
        renew(&before, new, version.get_value())
    });
    let shown: Memo<Rows> = Memo::new(move |_| {
        let kept = rows.with(|rows| search.with(|search| found(rows, search)));
        Arc::new(sorted(&kept, sort.get(), held))
    });
    let state = TableState {
        hidden,
        columns: StoredValue::new(columns()),
        sort,
        figures: crate::ui::table::Figures::new(),
        selected: RwSignal::default(),
        select: false,
        row_actions: use_row_actions(hub),
        star: None,
        fold: Callback::new(|_| ()),
    };
    let all = move || {
        hub.parts
            .with(|parts| parts.iter().map(|p| p.deliveries().len()).sum())
    };
    let tally = move || {
        let (all, found): (usize, _) = (all(), shown.with(|rows| rows.len()));
        match all == found {
            true => plural(all as u64, "delivery", "deliveries"),
            false => format!(
                "{} of {}",
                count(found as u64),
                plural(all as u64, "delivery", "deliveries")
            ),
        }
    };
    let none = move || {
        all() == 0
            && hub
                .parts
                .with(|parts| parts.iter().all(|part| part.found != Found::Waiting))
    };
    let looked_at = Callback::new(move |ids| hub.look_at(ids));
    let open = RwSignal::new(false);
    view! {
        <div class="page list">
            <header class="page-head">
                <h1>"All deliveries"</h1>
                <p class="page-count" role="status">{tally}</p>
                <div class="page-actions">
                    <Button kind=ButtonKind::Primary on_click=move || open.set(true)>"Create delivery"</Button>
                </div>
            </header>
            <div class="toolbar" role="search">
                <input
                    class="input search"
                    type="search"
                    aria-label="Search deliveries"
                    placeholder="Search deliveries"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=search
                    on:input:target=move |event| search.set(event.target().value())
                />
                <Choose label="System" value=system choices=systems() />
                <Choose label="State" value=condition choices=CONDITIONS.map(|(value, label)| Choice::new(value, label)).to_vec() />
                <Button kind=ButtonKind::Quiet label="Refresh" on_click=move || hub.reload()>
                    <Icon name=IconName::Reload />
                </Button>
            </div>
            <Unreachable hub />
            {move || match none() {
                true => view! {
                    <Empty title="No deliveries yet" hint="A delivery moves data from a source to a destination: a sink, a source, a data streaming, a copy between pipes, or an API.">
                        <Button kind=ButtonKind::Primary on_click=move || open.set(true)>"Create delivery"</Button>
                    </Empty>
                }.into_any(),
                false => view! {
                    <Table label="Deliveries" state rows=shown.into() search on_window=looked_at />
                }.into_any(),
            }}
            <NewDelivery open />
        </div>
    }
    .into_any()
}

fn systems() -> Vec<Choice> {
    System::ALL
        .map(|system| Choice::new(system.as_str(), system.short()))
        .to_vec()
}

#[component]
fn Choose(label: &'static str, value: RwSignal<String>, mut choices: Vec<Choice>) -> impl IntoView {
    choices.insert(0, Choice::new("", format!("{label}: all")));
    view! { <Select label value=Bound::from(value) choices=Signal::stored(choices) bare=true /> }
}

/// Connections that told nothing, and why.
#[component]
fn Unreachable(hub: Hub) -> impl IntoView {
    let lines = move || {
        hub.parts
            .with(|parts| parts.iter().filter_map(trouble).collect::<Vec<_>>())
    };
    view! { <ul class="troubles" aria-label="Unreachable connections">{lines}</ul> }.into_any()
}

fn trouble(part: &Part) -> Option<AnyView> {
    let Connection { id, name, .. } = &part.connection;
    let name = view! { <strong>{name.clone()}</strong> };
    if part.found == Found::SignedOut {
        let href = paths::sign_in(id, Some(&paths::deliveries()));
        return Some(
            view! {
                <li>{name} " is not signed in to. " <a href=href>"Sign in"</a></li>
            }
            .into_any(),
        );
    }
    let words = errors::words(part.error()?).sentence();
    let stale = (!part.deliveries().is_empty()).then_some(" Its deliveries may be out of date.");
    Some(view! { <li class="bad">{name} " could not be loaded: " {words} {stale}</li> }.into_any())
}

/// What changes a delivery's state, after a question where it stops something.
fn use_row_actions(hub: Hub) -> Callback<String, Vec<RowAction>> {
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let connections = expect_context::<Connections>();
    Callback::new(move |id: String| {
        let Some((connection, delivery)) = find(hub, &id) else {
            return Vec::new();
        };
        let Some(act) = delivery.act.clone() else {
            return Vec::new();
        };
        let (verb, name) = (act.verb, delivery.name.clone());
        let (asked, place) = (connection.id.clone(), connection.name.clone());
        let send = move || {
            let endpoint = untrack(|| connections.endpoint(&connection));
            let (request, name) = (act.request.clone(), name.clone());
            leptos::task::spawn_local(async move {
                match http::send(&endpoint, request).await {
                    Ok(_) => toasts.success(format!("{name} {}", past(verb))),
                    Err(error) => toasts.api_error(&error),
                }
                hub.reload();
            });
        };
        let label = format!("{verb} {}", delivery.name);
        let question = act.question;
        let title = format!("{label}?");
        let run = Callback::new(move |()| {
            if connections.statuses.get_untracked(&asked).role == Some(Role::ReadOnly) {
                return toasts.error(format!("Your role cannot make changes in {place}."));
            }
            if question.is_empty() {
                return send();
            }
            let question = Confirm {
                title: title.clone(),
                consequences: vec![question.into()],
                action: verb.into(),
                danger: true,
                type_name: None,
            };
            confirm.ask(question, send.clone());
        });
        vec![RowAction {
            label,
            icon: icon(verb),
            kind: RowActionKind::Run(run),
        }]
    })
}

fn find(hub: Hub, id: &str) -> Option<(Connection, Delivery)> {
    hub.parts.with_untracked(|parts| {
        let all = parts.iter().flat_map(|part| {
            let deliveries = part.deliveries().iter();
            deliveries.map(move |delivery| (&part.connection, delivery))
        });
        let mut all = all.filter(|(connection, delivery)| delivery.id(&connection.id) == id);
        all.next()
            .map(|(connection, delivery)| (connection.clone(), delivery.clone()))
    })
}

/// What was done, after the name of what it was done to.
fn past(verb: &str) -> String {
    let verb = verb.to_lowercase();
    match verb.as_str() {
        "stop" => "stopped".into(),
        verb if verb.ends_with('e') => format!("{verb}d"),
        verb => format!("{verb}ed"),
    }
}

fn icon(verb: &str) -> IconName {
    match verb {
        "Stop" | "Deactivate" | "Unpublish" => IconName::Stop,
        "Pause" => IconName::Pause,
        _ => IconName::Play,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_in_words() {
        let done = ["Stop", "Start", "Pause", "Resume", "Activate", "Unpublish"].map(past);
        let words = [
            "stopped",
            "started",
            "paused",
            "resumed",
            "activated",
            "unpublished",
        ];
        assert_eq!(done, words);
    }
}
