//! What the engine has to know about the streams it reads and the functions people have defined.

use std::sync::Arc;

use weir_api::DataType;

use crate::udf::FunctionInfo;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnInfo {
    pub name: String,
    pub data_type: DataType,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamInfo {
    pub name: String,
    /// The SQLite table of its rows, unquoted.
    pub table: String,
    /// In order, `_tp_time` last.
    pub columns: Vec<ColumnInfo>,
    /// One row per primary key; every change appears as a new `_seq`.
    pub keyed: bool,
}

/// What is outside: whoever runs a query brings in the rows it needs, see [`crate::Plan::outside`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// Can be followed; `table(…)` reads it from its start to its end.
    Stream,
    /// Has an end, with and without `table(…)`.
    Table,
}

pub trait Catalog {
    fn stream(&self, name: &str) -> Option<StreamInfo>;
    /// Whether what [`Catalog::stream`] knows by this name is outside.
    fn outside(&self, _name: &str) -> Option<Outside> {
        None
    }
    /// The SELECT text of a view.
    fn view(&self, name: &str) -> Option<String>;
    /// A function that a person has defined, by its name as written.
    fn function(&self, _name: &str) -> Option<Arc<FunctionInfo>> {
        None
    }
    /// Names of those functions, for suggestions in errors.
    fn function_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// Names of streams and views, for suggestions in errors.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}
