//! The way in where nobody has made anything yet.

use leptos::{context::Provider, prelude::*};
use weir_api::{System, timeplus::stream::EMBEDDED};

use super::gather::Part;
use crate::{
    connections::use_may_change,
    kit::Section,
    paths,
    registry::groups,
    ui::{ButtonKind, ChangeLink, Empty},
};

const STREAMS: &str = "streams";
const USERS: &str = "users";
/// What a vendor gives everybody to begin with.
const GIVEN: [&str; 2] = ["templates", "workspaces"];

/// Nothing is there but what an embedded backend begins with.
pub(crate) fn is_new(parts: &[Part], embedded: bool) -> bool {
    let known = || {
        parts
            .iter()
            .filter_map(|part| Some((part, part.health.as_ref().ok()?)))
    };
    known().next().is_some()
        && known().all(|(part, health)| match (embedded, part.segment) {
            (_, given) if GIVEN.contains(&given) => true,
            (true, STREAMS) => health.tally.all <= EMBEDDED.len(),
            (true, USERS) => health.tally.all <= 1,
            _ => health.tally.all == 0,
        })
}

/// What somebody makes first on such a system.
fn first(system: System) -> Option<&'static Section> {
    let mut sections = groups(system).iter().flat_map(|group| group.sections);
    let wanted = match system {
        System::Timeplus => STREAMS,
        _ => "",
    };
    let makes = |one: &&Section| one.creates.is_some() && one.listed.is_some();
    sections.find(|one| makes(one) && (wanted.is_empty() || one.segment == wanted))
}

#[component]
pub fn FirstSteps(connection: String, system: System, embedded: bool) -> impl IntoView {
    let permit = use_may_change();
    let example = embedded.then(|| {
        let href = paths::example(&connection);
        view! { <a class="button primary" href=href>"Install example"</a> }
    });
    let kind = match embedded {
        true => ButtonKind::Normal,
        false => ButtonKind::Primary,
    };
    let create = first(system).and_then(|section| {
        let href = paths::new(&connection, section.creates?);
        let text = format!("Create {}", section.one);
        Some(view! { <Provider value=permit><ChangeLink kind href text /></Provider> })
    });
    let import = paths::import(&connection);
    let hint = match embedded {
        true => {
            "The example creates a source, views, a dashboard, an alert and a delivery from this machine's metrics. You can remove it again."
        }
        false => {
            "Create the first resource, or import definitions from files or another connection."
        }
    };
    view! {
        <Empty title="Nothing created yet" hint>
            {example}
            {create}
            <a class="button" href=import>"Import"</a>
        </Empty>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{
        super::health::{Health, Tally},
        *,
    };

    fn part(segment: &'static str, all: usize) -> Part {
        let tally = Tally {
            all,
            ..Tally::default()
        };
        Part {
            label: "",
            segment,
            health: Ok(Health {
                tally,
                ..Health::default()
            }),
        }
    }

    #[test]
    fn what_an_embedded_backend_begins_with_is_nothing_yet() {
        let fresh = [part(STREAMS, 4), part(USERS, 1), part("sinks", 0)];
        assert!(is_new(&fresh, true) && !is_new(&fresh, false));
        assert!(!is_new(&[part(STREAMS, 5), part(USERS, 1)], true));
        assert!(!is_new(&[], true), "nothing was answered");
        // Azion's own templates are nobody's work.
        assert!(is_new(
            &[part("streamings", 0), part("templates", 5)],
            false
        ));
        assert!(!is_new(
            &[part("streamings", 1), part("templates", 5)],
            false
        ));
        for system in [
            System::Timeplus,
            System::Azion,
            System::SecMaster,
            System::DataWorks,
        ] {
            assert!(first(system).is_some(), "{system:?}");
        }
    }
}
