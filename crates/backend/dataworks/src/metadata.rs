//! What is known of tables, by the operations `GetMeta…` and their like. Of what a stream has
//! nothing of (partitions, categories, tasks that fill it) there is none, not an error.

use serde_json::{Value, json};
use weir_engine::Statement;
use weir_store::Store;

use super::{
    call::{Answer, Call, page},
    pickers::{DATABASE, GUID, SOURCE, project_ids, table_names},
    statement,
    vendor_error::{VendorError, invalid, unknown},
};
use crate::clock;
use weir_queries::run::planning;

/// A stream, a view or an external table.
struct Table {
    name: String,
    comment: String,
    is_view: bool,
    owner: String,
    created_ms: i64,
    changed_ms: i64,
    columns: Vec<(String, String)>,
}

/// By its GUID, or by its name.
pub(super) fn name<'a>(call: &'a Call<'_>) -> Result<&'a str, VendorError> {
    match call.parameters.get("TableGuid") {
        Some(guid) => Ok(guid.strip_prefix(GUID).unwrap_or(guid)),
        None => call.parameters.needed("TableName"),
    }
}

/// Of `2023-02-01 23:22:59` in UTC; 0 where it is not known.
fn unix_ms(text: Option<&String>) -> i64 {
    let text = text.map_or("", String::as_str);
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
    time.map_or(0, |time| time.and_utc().timestamp_millis())
}

fn table(call: &Call<'_>, name: &str) -> Result<Table, VendorError> {
    let store = &call.app.store;
    let columns = statement::columns(store, name);
    let columns = columns.map_err(|_| unknown("TableGuid", format!("table '{name}'")))?;
    let stream = store.stream(name);
    let view = store.view(name);
    let audit = match (&stream, &view) {
        (Some(stream), _) => stream.audit(),
        (None, Some(view)) => view.audit.clone(),
        (None, None) => Default::default(),
    };
    let described = stream.as_ref().map(|stream| stream.description.clone());
    let described = described.or_else(|| view.as_ref().map(|view| view.description.clone()));
    Ok(Table {
        name: name.into(),
        comment: described.unwrap_or_default(),
        is_view: view.is_some(),
        owner: audit.created_by.map(|owner| owner.id).unwrap_or_default(),
        created_ms: unix_ms(audit.created_at.as_ref()),
        changed_ms: unix_ms(audit.last_updated_at.as_ref()),
        columns,
    })
}

fn asked(call: &Call<'_>) -> Result<Table, VendorError> {
    table(call, name(call)?)
}

impl Table {
    fn guid(&self) -> String {
        format!("{GUID}{}", self.name)
    }

    fn told(&self) -> Value {
        json!({
            "TableGuid": self.guid(), "TableName": self.name, "DatabaseName": DATABASE,
            "Comment": self.comment, "Caption": "", "OwnerId": self.owner,
            "EnvType": 1, "IsVisible": 1, "IsView": self.is_view, "IsPartitionTable": false,
            "PartitionKeys": "", "LifeCycle": 0,
            "ColumnCount": self.columns.len(), "TotalColumnCount": self.columns.len(),
            "CreateTime": self.created_ms, "LastModifyTime": self.changed_ms,
            "LastDdlTime": self.changed_ms,
        })
    }

    fn columns(&self) -> Vec<Value> {
        let column = |(at, (column, data_type)): (usize, &(String, String))| {
            json!({
                "ColumnGuid": format!("{}.{column}", self.guid()), "ColumnName": column,
                "ColumnType": data_type, "Position": at + 1, "Comment": "", "Caption": "",
                "IsPrimaryKey": false, "IsForeignKey": false, "IsPartitionColumn": false,
                "RelationCount": 0,
            })
        };
        self.columns.iter().enumerate().map(column).collect()
    }
}

/// The client of these operations calls a page's number `PageNum`.
fn numbered(mut page: Value) -> Value {
    page["PageNum"] = page["PageNumber"].clone();
    page
}

pub(super) fn columns(call: &Call<'_>) -> Result<Answer, VendorError> {
    let columns = asked(call)?.columns();
    Ok(Answer::data(numbered(page(call, "ColumnList", columns)?)))
}

pub(super) fn basic(call: &Call<'_>) -> Result<Answer, VendorError> {
    Ok(Answer::data(asked(call)?.told()))
}

pub(super) fn full(call: &Call<'_>) -> Result<Answer, VendorError> {
    let table = asked(call)?;
    let mut told = table.told();
    told["ColumnList"] = page(call, "ColumnList", table.columns())?["ColumnList"].take();
    Ok(Answer::data(told))
}

pub(super) fn database(call: &Call<'_>) -> Result<Answer, VendorError> {
    let named = call.parameters.get("AppGuid");
    let named = named.or_else(|| call.parameters.get("DatabaseName"));
    let known = [DATABASE, GUID.trim_end_matches('.')];
    match named {
        Some(name) if !known.contains(&name) => {
            Err(unknown("AppGuid", format!("database '{name}'")))
        }
        _ => Ok(Answer::data(json!({
            "AppGuid": GUID.trim_end_matches('.'), "Name": DATABASE, "Type": "weir", "EnvType": 1,
            "Comment": "",
        }))),
    }
}

