//! What servers of 3.x have behind SQL only: tasks, disks, roles and others. There is no REST
//! resource for any of these, so each is a statement that lists them, one that tells of one, and
//! one that drops it. Columns differ between servers: they are read as they come.

use serde::{Deserialize, Serialize};

use super::{
    exec,
    quote::{name as quoted, text},
};
use crate::{ApiError, ApiRequest, Method, capability::Capability, json_response, request::Body};

/// One column of a row and what stands in it.
pub type Field = (String, String);

/// Columns that tell how a thing was made.
const STATEMENTS: &[&str] = &["statement", "create_query", "create_table_query", "query"];

/// One of these things, as the server tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Thing {
    pub key: String,
    pub fields: Vec<Field>,
    /// In a file: the statement that makes it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sql: String,
}

impl Thing {
    /// The value of the first of these columns that says something.
    pub fn of(&self, columns: &[&str]) -> &str {
        value(&self.fields, columns)
    }

    /// The statement that made it, where the server tells.
    pub fn statement(&self) -> &str {
        match self.sql.as_str() {
            "" => self.of(STATEMENTS),
            sql => sql,
        }
    }
}

fn value<'a>(fields: &'a [Field], columns: &[&str]) -> &'a str {
    let of = |column: &&str| {
        let mut named = fields
            .iter()
            .filter(|(name, value)| name.eq_ignore_ascii_case(column) && !value.is_empty());
        named.next()
    };
    columns
        .iter()
        .find_map(of)
        .map_or("", |(_, value)| value.as_str())
}

/// What makes a row one of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A name for the whole server; else the first column.
    Column(&'static str),
    /// A name within a database: `db.name` where the row says which.
    Inside(&'static str),
    /// `name ON db.table`.
    On,
    /// Who may what on what.
    Grant,
}

/// A kind of things.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    pub capability: Capability,
    /// Lists all of them.
    pub list: &'static str,
    pub named: Named,
    /// What tells of one: a table of the server's, or the words before its name.
    pub shown: Shown,
    /// The words before its name; empty where it cannot be dropped.
    pub drop: &'static str,
    /// What a statement that makes or changes one begins with.
    pub begins: &'static [&'static str],
    /// A statement that makes one, to be filled in.
    pub create: &'static str,
    /// A statement that changes one, with `{}` in the place of its name.
    pub change: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    By(&'static str),
    /// The rows of a table, or of a query in parentheses, where this column has the name.
    Where(&'static str, &'static str),
}

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

impl Kind {
    pub fn list(&self) -> ApiRequest {
        request(exec::Kind::Historical, self.list)
    }

    pub fn get(&self, key: &str) -> ApiRequest {
        let sql = match self.shown {
            Shown::By(words) => format!("{words} {}", self.target(key)),
            Shown::Where(table, column) => {
                let inside = self.inside(key);
                let name = match self.named {
                    Named::Grant => who(key),
                    _ => inside.map_or(key, |(_, name)| name),
                };
                let database = inside.map_or_else(String::new, |(database, _)| {
                    format!(" AND database = {}", text(database))
                });
                format!(
                    "SELECT * FROM {table} WHERE {column} = {}{database}",
                    text(name)
                )
            }
        };
        request(exec::Kind::Historical, &sql)
    }

    pub fn delete(&self, key: &str) -> ApiRequest {
        self.run(self.drop, key)
    }

    /// Something done to one by words before its name.
    pub fn run(&self, words: &str, key: &str) -> ApiRequest {
        let sql = format!("{words} {}", self.target(key));
        request(exec::Kind::Ddl, &sql)
    }

    /// The change to begin with.
    pub fn changed(&self, key: &str) -> String {
        self.change.replace("{}", &self.target(key))
    }

