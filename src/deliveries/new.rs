//! A new delivery: from what a person has and where it should go, to the form that makes it.

use leptos::prelude::*;
use weir_api::System;

use crate::{
    connections::{Connection, Connections},
    paths, registry,
    ui::{
        Dialog, Empty,
        field::{Bound, Choice, Select},
    },
};

/// A way from something to somewhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Way {
    pub have: &'static str,
    pub to: &'static str,
    pub system: System,
    /// Section that makes it.
    pub segment: &'static str,
    /// How it works, one sentence.
    pub how: &'static str,
}

pub const WAYS: &[Way] = &[
    Way {
        have: "A stream or a query",
        to: "An external system: HTTP, Slack, Kafka and more",
        system: System::Timeplus,
        segment: "sinks",
        how: "A sink runs the query and sends each row as it arrives.",
    },
    Way {
        have: "A stream or a query",
        to: "People, by notification",
        system: System::Timeplus,
        segment: "alerts",
        how: "An alert runs a query and notifies by Slack or HTTP.",
    },
    Way {
        have: "A stream or a query",
        to: "Programs, on request",
        system: System::DataWorks,
        segment: "data-apis",
        how: "A published API responds at its own path.",
    },
    Way {
        have: "External data: a broker, a websocket, a generator",
        to: "A stream",
        system: System::Timeplus,
        segment: "sources",
        how: "A source writes the received data to a stream.",
    },
    Way {
        have: "Logs of edge applications",
        to: "An external system: HTTP, S3, Splunk, Kafka and more",
        system: System::Azion,
        segment: "streamings",
        how: "A data streaming sends one line per record, in batches.",
    },
    Way {
        have: "A SecMaster pipe",
        to: "Another pipe or workspace",
        system: System::SecMaster,
        segment: "deliveries",
        how: "A delivery copies records in real time or on a schedule.",
    },
    Way {
        have: "A table or an external API",
        to: "Programs, on request",
        system: System::DataWorks,
        segment: "data-apis",
        how: "An API is created by a wizard, by a script, or by registering an existing service.",
    },
];

/// Without repetition, in their order.
fn distinct<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for one in all {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen
}

pub fn haves() -> Vec<&'static str> {
    distinct(WAYS.iter().map(|way| way.have))
}

/// Where something can go.
pub fn goals(have: &str) -> Vec<&'static str> {
    distinct(WAYS.iter().filter(|way| way.have == have).map(|way| way.to))
}

/// Forms that lead there: connection, way and address.
pub fn forms<'a>(
    have: &str,
    to: &str,
    connections: &'a [Connection],
) -> Vec<(&'a Connection, &'static Way, String)> {
    let ways = WAYS.iter().filter(|way| way.have == have && way.to == to);
    ways.flat_map(|way| {
        let kind = registry::section(way.segment).and_then(|place| place.creates);
        connections
            .iter()
            .filter(move |connection| connection.system() == way.system)
            .filter_map(move |connection| {
                Some((connection, way, paths::new(&connection.id, kind?)))
            })
    })
    .collect()
}

#[component]
pub fn NewDelivery(open: RwSignal<bool>) -> impl IntoView {
    let body = move || view! { <Choose /> };
    view! { <Dialog open title="Create delivery" children=body /> }
}

fn choices(all: Vec<&'static str>) -> Vec<Choice> {
    all.into_iter().map(|one| Choice::new(one, one)).collect()
}

#[component]
fn Choose() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let first = haves().first().copied().unwrap_or_default();
    let have = RwSignal::new(first.to_string());
    let to = RwSignal::new(String::new());
    let possible = Memo::new(move |_| have.with(|have| goals(have)));
    // A goal that cannot be reached from there is not one any more.
    let goal = Memo::new(move |_| {
        let all = possible.get();
        let chosen = all.iter().find(|goal| to.with(|to| to == *goal));
        chosen.or(all.first()).copied().unwrap_or_default()
    });
    let goal_bound = Bound::new(move || goal.get().to_string(), move |typed| to.set(typed));
    let found = move || {
        let all = connections.all.get().unwrap_or_default();
        let forms = have.with(|have| forms(have, goal.get(), &all));
        if forms.is_empty() {
            let hint = "Add a connection to a system that supports it.";
            return view! {
                <Empty title="No connection supports this" hint=hint>
                    <a class="button" href=paths::new_connection()>"Add connection"</a>
                </Empty>
            }
            .into_any();
        }
        let items = forms.into_iter().map(|(connection, way, href)| {
            view! {
                <li>
                    <a class="button" href=href data-mark=connection.colour.as_str()>
                        <span class="dot"></span>
                        {format!("{} in {}", kind_words(way), connection.name)}
                    </a>
                    <p class="field-help">{way.how}</p>
                </li>
            }
        });
        view! { <ul class="ways">{items.collect_view()}</ul> }.into_any()
    };
    view! {
        <div class="form">
            <Select label="Source" value=have choices=Signal::stored(choices(haves())) />
            <Select label="Destination" value=goal_bound choices=Signal::derive(move || choices(possible.get())) />
            {found}
        </div>
    }
    .into_any()
}

fn kind_words(way: &Way) -> String {
    let place = registry::section(way.segment);
    let kind = place.and_then(|place| place.creates).unwrap_or_default();
    format!("Create {}", kind.replace('-', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_leads_to_a_form() {
        let connections: Vec<Connection> = System::ALL
            .into_iter()
            .map(|system| Connection {
                id: system.as_str().into(),
                target: system.into(),
                ..Connection::default()
            })
            .collect();
        for have in haves() {
            for to in goals(have) {
                let found = forms(have, to, &connections);
                assert!(!found.is_empty(), "{have} to {to}");
            }
        }
        assert!(forms(haves()[0], goals(haves()[0])[0], &[]).is_empty());
    }

    #[test]
    fn what_one_has_decides_where_it_can_go() {
        assert!(goals("Logs of edge applications").len() == 1);
        assert!(goals("A stream or a query").len() > 1);
    }
}