pub(super) fn exists(call: &Call<'_>) -> Result<Answer, VendorError> {
    let name = name(call)?;
    Ok(Answer::data(
        statement::columns(&call.app.store, name).is_ok(),
    ))
}

fn entity(name: &str) -> Value {
    json!({
        "TableGuid": format!("{GUID}{name}"), "TableName": name, "DatabaseName": DATABASE,
        "EntityType": 0, "EnvType": 1,
    })
}

pub(super) fn search(call: &Call<'_>) -> Result<Answer, VendorError> {
    let word = call.parameters.needed("Keyword")?.to_lowercase();
    let mut names = table_names(&call.app.store);
    names.retain(|name| name.to_lowercase().contains(&word));
    let found: Vec<Value> = names.iter().map(|name| entity(name)).collect();
    Ok(Answer::data(page(call, "DataEntityList", found)?))
}

/// The token of the next part is the last name of this one.
pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    let size = call.parameters.paging()?.size as usize;
    let names = table_names(&call.app.store);
    let total = names.len();
    let after = call.parameters.text("NextToken");
    let mut rest = names.into_iter().filter(|name| name.as_str() > after);
    let part: Vec<String> = rest.by_ref().take(size).collect();
    let token = match rest.next() {
        Some(_) => part.last().cloned().unwrap_or_default(),
        None => String::new(),
    };
    let told = |name: &String| {
        json!({
            "EntityQualifiedName": format!("{GUID}{name}"),
            "EntityContent": {
                "TableName": name, "DatabaseName": DATABASE, "DataSourceQualifiedName": "weir",
                "DataSourceUniqueId": SOURCE.to_string(),
            },
        })
    };
    let part: Vec<Value> = part.iter().map(told).collect();
    Ok(Answer::data(json!({
        "TableEntityList": part, "NextToken": token, "Total": total,
    })))
}

/// What a view's statement reads.
fn reads(store: &Store, sql: &str) -> Vec<String> {
    let Ok(Statement::Select(select)) = planning::parse(sql) else {
        return Vec::new();
    };
    let plan = planning::plan(&select, &*store.catalog(), clock::now_ms());
    plan.map_or_else(|_| Vec::new(), |plan| plan.sources)
}

/// Of a view what it reads, and of everything the views that read it.
pub(super) fn lineage(call: &Call<'_>) -> Result<Answer, VendorError> {
    let table = asked(call)?;
    let store = &call.app.store;
    let names: Vec<String> = match call.parameters.needed("Direction")? {
        "up" => store
            .view(&table.name)
            .map_or_else(Vec::new, |view| reads(store, &view.query)),
        "down" => {
            let views = store.views().into_iter();
            views
                .filter(|view| reads(store, &view.query).contains(&table.name))
                .map(|view| view.name.clone())
                .collect()
        }
        other => {
            let words = format!("'{other}' is neither up nor down");
            return Err(invalid("Direction", words));
        }
    };
    let entity = |name: &String| {
        let created = self::table(call, name).map_or(0, |table| table.created_ms);
        let mut entity = entity(name);
        entity["CreateTimestamp"] = created.into();
        entity
    };
    let list: Vec<Value> = names.iter().map(entity).collect();
    Ok(Answer::data(json!({
        "DataEntityList": list, "HasNext": false, "NextPrimaryKey": "",
    })))
}

pub(super) fn wiki(call: &Call<'_>) -> Result<Answer, VendorError> {
    let table = asked(call)?;
    Ok(Answer::data(json!({
        "Content": table.comment, "Creator": table.owner, "CreatorName": table.owner,
        "CreateTime": table.created_ms, "ModifiedTime": table.changed_ms, "Version": 1,
    })))
}

/// A list of a table that is always empty here.
pub(super) fn none_of_table(call: &Call<'_>) -> Result<Answer, VendorError> {
    asked(call)?;
    none(call, "DataEntityList")
}

pub(super) fn none(call: &Call<'_>, key: &str) -> Result<Answer, VendorError> {
    Ok(Answer::data(numbered(page(
        call,
        key,
        Vec::<Value>::new(),
    )?)))
}

pub(super) fn tasks(call: &Call<'_>) -> Result<Answer, VendorError> {
    asked(call)?;
    Ok(Answer::data(json!([])))
}

pub(super) fn themes(call: &Call<'_>) -> Result<Answer, VendorError> {
    asked(call)?;
    Ok(Answer::under("Entity", json!({"Theme": [], "Level": []})))
}

pub(super) fn partition_exists(call: &Call<'_>) -> Result<Answer, VendorError> {
    asked(call)?;
    Ok(Answer::data(false))
}

pub(super) fn project(call: &Call<'_>) -> Result<Answer, VendorError> {
    let parameters = call.parameters;
    let id = match parameters.get("ProjectIdentifier") {
        Some(name) => name
            .strip_prefix("workspace_")
            .and_then(|id| id.parse().ok()),
        None => Some(parameters.project()?),
    };
    let id = id.filter(|id| project_ids(&call.app.dataworks).contains(id));
    let id: i64 = id.ok_or_else(|| unknown("ProjectId", "this workspace"))?;
    Ok(Answer::data(json!({
        "ProjectId": id, "ProjectName": format!("Workspace {id}"),
        "ProjectIdentifier": format!("workspace_{id}"), "ProjectDescription": "", "Status": 0,
        "EnvTypes": ["PROD"], "Tags": [],
    })))
}
