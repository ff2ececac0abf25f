//! The first page of a connection: what needs somebody, before any figures.

pub mod all;
pub mod attention;
pub mod first_steps;
mod gather;
pub mod health;
pub mod queries;
pub mod rates;
pub mod severities;

use leptos::prelude::*;
use weir_api::{System, capability::Capabilities};

use attention::Attention;
use first_steps::FirstSteps;
pub(crate) use gather::failed_in;
use gather::{Part, Report, Watched, use_report};
use health::{Finding, Recent, newest, worst_first};
use queries::RunningQueries;
use rates::Flow;
use severities::Severities;

use crate::{
    connections::{Connection, use_connection, use_server},
    errors,
    kit::list::states::Counted,
    paths,
    query::Query,
    text::visible,
    ui::{
        State, Time,
        number::count,
        table::{Head, ShortTable},
        time,
    },
};

/// Changes that are shown.
const NEWEST: usize = 8;

/// States of one kind that are named.
const NAMED: usize = 6;

pub fn page() -> AnyView {
    // A page of another connection is another page.
    let connection = use_connection();
    (move || {
        connection
            .get()
            .map(|connection| view! { <Overview connection /> })
    })
    .into_any()
}

#[component]
fn Overview(connection: Connection) -> impl IntoView {
    let Watched { report, refresh } = use_report(connection.id.clone());
    let server = use_server();
    let system = connection.system();
    let now = time::use_now();
    let name = connection.name.clone();
    let figures = figures(&connection);
    let id = StoredValue::new(connection.id.clone());
    let (export, import, activity) = (
        paths::export(&connection.id),
        paths::import(&connection.id),
        paths::activity(&connection.id),
    );
    let example = paths::example(&connection.id);
    // Only the embedded backend can do all of it.
    let is_embedded = Memo::new(move |_| {
        let all = Capabilities::all();
        system == System::Timeplus
            && server.with(|server| server.as_ref().is_some_and(|it| it.can == all))
    });
    let about = move || {
        let version = server.with(|server| server.as_ref().map(|it| it.name.clone()));
        let asked = report.with(|report| {
            let report = report.as_ref()?;
            let age = time::age(now.get() - report.at);
            Some(format!(
                "responded in {}, {age}",
                time::span(report.latency)
            ))
        });
        let parts = [version, asked].into_iter().flatten();
        parts
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    };
    let body = move || {
        report.with(|report| match report {
            None => view! { <p class="waiting" role="status">"Loading…"</p> }.into_any(),
            Some(report) => id.with_value(|id| body(id, report)),
        })
    };
    // Its buttons stay as long as what they stand beside.
    let findings = Memo::new(move |_| {
        report.with(|report| {
            let report = report.as_ref()?;
            let unread = report.parts.iter().filter(|part| part.health.is_err());
            Some((findings(report), unread.count()))
        })
    });
    let attention = move || {
        findings
            .get()
            .map(|(found, unread)| view! { <Attention found unread refresh /> })
    };
    let is_new = Memo::new(move |_| {
        let embedded = is_embedded.get();
        report.with(|report| {
            let asked = report.as_ref().filter(|report| !report.signed_out);
            asked.is_some_and(|report| first_steps::is_new(&report.parts, embedded))
        })
    });
    let first_steps = move || {
        is_new.get().then(|| {
            let connection = id.get_value();
            view! { <FirstSteps connection system embedded=is_embedded.get() /> }
        })
    };
    view! {
        <div class="page overview">
            <header class="page-head">
                <h1>{name}</h1>
                <p class="page-count" role="status">{about}</p>
                <div class="page-actions">
                    {move || is_embedded.get().then(|| view! { <a class="button" href=example.clone()>"Example"</a> })}
                    <a class="button" href=activity>"Activity"</a>
                    <a class="button" href=export>"Export"</a>
                    <a class="button" href=import>"Import"</a>
                </div>
            </header>
            {first_steps}
            {attention}
            {body}
            // What stands above them would push them down.
            <div class:hidden=move || report.with(Option::is_none)>{figures}</div>
        </div>
    }
    .into_any()
}

