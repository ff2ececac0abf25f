//! Who calls a function, and what would become of them.

use std::sync::Arc;

use weir_engine::{Catalog, DictionaryInfo, Outside, Statement, StreamInfo, udf::FunctionInfo};

use crate::{meta::Shared, schema::now_ms};

pub(super) fn plan(query: &str, catalog: &dyn Catalog) -> Option<weir_engine::Plan> {
    match weir_engine::parse(query) {
        Ok(Statement::Select(select)) => weir_engine::plan_view(&select, catalog, now_ms()).ok(),
        _ => None,
    }
}

pub(super) fn callers(shared: &Shared, name: &str) -> Vec<String> {
    let views: Vec<_> = shared.read(|meta| meta.views.values().cloned().collect());
    let calls = |query: &str| {
        plan(query, shared).is_some_and(|plan| plan.functions().any(|called| called == name))
    };
    views
        .iter()
        .filter(|view| calls(&view.query))
        .map(|view| view.name.clone())
        .collect()
}

/// The catalog with one function made anew.
pub(super) struct Changed<'a> {
    pub(super) catalog: &'a Shared,
    pub(super) function: Arc<FunctionInfo>,
}

impl Catalog for Changed<'_> {
    fn stream(&self, name: &str) -> Option<StreamInfo> {
        self.catalog.stream(name)
    }

    fn key(&self, name: &str) -> Vec<String> {
        self.catalog.key(name)
    }

    fn outside(&self, name: &str) -> Option<Outside> {
        self.catalog.outside(name)
    }

    fn view(&self, name: &str) -> Option<String> {
        self.catalog.view(name)
    }

    fn dictionary(&self, name: &str) -> Option<Arc<DictionaryInfo>> {
        self.catalog.dictionary(name)
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionInfo>> {
        if name == self.function.name {
            return Some(self.function.clone());
        }
        self.catalog.function(name)
    }
}
