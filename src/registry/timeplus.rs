//! Timeplus' sections, with the workspace that only it has.

use leptos::prelude::IntoAny;
use weir_api::capability::Capability;

use crate::{
    kit::{Group, Section},
    systems::timeplus::{
        alerts::Alerts,
        api_keys, cluster,
        dashboards::{self, Dashboards},
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
    },
    ui::IconName,
    workspace::WorkspacePage,
};

pub(crate) const GROUPS: &[Group] = &[
    Group {
        label: "Query",
        sections: &[
            Section::page("SQL workspace", "sql", IconName::Prompt, || {
                WorkspacePage().into_any()
            }),
            Section::page("Queries", "queries", IconName::Pulse, || {
                QueryListPage().into_any()
            })
            .with_detail(|| QueryDetailPage().into_any()),
            Section::resource::<SavedQueries>(IconName::Bookmark),
            Section::resource::<Dashboards>(IconName::Dashboard)
                .with_detail(dashboards::page::view),
        ],
    },
    Group {
        label: "Data",
        sections: &[
            Section::resource::<Streams>(IconName::Layers),
            Section::resource::<ExternalStreams>(IconName::Incoming).unchanging(),
            Section::resource::<ExternalTables>(IconName::Table).unchanging(),
            Section::resource::<Views>(IconName::Eye),
            Section::resource::<MaterializedViews>(IconName::Funnel),
            Section::resource::<Schemas>(IconName::Braces),
            Section::resource::<Functions>(IconName::Function),
            Section::page("Databases", "databases", IconName::Disks, databases::page)
                .needs(Capability::Databases),
            Section::page(
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
        sections: &[
            Section::resource::<Sources>(IconName::Plug),
            Section::resource::<Sinks>(IconName::Send),
            Section::resource::<Alerts>(IconName::Warning).needs(Capability::Alerts),
            Section::resource::<Pipelines>(IconName::Flow).needs(Capability::Pipelines),
            Section::page("Topology", "topology", IconName::Graph, || {
                topology::page(super::section)
            }),
        ],
    },
    Group {
        label: "Administration",
        sections: &[
            Section::page("Metrics", "metrics", IconName::Gauge, metrics::page),
            Section::page(
                "API keys",
                api_keys::SEGMENT,
                IconName::Key,
                api_keys::list_page,
            )
            .with_create(api_keys::KIND, api_keys::create_page)
            .needs(Capability::ApiKeys),
            Section::resource::<Users>(IconName::Person),
            Section::page("Roles", "roles", IconName::Shield, roles::page),
            Section::page(
                "Invitations",
                invitations::SEGMENT,
                IconName::Letter,
                invitations::list_page,
            )
            .with_create(invitations::KIND, invitations::create_page)
            .needs(Capability::Invitations),
            Section::page("Workspace", "workspace", IconName::Sliders, workspace::page),
            Section::page(
                "Subscription",
                "subscription",
                IconName::Check,
                subscription::page,
            )
            .needs(Capability::Subscription),
            Section::page("Licence", "license", IconName::Seal, licenses::page)
                .needs(Capability::Licenses),
            Section::page("Cluster", "cluster", IconName::Machines, cluster::page)
                .needs(Capability::Cluster),
        ],
    },
];
