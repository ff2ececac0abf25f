//! Data objects: one stream for each class, `secmaster_alerts` and so on, with a row for each
//! state of an object. What is deleted stays as a row that says so.

mod routes;
mod search;

use std::sync::Arc;

use rusqlite::{Connection, Row};
use serde_json::{Value, json};
use weir_api::{
    secmaster::{
        data_class::{DataClass, Field},
        data_object::{ClassRef, DataObject, Fields},
        search::Search,
    },
    timeplus::{
        Owner,
        ingest::Format,
        stream::{ColumnDef, Mode, StreamDef},
    },
};
use weir_engine::catalog::StreamInfo;
use weir_store::{Store, StoreError, ingest};

use super::{DEFAULT, classes, pipes::OBJECTS, refusal::Refusal};
use crate::{clock, random};

pub(super) use routes::routes;

/// Objects of one batch.
const BATCH: usize = 1000;

pub(super) struct Objects {
    store: Store,
    /// One change at a time, so that versions are counted right.
    changing: tokio::sync::Mutex<()>,
}

/// An object as it stands in its stream.
#[derive(Clone)]
struct Stored {
    id: String,
    workspace: String,
    create_ms: i64,
    update_ms: i64,
    version: i64,
    format_version: i64,
    deleted: bool,
    object: String,
}

const COLUMNS: [(&str, &str); 8] = [
    ("id", "string"),
    ("workspace_id", "string"),
    ("create_time", "int64"),
    ("update_time", "int64"),
    ("version", "int64"),
    ("format_version", "int64"),
    ("deleted", "bool"),
    ("data_object", "string"),
];

impl Stored {
    /// From the columns in their order.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            workspace: row.get(1)?,
            create_ms: row.get(2)?,
            update_ms: row.get(3)?,
            version: row.get(4)?,
            format_version: row.get(5)?,
            deleted: row.get(6)?,
            object: row.get(7)?,
        })
    }

    fn line(&self) -> String {
        json!({
            "id": self.id,
            "workspace_id": self.workspace,
            "create_time": self.create_ms,
            "update_time": self.update_ms,
            "version": self.version,
            "format_version": self.format_version,
            "deleted": self.deleted,
            "data_object": self.object,
        })
        .to_string()
    }

    fn fields(&self) -> Fields {
        serde_json::from_str(&self.object).unwrap_or_default()
    }

    fn shown(&self, class: &DataClass) -> DataObject {
        DataObject {
            id: self.id.clone(),
            create_time: clock::iso(self.create_ms),
            update_time: clock::iso(self.update_ms),
            version: self.version,
            format_version: self.format_version,
            project_id: DEFAULT.into(),
            workspace_id: self.workspace.clone(),
            dataclass_ref: ClassRef {
                id: class.id.clone(),
                name: class.name.clone(),
            },
            data_object: self.fields(),
        }
    }
}

/// A page of what was found, and how many there are.
type Found = (Vec<DataObject>, usize);

impl Objects {
    pub(super) fn new(store: &Store) -> Self {
        Self {
            store: store.clone(),
            changing: tokio::sync::Mutex::default(),
        }
    }

    fn existing(&self, class: &DataClass) -> Option<StreamInfo> {
        self.store.catalog().stream(&stream_name(class))
    }

