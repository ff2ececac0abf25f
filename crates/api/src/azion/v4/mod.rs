//! Version 4 of the API: <https://api.azion.com/v4>, paths below `/workspace/stream`. Accounts that
//! were migrated have nothing else. What it streams is what version 3 streams, in another form:
//! [`stream`] knows both.

pub mod adapt;
pub mod stream;
pub mod template;

use serde::{Deserialize, Serialize};

use crate::ApiRequest;

const PATH: &str = "/workspace/stream";

/// A part of a list. `page` counts from 1.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Page<T> {
    pub count: i64,
    pub total_pages: i64,
    pub page: i64,
    pub page_size: i64,
    pub next: Option<String>,
    pub previous: Option<String>,
    pub results: Vec<T>,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            count: 0,
            total_pages: 0,
            page: 0,
            page_size: 0,
            next: None,
            previous: None,
            results: Vec::new(),
        }
    }
}

impl<T> Page<T> {
    /// The number of the next page, if there is one.
    pub fn next_page(&self) -> Option<i64> {
        let more = self.page >= 1 && self.page < self.total_pages;
        more.then_some(self.page + 1)
    }
}

/// What is asked of a list; what is empty is not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// In names.
    pub search: String,
    /// `id`, `name`, `data_source`, `active`, `last_editor` or `last_modified`; `-` before it for
    /// descending.
    pub ordering: String,
    pub page: Option<i64>,
    pub page_size: Option<i64>,
}

impl Query {
    fn asked(&self, mut request: ApiRequest) -> ApiRequest {
        let number = |number: Option<i64>| number.map_or_else(String::new, |n| n.to_string());
        for (name, value) in [
            ("search", self.search.clone()),
            ("ordering", self.ordering.clone()),
            ("page", number(self.page)),
            ("page_size", number(self.page_size)),
        ] {
            if !value.is_empty() {
                request = request.query(name, value);
            }
        }
        request
    }
}

/// A resource in an answer. `state` of what was written is `executed`, or `pending` while it is
/// still on its way.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer<T> {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    pub data: T,
}

pub const EXECUTED: &str = "executed";
pub const PENDING: &str = "pending";

pub fn data_sources() -> ApiRequest {
    ApiRequest::get(format!("{PATH}/data_sources"))
}

/// What a stream can send.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSource {
    pub slug: String,
    pub name: String,
    pub active: bool,
}

/// A data source by its name in version 4, which the vendor takes in both forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    pub slug: &'static str,
    pub title: &'static str,
    /// What means the same in version 3.
    pub old: &'static str,
}

const fn source(slug: &'static str, title: &'static str, old: &'static str) -> Source {
    Source { slug, title, old }
}

/// The first of a meaning is the usual one.
pub const DATA_SOURCES: [Source; 7] = [
    source("workloads", "Workloads", "http"),
    source("http", "Applications", "http"),
    source("waf", "WAF Events", "waf"),
    source("functions_console", "Functions Console", "cells_console"),
    source("cells_console", "Functions", "cells_console"),
    source("activity_history", "Activity History", "rtm_activity"),
    source("rtm_activity", "Activity History", "rtm_activity"),
];

/// The data source's name in version 3; one that is not known as it is.
pub fn old_name(source: &str) -> &str {
    let found = DATA_SOURCES.iter().find(|one| one.slug == source);
    found.map_or(source, |one| one.old)
}
