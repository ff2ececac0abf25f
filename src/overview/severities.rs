//! Alerts and incidents of SecMaster that nobody has closed, by severity.

use std::time::Duration;

use futures_util::future::try_join_all;
use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError,
    secmaster::{
        self, PAGE,
        data_class::{self, DataClass},
        data_object::{self, DataObject},
        search::{Condition, Operator, Search, Term},
    },
};

use crate::{
    connections::use_endpoint,
    errors,
    http::{Abort, Endpoint},
    kit::{fetch, fetch_all},
    systems::secmaster::objects::search::address,
    ui::{
        number::count,
        table::{Head, ShortTable},
    },
};

const EVERY: Duration = Duration::from_secs(30);

/// The classes, as they stand in addresses of their objects, and what they are called here.
const CLASSES: [(&str, &str); 2] = [("alerts", "Alerts"), ("incidents", "Incidents")];

const SEVERITIES: [&str; 5] = ["Fatal", "High", "Medium", "Low", "Tips"];

const HEADS: &[Head] = &[
    Head::Text("Open"),
    Head::Number("Fatal"),
    Head::Number("High"),
    Head::Number("Medium"),
    Head::Number("Low"),
    Head::Number("Tips"),
];

/// Open objects of one class.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    title: &'static str,
    /// Id of the class.
    class: String,
    /// One for each severity; `None` where the server does not count.
    counts: Vec<Option<u64>>,
}

/// What is open: an object without a status is.
fn open(severity: &str) -> Vec<Term> {
    let term = |field: &str, operator, value: &str| Term {
        field: field.into(),
        operator,
        value: value.into(),
    };
    vec![
        term("severity", Operator::Equal, severity),
        term("handle_status", Operator::Unequal, "Closed"),
    ]
}

/// Asks for a count: of the objects themselves one is enough.
fn search(severity: &str) -> Search {
    Search {
        limit: 1,
        condition: Condition::all_of(&open(severity)),
        ..Search::default()
    }
}

/// Titles and ids of the classes that are told, in the order of [`CLASSES`].
fn known(parts: &[Vec<u8>]) -> Result<Vec<(&'static str, String)>, ApiError> {
    let mut all = Vec::new();
    for part in parts {
        let page: secmaster::Page<DataClass> = secmaster::page(part)?;
        all.extend(page.items);
    }
    let found = CLASSES.into_iter().filter_map(|(plural, title)| {
        let class = all.iter().find(|class| class.plural() == plural)?;
        Some((title, class.id.clone()))
    });
    Ok(found.collect())
}

async fn ask(endpoint: &Endpoint) -> Result<Vec<Line>, ApiError> {
    let abort = Abort::new()?;
    let classes = data_class::list(0, PAGE);
    let parts = fetch_all(endpoint, classes, secmaster::part, &abort).await?;
    let mut lines = Vec::new();
    for (title, class) in known(&parts)? {
        let asked = SEVERITIES.map(|severity| {
            let request = data_object::search(&class, &search(severity));
            async {
                let body = fetch(endpoint, request, &abort).await?;
                secmaster::page::<DataObject>(&body).map(|page| page.total)
            }
        });
        let counts = try_join_all(asked).await?;
        lines.push(Line {
            title,
            class,
            counts,
        });
    }
    Ok(lines)
}

#[component]
pub fn Severities(connection: String) -> impl IntoView {
    let endpoint = use_endpoint();
    let found = RwSignal::new(None::<Result<Vec<Line>, ApiError>>);
    let running = StoredValue::new(false);
    let round = move || {
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        if running.try_get_value() != Some(false) {
            return;
        }
        running.set_value(true);
        spawn_local(async move {
            let lines = ask(&endpoint).await;
            // The page may be left meanwhile.
            if running.try_set_value(false).is_none() {
                found.set(Some(lines));
            }
        });
    };
    Effect::new(move || {
        endpoint.track();
        round();
    });
    let due = move || {
        if !document().hidden() {
            round();
        }
    };
    if let Ok(timer) = set_interval_with_handle(due, EVERY) {
        on_cleanup(move || timer.clear());
    }
    let body = move || match found.get()? {
        Ok(lines) if lines.is_empty() => None,
        Ok(lines) => {
            let rows = lines.iter().map(|line| row(&connection, line));
            let rows = rows.collect_view();
            let table = view! { <ShortTable label="Open alerts and incidents by severity" heads=HEADS>{rows}</ShortTable> };
            Some(table.into_any())
        }
        Err(error) => {
            let words = errors::words(&error).sentence();
            Some(view! { <p class="overview-message">{words}</p> }.into_any())
        }
    };
    (move || {
        body().map(|body| {
            view! {
                <section aria-label="Alerts and incidents">
                    <h2>"Alerts and incidents"</h2>
                    {body}
                </section>
            }
        })
    })
    .into_any()
}

fn row(connection: &str, line: &Line) -> AnyView {
    let cells = SEVERITIES
        .iter()
        .zip(&line.counts)
        .map(|(severity, number)| {
            // Red as long as somebody is needed at once.
            let urgent = ["Fatal", "High"].contains(severity) && number.is_some_and(|it| it > 0);
            let tone = urgent.then_some("bad");
            let link = match number {
                None => view! { "–" }.into_any(),
                Some(0) => view! { <span class="none">"0"</span> }.into_any(),
                Some(number) => {
                    let href = address(connection, &line.class, &open(severity));
                    let label = format!("{} {severity}: {number}", line.title);
                    view! { <a href=href aria-label=label>{count(*number)}</a> }.into_any()
                }
            };
            view! { <td class="number" data-tone=tone>{link}</td> }
        });
    let cells = cells.collect_view();
    view! { <tr><th scope="row">{line.title}</th>{cells}</tr> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_alerts_and_incidents_are_asked_for_in_their_order() {
        let body = br#"{"dataclass_details":[
            {"id":"3","name":"Indicator"},{"id":"2","name":"Incident"},{"id":"1","name":"Alert"}],
            "total":3}"#;
        let found = known(&[body.to_vec()]).expect("classes");
        let ids: Vec<(&str, &str)> = found.iter().map(|(title, id)| (*title, &**id)).collect();
        assert_eq!(ids, [("Alerts", "1"), ("Incidents", "2")]);
        assert_eq!(HEADS.len(), SEVERITIES.len() + 1);
    }

    #[test]
    fn what_is_not_closed_is_counted_without_its_objects() {
        let asked = search("High");
        let condition = asked.condition.expect("a condition");
        let terms: Vec<Vec<String>> = condition.conditions.into_iter().map(|it| it.data).collect();
        assert_eq!(
            terms,
            [["severity", "=", "High"], ["handle_status", "!=", "Closed"]]
        );
        assert_eq!(asked.limit, 1);
    }
}