    fn inside<'k>(&self, key: &'k str) -> Option<(&'k str, &'k str)> {
        match self.named {
            Named::Inside(_) => key.split_once('.'),
            _ => None,
        }
    }

    /// The name as a statement wants it.
    pub fn target(&self, key: &str) -> String {
        let path = |path: &str| match path.split_once('.') {
            Some((database, "*")) => format!("{}.*", quoted(database)),
            Some((database, name)) => format!("{}.{}", quoted(database), quoted(name)),
            None => quoted(path),
        };
        match self.named {
            Named::Column(_) => quoted(key),
            Named::Inside(_) => path(key),
            Named::On => match key.rsplit_once(" ON ") {
                Some((name, table)) => format!("{} ON {}", quoted(name), path(table)),
                None => quoted(key),
            },
            Named::Grant => quoted(who(key)),
        }
    }

    fn key(&self, fields: &[Field]) -> String {
        let first = || fields.first().map_or("", |(_, value)| value.as_str());
        let or_first = |found: &str| match found {
            "" => first().to_string(),
            found => found.to_string(),
        };
        let of = |columns: &[&str]| value(fields, columns);
        match self.named {
            Named::Column(name) => or_first(of(&[name, "name"])),
            Named::Inside(name) => {
                let name = or_first(of(&[name]));
                match of(&["database"]) {
                    "" => name,
                    database => format!("{database}.{name}"),
                }
            }
            Named::On => {
                let (name, short) = (of(&["name"]), of(&["short_name"]));
                let (database, table) = (of(&["database"]), of(&["table"]));
                match (name, short) {
                    (name, "") if !name.is_empty() => name.into(),
                    (_, "") => or_first(""),
                    (_, short) if table.is_empty() => format!("{short} ON {database}.*"),
                    (_, short) => format!("{short} ON {database}.{table}"),
                }
            }
            Named::Grant => {
                let who = or_first(of(&["user_name", "role_name", "name"]));
                let (what, place) = (
                    of(&["access_type", "granted_role_name"]),
                    [of(&["database"]), of(&["table"]), of(&["column"])],
                );
                let place = place.map(|part| if part.is_empty() { "*" } else { part });
                format!("{who}: {what} ON {}", place.join("."))
            }
        }
    }

    /// All of a list's answer.
    pub fn all(&self, body: &[u8]) -> Result<Vec<Thing>, ApiError> {
        let things = rows(body)?.into_iter().map(|fields| Thing {
            key: self.key(&fields),
            fields,
            sql: String::new(),
        });
        Ok(things.collect())
    }

    /// What the answer tells of one, all of its rows together.
    pub fn one(&self, body: &[u8]) -> Result<Thing, ApiError> {
        let rows = rows(body)?;
        if rows.is_empty() {
            return Err(ApiError::with_status(
                404,
                "the server knows none of this name",
            ));
        }
        let key = match self.shown {
            Shown::Where(..) => rows.first().map(|fields| self.key(fields)),
            Shown::By(_) => rows.first().map(|fields| {
                let statement = value(fields, STATEMENTS);
                name_in(statement, self.begins)
            }),
        };
        Ok(Thing {
            key: key.unwrap_or_default(),
            fields: rows.into_iter().flatten().collect(),
            sql: String::new(),
        })
    }
}

/// Of a grant's key.
fn who(key: &str) -> &str {
    key.split_once(": ").map_or(key, |(who, _)| who)
}

/// What a statement that ends answers with, as text by column.
fn rows(body: &[u8]) -> Result<Vec<Vec<Field>>, ApiError> {
    let answer: exec::Answer = json_response(body)?;
    let row = |values: Vec<Box<serde_json::value::RawValue>>| {
        let values = values.iter().enumerate().map(|(at, value)| {
            let name = answer.columns.get(at).map(|column| column.name.clone());
            let name = name.unwrap_or_else(|| format!("column {}", at + 1));
            let text = match value.get() {
                "null" => String::new(),
                other => serde_json::from_str(other).unwrap_or_else(|_| other.into()),
            };
            (name, text)
        });
        values.collect()
    };
    Ok(answer.data.into_iter().map(row).collect())
}

fn request(kind: exec::Kind, sql: &str) -> ApiRequest {
    let body = serde_json::json!({ "sql": sql, "type": kind });
    let mut request = ApiRequest::new(Method::Post, "/v1beta2/exec");
    request.body = Some(Body {
        content_type: "application/json".into(),
        bytes: body.to_string().into_bytes(),
    });
    request
}

/// The name in a statement behind the words that it begins with; empty where there is none.
pub fn name_in(sql: &str, begins: &[&str]) -> String {
    let Some(rest) = begins.iter().find_map(|words| behind(sql, words)) else {
        return String::new();
    };
    let rest = behind(rest, "IF NOT EXISTS").unwrap_or(rest).trim_start();
    let end = |c: char| c.is_whitespace() || matches!(c, '(' | ';' | ',');
    let name = rest.split(end).next().unwrap_or_default();
    name.replace('`', "")
}

