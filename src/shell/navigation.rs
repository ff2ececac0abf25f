//! The left navigation: sections of the current connection, or the connections themselves.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use weir_api::{System, capability::Capabilities};

use super::{
    firing::Firing,
    folding::{fold, is_folded, show_current},
    troubles::Troubles,
};
use crate::{
    connections::{Connections, use_connection, use_server},
    kit::{Group, Section},
    paths,
    registry::groups,
    ui::{Icon, IconName, number::plural},
};

#[component]
pub fn Navigation() -> impl IntoView {
    let connection = use_connection();
    let id = Memo::new(move |_| connection.get().map(|it| (it.id.clone(), it.system())));
    let path = use_location().pathname;
    Effect::new(move || {
        path.track();
        id.track();
        // Once the group of the page is open.
        request_animation_frame(show_current);
    });
    view! {
        <nav class="navigation" id="navigation" aria-label="Main">
            {move || match id.get() {
                Some((id, system)) => view! { <Sections connection=id system /> }.into_any(),
                None => view! { <ConnectionLinks /> }.into_any(),
            }}
            <ul class="navigation-foot">
                <Item label="All systems" href=paths::overview() icon=IconName::Gauge />
                <Item label="All deliveries" href=paths::deliveries() icon=IconName::Send />
                <Item label="Connections" href=paths::connections() icon=IconName::Plug />
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Sections(connection: String, system: System) -> impl IntoView {
    let server = use_server();
    let can = Memo::new(move |_| server.with(|server| server.as_ref().map(|it| it.can)));
    let (firing, troubles) = (use_context::<Firing>(), use_context::<Troubles>());
    let path = use_location().pathname;
    let (home, activity) = (paths::home(&connection), paths::activity(&connection));
    let shown = Memo::new(move |_| offered(groups(system), can.get()));
    let group = move |(label, sections): (&'static str, Vec<&'static Section>)| {
        let has_alerts = sections.iter().any(|section| section.segment == ALERTS);
        let segments: Vec<&'static str> = sections.iter().map(|section| section.segment).collect();
        let pages: Vec<String> = sections
            .iter()
            .flat_map(|section| pages(&connection, section))
            .collect();
        let items: Vec<_> = sections
            .into_iter()
            .map(|section| {
                let href = paths::section(&connection, section.segment);
                view! { <Item label=section.label href icon=section.icon creates=section.creates section /> }
            })
            .collect();
        let open = RwSignal::new(!is_folded(label));
        // What holds the page that one is on opens by itself; only what a person does is kept.
        Effect::new(move || {
            if path.with(|path| pages.iter().any(|page| is_below(path, page))) {
                open.set(true);
            }
        });
        let toggled = move |now: bool| {
            if now != open.get_untracked() {
                open.set(now);
                fold(label, !now);
            }
        };
        // What fires is told where it is folded away, too.
        let count = move || firing.map_or(0, |Firing(count)| count.get());
        let alerts = move || {
            let count = count();
            (has_alerts && count > 0).then(|| {
                let words = plural(count as u64, "firing alert", "firing alerts");
                view! { <span class="badge" data-tone="bad">{words}</span> }
            })
        };
        let failed = move || {
            let Troubles(all) = troubles?;
            let count: usize = all.with(|all| segments.iter().filter_map(|one| all.get(one)).sum());
            (count > 0).then(|| {
                let words = format!("{count} failed");
                view! { <span class="badge" data-tone="bad">{words}</span> }
            })
        };
        view! {
            <details
                class="navigation-group"
                open=move || open.get()
                on:toggle:target=move |event| toggled(event.target().open())
            >
                <summary><h2>{label}</h2>{alerts}{failed}</summary>
                <ul>{items}</ul>
            </details>
        }
    };
    view! {
        <ul>
            <Item label="Overview" href=home icon=IconName::Gauge />
            <Item label="Activity" href=activity icon=IconName::Book />
        </ul>
        {move || shown.get().into_iter().map(&group).collect_view()}
    }
    .into_any()
}

/// The section of alerts.
const ALERTS: &str = "alerts";

type Offered = Vec<(&'static str, Vec<&'static Section>)>;

/// Groups and sections that a server offers, without empty groups. Before it was asked, what comes
/// after the first section that only some servers have is left out: nothing moves later.
fn offered(groups: &'static [Group], can: Option<Capabilities>) -> Offered {
    let mut all = Offered::new();
    for group in groups {
        let mut sections = Vec::new();
        for section in group.sections {
            match (section.needs, can) {
                (None, _) => sections.push(section),
                (Some(needed), Some(can)) if can.has(needed) => sections.push(section),
                (Some(_), Some(_)) => {}
                (Some(_), None) => {
                    all.push((group.label, sections));
                    all.retain(|(_, sections)| !sections.is_empty());
                    return all;
                }
            }
        }
        if !sections.is_empty() {
            all.push((group.label, sections));
        }
    }
    all
}

/// The address where one of the section at `href` is created.
fn created(href: &str, kind: &str) -> String {
    let (connection, _) = href.rsplit_once('/').unwrap_or_default();
    format!("{connection}/new/{kind}")
}

/// Where a section's pages are.
fn pages(connection: &str, section: &Section) -> Vec<String> {
    let href = paths::section(connection, section.segment);
    let created = section.creates.map(|kind| created(&href, kind));
    [Some(href), created].into_iter().flatten().collect()
}

/// Whether it is the page or one below it.
fn is_below(path: &str, page: &str) -> bool {
    path.strip_prefix(page)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[component]
fn ConnectionLinks() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let links = move || {
        let all = connections.all.get().unwrap_or_default();
        all.into_iter()
            .map(|connection| {
                view! {
                    <li>
                        <a href=paths::home(&connection.id) data-mark=connection.colour.as_str()>
                            <span class="dot"></span>
                            {connection.name}
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h2>"Open"</h2>
        <ul>{links}</ul>
    }
    .into_any()
}

/// Marked as the current page on the pages below it as well.
#[component]
fn Item(
    label: &'static str,
    href: String,
    icon: IconName,
    #[prop(optional_no_strip)] creates: Option<&'static str>,
    #[prop(optional)] section: Option<&'static Section>,
) -> impl IntoView {
    let path = use_location().pathname;
    let created = creates.map(|kind| created(&href, kind));
    // Every page of a connection is below its first one.
    let whole = paths::connection_in(&href).is_some_and(|id| paths::home(id) == href);
    let exact = href.clone();
    let current = move || {
        path.with(|path| {
            if *path == exact {
                Some("page")
            } else if !whole && is_below(path, &exact) || created.as_ref() == Some(path) {
                Some("true")
            } else {
                None
            }
        })
    };
    let troubles = use_context::<Troubles>().zip(section);
    let failed = move || {
        let (Troubles(all), section) = troubles?;
        let count = all.with(|all| all.get(section.segment).copied())?;
        let label = format!("{count} failed");
        Some(
            view! { <span class="navigation-count" data-tone="bad" title=label.clone()>{count}<span class="visually-hidden">" failed"</span></span> },
        )
    };
    let prefetch = move || {
        if let Some(section) = section {
            section.prefetch();
        }
    };
    view! {
        <li>
            <a href=href aria-current=current on:pointerenter=move |_| prefetch() on:focus=move |_| prefetch()>
                <Icon name=icon />
                {label}
            </a>
            {failed}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::capability::Capability;

    use super::*;

    fn labels(can: Option<Capabilities>) -> Vec<&'static str> {
        let groups = offered(groups(System::Timeplus), can).into_iter();
        groups
            .flat_map(|(_, sections)| sections.into_iter().map(|section| section.label))
            .collect()
    }

    #[test]
    fn what_is_shown_before_the_server_was_asked_stays_where_it_is() {
        let before = labels(None);
        let nothing = labels(Some(Capabilities::default()));
        let everything = labels(Some(Capabilities::all()));
        assert!(!before.is_empty());
        assert_eq!(nothing[..before.len()], before);
        assert_eq!(everything[..before.len()], before);
    }

    #[test]
    fn what_a_server_lacks_is_not_offered() {
        let all = labels(Some(Capabilities::all()));
        let less = labels(Some(Capabilities::all().without(Capability::Cluster)));
        assert!(all.contains(&"Cluster") && !less.contains(&"Cluster"));
        assert_eq!(all.len(), less.len() + 1);
    }
}
