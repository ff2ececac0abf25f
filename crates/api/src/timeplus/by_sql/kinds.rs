//! The kinds: how each is listed, shown, dropped and made.

use super::{Kind, Named, Shown};
use crate::capability::Capability;

pub const TASKS: Kind = Kind {
    capability: Capability::Tasks,
    list: "SHOW TASKS",
    named: Named::Inside("name"),
    shown: Shown::By("SHOW CREATE TASK"),
    drop: "DROP TASK",
    begins: &["CREATE TASK", "CREATE OR REPLACE TASK"],
    create: "CREATE TASK name\nSCHEDULE 1m\nTIMEOUT 30s\nINTO target\nAS\nSELECT * FROM table(source)",
    change: "CREATE OR REPLACE TASK {}\nSCHEDULE 1m\nTIMEOUT 30s\nINTO target\nAS\nSELECT * FROM table(source)",
};

pub const ALERTS: Kind = Kind {
    capability: Capability::AlertsBySql,
    list: "SHOW ALERTS SETTINGS verbose=true",
    named: Named::Inside("name"),
    shown: Shown::By("SHOW CREATE ALERT"),
    drop: "DROP ALERT",
    begins: &["CREATE ALERT", "CREATE OR REPLACE ALERT"],
    create: "CREATE ALERT name\nBATCH 10 EVENTS WITH TIMEOUT 5s\nLIMIT 1 ALERTS PER 15s\nCALL python_function\nAS\nSELECT column FROM stream",
    change: "",
};

pub const RANDOM_STREAMS: Kind = Kind {
    capability: Capability::RandomStreams,
    list: "SELECT database, name, create_table_query FROM system.tables WHERE engine = 'Random'",
    named: Named::Inside("name"),
    shown: Shown::Where("system.tables", "name"),
    drop: "DROP STREAM",
    begins: &["CREATE RANDOM STREAM"],
    create: "CREATE RANDOM STREAM name(\n  device string DEFAULT 'device' || to_string(rand() % 4),\n  temperature float DEFAULT rand() % 1000 / 10\n)\nSETTINGS eps = 10",
    change: "",
};

pub const SCHEDULED_VIEWS: Kind = Kind {
    capability: Capability::ScheduledViews,
    list: "SELECT * FROM system.execute_stream_assignments",
    named: Named::Inside("name"),
    shown: Shown::Where("system.execute_stream_assignments", "name"),
    drop: "DROP VIEW",
    begins: &[
        "CREATE SCHEDULED MATERIALIZED VIEW",
        "SYSTEM TRANSFER SCHED MATERIALIZED VIEW",
        "SYSTEM REBALANCE SCHED MATERIALIZED VIEWS",
    ],
    create: "CREATE SCHEDULED MATERIALIZED VIEW name INTO target AS\nSELECT * FROM source\nSETTINGS checkpoint_settings = 'replication_type=shared;shared_disk=disk'\nCOMMENT 'tag=pipeline'",
    change: "SYSTEM TRANSFER SCHED MATERIALIZED VIEW {} TO 1",
};

pub const NAMED_COLLECTIONS: Kind = Kind {
    capability: Capability::NamedCollections,
    list: "SELECT * FROM system.named_collections",
    named: Named::Column("name"),
    shown: Shown::Where("system.named_collections", "name"),
    drop: "DROP NAMED COLLECTION",
    begins: &["CREATE NAMED COLLECTION", "ALTER NAMED COLLECTION"],
    create: "CREATE NAMED COLLECTION name AS\n  brokers = 'host:9092' OVERRIDABLE,\n  password = '' NOT OVERRIDABLE",
    change: "ALTER NAMED COLLECTION {}\nSET key = 'value'",
};

pub const DISKS: Kind = Kind {
    capability: Capability::Disks,
    list: "SHOW DISKS",
    named: Named::Column("name"),
    shown: Shown::Where("system.disks", "name"),
    drop: "DROP DISK",
    begins: &["CREATE DISK"],
    create: "CREATE DISK name disk(\n  type = 's3',\n  endpoint = 'https://bucket.s3.region.amazonaws.com/streams/',\n  use_environment_credentials = 1\n)",
    change: "",
};

pub const STORAGE_POLICIES: Kind = Kind {
    capability: Capability::StoragePolicies,
    list: "SHOW STORAGE POLICIES",
    named: Named::Column("policy_name"),
    shown: Shown::Where("system.storage_policies", "policy_name"),
    drop: "DROP STORAGE POLICY",
    begins: &["CREATE STORAGE POLICY"],
    create: "CREATE STORAGE POLICY name AS $$\nvolumes:\n  hot:\n    disk: default\n  cold:\n    disk: s3disk\nmove_factor: 0.1\n$$",
    change: "",
};

pub const ACCESS_ROLES: Kind = Kind {
    capability: Capability::AccessRoles,
    list: "SELECT * FROM system.roles",
    named: Named::Column("name"),
    shown: Shown::Where("system.roles", "name"),
    drop: "DROP ROLE",
    begins: &["CREATE ROLE", "ALTER ROLE", "GRANT", "REVOKE"],
    create: "CREATE ROLE name",
    change: "GRANT SELECT ON default.* TO {}",
};

pub const GRANTS: Kind = Kind {
    capability: Capability::Grants,
    list: "SELECT * FROM system.grants",
    named: Named::Grant,
    shown: Shown::Where("system.grants", "coalesce(user_name, role_name)"),
    drop: "",
    begins: &["GRANT", "REVOKE"],
    create: "GRANT SELECT ON default.* TO name",
    change: "REVOKE SELECT ON default.* FROM {}",
};

pub const ROW_POLICIES: Kind = Kind {
    capability: Capability::RowPolicies,
    list: "SELECT * FROM system.row_policies",
    named: Named::On,
    shown: Shown::Where("system.row_policies", "name"),
    drop: "DROP ROW POLICY",
    begins: &[
        "CREATE ROW POLICY",
        "CREATE POLICY",
        "ALTER ROW POLICY",
        "ALTER POLICY",
    ],
    create: "CREATE ROW POLICY name ON stream\nFOR SELECT USING column != 'hidden'\nTO somebody",
    change: "ALTER ROW POLICY {}\nTO somebody",
};

pub const QUOTAS: Kind = Kind {
    capability: Capability::Quotas,
    list: "SELECT * FROM system.quotas",
    named: Named::Column("name"),
    shown: Shown::Where("system.quotas", "name"),
    drop: "DROP QUOTA",
    begins: &["CREATE QUOTA", "ALTER QUOTA"],
    create: "CREATE QUOTA name FOR INTERVAL 1 hour MAX queries = 100 TO somebody",
    change: "ALTER QUOTA {} FOR INTERVAL 1 hour MAX queries = 100",
};

pub const ALL: [Kind; 11] = [
    TASKS,
    ALERTS,
    RANDOM_STREAMS,
    SCHEDULED_VIEWS,
    NAMED_COLLECTIONS,
    DISKS,
    STORAGE_POLICIES,
    ACCESS_ROLES,
    GRANTS,
    ROW_POLICIES,
    QUOTAS,
];