    async fn stream(&self, class: &DataClass) -> Result<StreamInfo, Refusal> {
        if let Some(stream) = self.existing(class) {
            return Ok(stream);
        }
        let column = |(name, data_type): (&str, &str)| ColumnDef {
            name: name.into(),
            data_type: data_type.into(),
            ..ColumnDef::default()
        };
        let definition = StreamDef {
            name: stream_name(class),
            description: Some(format!("Data objects of class {}", class.name)),
            columns: COLUMNS.map(column).to_vec(),
            mode: Some(Mode::VersionedKv),
            primary_key: Some("id".into()),
            // Objects are no log: they stay.
            logstore_retention_bytes: Some(0),
            logstore_retention_ms: Some(0),
            ..StreamDef::default()
        };
        let owner = Owner {
            id: "weir".into(),
            name: "Weir".into(),
        };
        match self.store.create_stream(definition, owner).await {
            Ok(_) | Err(StoreError::Exists(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.existing(class)
            .ok_or_else(|| Refusal::internal("the stream of a data class is gone"))
    }

    async fn write(&self, stream: StreamInfo, rows: &[Stored]) -> Result<(), Refusal> {
        let lines: Vec<String> = rows.iter().map(Stored::line).collect();
        let name = stream.name.clone();
        let parsed = tokio::task::spawn_blocking(move || {
            ingest::parse(&stream, Format::Streaming, lines.join("\n").as_bytes())
        });
        self.store.append(&name, parsed.await??).await?;
        Ok(())
    }

    /// Objects of a workspace by their ids; those that do not exist are left out.
    async fn find(
        &self,
        class: &DataClass,
        workspace: &str,
        ids: Vec<String>,
        deleted_too: bool,
    ) -> Result<Vec<Stored>, Refusal> {
        let Some(stream) = self.existing(class) else {
            return Ok(Vec::new());
        };
        let (store, workspace) = (self.store.clone(), workspace.to_owned());
        let read = move || -> Result<Vec<Stored>, Refusal> {
            let conn = store.reader()?;
            let mut select = conn.prepare(&format!(
                "SELECT {} FROM {} WHERE id = ?1",
                columns(),
                stream.table
            ))?;
            let mut found = Vec::new();
            for id in ids {
                let mut rows = select.query([id])?;
                while let Some(row) = rows.next()? {
                    let stored = Stored::read(row)?;
                    if deleted_too || !stored.deleted && stored.workspace == workspace {
                        found.push(stored);
                    }
                }
            }
            Ok(found)
        };
        tokio::task::spawn_blocking(read).await?
    }

    async fn get(&self, class: &DataClass, workspace: &str, id: &str) -> Result<Stored, Refusal> {
        let found = self.find(class, workspace, vec![id.into()], false).await?;
        let first = found.into_iter().next();
        first.ok_or_else(|| Refusal::missing(format!("data object '{id}'")))
    }

    /// All or none. An object may bring its own id, so that sending it again makes no second one.
    async fn create(
        &self,
        class: &DataClass,
        workspace: &str,
        format_version: i64,
        objects: Vec<Fields>,
    ) -> Result<Vec<String>, Refusal> {
        if objects.is_empty() {
            return Err(Refusal::field("data_object_list", "is empty"));
        }
        if objects.len() > BATCH {
            let words = format!("at most {BATCH} objects at once");
            return Err(Refusal::field("data_object_list", words));
        }
        let _changing = self.changing.lock().await;
        let fields = classes::fields(&class.id);
        let now = clock::now_ms();
        let mut rows: Vec<Stored> = Vec::new();
        for (at, mut object) in objects.into_iter().enumerate() {
            let place = |key: &str| format!("data_object_list[{at}].{key}");
            check(&fields, &object).map_err(|(key, words)| Refusal::field(place(&key), words))?;
            let id = match object.get("id") {
                None | Some(Value::Null) => random::uuid(),
                Some(Value::String(id)) if (1..=64).contains(&id.len()) => id.clone(),
                Some(_) => return Err(Refusal::field(place("id"), "1 to 64 characters")),
            };
            if rows.iter().any(|row| row.id == id) {
                return Err(Refusal::field(place("id"), "is there twice"));
            }
            object.insert("id".into(), id.clone().into());
            rows.push(Stored {
                id,
                workspace: workspace.into(),
                create_ms: now,
                update_ms: now,
                version: 1,
                format_version,
                deleted: false,
                object: Value::Object(object).to_string(),
            });
        }
        let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
        let taken = self.find(class, workspace, ids.clone(), true).await?;
        if let Some(taken) = taken.first() {
            let at = ids
                .iter()
                .position(|id| *id == taken.id)
                .unwrap_or_default();
            let words = format!("'{}' already exists", taken.id);
            return Err(Refusal::field(format!("data_object_list[{at}].id"), words));
        }
        let stream = self.stream(class).await?;
        self.write(stream, &rows).await?;
        Ok(ids)
    }

    /// Fields that are given replace what was; `null` takes one away.
    async fn update(
        &self,
        class: &DataClass,
        workspace: &str,
        ids: Vec<String>,
        changed: &Fields,
    ) -> Result<(), Refusal> {
        let _changing = self.changing.lock().await;
        let fields = classes::fields(&class.id);
        let mut rows = Vec::new();
        for id in ids {
            let mut stored = self.get(class, workspace, &id).await?;
            let mut object = stored.fields();
            for (key, value) in changed {
                match value {
                    _ if key == "id" => {}
                    Value::Null => {
                        object.remove(key);
                    }
                    value => {
                        object.insert(key.clone(), value.clone());
                    }
                }
            }
            check(&fields, &object)
                .map_err(|(key, words)| Refusal::field(format!("data_object.{key}"), words))?;
            stored.object = Value::Object(object).to_string();
            stored.version += 1;
            stored.update_ms = clock::now_ms();
            rows.push(stored);
        }
        let stream = self.stream(class).await?;
        self.write(stream, &rows).await
    }

    /// Ids of those that were deleted and of those that are not there.
    async fn delete(
        &self,
        class: &DataClass,
        workspace: &str,
        ids: Vec<String>,
    ) -> Result<(Vec<String>, Vec<String>), Refusal> {
        let _changing = self.changing.lock().await;
        let mut rows = self.find(class, workspace, ids.clone(), false).await?;
        for row in &mut rows {
            row.deleted = true;
            row.object = "{}".into();
            row.version += 1;
            row.update_ms = clock::now_ms();
        }
        if !rows.is_empty() {
            let stream = self.stream(class).await?;
            self.write(stream, &rows).await?;
        }
        let gone = |id: &String| rows.iter().any(|row| row.id == *id);
        Ok(ids.into_iter().partition(gone))
    }

    async fn search(
        &self,
        class: DataClass,
        workspace: &str,
        search: Search,
    ) -> Result<Found, Refusal> {
        let wanted = Arc::new(search::Wanted::read(&search)?);
        let Some(stream) = self.existing(&class) else {
            return Ok((Vec::new(), 0));
        };
        let (store, workspace) = (self.store.clone(), workspace.to_owned());
        let read = move || {
            let conn = store.reader()?;
            found(&conn, &stream, &class, &workspace, &wanted)
        };
        tokio::task::spawn_blocking(read).await?
    }
}

fn found(
    conn: &Connection,
    stream: &StreamInfo,
    class: &DataClass,
    workspace: &str,
    wanted: &search::Wanted,
) -> Result<Found, Refusal> {
    let mut select = conn.prepare(&format!(
        "SELECT {} FROM {} WHERE workspace_id = ?1 AND NOT deleted ORDER BY {}",
        columns(),
        stream.table,
        wanted.order
    ))?;
    let mut rows = select.query([workspace])?;
    let (mut objects, mut total) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let object = Stored::read(row)?.shown(class);
        if !wanted.holds(&object) {
            continue;
        }
        if total >= wanted.offset && objects.len() < wanted.limit {
            objects.push(object);
        }
        total += 1;
    }
    Ok((objects, total))
}

fn columns() -> String {
    COLUMNS.map(|(name, _)| name).join(", ")
}

fn stream_name(class: &DataClass) -> String {
    format!("{OBJECTS}{}", class.plural())
}

/// The first field that is wrong, and why. Fields that the class does not know may be anything.
fn check(fields: &[Field], object: &Fields) -> Result<(), (String, String)> {
    for field in fields {
        let key = &field.field_key;
        match object.get(key) {
            None | Some(Value::Null) if field.required => {
                return Err((key.clone(), "is needed".into()));
            }
            None => {}
            Some(value) => field.check(value).map_err(|words| (key.clone(), words))?,
        }
    }
    Ok(())
}
