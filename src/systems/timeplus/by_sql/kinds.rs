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
        "A task runs a query on a schedule and writes the result to a stream or an external system.",
        Some("Execution stops. Rows already written are kept."), Some("Edit"), TASK_VERBS;
    SqlAlerts: ALERTS, "sql-alerts", "sql-alert", "SQL alert", "SQL alerts", "SQL alerts",
        "An SQL alert calls a Python function with the rows of a streaming query.",
        Some("Notifications stop."), None;
    RandomStreams: RANDOM_STREAMS, "random-streams", "random-stream", "random stream", "random streams", "Random streams",
        "A random stream generates rows while it is read.",
        Some("Dependent queries and views fail."), None;
    ScheduledViews: SCHEDULED_VIEWS, "scheduled-views", "scheduled-view", "scheduled view", "scheduled views", "Scheduled views",
        "A scheduled materialized view keeps its state on a shared disk; the cluster decides which node runs it.",
        Some("The state is lost. Rows already written to the target are kept."), Some("Move");
    NamedCollections: NAMED_COLLECTIONS, "named-collections", "named-collection", "named collection", "named collections", "Named collections",
        "A named collection holds settings that external streams, external tables and disks share.",
        Some("Dependent resources stop working after the next server restart."), Some("Change");
    Disks: DISKS, "disks", "disk", "disk", "disks", "Disks",
        "A disk is storage: a folder on the server or a bucket.",
        Some("Stored data is kept. Dependent storage policies fail."), None;
    StoragePolicies: STORAGE_POLICIES, "storage-policies", "storage-policy", "storage policy", "storage policies", "Storage policies",
        "A storage policy defines on which disks a stream stores its rows, and when they move.",
        Some("Dependent streams cannot be recreated."), None;
    AccessRoles: ACCESS_ROLES, "access-roles", "access-role", "role", "roles", "Access roles",
        "A role is a set of permissions that several users can share.",
        Some("Users with the role lose its permissions."), Some("Grant");
    Grants: GRANTS, "grants", "grant", "grant", "grants", "Grants",
        "A grant gives a permission to a user or a role.",
        None, Some("Revoke");
    RowPolicies: ROW_POLICIES, "row-policies", "row-policy", "row policy", "row policies", "Row policies",
        "A row policy defines which rows of a stream users can read.",
        Some("Restricted users can read all rows."), Some("Change");
    Quotas: QUOTAS, "quotas", "quota", "quota", "quotas", "Quotas",
        "A quota limits a user's queries per interval.",
        Some("The limits no longer apply."), Some("Change");
}

const TASK_VERBS: &[BulkAction] = &[
    BulkAction {
        verb: "Pause",
        done: "paused",
        request: |key| Ok(by_sql::TASKS.run("SYSTEM PAUSE TASK", key)),
        effect: "Execution stops until resumed.",
        needs: None,
        helps: &[],
        halts: true,
        idle: &["paused", "suspended"],
    },
    BulkAction {
        verb: "Resume",
        done: "resumed",
        request: |key| Ok(by_sql::TASKS.run("SYSTEM RESUME TASK", key)),
        effect: "Execution resumes on schedule.",
        needs: None,
        helps: &["error"],
        halts: false,
        idle: &["running", "delivering"],
    },
];
