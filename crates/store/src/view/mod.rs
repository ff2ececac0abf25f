//! Views and dictionaries: stored queries.

mod beside;
mod check;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use weir_api::{Audit, Owner};
use weir_engine::DictionaryInfo;

pub(crate) use self::check::{check_free, check_query, check_unused};
use crate::{
    Store, StoreError,
    define::{check_description, check_name},
    meta::{created, write_json},
    schema::{now_ms, timestamp},
    store::checked,
    streams,
    writer::{Job, Scope},
};

/// A stored query; names are shared with streams.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    pub name: String,
    pub description: String,
    /// The `SELECT`.
    pub query: String,
    pub materialized: bool,
    /// The stream a materialized view writes into; without one it keeps its rows itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The query's rows are looked up by a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dictionary: Option<DictionaryInfo>,
    #[serde(flatten)]
    pub audit: Audit,
}

impl Store {
    /// In order of name, without dictionaries.
    pub fn views(&self) -> Vec<Arc<View>> {
        self.all_views(|view| view.dictionary.is_none())
    }

    /// In order of name.
    pub fn dictionaries(&self) -> Vec<Arc<View>> {
        self.all_views(|view| view.dictionary.is_some())
    }

    fn all_views(&self, which: impl Fn(&View) -> bool) -> Vec<Arc<View>> {
        self.inner.shared.read(|meta| {
            let all = meta.views.values();
            all.filter(|view| which(view)).cloned().collect()
        })
    }

    pub fn view(&self, name: &str) -> Option<Arc<View>> {
        let view = self.inner.shared.read(|meta| meta.views.get(name).cloned());
        view.filter(|view| view.dictionary.is_none())
    }

    pub fn dictionary(&self, name: &str) -> Option<Arc<View>> {
        let view = self.inner.shared.read(|meta| meta.views.get(name).cloned());
        view.filter(|view| view.dictionary.is_some())
    }

    /// `view.audit` is filled in here. With `or_replace` an existing view keeps its creation.
    pub async fn create_view(
        &self,
        view: View,
        or_replace: bool,
        owner: Owner,
    ) -> Result<Arc<View>, StoreError> {
        check_name(&view.name)?;
        check_description(&view.description)?;
        let shared = self.inner.shared.clone();
        let view = checked(move || check_query(&shared, &view).map(|()| view)).await?;
        let shared = self.inner.shared.clone();
        self.answered(Job::alone(
            move |scope| create(scope, view, or_replace, owner).map(Arc::new),
            move |view: &Arc<View>| {
                shared.change(|meta| meta.views.insert(view.name.clone(), view.clone()));
            },
        ))
        .await
    }

    /// With what a materialized view keeps itself. Fails with [`StoreError::Dependents`] while
    /// other views read it.
    pub async fn drop_view(&self, name: &str) -> Result<(), StoreError> {
        self.drop_one(name, "view").await
    }

    /// Fails with [`StoreError::Dependents`] while views or other dictionaries use it.
    pub async fn drop_dictionary(&self, name: &str) -> Result<(), StoreError> {
        self.drop_one(name, "dictionary").await
    }

    async fn drop_one(&self, name: &str, what: &'static str) -> Result<(), StoreError> {
        let shared = self.inner.shared.clone();
        let (name, dropped) = (name.to_owned(), name.to_owned());
        self.answered(Job::alone(
            move |scope| drop(scope, &name, what),
            move |()| {
                shared.change(|meta| {
                    meta.views.remove(&dropped);
                    meta.streams.remove(&dropped);
                });
            },
        ))
        .await
    }

    /// A view's description, and the query of one that is not materialized.
    pub async fn update_view(
        &self,
        name: &str,
        description: Option<String>,
        query: Option<String>,
        owner: Owner,
    ) -> Result<Arc<View>, StoreError> {
        let shared = self.inner.shared.clone();
        let name = name.to_owned();
        self.answered(Job::alone(
            move |scope| update(scope, &name, description, query, owner).map(Arc::new),
            move |view: &Arc<View>| {
                shared.change(|meta| meta.views.insert(view.name.clone(), view.clone()));
            },
        ))
        .await
    }
}

fn drop(scope: &mut Scope<'_>, name: &str, what: &str) -> Result<(), StoreError> {
    let view = scope.shared.read(|meta| meta.views.get(name).cloned());
    if view.is_none_or(|view| kind(&view) != what) {
        return Err(StoreError::NotFound(format!("{what} '{name}'")));
    }
    check_unused(scope.shared, &format!("{what} '{name}'"), name)?;
    for sql in [
        "DELETE FROM views WHERE name = ?1",
        "DELETE FROM materialized_views WHERE name = ?1",
    ] {
        scope.tx.execute(sql, [name])?;
    }
    match scope.shared.written(name) {
        Ok(own) => streams::remove(scope, &own),
        Err(_) => Ok(()),
    }
}

fn update(
    scope: &mut Scope<'_>,
    name: &str,
    description: Option<String>,
    query: Option<String>,
    owner: Owner,
) -> Result<View, StoreError> {
    let known = scope.shared.read(|meta| meta.views.get(name).cloned());
    let known = known.filter(|view| view.dictionary.is_none());
    let known = known.ok_or_else(|| StoreError::NotFound(format!("view '{name}'")))?;
    let mut view = View::clone(&known);
    if let Some(description) = description {
        check_description(&description)?;
        view.description = description;
    }
    if let Some(query) = query {
        view.query = query;
        check_query(scope.shared, &view)?;
    }
    view.audit.last_updated_at = Some(timestamp(now_ms()));
    view.audit.last_updated_by = Some(owner);
    write(scope, &view)?;
    Ok(view)
}

pub(crate) fn write(scope: &Scope<'_>, view: &View) -> Result<(), StoreError> {
    scope.tx.execute(
        "INSERT OR REPLACE INTO views (name, definition) VALUES (?1, ?2)",
        (&view.name, write_json(view)?),
    )?;
    Ok(())
}

fn create(
    scope: &mut Scope<'_>,
    mut view: View,
    or_replace: bool,
    owner: Owner,
) -> Result<View, StoreError> {
    let existing = scope
        .shared
        .read(|meta| meta.views.get(&view.name).cloned());
    view.audit = created(owner);
    match existing {
        Some(existing)
            if or_replace
                && !existing.materialized
                && existing.dictionary.is_some() == view.dictionary.is_some() =>
        {
            view.audit.created_at.clone_from(&existing.audit.created_at);
            view.audit.created_by.clone_from(&existing.audit.created_by);
        }
        _ => check_free(scope.shared, &view.name)?,
    }
    check_query(scope.shared, &view)?;
    write(scope, &view)?;
    Ok(view)
}

fn kind(view: &View) -> &'static str {
    match view.dictionary {
        Some(_) => "dictionary",
        None => "view",
    }
}
