//! Every section of a connection: where the navigation shows it and which pages it has. A new
//! resource is one line here.

use leptos::prelude::*;
use weir_api::{System, capability::Capability};

use super::timeplus::{
    alerts::Alerts,
    api_keys, cluster,
    dashboards::Dashboards,
    databases, dictionaries,
    external_streams::ExternalStreams,
    external_tables::ExternalTables,
    functions::Functions,
    invitations, licenses,
    materialized_views::MaterializedViews,
    metrics,
    pipelines::Pipelines,
    queries::{QueryDetailPage, QueryListPage},
    roles,
    saved_queries::SavedQueries,
    schemas::Schemas,
    sinks::Sinks,
    sources::Sources,
    streams::Streams,
    subscription, topology,
    users::Users,
    views::Views,
    workspace,
};
use super::{azion, dataworks, secmaster};
use crate::{
    dashboards,
    kit::{self, ResourceSpec},
    ui::IconName,
    workspace::WorkspacePage,
};

pub struct Group {
    pub label: &'static str,
    pub places: &'static [Place],
}

/// A section of a connection, at `/c/{connection}/{segment}`.
pub struct Place {
    pub label: &'static str,
    pub segment: &'static str,
    /// In `/c/{connection}/new/{creates}`.
    pub creates: Option<&'static str>,
    pub icon: IconName,
    /// Without it the section is not offered.
    pub needs: Option<Capability>,
    pub pages: Pages,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.segment == other.segment
    }
}

pub type View = fn() -> AnyView;

/// The key of `detail` and `edit` is the route's parameter `key`.
pub struct Pages {
    pub list: View,
    pub create: Option<View>,
    pub detail: Option<View>,
    pub edit: Option<View>,
}

impl Place {
    /// A section with one page.
    pub const fn page(
        label: &'static str,
        segment: &'static str,
        icon: IconName,
        list: View,
    ) -> Self {
        let pages = Pages {
            list,
            create: None,
            detail: None,
            edit: None,
        };
        Self {
            label,
            segment,
            creates: None,
            icon,
            needs: None,
            pages,
        }
    }

    /// The pages that `kit` makes of a resource.
    pub const fn resource<S: ResourceSpec>(icon: IconName) -> Self {
        let mut place = Self::page(S::TITLE, S::SEGMENT, icon, kit::list_page::<S>);
        place.creates = Some(S::KIND);
        place.pages.create = Some(kit::create_page::<S>);
        place.pages.detail = Some(kit::detail_page::<S>);
        place.pages.edit = Some(kit::edit_page::<S>);
        place
    }

    /// Only some servers have it.
    pub const fn needs(mut self, capability: Capability) -> Self {
        self.needs = Some(capability);
        self
    }

    /// Made once and not edited.
    pub const fn unchanging(mut self) -> Self {
        self.pages.edit = None;
        self
    }

    pub const fn with_create(mut self, kind: &'static str, create: View) -> Self {
        self.creates = Some(kind);
        self.pages.create = Some(create);
        self
    }

    pub const fn with_list(mut self, list: View) -> Self {
        self.pages.list = list;
        self
    }

    pub const fn with_edit(mut self, edit: View) -> Self {
        self.pages.edit = Some(edit);
        self
    }

    pub const fn with_detail(mut self, detail: View) -> Self {
        self.pages.detail = Some(detail);
        self
    }
}

