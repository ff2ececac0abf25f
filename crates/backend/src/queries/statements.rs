//! Statements that change something: DDL and `INSERT`.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_engine::{Ddl, Insert};
use weir_store::{Store, StoreError, View, ingest};

use crate::{access::Change, app::App, auth::Actor, error::Failure};

/// What the audit log says about it.
fn describe(ddl: &Ddl) -> Change {
    let (action, kind, name) = parts(ddl);
    Change::made(action, kind, name)
}

/// Action, kind and name of what it changes.
fn parts(ddl: &Ddl) -> (&'static str, &'static str, &str) {
    match ddl {
        Ddl::CreateStream { definition, .. } => ("create", "stream", &definition.name),
        Ddl::DropStream { name, .. } => ("delete", "stream", name),
        Ddl::AlterStream { name, .. } => ("update", "stream", name),
        Ddl::CreateView { name, .. } => ("create", "view", name),
        Ddl::DropView { name, .. } => ("delete", "view", name),
        Ddl::CreateMaterializedView { name, .. } => ("create", "materialized_view", name),
    }
}

/// Answers 204, and 403 where the actor may not.
pub(crate) async fn define(app: &App, actor: &Actor, ddl: Ddl) -> Response {
    let made = describe(&ddl);
    let done = change(&app.store, ddl, actor).await;
    made.on(done.map(|()| StatusCode::NO_CONTENT).into_response())
}

async fn change(store: &Store, ddl: Ddl, actor: &Actor) -> Result<(), Failure> {
    actor.must_change(parts(&ddl).1)?;
    let owner = actor.owner();
    match ddl {
        Ddl::CreateStream {
            definition,
            if_not_exists,
        } => match store.create_stream(definition, owner).await {
            Err(StoreError::Exists(_)) if if_not_exists => Ok(()),
            other => done(other),
        },
        Ddl::DropStream { name, if_exists } => match store.delete_stream(&name).await {
            Err(StoreError::NotFound(_)) if if_exists => Ok(()),
            other => done(other),
        },
        Ddl::AlterStream { name, change } => done(store.update_stream(&name, change, owner).await),
        Ddl::CreateView {
            name,
            query,
            if_not_exists,
            or_replace,
        } => {
            let view = View {
                name,
                query,
                ..View::default()
            };
            match store.create_view(view, or_replace, owner).await {
                Err(StoreError::Exists(_)) if if_not_exists => Ok(()),
                other => done(other),
            }
        }
        Ddl::DropView { name, if_exists } => match store.drop_view(&name).await {
            Err(StoreError::NotFound(_)) if if_exists => Ok(()),
            other => done(other),
        },
        Ddl::CreateMaterializedView { .. } => Err(Failure::bad_request(
            "materialized views are not supported by the embedded backend yet",
        )),
    }
}

fn done<T>(result: Result<T, StoreError>) -> Result<(), Failure> {
    match result {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::from(error).inside_sql()),
    }
}

/// 403 where the actor may not.
pub(crate) async fn insert(store: &Store, insert: Insert, actor: &Actor) -> Result<(), Failure> {
    actor.must_change("stream")?;
    let stream = store.catalog().stream(&insert.stream);
    let stream = stream.ok_or_else(|| {
        let missing = StoreError::NotFound(format!("stream '{}'", insert.stream));
        Failure::from(missing).inside_sql()
    })?;
    let rows = ingest::values(&stream, &insert.columns, &insert.rows)?;
    store.append(&insert.stream, rows).await?;
    Ok(())
}
