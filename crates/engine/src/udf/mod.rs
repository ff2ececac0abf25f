//! Functions that people define: JavaScript in the process, or an HTTP service elsewhere.
//!
//! A scalar function takes an array of values for each argument and gives an array of results, so
//! that many rows are one call. SQLite asks row by row; [`library`] turns that around.

mod accumulator;
pub(crate) mod library;
mod program;
mod trial;
mod values;

use std::{fmt, sync::Arc};

use weir_api::DataType;

pub use self::trial::{Trial, trial};
use crate::ColumnInfo;

#[derive(Debug, Clone)]
pub struct FunctionInfo {
    pub name: String,
    /// Types may be spelled in any way that [`check`] accepts.
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
    fn failed(&self, message: impl fmt::Display) -> String {
        format!("function '{}': {message}", self.name)
    }
}

/// Whether the function can be called: its types are known to JavaScript, its code compiles and
/// declares what is needed. The error's first part names what is wrong: `arguments`, `return_type`
/// or `source`.
pub fn check(function: &FunctionInfo) -> Result<(), (&'static str, String)> {
    if function.arguments.is_empty() {
        let message = "a function takes at least one argument";
        return Err(("arguments", message.into()));
    }
    for argument in &function.arguments {
        values::supported(&argument.data_type).map_err(|m| ("arguments", m))?;
    }
    values::supported(&function.returns).map_err(|m| ("return_type", m))?;
    match function.body {
        FunctionBody::Remote(_) => Ok(()),
        _ => program::Program::new(function)
            .map(|_| ())
            .map_err(|message| ("source", message)),
    }
}
