//! Every function of the SQL subset: its types, its implementation and its help.
//!
//! A family is a table of [`Function`]s (how a call compiles) and the SQLite functions, their names
//! starting with `_`, that the compiled text calls.

pub(crate) mod aggregate;
mod collection;
mod conversion;
mod json;
mod logic;
mod number;
pub(crate) mod operators;
mod pattern;
mod text;
pub(crate) mod time;

use std::sync::OnceLock;

use rusqlite::{
    Connection, Error,
    functions::{Context, FunctionFlags},
    types::{Value, ValueRef},
};
use weir_api::DataType;

use crate::{typed::Typed, types, value};

pub(crate) use self::{
    collection::{array, subscript},
    conversion::try_cast,
};

/// For completion and the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionHelp {
    pub name: &'static str,
    /// For example `length(string | array) -> uint64`.
    pub signature: &'static str,
    pub help: &'static str,
    pub aggregate: bool,
}

/// A scalar function.
pub(crate) struct Function {
    /// The first is the name, the others are aliases.
    names: &'static [&'static str],
    signature: &'static str,
    help: &'static str,
    /// Least and most arguments.
    pub(crate) arguments: (usize, usize),
    pub(crate) build: fn(&Call<'_>) -> Result<Typed, String>,
}

/// A call being compiled.
pub(crate) struct Call<'a> {
    pub(crate) args: &'a [Typed],
    /// SQLite text of the current time in Unix ms.
    pub(crate) now_ms: &'a str,
}

impl Call<'_> {
    fn nullable(&self) -> bool {
        self.args.iter().any(|arg| arg.data_type.is_nullable())
    }

    /// The argument as text, whatever its type.
    fn text(&self, index: usize) -> Result<String, String> {
        Ok(self.args[index].cast(&DataType::String)?.sql)
    }

    fn int(&self, index: usize) -> Result<String, String> {
        let arg = &self.args[index];
        if !arg.data_type.is_numeric() {
            return Err(format!(
                "argument {} is a whole number, not {}",
                index + 1,
                arg.data_type
            ));
        }
        Ok(arg.cast(&DataType::Int(64))?.sql)
    }

    fn list(&self) -> String {
        let args: Vec<_> = self.args.iter().map(|arg| arg.sql.as_str()).collect();
        args.join(", ")
    }

    /// A result that is NULL where an argument is.
    fn typed(&self, sql: String, data_type: DataType) -> Typed {
        Typed::new(sql, types::nullable_if(data_type, self.nullable()))
    }
}

const FAMILIES: [&[Function]; 7] = [
    conversion::FUNCTIONS,
    text::FUNCTIONS,
    number::FUNCTIONS,
    logic::FUNCTIONS,
    time::FUNCTIONS,
    collection::FUNCTIONS,
    json::FUNCTIONS,
];

pub(crate) fn find(name: &str) -> Option<&'static Function> {
    let mut functions = FAMILIES.into_iter().flatten();
    functions.find(|function| function.names.iter().any(|n| n.eq_ignore_ascii_case(name)))
}

/// Whether a function or an aggregate has this name, in any case.
pub(crate) fn is_known(name: &str) -> bool {
    find(name).is_some() || aggregate::find(name).is_some()
}

/// Adds functions, aggregates and the collation `WIDE` to a connection.
pub fn register(conn: &Connection) -> rusqlite::Result<()> {
    conn.create_collation("WIDE", value::compare_wide)?;
    conversion::register(conn)?;
    text::register(conn)?;
    pattern::register(conn)?;
    number::register(conn)?;
    time::register(conn)?;
    collection::register(conn)?;
    json::register(conn)?;
    aggregate::register(conn)
}

/// Every function and alias, sorted by name.
pub fn names() -> &'static [FunctionHelp] {
    static NAMES: OnceLock<Vec<FunctionHelp>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let scalars = FAMILIES.into_iter().flatten().flat_map(|function| {
            function.names.iter().map(|name| FunctionHelp {
                name,
                signature: function.signature,
                help: function.help,
                aggregate: false,
            })
        });
        let mut all: Vec<_> = scalars.chain(aggregate::help()).collect();
        all.sort_by_key(|function| function.name);
        all
    })
}

/// Registers a function whose result depends on its arguments only.
fn scalar(
    conn: &Connection,
    name: &str,
    arguments: i32,
    function: impl Fn(&Context<'_>) -> Result<Value, String> + Send + 'static,
) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function(name, arguments, flags, move |context| {
        function(context).map_err(|message| Error::UserFunctionError(message.into()))
    })
}

/// `None` for NULL.
fn text_arg<'a>(context: &'a Context<'_>, index: usize) -> Result<Option<&'a str>, String> {
    match context.get_raw(index) {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(Some)
            .map_err(|_| "the text is not UTF-8".to_string()),
        _ => Err(format!("argument {} is not text", index + 1)),
    }
}

/// What a constant first argument stands for, parsed once per statement.
fn parsed<T: Send + Sync + 'static>(
    context: &Context<'_>,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<std::sync::Arc<T>, String> {
    context
        .get_or_create_aux(0, |value| {
            parse(value.as_str().map_err(|error| error.to_string())?)
        })
        .map_err(|error| error.to_string())
}
