//! The kinds, in words.

use weir_api::timeplus::by_sql;

use super::Kind;
use crate::kit::{BulkAction, Names};

/// `Type: STATEMENTS, segment, kind, one, many, title, hint, loss, edit;`
macro_rules! kinds {
    ($($name:ident: $sql:ident, $segment:literal, $kind:literal, $one:literal, $many:literal, $title:literal,
        $hint:literal, $loss:expr, $edit:expr $(, $verbs:expr)?;)*) => {
        $(
            pub struct $name;

            impl Kind for $name {
                const SQL: by_sql::Kind = by_sql::$sql;
                const NAMES: Names = Names {
                    segment: $segment,
                    kind: $kind,
                    one: $one,
                    many: $many,
                    title: $title,
                    hint: $hint,
                };
                const LOSS: Option<&'static str> = $loss;
                const EDIT: Option<&'static str> = $edit;
                $(const VERBS: &'static [BulkAction] = $verbs;)?
            }
        )*
    };
}

kinds! {
    Tasks: TASKS, "tasks", "task", "task", "tasks", "Tasks",
        "A task runs a query again and again and writes what it answers into a stream or another system.",
        Some("What it has written stays. Nothing more is written."), Some("Edit"), TASK_VERBS;
    SqlAlerts: ALERTS, "sql-alerts", "sql-alert", "SQL alert", "SQL alerts", "SQL alerts",
        "An alert calls a Python function with what a streaming query finds.",
        Some("Nobody is told any more of what it watches."), None;
    RandomStreams: RANDOM_STREAMS, "random-streams", "random-stream", "random stream", "random streams", "Random streams",
        "A random stream makes up its rows while somebody reads it.",
        Some("Queries and views that read it fail."), None;
    ScheduledViews: SCHEDULED_VIEWS, "scheduled-views", "scheduled-view", "scheduled view", "scheduled views", "Scheduled views",
        "A scheduled materialized view keeps its state on a shared disk; the cluster decides which node runs it.",
        Some("Its state is lost. What it has written into its target stays."), Some("Move");
    NamedCollections: NAMED_COLLECTIONS, "named-collections", "named-collection", "named collection", "named collections", "Named collections",
        "A named collection holds settings that external streams, external tables and disks share.",
        Some("Everything that names it stops working when the server starts the next time."), Some("Change");
    Disks: DISKS, "disks", "disk", "disk", "disks", "Disks",
        "A disk is a place for data: a folder of the server or a bucket.",
        Some("What is stored there stays there. Storage policies that name it fail."), None;
    StoragePolicies: STORAGE_POLICIES, "storage-policies", "storage-policy", "storage policy", "storage policies", "Storage policies",
        "A storage policy says on which disks a stream keeps its rows, and when they move.",
        Some("Streams that are kept by it cannot be made again."), None;
    AccessRoles: ACCESS_ROLES, "access-roles", "access-role", "role", "roles", "Access roles",
        "A role holds what several users may do.",
        Some("Whoever has it may no longer do what it allows."), Some("Grant");
    Grants: GRANTS, "grants", "grant", "grant", "grants", "Grants",
        "A grant lets a user or a role do something.",
        None, Some("Revoke");
    RowPolicies: ROW_POLICIES, "row-policies", "row-policy", "row policy", "row policies", "Row policies",
        "A row policy says which rows of a stream somebody may read.",
        Some("Whoever it held back may read all rows."), Some("Change");
    Quotas: QUOTAS, "quotas", "quota", "quota", "quotas", "Quotas",
        "A quota limits how much somebody may ask for in a time.",
        Some("Nobody is limited by it any more."), Some("Change");
}

const TASK_VERBS: &[BulkAction] = &[
    BulkAction {
        verb: "Pause",
        done: "paused",
        request: |key| Ok(by_sql::TASKS.run("SYSTEM PAUSE TASK", key)),
        effect: "They do not run until they are resumed.",
        needs: None,
        helps: &[],
    },
    BulkAction {
        verb: "Resume",
        done: "resumed",
        request: |key| Ok(by_sql::TASKS.run("SYSTEM RESUME TASK", key)),
        effect: "They run again at their times.",
        needs: None,
        helps: &["error"],
    },
];
