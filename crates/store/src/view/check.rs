//! What must hold before a view is kept, and before something that views use goes.

use std::sync::Arc;

use weir_engine::{Catalog, SqlError, Statement};

use super::{
    View,
    beside::{With, Without},
    kind,
};
use crate::{StoreError, meta::Shared, schema::now_ms};

/// A view does not see itself, so none can read itself in the end.
pub(crate) fn check_query(shared: &Shared, view: &View) -> Result<(), StoreError> {
    let visible = Without {
        catalog: shared,
        hidden: &view.name,
    };
    check_select(&view.query, &visible)?;
    if let Some(dictionary) = &view.dictionary {
        let with = With {
            catalog: shared,
            name: &view.name,
            dictionary,
        };
        check_select(&format!("SELECT * FROM `{}`", view.name), &with)?;
    }
    match &view.target {
        Some(target) => shared
            .state(target)
            .map(|_| ())
            .map_err(|error| StoreError::invalid("target_stream", error.to_string())),
        None => Ok(()),
    }
}

fn check_select(query: &str, catalog: &dyn Catalog) -> Result<(), SqlError> {
    match weir_engine::parse(query)? {
        Statement::Select(select) => weir_engine::plan_view(&select, catalog, now_ms()).map(|_| ()),
        _ => Err(SqlError::new("a view is made of a SELECT")),
    }
}

/// A name is free when neither a stream nor a view has it.
pub(crate) fn check_free(shared: &Shared, name: &str) -> Result<(), StoreError> {
    shared.read(|meta| {
        if meta.streams.contains_key(name) {
            Err(StoreError::Exists(format!("stream '{name}'")))
        } else if let Some(view) = meta.views.get(name) {
            Err(StoreError::Exists(format!("{} '{name}'", kind(view))))
        } else if let Some(state) = meta.externals.get(name) {
            let kind = state.external.kind.words();
            Err(StoreError::Exists(format!("{kind} '{name}'")))
        } else {
            Ok(())
        }
    })
}

/// A view depends on a name when it writes into it, or can be planned with but not without it.
pub(crate) fn check_unused(shared: &Shared, what: &str, name: &str) -> Result<(), StoreError> {
    let views: Vec<Arc<View>> = shared.read(|meta| meta.views.values().cloned().collect());
    let without = Without {
        catalog: shared,
        hidden: name,
    };
    let depends = |view: &&Arc<View>| {
        view.name != name
            && (view.target.as_deref() == Some(name)
                || (check_select(&view.query, shared).is_ok()
                    && check_select(&view.query, &without).is_err()))
    };
    let dependents: Vec<String> = views
        .iter()
        .filter(depends)
        .map(|v| v.name.clone())
        .collect();
    if dependents.is_empty() {
        return Ok(());
    }
    Err(StoreError::Dependents {
        name: what.to_owned(),
        views: dependents,
    })
}
