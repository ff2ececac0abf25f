//! What servers of 3.x have behind SQL only: tasks, disks, roles and others. There is no REST
//! resource for any of these, so each is a statement that lists them, one that tells of one, and
//! one that drops it. Columns differ between servers: they are read as they come.

mod kinds;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

pub use self::kinds::*;
use super::{
    exec,
    quote::{name as quoted, text},
    statement::name_in,
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

    /// All of a list's answer. What has several rows is one thing with what each of them tells: a
    /// storage policy has one for each of its volumes.
    pub fn all(&self, body: &[u8]) -> Result<Vec<Thing>, ApiError> {
        let mut things = Vec::<Thing>::new();
        let mut places = HashMap::new();
        for fields in rows(body)? {
            let key = self.key(&fields);
            let place = *places.entry(key.clone()).or_insert(things.len());
            match things.get_mut(place) {
                Some(known) => {
                    let new = fields.into_iter();
                    let new: Vec<Field> = new.filter(|one| !known.fields.contains(one)).collect();
                    known.fields.extend(new);
                }
                None => things.push(Thing {
                    key,
                    fields,
                    sql: String::new(),
                }),
            }
        }
        Ok(things)
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