/// What follows these words, in whatever case and with whatever space between them.
pub fn behind<'s>(sql: &'s str, words: &str) -> Option<&'s str> {
    let mut rest = sql;
    for word in words.split(' ') {
        rest = rest.trim_start();
        let found = rest.get(..word.len())?;
        if !found.eq_ignore_ascii_case(word) {
            return None;
        }
        rest = &rest[word.len()..];
        let ends = rest
            .chars()
            .next()
            .is_none_or(|c| !c.is_alphanumeric() && c != '_');
        if !ends {
            return None;
        }
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(request: &ApiRequest) -> String {
        let body = &request.body.as_ref().expect("a body").bytes;
        let body: serde_json::Value = serde_json::from_slice(body).expect("JSON");
        body["sql"].as_str().expect("a statement").into()
    }

    fn answer(columns: &[&str], rows: serde_json::Value) -> Vec<u8> {
        let columns: Vec<_> = columns
            .iter()
            .map(|name| serde_json::json!({"name": name, "type": "string"}))
            .collect();
        serde_json::json!({"columns": columns, "data": rows})
            .to_string()
            .into_bytes()
    }

    #[test]
    fn rows_are_read_whatever_their_columns() {
        let body = answer(
            &["database", "name", "free", "tags", "note"],
            serde_json::json!([
                ["ops", "t.1", 18_446_744_073_709_551_615_u64, ["a"], null],
                ["", "x"]
            ]),
        );
        let all = TASKS.all(&body).expect("tasks");
        assert_eq!(all[0].key, "ops.t.1");
        assert_eq!(all[0].of(&["FREE"]), "18446744073709551615");
        assert_eq!(
            (all[0].of(&["tags"]), all[0].of(&["note"])),
            (r#"["a"]"#, "")
        );
        assert_eq!(all[1].key, "x");
        // More values than columns, and columns of other names.
        let all = DISKS.all(&answer(&["Disk"], serde_json::json!([["d", 7]])));
        let disk = &all.expect("disks")[0];
        assert_eq!(disk.key, "d");
        assert_eq!(disk.fields[1], ("column 2".into(), "7".into()));
        assert!(
            TASKS
                .all(br#"{"columns":null,"data":null}"#)
                .expect("none")
                .is_empty()
        );
    }

    #[test]
    fn one_is_dropped_by_the_name_it_has() {
        assert_eq!(sql(&TASKS.delete("ops.my task")), "DROP TASK ops.`my task`");
        assert_eq!(sql(&DISKS.delete("a.b")), "DROP DISK `a.b`");
        assert_eq!(
            sql(&ROW_POLICIES.delete("p ON x ON db.*")),
            "DROP ROW POLICY `p ON x` ON db.*"
        );
        let grants = GRANTS.all(&answer(
            &["user_name", "role_name", "access_type", "database", "table"],
            serde_json::json!([[null, "r", "SELECT", "default", null]]),
        ));
        let key = &grants.expect("grants")[0].key;
        assert_eq!(key, "r: SELECT ON default.*.*");
        assert_eq!(
            sql(&GRANTS.get(key)),
            "SELECT * FROM system.grants WHERE coalesce(user_name, role_name) = 'r'"
        );
        assert_eq!(GRANTS.changed(key), "REVOKE SELECT ON default.* FROM r");
    }

    #[test]
    fn a_name_of_a_request_stays_a_name() {
        assert_eq!(
            sql(&NAMED_COLLECTIONS.get("x' OR '1'='1")),
            "SELECT * FROM system.named_collections WHERE name = 'x'' OR ''1''=''1'"
        );
        assert_eq!(
            sql(&SCHEDULED_VIEWS.get("db.v")),
            "SELECT * FROM system.execute_stream_assignments WHERE name = 'v' AND database = 'db'"
        );
        assert_eq!(
            sql(&TASKS.run("SYSTEM PAUSE TASK", "t; x")),
            "SYSTEM PAUSE TASK `t; x`"
        );
    }

    #[test]
    fn what_is_not_there_is_missing() {
        let missing = NAMED_COLLECTIONS.one(&answer(&["name"], serde_json::json!([])));
        assert_eq!(missing.expect_err("missing").status(), Some(404));
        let shown = TASKS.one(&answer(
            &["statement"],
            serde_json::json!([["CREATE TASK t"]]),
        ));
        let shown = shown.expect("a task");
        assert_eq!(
            (shown.key.as_str(), shown.statement()),
            ("t", "CREATE TASK t")
        );
    }

    #[test]
    fn examples_are_what_their_kind_takes_and_lists_only_read() {
        for kind in ALL {
            let begins = |sql: &str| kind.begins.iter().any(|words| behind(sql, words).is_some());
            assert!(begins(kind.create), "{}", kind.create);
            assert!(
                kind.change.is_empty() || begins(kind.change),
                "{}",
                kind.change
            );
            for request in [kind.list(), kind.get("a.b")] {
                let sql = sql(&request);
                assert_eq!(crate::timeplus::read_only::check(&sql), Ok(()), "{sql}");
            }
        }
    }

    #[test]
    fn the_name_of_what_is_made_stands_behind_its_words() {
        let of = |sql: &str| name_in(sql, TASKS.begins);
        assert_eq!(
            of("create  task\n IF NOT EXISTS db.`a`\nSCHEDULE 1s"),
            "db.a"
        );
        assert_eq!(of("CREATE OR REPLACE TASK t(x)"), "t");
        assert_eq!(of("CREATE TASKS t"), "");
        assert_eq!(of("CREATE DISK d"), "");
    }
}
