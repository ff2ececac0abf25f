//! What the engine has to know about the streams it reads and the functions people have defined.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};
use weir_api::DataType;

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

/// A function that a person has defined.
#[derive(Debug, Clone)]
pub struct FunctionInfo {
    pub name: String,
    /// Types may be spelled in any way that [`crate::udf::check`] accepts.
    pub arguments: Vec<ColumnInfo>,
    pub returns: DataType,
    pub body: FunctionBody,
    /// For completion.
    pub help: String,
}

#[derive(Debug, Clone)]
pub enum FunctionBody {
    /// Source that declares a function of the same name.
    JavaScript(String),
    /// An object `{ initialize(), process(values, …), finalize() }`, for each group a new one.
    /// With `serialize()` and `deserialize(text)` its state is what they say, otherwise the fields
    /// of the object.
    Aggregate(String),
    Remote(Arc<dyn Remote>),
    /// SQL that stands in the place of each call, with the arguments in the place of their names.
    /// Arguments and result have whatever types they have there.
    Expression(String),
}

/// Calls a function that runs elsewhere.
pub trait Remote: fmt::Debug + Send + Sync {
    /// `body` is `{"argument": [value, …], …}` with a value for each row, in the wire encoding; the
    /// answer is expected to be `{"result": [value, …]}`. Errors in words without the function's
    /// name. Blocks.
    fn call(&self, body: Vec<u8>) -> Result<Vec<u8>, String>;
}

impl FunctionInfo {
    pub fn is_aggregate(&self) -> bool {
        matches!(self.body, FunctionBody::Aggregate(_))
    }

    /// `name(type, …) -> type`
    pub fn signature(&self) -> String {
        if let FunctionBody::Expression(_) = self.body {
            let names = self.arguments.iter().map(|argument| argument.name.as_str());
            let names: Vec<_> = names.collect();
            return format!("{}({}) -> any", self.name, names.join(", "));
        }
        let arguments: Vec<_> = self
            .arguments
            .iter()
            .map(|argument| argument.data_type.to_string())
            .collect();
        format!(
            "{}({}) -> {}",
            self.name,
            arguments.join(", "),
            self.returns
        )
    }

    /// An error that names the function.
    pub(crate) fn failed(&self, message: impl fmt::Display) -> String {
        format!("function '{}': {message}", self.name)
    }
}

/// Rows to look values up in by a key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DictionaryInfo {
    /// A SELECT that gives the rows, at each lookup anew. Of equal keys the last row counts.
    pub query: String,
    /// The stream that it reads as it is.
    pub stream: Option<String>,
    pub columns: Vec<DictionaryColumn>,
    pub key: Vec<String>,
    pub lookup: Lookup,
    /// As named; only what is said in `lookup` has an effect.
    pub layout: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DictionaryColumn {
    pub name: String,
    pub data_type: String,
    /// In the place of NULL, and of a row that is not there.
    pub default: Option<String>,
    /// Of the columns of the source, in the place of the one of the same name.
    pub expression: Option<String>,
}

/// Which row a key finds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lookup {
    /// The one of the same key.
    #[default]
    Key,
    /// The one whose network, the longest, holds the address.
    Prefix,
    /// The one of the same key whose range holds a point; of several the first, or the last.
    Range {
        min: String,
        max: String,
        last: bool,
    },
}

/// A query that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    pub id: String,
    pub user: String,
    pub sql: String,
    /// Milliseconds since it was started.
    pub elapsed_ms: i64,
}

pub trait Catalog {
    fn stream(&self, name: &str) -> Option<StreamInfo>;
    /// Columns by which the stream keeps the last row of each key; none where it keeps all.
    fn key(&self, _name: &str) -> Vec<String> {
        Vec::new()
    }
    /// Whether what [`Catalog::stream`] knows by this name is outside.
    fn outside(&self, _name: &str) -> Option<Outside> {
        None
    }
    /// The SELECT text of a view.
    fn view(&self, name: &str) -> Option<String>;
    /// A view that is to be read as a stream, whatever it is called with.
    fn opaque(&self, _name: &str) -> Option<StreamInfo> {
        None
    }
    fn dictionary(&self, _name: &str) -> Option<Arc<DictionaryInfo>> {
        None
    }
    /// A function that a person has defined, by its name as written.
    fn function(&self, _name: &str) -> Option<Arc<FunctionInfo>> {
        None
    }
    /// Names of those functions, for suggestions in errors.
    fn function_names(&self) -> Vec<String> {
        Vec::new()
    }
    /// The statement that makes it, where more is known of it than its columns or its query.
    fn definition(&self, _name: &str) -> Option<String> {
        None
    }
    /// Whether the stream of this name is a materialized view's.
    fn is_materialized(&self, _name: &str) -> bool {
        false
    }
    /// Schemas of messages: name, type and text.
    fn schemas(&self) -> Vec<[String; 3]> {
        Vec::new()
    }
    /// Queries that run now.
    fn processes(&self) -> Vec<Process> {
        Vec::new()
    }
    /// Names of streams and views, for suggestions in errors.
    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}