/// Sections of a Timeplus connection.
const TIMEPLUS: &[Group] = &[
    Group {
        label: "Query",
        places: &[
            Place::page("SQL workspace", "sql", IconName::Prompt, || {
                WorkspacePage().into_any()
            }),
            Place::page("Queries", "queries", IconName::Pulse, || {
                QueryListPage().into_any()
            })
            .with_detail(|| QueryDetailPage().into_any()),
            Place::resource::<SavedQueries>(IconName::Bookmark),
            Place::resource::<Dashboards>(IconName::Dashboard).with_detail(dashboards::page::view),
        ],
    },
    Group {
        label: "Data",
        places: &[
            Place::resource::<Streams>(IconName::Layers),
            Place::resource::<ExternalStreams>(IconName::Incoming).unchanging(),
            Place::resource::<ExternalTables>(IconName::Table).unchanging(),
            Place::resource::<Views>(IconName::Eye),
            Place::resource::<MaterializedViews>(IconName::Funnel),
            Place::resource::<Schemas>(IconName::Braces),
            Place::resource::<Functions>(IconName::Function),
            Place::page("Databases", "databases", IconName::Disks, databases::page)
                .needs(Capability::Databases),
            Place::page(
                "Dictionaries",
                "dictionaries",
                IconName::Book,
                dictionaries::page,
            )
            .with_detail(dictionaries::detail_page)
            .needs(Capability::Dictionaries),
        ],
    },
    Group {
        label: "Flow",
        places: &[
            Place::resource::<Sources>(IconName::Plug),
            Place::resource::<Sinks>(IconName::Send),
            Place::resource::<Alerts>(IconName::Warning).needs(Capability::Alerts),
            Place::resource::<Pipelines>(IconName::Flow).needs(Capability::Pipelines),
            Place::page("Topology", "topology", IconName::Graph, topology::page),
        ],
    },
    Group {
        label: "Administration",
        places: &[
            Place::page("Metrics", "metrics", IconName::Gauge, metrics::page),
            Place::page(
                "API keys",
                api_keys::SEGMENT,
                IconName::Key,
                api_keys::list_page,
            )
            .with_create(api_keys::KIND, api_keys::create_page)
            .needs(Capability::ApiKeys),
            Place::resource::<Users>(IconName::Person),
            Place::page("Roles", "roles", IconName::Shield, roles::page),
            Place::page(
                "Invitations",
                invitations::SEGMENT,
                IconName::Letter,
                invitations::list_page,
            )
            .with_create(invitations::KIND, invitations::create_page)
            .needs(Capability::Invitations),
            Place::page("Workspace", "workspace", IconName::Sliders, workspace::page),
            Place::page(
                "Subscription",
                "subscription",
                IconName::Check,
                subscription::page,
            )
            .needs(Capability::Subscription),
            Place::page("Licence", "license", IconName::Seal, licenses::page)
                .needs(Capability::Licenses),
            Place::page("Cluster", "cluster", IconName::Machines, cluster::page)
                .needs(Capability::Cluster),
        ],
    },
];

/// Sections of a connection of the system.
pub fn groups(system: System) -> &'static [Group] {
    match system {
        System::Timeplus => TIMEPLUS,
        System::Azion => azion::GROUPS,
        System::SecMaster => secmaster::GROUPS,
        System::DataWorks => dataworks::GROUPS,
    }
}

/// The first page of a connection.
pub fn first(system: System) -> Option<&'static Place> {
    groups(system).iter().flat_map(|group| group.places).next()
}

/// The system that has the section.
pub fn system_of(place: &Place) -> Option<System> {
    System::ALL.into_iter().find(|system| {
        let places = groups(*system).iter().flat_map(|group| group.places);
        places.into_iter().any(|one| one == place)
    })
}

/// Of all systems: no two have a section of the same segment.
pub fn places() -> impl Iterator<Item = &'static Place> {
    let groups = System::ALL.into_iter().flat_map(groups);
    groups.flat_map(|group| group.places)
}

pub fn place(segment: &str) -> Option<&'static Place> {
    places().find(|place| place.segment == segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_systems_share_a_segment_or_a_kind() {
        let mut segments: Vec<&str> = places().map(|place| place.segment).collect();
        let mut kinds: Vec<&str> = places().filter_map(|place| place.creates).collect();
        for names in [&mut segments, &mut kinds] {
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{names:?}");
        }
    }
}
