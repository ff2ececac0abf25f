//! Materialized views: what is kept of their queries, so that rows and position never differ.

use std::sync::Arc;

use rusqlite::OptionalExtension;
use weir_api::{
    Owner,
    timeplus::stream::{Stream, StreamDef, UpdateStream},
};

use crate::{
    Store, StoreError, View, append,
    define::{check_name, define},
    ingest::Rows,
    meta::{StreamState, created},
    schema::{now_ms, timestamp},
    store::checked,
    streams, view,
    writer::{Job, Scope},
};

/// Where a materialized view's query stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Another one for a view that is dropped and made anew.
    pub id: i64,
    pub paused: bool,
    /// Written by [`Store::materialize`], or when the view was made.
    pub checkpoint: String,
    /// Unix ms.
    pub saved_ms: i64,
}

impl Store {
    /// `own` describes the columns and the retention of a view that keeps its rows itself, and is
    /// `None` for one with a target. Its query goes on after `checkpoint`.
    pub async fn create_materialized_view(
        &self,
        view: View,
        own: Option<StreamDef>,
        checkpoint: String,
        owner: Owner,
    ) -> Result<Arc<View>, StoreError> {
        check_name(&view.name)?;
        if let Some(target) = &view.target {
            self.may_write(target)?;
        }
        let own = checked(move || own.map(|own| define(own, "checked")).transpose()).await?;
        let own = own.map(|own| own.definition);
        let shared = self.inner.shared.clone();
        let (view, _) = self
            .answered(Job::alone(
                move |scope| create(scope, view, own, &checkpoint, owner),
                move |(view, own): &(Arc<View>, Option<Arc<StreamState>>)| {
                    shared.change(|meta| {
                        meta.views.insert(view.name.clone(), view.clone());
                        if let Some(own) = own {
                            meta.streams.insert(view.name.clone(), own.clone());
                        }
                    });
                },
            ))
            .await?;
        Ok(view)
    }

    /// Gives a materialized view another query, which begins with this checkpoint.
    pub async fn change_materialized_query(
        &self,
        name: &str,
        query: String,
        checkpoint: String,
        owner: Owner,
    ) -> Result<Arc<View>, StoreError> {
        let (name, shared) = (name.to_owned(), self.inner.shared.clone());
        self.answered(Job::alone(
            move |scope| requeried(scope, &name, query, &checkpoint, owner).map(Arc::new),
            move |view: &Arc<View>| {
                shared.change(|meta| meta.views.insert(view.name.clone(), view.clone()));
            },
        ))
        .await
    }

    /// What a materialized view keeps its rows in by itself.
    pub fn own_target(&self, view: &str) -> Option<Arc<Stream>> {
        self.inner.shared.read(|meta| {
            let known = meta.views.contains_key(view);
            let own = meta.streams.get(view).filter(|_| known);
            own.map(|state| state.stream.clone())
        })
    }

    /// Changes how long a materialized view keeps its own rows.
    pub async fn update_own_target(
        &self,
        view: &str,
        change: UpdateStream,
        owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        if self.own_target(view).is_none() {
            return Err(StoreError::NotFound(format!("view '{view}'")));
        }
        self.change_stream(view, change, owner).await
    }

    pub fn progress(&self, view: &str) -> Result<Option<Progress>, StoreError> {
        self.inner.shared.query(|conn| {
            let progress = conn
                .prepare_cached(
                    "SELECT id, paused, checkpoint, saved_at FROM materialized_views
                     WHERE name = ?1",
                )?
                .query_row([view], |row| {
                    Ok(Progress {
                        id: row.get(0)?,
                        paused: row.get(1)?,
                        checkpoint: row.get(2)?,
                        saved_ms: row.get(3)?,
                    })
                });
            Ok(progress.optional()?)
        })
    }

    /// Appends the rows and keeps the checkpoint after them, both or neither. Resolves once they
    /// are on disk; fails when the view with this id is gone.
    pub async fn materialize(
        &self,
        target: &str,
        rows: Rows,
        id: i64,
        checkpoint: String,
    ) -> Result<(), StoreError> {
        self.may_write(target)?;
        let target = target.to_owned();
        let bytes = rows.weight() + checkpoint.len();
        self.write_rows(bytes, move |scope| {
            let mut keep = scope.tx.prepare_cached(
                "UPDATE materialized_views SET checkpoint = ?2, saved_at = ?3 WHERE id = ?1",
            )?;
            one(id, keep.execute((id, checkpoint, scope.now_ms))?)?;
            if !rows.is_empty() {
                append::insert(scope, &target, &rows)?;
            }
            Ok(())
        })
        .await
    }

    pub async fn set_paused(&self, id: i64, paused: bool) -> Result<(), StoreError> {
        self.write(move |tx| {
            let sql = "UPDATE materialized_views SET paused = ?2 WHERE id = ?1";
            one(id, tx.execute(sql, (id, paused))?)
        })
        .await
    }
}

fn one(id: i64, changed: usize) -> Result<(), StoreError> {
    match changed {
        0 => Err(StoreError::NotFound(format!("materialized view {id}"))),
        _ => Ok(()),
    }
}

fn requeried(
    scope: &mut Scope<'_>,
    name: &str,
    query: String,
    checkpoint: &str,
    owner: Owner,
) -> Result<View, StoreError> {
    let known = scope.shared.read(|meta| meta.views.get(name).cloned());
    let known = known.filter(|view| view.materialized);
    let known = known.ok_or_else(|| StoreError::NotFound(format!("view '{name}'")))?;
    let mut view = View::clone(&known);
    view.query = query;
    view::check_query(scope.shared, &view)?;
    view.audit.last_updated_at = Some(timestamp(now_ms()));
    view.audit.last_updated_by = Some(owner);
    view::write(scope, &view)?;
    scope.tx.execute(
        "UPDATE materialized_views SET checkpoint = ?2, saved_at = ?3 WHERE name = ?1",
        (name, checkpoint, scope.now_ms),
    )?;
    Ok(view)
}

fn create(
    scope: &mut Scope<'_>,
    mut view: View,
    own: Option<StreamDef>,
    checkpoint: &str,
    owner: Owner,
) -> Result<(Arc<View>, Option<Arc<StreamState>>), StoreError> {
    view::check_free(scope.shared, &view.name)?;
    view.materialized = true;
    view.audit = created(owner.clone());
    view::check_query(scope.shared, &view)?;
    let own = own
        .map(|own| streams::create(scope, own, owner).map(Arc::new))
        .transpose()?;
    view::write(scope, &view)?;
    scope.tx.execute(
        "INSERT INTO materialized_views (name, paused, checkpoint, saved_at)
         VALUES (?1, 0, ?2, ?3)",
        (&view.name, checkpoint, now_ms()),
    )?;
    Ok((Arc::new(view), own))
}
