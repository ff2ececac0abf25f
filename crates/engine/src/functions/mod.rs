//! Every function of the SQL subset: its types, its implementation and its help.
//!
//! A family is a table of [`Function`]s (how a call compiles) and the SQLite functions, their names
//! starting with `_`, that the compiled text calls.

mod address;
pub(crate) mod aggregate;
mod bits;
mod collection;
mod conversion;
mod encoding;
mod geo;
mod hash;
mod json;
mod lambda;
mod logic;
mod native;
mod number;
pub(crate) mod operators;
mod random_type;
mod registry;
mod reinterpret;
mod text;
pub(crate) mod time;
mod url;

use rusqlite::{
    Connection, Error,
    functions::{Context, FunctionFlags},
    types::{Value, ValueRef},
};
use weir_api::DataType;

use crate::{typed::Typed, types, value, working};

pub use self::registry::{FunctionHelp, names};
use self::registry::{Scalar, registry};
pub(crate) use self::{
    collection::{array, element, item_type, subscript, tuple},
    conversion::{data_type, try_cast},
    lambda::HELP as LAMBDAS,
    number::negated,
    random_type::{NAME as RANDOM_IN_TYPE, arguments as random_arguments, below as random_below},
    registry::{Reference, families, find, is_known, snake_case},
};

const MESSAGE_CHARS: usize = 2000;

/// A scalar function that SQLite's own text or a rule of its own serves better than a [`Native`].
pub(crate) struct Function {
    /// The first is the name, the others are aliases.
    names: &'static [&'static str],
    signature: &'static str,
    help: &'static str,
    /// Least and most arguments.
    arguments: (usize, usize),
    build: fn(&Call<'_>) -> Result<Typed, String>,
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

    /// The same call with other arguments.
    fn with<'b>(&'b self, args: &'b [Typed]) -> Call<'b> {
        Call {
            args,
            now_ms: self.now_ms,
        }
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

/// Whether the first argument is a unit of time, which may stand without quotes.
pub(crate) fn takes_unit(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [
        "date_add",
        "date_sub",
        "date_diff",
        "date_trunc",
        "timestamp_add",
        "timestamp_sub",
        "timestamp_diff",
        "age",
    ]
    .contains(&lower.as_str())
}

/// A call of another function.
fn built(name: &str, call: &Call<'_>) -> Result<Typed, String> {
    let function = find(name).ok_or_else(|| format!("no function '{name}'"))?;
    function.build(call)
}

/// Adds functions, aggregates and the collations `WIDE` and `NESTED` to a connection.
pub fn register(conn: &Connection) -> rusqlite::Result<()> {
    conn.create_collation("WIDE", value::compare_wide)?;
    conn.create_collation("NESTED", value::compare_nested)?;
    conversion::register(conn)?;
    text::pattern::register(conn)?;
    number::register(conn)?;
    time::register(conn)?;
    collection::register(conn)?;
    json::register(conn)?;
    for (_, function) in &registry().all {
        if let Scalar::Native(signature, native) = function
            && let Some(name) = signature.names.first()
        {
            native::register(conn, name, signature, native.run)?;
        }
    }
    aggregate::register(conn)
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
        in_place(context, &function)
            .map_err(|message| Error::UserFunctionError(bounded(message).into()))
    })
}

/// Values of many MiB are made in a place for them, so that only so many are there at once.
fn in_place(
    context: &Context<'_>,
    function: &impl Fn(&Context<'_>) -> Result<Value, String>,
) -> Result<Value, String> {
    let given = (0..context.len()).map(|index| match context.get_raw(index) {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len(),
        _ => 0,
    });
    if given.sum::<usize>() >= working::LARGE && working::becomes_large() {
        working::take_turn()?;
    }
    let value = function(context)?;
    if size(&value) < working::LARGE || !working::becomes_large() {
        return Ok(value);
    }
    // It is not held while it waits.
    drop(value);
    working::take_turn()?;
    function(context)
}

fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        Value::Null | Value::Integer(_) | Value::Real(_) => 0,
    }
}

/// Messages may quote values, of which some are long, and are kept with the query.
fn bounded(mut message: String) -> String {
    if let Some((end, _)) = message.char_indices().nth(MESSAGE_CHARS) {
        message.truncate(end);
        message.push('…');
    }
    message
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
