//! Asks a system for all of its lists, in one round, again and again while it is looked at.

use std::time::Duration;

use futures_util::future::join_all;
use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, capability::Capabilities};

use super::health::{Health, assess};
use crate::{
    connections::{Connection, Connections, server, session, status::Access},
    http::{Abort, Endpoint},
    kit::{Section, fetch_all},
    registry::groups,
    text::capital,
    ui::Tone,
};

const EVERY: Duration = Duration::from_secs(15);

/// Lists that are asked for at once: a browser has few connections, and live results hold some.
const AT_ONCE: usize = 4;

/// One kind of resource.
#[derive(Clone, PartialEq)]
pub(crate) struct Part {
    pub label: &'static str,
    pub segment: &'static str,
    pub health: Result<Health, ApiError>,
}

/// What is known of one connection.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Report {
    pub parts: Vec<Part>,
    /// Milliseconds since 1970 of the last round, and how long its first answer took.
    pub at: f64,
    pub latency: f64,
    pub signed_out: bool,
}

/// `None` until the first round is over.
#[derive(Clone, Copy)]
pub(crate) struct Watched {
    pub report: RwSignal<Option<Report>>,
    /// Asks now.
    pub refresh: Callback<()>,
}

pub(crate) fn use_report(id: String) -> Watched {
    let connections = expect_context::<Connections>();
    let report = RwSignal::new(None);
    let running = StoredValue::new(false);
    let round = move || {
        let Some(connection) = connections.find_untracked(&id) else {
            return;
        };
        if running.try_get_value() != Some(false) {
            return;
        }
        running.set_value(true);
        spawn_local(async move {
            let found = ask(connections, &connection).await;
            // The page may be left meanwhile.
            if running.try_set_value(false).is_none() {
                report.set(Some(found));
            }
        });
    };
    let refresh = Callback::new(move |()| round());
    Effect::new(move || {
        // Also when the list of connections comes later than the page.
        connections.all.track();
        refresh.run(());
    });
    let due = move || {
        if !document().hidden() {
            refresh.run(());
        }
    };
    if let Ok(timer) = set_interval_with_handle(due, EVERY) {
        on_cleanup(move || timer.clear());
    }
    Watched { report, refresh }
}

/// Sections whose resources are listed and that the server has.
fn listed(connection: &Connection, can: Option<Capabilities>) -> Vec<&'static Section> {
    let can = can.unwrap_or(Capabilities::all());
    let sections = groups(connection.system())
        .iter()
        .flat_map(|group| group.sections);
    let offered = sections.filter(|section| section.needs.is_none_or(|needed| can.has(needed)));
    offered
        .filter(|section| section.whole().is_some())
        .collect()
}

async fn ask(connections: Connections, connection: &Connection) -> Report {
    session::enter(connections, connection.clone()).await;
    let status = connections.statuses.get_untracked(&connection.id);
    let signed_out = !matches!(status.access, Access::Open | Access::Expired);
    let endpoint = untrack(|| connections.endpoint(connection));
    let mut report = Report {
        signed_out,
        ..Report::default()
    };
    if signed_out {
        return report;
    }
    let can = server::known(connections, connection)
        .await
        .map(|server| server.can);
    let started = js_sys::Date::now();
    for some in listed(connection, can).chunks(AT_ONCE) {
        let asked = some
            .iter()
            .map(|section| part(&endpoint, &connection.id, section));
        report
            .parts
            .extend(join_all(asked).await.into_iter().flatten());
        if report.latency == 0.0 {
            report.latency = js_sys::Date::now() - started;
        }
    }
    report.at = js_sys::Date::now();
    report
}

/// How many of a section's resources have failed; `None` where the list cannot be had.
pub(crate) async fn failed_in(
    endpoint: &Endpoint,
    id: &str,
    section: &'static Section,
) -> Option<usize> {
    let health = part(endpoint, id, section).await?.health.ok()?;
    let findings = health.findings.iter();
    Some(findings.filter(|one| one.tone == Tone::Bad).count())
}

async fn part(endpoint: &Endpoint, id: &str, section: &'static Section) -> Option<Part> {
    let listed = section.whole()?;
    let health = async {
        let list = listed.get(()).await?;
        let body = fetch_all(endpoint, (list.request)(), list.more, &Abort::new()?).await?;
        let rows = (list.rows)(id, &body)?;
        Ok(assess(&capital(list.one), &list.columns, &rows, list.bulk))
    };
    Some(Part {
        label: section.label,
        segment: section.segment,
        health: health.await,
    })
}
