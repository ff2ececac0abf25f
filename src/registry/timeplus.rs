//! Timeplus' sections, with the workspace that only it has.

use leptos::prelude::IntoAny;
use weir_api::capability::Capability;

use crate::{
    kit::{Group, PageKind, Section, resource},
    systems::timeplus::{
        alerts::Alerts,
        api_keys,
        by_sql::{BySql, kinds},
        cluster,
        dashboards::{self, Dashboards},
        databases, dictionaries,
        external_streams::ExternalStreams,
        external_tables::ExternalTables,
        functions::Functions,
        invitations, licenses, logs,
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
    ui::{IconName, lazy::lazy},
    workspace::WorkspacePage,
};

const QUERY: &[Section] = &[
    Section::page(
        "SQL workspace",
        "sql",
        IconName::Prompt,
        lazy!(sql: PageKind => |_| WorkspacePage().into_any()),
    ),
    Section::page(
        "Queries",
        "queries",
        IconName::Pulse,
        lazy!(queries: PageKind => |kind| match kind {
            PageKind::Detail => QueryDetailPage().into_any(),
            _ => QueryListPage().into_any(),
        }),
    )
    .with_detail(),
    resource!(IconName::Bookmark, timeplus_list_saved_queries, queries, detail_saved_queries: SavedQueries),
    resource!(IconName::Dashboard, timeplus_list_dashboards, dashboards, detail_dashboards: Dashboards => dashboards::page::view),
];

const DATA: &[Section] = &[
    resource!(IconName::Layers, timeplus_list_streams, streams, detail_streams: Streams),
    resource!(IconName::Incoming, timeplus_list_external_streams, external, detail_external_streams: ExternalStreams)
        .unchanging(),
    resource!(IconName::Table, timeplus_list_external_tables, external, detail_external_tables: ExternalTables)
        .unchanging(),
    resource!(IconName::Eye, timeplus_list_views, views, detail_views: Views),
    resource!(IconName::Funnel, timeplus_list_materialized_views, views, detail_materialized_views: MaterializedViews)
        .that_runs(),
    resource!(IconName::Braces, timeplus_list_schemas, schemas, detail_schemas: Schemas),
    resource!(IconName::Function, timeplus_list_functions, functions, detail_functions: Functions),
    Section::page(
        "Databases",
        "databases",
        IconName::Disks,
        lazy!(databases: PageKind => |_| databases::page()),
    )
    .needs(Capability::Databases),
    Section::page(
        "Dictionaries",
        "dictionaries",
        IconName::Book,
        lazy!(databases: PageKind => |kind| match kind {
            PageKind::Detail => dictionaries::detail_page(),
            _ => dictionaries::page(),
        }),
    )
    .with_detail()
    .needs(Capability::Dictionaries),
    resource!(IconName::Pulse, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::RandomStreams>)
        .needs(Capability::RandomStreams),
    resource!(IconName::Layers, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::NamedCollections>)
        .needs(Capability::NamedCollections),
    resource!(IconName::Disks, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::Disks>)
        .needs(Capability::Disks),
    resource!(IconName::Layers, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::StoragePolicies>)
        .needs(Capability::StoragePolicies),
];

const FLOW: &[Section] = &[
    resource!(IconName::Plug, timeplus_list_sources, sources, detail_sources: Sources).that_runs(),
    resource!(IconName::Send, timeplus_list_sinks, sinks, detail_sinks: Sinks).that_runs(),
    resource!(IconName::Warning, timeplus_list_alerts, alerts, detail_alerts: Alerts).needs(Capability::Alerts),
    resource!(IconName::Reload, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::Tasks>)
        .needs(Capability::Tasks),
    resource!(IconName::Warning, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::SqlAlerts>)
        .needs(Capability::AlertsBySql),
    resource!(IconName::Funnel, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::ScheduledViews>)
        .needs(Capability::ScheduledViews),
    resource!(IconName::Flow, timeplus_list_pipelines, pipelines, detail_pipelines: Pipelines)
        .needs(Capability::Pipelines),
    Section::page(
        "Topology",
        "topology",
        IconName::Graph,
        lazy!(topology: PageKind => |_| topology::page(super::section)),
    ),
];

const ADMINISTRATION: &[Section] = &[
    Section::page(
        "Metrics",
        "metrics",
        IconName::Gauge,
        lazy!(metrics: PageKind => |_| metrics::page()),
    ),
    Section::page(
        "Logs",
        "logs",
        IconName::Book,
        lazy!(queries: PageKind => |_| logs::page()),
    )
    .needs(Capability::ServerLog),
    Section::page(
        "API keys",
        api_keys::SEGMENT,
        IconName::Key,
        lazy!(administration: PageKind => |kind| match kind {
            PageKind::Create => api_keys::create_page(),
            _ => api_keys::list_page(),
        }),
    )
    .with_create(api_keys::KIND, "API key")
    .needs(Capability::ApiKeys),
    resource!(IconName::Person, timeplus_list_users, administration, detail_users: Users),
    Section::page(
        "Roles",
        "roles",
        IconName::Shield,
        lazy!(administration: PageKind => |_| roles::page()),
    ),
    resource!(IconName::Shield, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::AccessRoles>)
        .needs(Capability::AccessRoles),
    resource!(IconName::Key, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::Grants>)
        .needs(Capability::Grants),
    resource!(IconName::Eye, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::RowPolicies>)
        .needs(Capability::RowPolicies),
    resource!(IconName::Gauge, timeplus_list_by_sql, by_sql, detail_by_sql: BySql<kinds::Quotas>)
        .needs(Capability::Quotas),
    Section::page(
        "Invitations",
        invitations::SEGMENT,
        IconName::Letter,
        lazy!(administration: PageKind => |kind| match kind {
            PageKind::Create => invitations::create_page(),
            _ => invitations::list_page(),
        }),
    )
    .with_create(invitations::KIND, "invitation")
    .needs(Capability::Invitations),
    Section::page(
        "Workspace",
        "workspace",
        IconName::Sliders,
        lazy!(administration: PageKind => |_| workspace::page()),
    ),
    Section::page(
        "Subscription",
        "subscription",
        IconName::Check,
        lazy!(administration: PageKind => |_| subscription::page()),
    )
    .needs(Capability::Subscription),
    Section::page(
        "License",
        "license",
        IconName::Seal,
        lazy!(administration: PageKind => |_| licenses::page()),
    )
    .needs(Capability::Licenses),
    Section::page(
        "Cluster",
        "cluster",
        IconName::Machines,
        lazy!(administration: PageKind => |_| cluster::page()),
    )
    .needs(Capability::Cluster),
];

pub(crate) const GROUPS: &[Group] = &[
    Group {
        label: "Query",
        sections: QUERY,
    },
    Group {
        label: "Data",
        sections: DATA,
    },
    Group {
        label: "Flow",
        sections: FLOW,
    },
    Group {
        label: "Administration",
        sections: ADMINISTRATION,
    },
];
