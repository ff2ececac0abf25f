//! Functions that people define: JavaScript in the process, or an HTTP service elsewhere.
//!
//! A scalar function takes an array of values for each argument and gives an array of results, so
//! that many rows are one call. SQLite asks row by row; [`library`] turns that around.

mod accumulator;
pub(crate) mod library;
mod program;
mod stop;
mod trial;
mod values;

pub(crate) use self::stop::Stop;
pub use self::trial::{Trial, trial};
pub use crate::catalog::{FunctionBody, FunctionInfo, Remote};

/// Whether the function can be called: its types are known to JavaScript, its code compiles and
/// declares what is needed. The error's first part names what is wrong: `arguments`, `return_type`
/// or `source`.
pub fn check(function: &FunctionInfo) -> Result<(), (&'static str, String)> {
    if let FunctionBody::Expression(text) = &function.body {
        return crate::plan::check_inlined(function, text).map_err(|m| ("source", m));
    }
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
        _ => program::Program::new(function, None)
            .map(|_| ())
            .map_err(|message| ("source", message)),
    }
}
