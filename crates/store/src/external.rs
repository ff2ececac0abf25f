//! External streams and tables: what is known about them. Their rows are elsewhere; a query brings
//! those it needs into a temporary table, see [`Scratch`].

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use weir_api::{
    Audit, DataType, Owner,
    timeplus::{
        external_stream::Setting,
        stream::{ColumnDef, StreamDef},
    },
};
use weir_engine::catalog::{ColumnInfo, Outside, StreamInfo};

use crate::{
    Scratch, Store, StoreError,
    define::{check_description, check_name, define},
    meta::{Activity, Live, Totals, created, read_json, write_json},
    schema::{now_ms, timestamp_ms},
    stats::{self, Subject},
    table::Table,
    view,
    writer::{Job, Scope},
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExternalKind {
    #[default]
    Stream,
    Table,
}

impl ExternalKind {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Stream => "external stream",
            Self::Table => "external table",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct External {
    pub name: String,
    pub kind: ExternalKind,
    pub description: String,
    pub settings: Vec<Setting>,
    /// Without `_tp_time`, which every external stream has.
    pub columns: Vec<ColumnDef>,
    #[serde(flatten)]
    pub audit: Audit,
}

/// An external with its temporary tables: of followed rows and of all rows.
pub(crate) struct ExternalState {
    pub(crate) external: Arc<External>,
    pub(crate) info: StreamInfo,
    pub(crate) table: Table,
    pub(crate) whole: (StreamInfo, Table),
    id: i64,
    created_ms: i64,
    pub(crate) live: Arc<Live>,
}

impl ExternalState {
    fn new(
        id: i64,
        external: External,
        activity: BTreeMap<i64, Activity>,
    ) -> Result<Self, StoreError> {
        let name = format!("external_{id}");
        let (info, table) = layout(&external, &name)?;
        let whole = layout(&external, &format!("{name}_all"))?;
        let created = external.audit.created_at.as_deref();
        let created_ms = created.and_then(timestamp_ms).unwrap_or_default();
        Ok(Self {
            external: Arc::new(external),
            info,
            table,
            whole,
            id,
            created_ms,
            live: Live::new(0, Totals::default(), activity),
        })
    }

    /// Streams have positive ids.
    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject {
            id: -self.id,
            created_ms: self.created_ms,
            live: &self.live,
        }
    }

    pub(crate) fn outside(&self) -> Outside {
        match self.external.kind {
            ExternalKind::Stream => Outside::Stream,
            ExternalKind::Table => Outside::Table,
        }
    }
}

fn layout(external: &External, table: &str) -> Result<(StreamInfo, Table), StoreError> {
    if external.kind == ExternalKind::Stream {
        let definition = StreamDef {
            name: external.name.clone(),
            columns: external.columns.clone(),
            ..StreamDef::default()
        };
        let defined = define(definition, table)?;
        return Ok((defined.info, defined.table));
    }
    check_name(&external.name)?;
    let columns = external.columns.iter().map(|column| {
        Ok(ColumnInfo {
            name: column.name.clone(),
            data_type: DataType::parse(&column.data_type)
                .map_err(|message| StoreError::invalid("columns", message))?,
        })
    });
    let info = StreamInfo {
        name: external.name.clone(),
        table: table.to_owned(),
        columns: columns.collect::<Result<_, StoreError>>()?,
        keyed: false,
    };
    if info.columns.is_empty() {
        return Err(StoreError::invalid("columns", "the table has no columns"));
    }
    let table = Table::plain(&info);
    Ok((info, table))
}

pub(crate) fn load(conn: &Connection) -> Result<Vec<ExternalState>, StoreError> {
    let mut statement = conn.prepare("SELECT id, name, unsealed(definition) FROM externals")?;
    let mut rows = statement.query([])?;
    let mut externals = Vec::new();
    let mut activity = stats::load_recent(conn, now_ms())?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        let external = read_json(row.get_ref(2)?.as_str(), &name)?;
        let id: i64 = row.get(0)?;
        let recent = activity.remove(&-id).unwrap_or_default();
        externals.push(ExternalState::new(id, external, recent)?);
    }
    Ok(externals)
}

impl Store {
    /// In order of name.
    pub fn externals(&self, kind: ExternalKind) -> Vec<Arc<External>> {
        self.inner.shared.read(|meta| {
            let all = meta.externals.values().map(|state| &state.external);
            all.filter(|external| external.kind == kind)
                .cloned()
                .collect()
        })
    }

    /// The one of this kind.
    pub fn external_of(&self, kind: ExternalKind, name: &str) -> Result<Arc<External>, StoreError> {
        let found = self.external(name).filter(|one| one.kind == kind);
        found.ok_or_else(|| StoreError::NotFound(format!("{} '{name}'", kind.words())))
    }

    pub fn external(&self, name: &str) -> Option<Arc<External>> {
        self.inner
            .shared
            .read(|meta| Some(meta.externals.get(name)?.external.clone()))
    }

    /// `external.audit` is filled in here.
    pub async fn create_external(
        &self,
        mut external: External,
        owner: Owner,
    ) -> Result<Arc<External>, StoreError> {
        check_description(&external.description)?;
        ExternalState::new(0, external.clone(), BTreeMap::new())?;
        external.audit = created(owner);
        let shared = self.inner.shared.clone();
        let state = self
            .answered(Job::alone(
                move |scope| create(scope, external).map(Arc::new),
                move |state: &Arc<ExternalState>| {
                    let name = state.external.name.clone();
                    shared.change(|meta| meta.externals.insert(name, state.clone()));
                },
            ))
            .await?;
        Ok(state.external.clone())
    }

    /// Fails with [`StoreError::Dependents`] while views read it.
    pub async fn delete_external(&self, kind: ExternalKind, name: &str) -> Result<(), StoreError> {
        let shared = self.inner.shared.clone();
        let (name, deleted) = (name.to_owned(), name.to_owned());
        self.answered(Job::alone(
            move |scope| delete(scope, kind, &name),
            move |()| {
                shared.change(|meta| meta.externals.remove(&deleted));
            },
        ))
        .await
    }

    /// Where a query keeps rows of it.
    pub fn scratch(&self, name: &str, followed: bool) -> Option<Scratch> {
        let state = self
            .inner
            .shared
            .read(|meta| meta.externals.get(name).cloned())?;
        Some(Scratch::new(state, followed))
    }
}

fn create(scope: &mut Scope<'_>, external: External) -> Result<ExternalState, StoreError> {
    view::check_free(scope.shared, &external.name)?;
    scope.tx.execute(
        "INSERT INTO externals (name, definition) VALUES (?1, seal(?2))",
        (&external.name, write_json(&external)?),
    )?;
    ExternalState::new(scope.tx.last_insert_rowid(), external, BTreeMap::new())
}

fn delete(scope: &mut Scope<'_>, kind: ExternalKind, name: &str) -> Result<(), StoreError> {
    let what = format!("{} '{name}'", kind.words());
    let known = scope
        .shared
        .read(|meta| meta.externals.get(name).map(|state| state.external.kind));
    if known != Some(kind) {
        return Err(StoreError::NotFound(what));
    }
    view::check_unused(scope.shared, &what, name)?;
    scope
        .tx
        .execute("DELETE FROM externals WHERE name = ?1", [name])?;
    Ok(())
}