/// What only this system tells, besides the states of its resources.
fn figures(connection: &Connection) -> AnyView {
    match connection.system() {
        System::Timeplus => view! { <RunningQueries /> <Flow /> }.into_any(),
        System::SecMaster => view! { <Severities connection=connection.id.clone() /> }.into_any(),
        System::Azion | System::DataWorks => ().into_any(),
    }
}

fn findings(report: &Report) -> Vec<Finding> {
    let healths = report
        .parts
        .iter()
        .filter_map(|part| part.health.as_ref().ok());
    let mut all: Vec<Finding> = healths.flat_map(|health| health.findings.clone()).collect();
    worst_first(&mut all);
    all
}

fn body(id: &str, report: &Report) -> AnyView {
    let healths = || {
        report
            .parts
            .iter()
            .filter_map(|part| part.health.as_ref().ok())
    };
    let recent = newest(
        healths().flat_map(|health| health.recent.clone()).collect(),
        NEWEST,
    );
    view! {
        <div class="overview-columns">
            {kinds(id, &report.parts)}
            {changes(recent)}
        </div>
    }
    .into_any()
}

fn kinds(id: &str, parts: &[Part]) -> AnyView {
    // Where a kind has no states, nothing is 0.
    let number = |count: usize, known: bool| (count > 0 || known).then(|| count.to_string());
    let rows = parts.iter().map(|part| {
        let href = paths::section(id, part.segment);
        let cells = match &part.health {
            Ok(health) => {
                let (tally, known) = (health.tally, !health.states.is_empty());
                view! {
                    <td class="number">{tally.all}</td>
                    <td class="number">{number(tally.running, known)}</td>
                    <td class="number" data-tone=(tally.trouble > 0).then_some("bad")>{number(tally.trouble, known)}</td>
                    <td class="number">{number(tally.stopped, known)}</td>
                    <td><ul class="overview-states">{states(&href, &health.states)}</ul></td>
                }
                .into_any()
            }
            Err(error) => {
                view! { <td colspan="5" class="overview-message">{errors::words(error).sentence()}</td> }.into_any()
            }
        };
        view! { <tr><th scope="row"><a href=href>{part.label}</a></th>{cells}</tr> }
    });
    let rows = rows.collect_view();
    view! {
        <section aria-label="Resources">
            <h2>"Resources"</h2>
            <ShortTable
                label="Resources by kind and state"
                heads=&[Head::Text("Kind"), Head::Number("Total"), Head::Number("Running"), Head::Number("Failed"), Head::Number("Not running"), Head::Text("States")]
            >
                {rows}
            </ShortTable>
        </section>
    }
    .into_any()
}

/// Each leads to those of the list that are in it.
fn states(list: &str, all: &[Counted]) -> AnyView {
    let links = all.iter().take(NAMED).map(|one| {
        let mut query = Query::default();
        query.set("state", &one.word);
        let (tone, word) = (one.tone, one.word.clone());
        view! {
            <li><a class="state-chip" href=format!("{list}{query}")>
                <State tone=Signal::stored(tone) word=Signal::stored(word) />
                " "<span class="state-count">{count(one.count as u64)}</span>
            </a></li>
        }
    });
    links.collect_view().into_any()
}

fn changes(recent: Vec<Recent>) -> AnyView {
    if recent.is_empty() {
        return ().into_any();
    }
    let rows = recent.into_iter().map(|one| {
        let Recent {
            kind,
            name,
            href,
            at,
        } = one;
        let name = visible(&name).into_owned();
        view! {
            <tr>
                <th scope="row"><a href=href>{name}</a></th>
                <td>{kind}</td>
                <td><Time iso=at /></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <section aria-label="Recent changes">
            <h2>"Recent changes"</h2>
            <ShortTable
                label="Recent changes"
                heads=&[Head::Text("Name"), Head::Text("Kind"), Head::Text("Changed")]
            >
                {rows}
            </ShortTable>
        </section>
    }
    .into_any()
}
