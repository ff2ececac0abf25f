//! The left navigation: sections of the current connection, or the connections themselves.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    connections::{Connections, use_connection},
    paths,
    ui::{Icon, IconName},
};

pub struct Group {
    label: &'static str,
    pub places: &'static [Place],
}

/// A section of a connection.
pub struct Place {
    pub label: &'static str,
    /// In `/c/{connection}/{segment}`.
    pub segment: &'static str,
    /// In `/c/{connection}/new/{creates}`.
    pub creates: Option<&'static str>,
    icon: IconName,
}

impl Place {
    pub fn path(&self, connection: &str) -> String {
        format!("{}/{}", paths::home(connection), self.segment)
    }
}

pub const GROUPS: [Group; 2] = [
    Group {
        label: "Query",
        places: &[
            Place {
                label: "SQL workspace",
                segment: "sql",
                creates: None,
                icon: IconName::Prompt,
            },
            Place {
                label: "Queries",
                segment: "queries",
                creates: None,
                icon: IconName::Pulse,
            },
        ],
    },
    Group {
        label: "Data",
        places: &[Place {
            label: "Streams",
            segment: "streams",
            creates: Some("stream"),
            icon: IconName::Layers,
        }],
    },
];

#[component]
pub fn Navigation() -> impl IntoView {
    let connection = use_connection();
    let id = Memo::new(move |_| connection.get().map(|connection| connection.id));
    view! {
        <nav class="navigation" id="navigation" aria-label="Main">
            {move || match id.get() {
                Some(id) => view! { <Sections connection=id /> }.into_any(),
                None => view! { <ConnectionLinks /> }.into_any(),
            }}
            <ul class="navigation-foot">
                <Item label="Connections" href=paths::CONNECTIONS.to_string() icon=IconName::Plug />
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Sections(connection: String) -> impl IntoView {
    let group = move |group: &Group| {
        let items: Vec<_> = group
            .places
            .iter()
            .map(|place| {
                view! { <Item label=place.label href=place.path(&connection) icon=place.icon creates=place.creates /> }
            })
            .collect();
        view! {
            <h2>{group.label}</h2>
            <ul>{items}</ul>
        }
    };
    GROUPS.iter().map(group).collect_view().into_any()
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
) -> impl IntoView {
    let path = use_location().pathname;
    let created = creates.map(|kind| {
        let (connection, _) = href.rsplit_once('/').unwrap_or_default();
        format!("{connection}/new/{kind}")
    });
    let below = format!("{href}/");
    let exact = href.clone();
    let current = move || {
        path.with(|path| {
            if *path == exact {
                Some("page")
            } else if path.starts_with(&below) || created.as_ref() == Some(path) {
                Some("true")
            } else {
                None
            }
        })
    };
    view! {
        <li>
            <a href=href aria-current=current>
                <Icon name=icon />
                {label}
            </a>
        </li>
    }
    .into_any()
}
