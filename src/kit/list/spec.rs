//! A list as data.

use leptos::prelude::*;
use weir_api::{ApiError, ApiRequest, paging::More};

use super::super::{BulkAction, Code, Deletion, Figured, bulk::Tagging};
use crate::ui::{
    lazy::Lazy,
    table::{Column, Row, RowAction, Sort},
};

/// Connection and the parts of an answer to rows.
pub(super) type ReadRows = fn(&str, &[Vec<u8>]) -> Result<Vec<Row>, ApiError>;

/// The parts of an answer to keys and the names of their columns.
pub type ColumnNames = fn(&[Vec<u8>]) -> Result<Vec<(String, Vec<String>)>, ApiError>;

/// A list without knowledge of what it lists.
#[derive(Clone)]
pub struct List {
    pub title: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    pub columns: Vec<Column>,
    pub sort: Sort,
    pub request: fn() -> ApiRequest,
    pub more: More,
    /// Connection and the parts of the answer to rows.
    pub rows: ReadRows,
    pub figures: Option<Figured>,
    /// Path of the page that creates one.
    pub create: Option<fn(&str) -> String>,
    /// Of what has columns.
    pub column_names: Option<ColumnNames>,
    /// Connection and key to what can be done with a row, besides deleting.
    pub row_actions: fn(&str, &str) -> Vec<RowAction>,
    pub deletion: Option<Deletion>,
    /// What can be done to many, besides deleting.
    pub bulk: &'static [BulkAction],
    /// Where they have tags.
    pub tagging: Option<Tagging>,
    /// How they are written as code, where they can be.
    pub code: Option<Lazy<(), Code>>,
    /// What these resources are for, shown where there are none.
    pub hint: &'static str,
}

/// A list of which the server sends only the part that is asked for.
#[derive(Clone)]
pub struct Narrow {
    pub request: Signal<ApiRequest>,
    /// What is asked for, above the rows.
    pub bar: ViewFn,
    /// Something is left out by what is asked for.
    pub active: Signal<bool>,
    /// Told of every answer.
    pub told: Callback<Vec<Vec<u8>>>,
}
