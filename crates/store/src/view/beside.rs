//! The catalog as it would be with something more, or without something that it has.

use std::sync::Arc;

use weir_engine::{Catalog, DictionaryInfo, Outside, StreamInfo, udf::FunctionInfo};

use crate::meta::Shared;

/// The catalog with a dictionary that is not yet there.
pub(super) struct With<'a> {
    pub(super) catalog: &'a Shared,
    pub(super) name: &'a str,
    pub(super) dictionary: &'a DictionaryInfo,
}

impl Catalog for With<'_> {
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
        if name == self.name {
            return Some(Arc::new(self.dictionary.clone()));
        }
        self.catalog.dictionary(name)
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionInfo>> {
        self.catalog.function(name)
    }
}

pub(super) struct Without<'a> {
    pub(super) catalog: &'a Shared,
    pub(super) hidden: &'a str,
}

impl Catalog for Without<'_> {
    fn stream(&self, name: &str) -> Option<StreamInfo> {
        (name != self.hidden).then(|| self.catalog.stream(name))?
    }

    fn key(&self, name: &str) -> Vec<String> {
        self.catalog.key(name)
    }

    fn outside(&self, name: &str) -> Option<Outside> {
        (name != self.hidden).then(|| self.catalog.outside(name))?
    }

    fn view(&self, name: &str) -> Option<String> {
        (name != self.hidden).then(|| self.catalog.view(name))?
    }

    fn dictionary(&self, name: &str) -> Option<Arc<DictionaryInfo>> {
        (name != self.hidden).then(|| self.catalog.dictionary(name))?
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionInfo>> {
        self.catalog.function(name)
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.catalog.names();
        names.retain(|name| name != self.hidden);
        names
    }
}
