//! What queries ask of the store.

use std::sync::Arc;

use weir_engine::{
    catalog::{Catalog, DictionaryInfo, Outside, Process, StreamInfo},
    udf::FunctionInfo,
};

use super::Shared;
use crate::{function, statement};

impl Catalog for Shared {
    fn stream(&self, name: &str) -> Option<StreamInfo> {
        self.read(|meta| match meta.readable(name) {
            Some(state) => Some(StreamInfo {
                name: name.to_owned(),
                ..state.info.clone()
            }),
            None => Some(meta.externals.get(name)?.info.clone()),
        })
    }

    fn key(&self, name: &str) -> Vec<String> {
        self.read(|meta| {
            let state = meta.readable(name).filter(|state| state.info.keyed);
            let key = state.and_then(|state| state.definition.primary_key.clone());
            let names = key.unwrap_or_default();
            let names = names
                .split(',')
                .map(|name| name.trim().trim_matches('`').to_owned());
            names.filter(|name| !name.is_empty()).collect()
        })
    }

    fn outside(&self, name: &str) -> Option<Outside> {
        self.read(|meta| meta.externals.get(name).map(|state| state.outside()))
    }

    fn view(&self, name: &str) -> Option<String> {
        self.read(|meta| {
            let view = meta.views.get(name);
            let view = view.filter(|view| !view.materialized && view.dictionary.is_none());
            view.map(|view| view.query.clone())
        })
    }

    fn dictionary(&self, name: &str) -> Option<Arc<DictionaryInfo>> {
        self.read(|meta| meta.views.get(name)?.dictionary.clone().map(Arc::new))
    }

    fn definition(&self, name: &str) -> Option<String> {
        self.read(|meta| {
            if let Some(view) = meta.views.get(name) {
                return Some(statement::view(view));
            }
            meta.streams
                .get(name)
                .map(|state| statement::stream(&state.definition))
        })
    }

    fn is_materialized(&self, name: &str) -> bool {
        self.read(|meta| meta.views.get(name).is_some_and(|view| view.materialized))
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionInfo>> {
        function::lookup(self, name)
    }

    fn function_names(&self) -> Vec<String> {
        self.read(|meta| meta.functions.keys().cloned().collect())
    }

    fn schemas(&self) -> Vec<[String; 3]> {
        self.read(|meta| {
            let schemas = meta.schemas.values();
            let parts = schemas.map(|schema| {
                [
                    schema.name.clone(),
                    schema.kind.clone(),
                    schema.content.clone(),
                ]
            });
            parts.collect()
        })
    }

    fn processes(&self) -> Vec<Process> {
        self.processes.get().map_or_else(Vec::new, |tell| tell())
    }

    fn names(&self) -> Vec<String> {
        self.read(|meta| {
            let streams = meta
                .streams
                .keys()
                .filter(|name| !meta.views.contains_key(*name));
            let others = meta.views.keys().chain(meta.externals.keys());
            streams.chain(others).cloned().collect()
        })
    }
}
