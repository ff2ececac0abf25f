//! Schemas: descriptions of message formats. Their text is checked before it comes here.

use std::sync::Arc;

use rusqlite::Connection;
use weir_api::{
    Owner,
    timeplus::schema::{Schema, SchemaDef},
};

use crate::{
    Store, StoreError,
    define::check_name,
    meta::{created, read_json, write_json},
    writer::{Job, Scope},
};

/// What to do when there is one of that name, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    Create,
    Update,
    Either,
}

impl Store {
    /// In order of name.
    pub fn schemas(&self) -> Vec<Arc<Schema>> {
        self.inner
            .shared
            .read(|meta| meta.schemas.values().cloned().collect())
    }

    pub fn schema(&self, name: &str) -> Option<Arc<Schema>> {
        self.inner
            .shared
            .read(|meta| meta.schemas.get(name).cloned())
    }

    pub async fn put_schema(
        &self,
        definition: SchemaDef,
        put: Put,
        owner: Owner,
    ) -> Result<Arc<Schema>, StoreError> {
        check_name(&definition.name)?;
        let shared = self.inner.shared.clone();
        self.answered(Job::alone(
            move |scope| store(scope, definition, put, owner).map(Arc::new),
            move |schema: &Arc<Schema>| {
                shared.change(|meta| meta.schemas.insert(schema.name.clone(), schema.clone()));
            },
        ))
        .await
    }

    /// Fails with [`StoreError::Dependents`] while external streams use it.
    pub async fn delete_schema(&self, name: &str) -> Result<(), StoreError> {
        let shared = self.inner.shared.clone();
        let (name, deleted) = (name.to_owned(), name.to_owned());
        self.answered(Job::alone(
            move |scope| delete(scope, &name),
            move |()| {
                shared.change(|meta| meta.schemas.remove(&deleted));
            },
        ))
        .await
    }
}

fn missing(name: &str) -> StoreError {
    StoreError::NotFound(format!("schema '{name}'"))
}

fn store(
    scope: &mut Scope<'_>,
    definition: SchemaDef,
    put: Put,
    owner: Owner,
) -> Result<Schema, StoreError> {
    let name = &definition.name;
    let before = scope.shared.read(|meta| meta.schemas.get(name).cloned());
    let audit = created(owner);
    let (created_at, created_by) = match (&before, put) {
        (Some(_), Put::Create) => return Err(StoreError::Exists(format!("schema '{name}'"))),
        (None, Put::Update) => return Err(missing(name)),
        (Some(before), _) => (before.created_at.clone(), before.created_by.clone()),
        (None, _) => (audit.created_at, audit.created_by),
    };
    let schema = Schema {
        name: definition.name,
        kind: definition.kind,
        content: definition.content,
        created_at,
        created_by,
        last_updated_at: audit.last_updated_at,
        last_updated_by: audit.last_updated_by,
        ..Schema::default()
    };
    scope.tx.execute(
        "INSERT OR REPLACE INTO schemas (name, definition) VALUES (?1, ?2)",
        (&schema.name, write_json(&schema)?),
    )?;
    Ok(schema)
}

fn delete(scope: &mut Scope<'_>, name: &str) -> Result<(), StoreError> {
    let users = scope.shared.read(|meta| {
        meta.schemas.get(name)?;
        let all = meta.externals.values().map(|state| &state.external);
        let uses = all.filter(|external| {
            let settings = external.settings.iter();
            let mut named = settings.filter(|setting| setting.key == "format_schema");
            named.any(|setting| setting.value.split(':').next() == Some(name))
        });
        Some(
            uses.map(|external| external.name.clone())
                .collect::<Vec<_>>(),
        )
    });
    match users {
        None => Err(missing(name)),
        Some(users) if !users.is_empty() => Err(StoreError::Dependents {
            name: format!("schema '{name}'"),
            views: users,
        }),
        Some(_) => {
            scope
                .tx
                .execute("DELETE FROM schemas WHERE name = ?1", [name])?;
            Ok(())
        }
    }
}

pub(crate) fn load(conn: &Connection) -> Result<Vec<Schema>, StoreError> {
    let mut statement = conn.prepare("SELECT name, definition FROM schemas")?;
    let mut rows = statement.query([])?;
    let mut schemas = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        schemas.push(read_json(row.get_ref(1)?.as_str(), &name)?);
    }
    Ok(schemas)
}
