//! All connections at a glance: a card each.

use leptos::prelude::*;

use weir_api::ApiError;

use super::{
    gather::{Report, use_report},
    health::Finding,
};
use crate::{
    connections::{Connection, Connections, status::Reach},
    errors, paths,
    ui::{Empty, State, Tone, number::plural, time},
};

/// Findings that a card names.
const NAMED: usize = 3;

pub fn page() -> AnyView {
    let connections = expect_context::<Connections>();
    let cards = move || match connections.all.get() {
        None => ().into_any(),
        Some(all) if all.is_empty() => view! {
            <Empty title="No connections yet" hint="Add the embedded backend or a vendor endpoint.">
                <a class="button primary" href=paths::new_connection()>"Add connection"</a>
            </Empty>
        }
        .into_any(),
        Some(all) => {
            let cards = all
                .into_iter()
                .map(|connection| view! { <Card connection /> });
            let cards = cards.collect_view();
            view! { <ul class="overview-cards" aria-label="Connections">{cards}</ul> }.into_any()
        }
    };
    view! {
        <div class="page overview">
            <header class="page-head">
                <h1>"All systems"</h1>
                <div class="page-actions"><a class="button" href=paths::connections()>"Connections"</a></div>
            </header>
            {cards}
        </div>
    }
    .into_any()
}

/// Where no list could be read: why, as far as it was said.
fn refused(report: &Report) -> Option<Option<&ApiError>> {
    let parts = &report.parts;
    let all = parts.iter().all(|part| part.health.is_err());
    all.then(|| parts.iter().find_map(|part| part.health.as_ref().err()))
}

/// Whether there is something to say of it: of what could not be read nothing is well.
fn answers(report: &Report) -> bool {
    !report.signed_out && refused(report).is_none()
}

#[component]
fn Card(connection: Connection) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let report = use_report(connection.id.clone()).report;
    let now = time::use_now();
    let id = connection.id.clone();
    let status = Memo::new(move |_| connections.statuses.with(&id, Clone::clone));
    let state = move || {
        let reach = status.with(|status| status.reach);
        report.with(|report| match (report, reach) {
            (_, Reach::Unreachable) => (Tone::Bad, "Not reachable".to_string()),
            (None, _) => (Tone::Neutral, "Checking".into()),
            (Some(report), _) if report.signed_out => (Tone::Warn, "Not signed in".into()),
            (Some(report), _) => match refused(report) {
                Some(Some(error)) => (Tone::Bad, errors::words(error).title),
                Some(None) => (Tone::Bad, "No response".into()),
                None => (Tone::Good, "Reachable".into()),
            },
        })
    };
    let (tone, word) = (
        Signal::derive(move || state().0),
        Signal::derive(move || state().1),
    );
    let about = move || {
        let version = status.with(|status| status.server.as_ref().map(|it| it.name.clone()));
        let asked = report.with(|report| {
            let report = report.as_ref().filter(|report| answers(report))?;
            let age = time::age(now.get() - report.at);
            Some(format!(
                "responded in {}, {age}",
                time::span(report.latency)
            ))
        });
        let parts = [version.filter(|name| !name.is_empty()), asked];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let findings = Memo::new(move |_| {
        report.with(|report| {
            let parts = report.iter().flat_map(|report| &report.parts);
            let health = parts.filter_map(|part| part.health.as_ref().ok());
            let mut all: Vec<Finding> = health.flat_map(|it| it.findings.clone()).collect();
            super::health::worst_first(&mut all);
            all
        })
    });
    let needs = move || {
        let known = report.with(|report| report.as_ref().is_some_and(answers));
        findings.with(|all| match all.len() {
            _ if !known => ().into_any(),
            0 => view! { <p>"No problems."</p> }.into_any(),
            count => {
                let lines = all.iter().take(NAMED).map(|one| {
                    let words = format!("{} {}: {}", one.kind, one.name, one.state);
                    view! { <li><a href=one.href.clone()>{words}</a></li> }
                });
                let lines = lines.collect_view();
                view! {
                    <p><strong>{plural(count as u64, "problem", "problems")}</strong></p>
                    <ul>{lines}</ul>
                }
                .into_any()
            }
        })
    };
    view! {
        <li class="overview-card" data-mark=connection.colour.as_str()>
            <h2>
                <span class="dot"></span>
                <a href=paths::home(&connection.id)>{connection.name.clone()}</a>
                {connection.production.then(|| view! { <span class="production-mark">"PRODUCTION"</span> })}
                {connection.look_only.then(|| view! { <span class="production-mark read-only">"READ-ONLY"</span> })}
            </h2>
            <p>{connection.system().words()}</p>
            <p><State tone word /></p>
            <p class="hint">{about}</p>
            {needs}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{
        super::{gather::Part, health::Health},
        *,
    };

    #[test]
    fn of_a_system_that_refuses_everything_nothing_is_well() {
        let part = |health| Part {
            label: "Streams",
            segment: "streams",
            health,
        };
        let report = |healths: Vec<Result<Health, ApiError>>| Report {
            parts: healths.into_iter().map(part).collect(),
            ..Report::default()
        };
        let no = || Err(ApiError::with_status(401, "who are you?"));
        let all = report(vec![no(), no()]);
        let status = refused(&all).flatten().and_then(ApiError::status);
        assert_eq!((status, answers(&all)), (Some(401), false));
        let some = report(vec![no(), Ok(Health::default())]);
        assert_eq!((refused(&some), answers(&some)), (None, true));
    }
}
