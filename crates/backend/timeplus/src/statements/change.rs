//! What a statement changes.

use weir_api::timeplus::materialized_view::Create;
use weir_engine::Ddl;
use weir_store::{Existing, Put, StoreError, View};

use super::permitted;
use crate::{Services, auth::Actor, error::HttpError, external, udfs};

/// Does what the statement says, where the actor may.
pub(super) async fn change(app: &Services, ddl: Ddl, actor: &Actor) -> Result<(), HttpError> {
    let store = &app.store;
    permitted(store, &ddl, actor)?;
    let owner = actor.owner();
    match ddl {
        Ddl::CreateStream {
            definition,
            if_not_exists,
        } => match store.create_stream(definition, owner).await {
            Err(StoreError::Exists(_)) if if_not_exists => Ok(()),
            other => done(other),
        },
        Ddl::DropStream { name, if_exists } if store.external(&name).is_some() => {
            let kind = store.external(&name).map(|external| external.kind);
            match store.delete_external(kind.unwrap_or_default(), &name).await {
                Err(StoreError::NotFound(_)) if if_exists => Ok(()),
                other => done(other),
            }
        }
        Ddl::CreateExternalStream {
            definition,
            if_not_exists,
        } => {
            if if_not_exists && store.external(&definition.name).is_some() {
                return Ok(());
            }
            let created = external::create_stream(store, definition, owner).await;
            created.map(|_| ())
        }
        Ddl::CreateExternalTable {
            definition,
            if_not_exists,
        } => {
            if if_not_exists && store.external(&definition.name).is_some() {
                return Ok(());
            }
            let created = external::create_table(store, definition, owner).await;
            created.map(|_| ())
        }
        Ddl::CreateSchema {
            definition,
            if_not_exists,
            or_replace,
        } => {
            if if_not_exists && store.schema(&definition.name).is_some() {
                return Ok(());
            }
            let put = if or_replace { Put::Either } else { Put::Create };
            let stored = external::put_schema(store, definition, put, owner).await;
            stored.map(|_| ())
        }
        Ddl::DropSchema { name, if_exists } => match store.delete_schema(&name).await {
            Err(StoreError::NotFound(_)) if if_exists => Ok(()),
            other => done(other),
        },
        Ddl::DropStream { name, if_exists } => match store.delete_stream(&name).await {
            Err(StoreError::NotFound(_)) if if_exists => Ok(()),
            other => done(other),
        },
        Ddl::AlterStream { name, change } => {
            let view = app.materialized.alter(&name, change.clone(), owner.clone());
            if view.await.map_err(HttpError::inside_sql)? {
                return Ok(());
            }
            done(store.update_stream(&name, change, owner).await)
        }
        Ddl::DeleteRows {
            name,
            condition,
            if_exists,
        } => match store.delete_rows(&name, condition).await {
            Err(StoreError::NotFound(_)) if if_exists => Ok(()),
            other => done(other),
        },
        Ddl::RenameStream {
            from,
            to,
            if_exists,
        } => match store.rename_stream(&from, &to, owner).await {
            // The new name can be wrong, too.
            Err(StoreError::NotFound(_)) if if_exists && store.stream(&from).is_none() => Ok(()),
            other => done(other),
        },
        Ddl::AlterColumns { name, columns } => {
            done(store.alter_columns(&name, columns, owner).await)
        }
        Ddl::CreateView {
            name,
            query,
            description,
            if_not_exists,
            or_replace,
        } => {
            let view = View {
                name,
                query,
                description: description.unwrap_or_default(),
                ..View::default()
            };
            match store.create_view(view, or_replace, owner).await {
                Err(StoreError::Exists(_)) if if_not_exists => Ok(()),
                other => done(other),
            }
        }
        Ddl::DropView { name, if_exists } => {
            if if_exists && store.view(&name).is_none() {
                return Ok(());
            }
            let deleted = app.materialized.delete(&name).await;
            deleted.map_err(HttpError::inside_sql)
        }
        Ddl::CreateMaterializedView {
            name,
            target,
            query,
            description,
            keep,
            if_not_exists,
        } => {
            if if_not_exists && store.view(&name).is_some() {
                return Ok(());
            }
            let view = Create {
                name,
                query,
                description,
                target_stream: target,
                logstore_retention_bytes: keep.logstore_retention_bytes,
                logstore_retention_ms: keep.logstore_retention_ms,
                ttl_expression: keep.ttl_expression,
            };
            let made = app.materialized.create(view, owner).await;
            made.map_err(HttpError::inside_sql)
        }
        Ddl::AlterView { name, description } => {
            let changed = store.update_view(&name, Some(description), None, owner);
            done(changed.await)
        }
        Ddl::AlterViewQuery { name, query } => {
            if store.view(&name).is_some_and(|view| view.materialized) {
                let changed = app.materialized.change_query(&name, query, owner).await;
                return changed.map_err(HttpError::inside_sql);
            }
            done(store.update_view(&name, None, Some(query), owner).await)
        }
        Ddl::ControlMaterializedView { name, control } => {
            let done = app.materialized.control(&name, control).await;
            done.map_err(HttpError::inside_sql)
        }
        Ddl::CreateDictionary {
            name,
            info,
            description,
            if_not_exists,
            or_replace,
        } => {
            let view = View {
                name,
                query: info.query.clone(),
                description: description.unwrap_or_default(),
                dictionary: Some(info),
                ..View::default()
            };
            match store.create_view(view, or_replace, owner).await {
                Err(StoreError::Exists(_)) if if_not_exists => Ok(()),
                other => done(other),
            }
        }
        Ddl::DropDictionary { name, if_exists } => match store.dictionary(&name) {
            None if if_exists => Ok(()),
            _ => done(store.drop_dictionary(&name).await),
        },
        Ddl::CreateFunction {
            definition,
            if_not_exists,
            or_replace,
        } => {
            let existing = match or_replace {
                true => Existing::Replace,
                false => Existing::Refuse,
            };
            if if_not_exists && store.function(&definition.name).is_some() {
                return Ok(());
            }
            let made = udfs::define(store, definition, existing, owner).await;
            made.map(|_| ()).map_err(HttpError::inside_sql)
        }
        Ddl::DropFunction { name, if_exists } => match store.drop_function(&name).await {
            Err(StoreError::NotFound(_)) if if_exists => Ok(()),
            other => done(other),
        },
    }
}

fn done<T>(result: Result<T, StoreError>) -> Result<(), HttpError> {
    match result {
        Ok(_) => Ok(()),
        Err(error) => Err(HttpError::from(error).inside_sql()),
    }
}
