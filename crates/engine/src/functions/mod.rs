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
mod text;
pub(crate) mod time;
mod url;

use std::{collections::HashMap, sync::OnceLock};

use rusqlite::{
    Connection, Error,
    functions::{Context, FunctionFlags},
    types::{Value, ValueRef},
};
use weir_api::DataType;

use crate::{typed::Typed, types, value, working};

use self::native::{Native, Signature};
pub(crate) use self::{
    collection::{array, element, item_type, subscript, tuple},
    conversion::{data_type, try_cast},
    lambda::HELP as LAMBDAS,
    number::negated,
    random_type::{NAME as RANDOM_IN_TYPE, arguments as random_arguments, below as random_below},
};

const MESSAGE_CHARS: usize = 2000;

/// For completion and the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionHelp {
    pub name: &'static str,
    /// For example `length(string | array) -> uint64`.
    pub signature: &'static str,
    pub help: &'static str,
    pub aggregate: bool,
}

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

/// A family's title, what is built and what is computed.
struct Family(
    &'static str,
    &'static [&'static [Function]],
    &'static [&'static [Native]],
);

const FAMILIES: &[Family] = &[
    Family(
        "Conversion",
        &[
            conversion::FUNCTIONS,
            conversion::FAMILIES.as_flattened(),
            conversion::DECIMALS.as_flattened(),
            conversion::TIMES,
        ],
        &[],
    ),
    Family("Choice and NULL", &[logic::FUNCTIONS], &[]),
    Family(
        "Numbers",
        &[number::FUNCTIONS, random_type::FUNCTIONS],
        &[number::math::FUNCTIONS],
    ),
    Family("Bits", &[], &[bits::FUNCTIONS]),
    Family(
        "Text",
        &[text::FUNCTIONS],
        &[
            text::form::FUNCTIONS,
            text::search::FUNCTIONS,
            text::split::FUNCTIONS,
            text::pattern::FUNCTIONS,
            text::distance::FUNCTIONS,
        ],
    ),
    Family("Encodings", &[], &[encoding::FUNCTIONS]),
    Family("Hashes", &[], &[hash::FUNCTIONS]),
    Family(
        "Times",
        &[
            time::FUNCTIONS,
            time::INTERVALS,
            time::PARSERS,
            time::SHIFTS,
            time::UNIX.as_flattened(),
        ],
        &[
            time::part::FUNCTIONS,
            time::make::FUNCTIONS,
            time::format::FUNCTIONS,
        ],
    ),
    Family(
        "Arrays and tuples",
        &[collection::FUNCTIONS],
        &[
            collection::array::shape::FUNCTIONS,
            collection::array::search::FUNCTIONS,
            collection::array::numbers::FUNCTIONS,
            collection::array::lambda::FUNCTIONS,
        ],
    ),
    Family(
        "Maps",
        &[collection::map::FUNCTIONS],
        &[collection::map::NATIVE],
    ),
    Family("JSON", &[json::FUNCTIONS], &[json::NATIVE]),
    Family("Addresses", &[], &[url::FUNCTIONS, address::FUNCTIONS]),
    Family("Places", &[], &[geo::FUNCTIONS]),
];

/// A scalar function as a call needs it.
pub(crate) enum Scalar {
    Built(&'static Function),
    Native(Signature, &'static Native),
}

impl Scalar {
    /// Least and most arguments.
    pub(crate) fn arguments(&self) -> (usize, usize) {
        match self {
            Self::Built(function) => function.arguments,
            Self::Native(signature, _) => signature.arguments,
        }
    }

    /// SQLite text and type of a call.
    pub(crate) fn build(&self, call: &Call<'_>) -> Result<Typed, String> {
        match self {
            Self::Built(function) => (function.build)(call),
            Self::Native(signature, _) => signature.build(call),
        }
    }

    fn names(&self) -> &[&'static str] {
        match self {
            Self::Built(function) => function.names,
            Self::Native(signature, _) => &signature.names,
        }
    }

    fn help(&self, name: &'static str) -> FunctionHelp {
        let (signature, help) = match self {
            Self::Built(function) => (function.signature, function.help),
            // Made once for each name, and kept as long as the program runs.
            Self::Native(signature, native) => {
                let text = format!("{name}{}", signature.rest);
                (&*Box::leak(text.into_boxed_str()), native.help)
            }
        };
        FunctionHelp {
            name,
            signature,
            help,
            aggregate: false,
        }
    }
}

struct Registry {
    /// With the number of its family.
    all: Vec<(usize, Scalar)>,
    /// By every name in lower case.
    by_name: HashMap<String, usize>,
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let mut all = Vec::new();
        for (family, Family(_, built, native)) in FAMILIES.iter().enumerate() {
            let built = built.iter().copied().flatten().map(Scalar::Built);
            // The test of this module reads every signature.
            let native = native.iter().copied().flatten().filter_map(|native| {
                let signature = Signature::parse(native.signature).ok()?;
                Some(Scalar::Native(signature, native))
            });
            all.extend(built.chain(native).map(|function| (family, function)));
        }
        let names = all.iter().enumerate().flat_map(|(index, (_, function))| {
            let names = function.names().iter();
            names.map(move |name| (name.to_ascii_lowercase(), index))
        });
        let by_name = names.collect();
        Registry { all, by_name }
    })
}

/// A function in the reference.
pub(crate) struct Reference {
    /// `name(…) -> type`
    pub(crate) call: &'static str,
    pub(crate) aliases: Vec<&'static str>,
    pub(crate) help: &'static str,
}

/// Titles and functions, aggregates last.
pub(crate) fn families() -> Vec<(&'static str, Vec<Reference>)> {
    let scalars = FAMILIES
        .iter()
        .enumerate()
        .map(|(number, Family(title, ..))| {
            let functions = registry()
                .all
                .iter()
                .filter(|(family, _)| *family == number);
            let shown = functions.filter_map(|(_, function)| {
                let (first, aliases) = function.names().split_first()?;
                if first.starts_with('_') {
                    return None;
                }
                let help = function.help(first);
                Some(Reference {
                    call: help.signature,
                    aliases: aliases.to_vec(),
                    help: help.help,
                })
            });
            (*title, shown.collect())
        });
    let lambdas = lambda::HELP.iter().map(|(_, call, help)| Reference {
        call,
        aliases: Vec::new(),
        help,
    });
    scalars
        .chain([
            ("With lambdas", lambdas.collect()),
            ("Aggregates", aggregate::references()),
        ])
        .collect()
}

pub(crate) fn find(name: &str) -> Option<&'static Scalar> {
    let registry = registry();
    let index = registry.by_name.get(&name.to_ascii_lowercase())?;
    registry.all.get(*index).map(|(_, function)| function)
}

/// Whether a function or an aggregate has this name, in any case.
pub(crate) fn is_known(name: &str) -> bool {
    find(name).is_some() || aggregate::find(name).is_some()
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

/// The function that ClickHouse writes in camel case.
pub(crate) fn snake_case(name: &str) -> Option<&'static str> {
    let squeeze = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let wanted = squeeze(name);
    let camel = name.chars().any(char::is_uppercase) || !name.contains('_');
    let mut known = names().iter().map(|function| function.name);
    known.find(|known| camel && known.contains('_') && squeeze(known) == wanted)
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
            native::register(conn, name, native.run)?;
        }
    }
    aggregate::register(conn)
}

/// Every function and alias, sorted by name.
pub fn names() -> &'static [FunctionHelp] {
    static NAMES: OnceLock<Vec<FunctionHelp>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let shown = |function: &&Scalar| !function.names().iter().any(|name| name.starts_with('_'));
        let scalars = registry()
            .all
            .iter()
            .map(|(_, function)| function)
            .filter(shown);
        let scalars =
            scalars.flat_map(|function| function.names().iter().map(|name| function.help(name)));
        let lambdas = lambda::HELP
            .iter()
            .map(|(name, signature, help)| FunctionHelp {
                name,
                signature,
                help,
                aggregate: false,
            });
        let mut all: Vec<_> = scalars.chain(lambdas).chain(aggregate::help()).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_can_be_read_and_every_name_is_unique() {
        let families = FAMILIES
            .iter()
            .flat_map(|Family(_, _, native)| native.iter().copied());
        for native in families.flatten() {
            assert_eq!(
                Signature::parse(native.signature).map(|_| ()),
                Ok(()),
                "{}",
                native.signature
            );
        }
        let mut seen = std::collections::HashSet::new();
        let scalars = registry()
            .all
            .iter()
            .flat_map(|(_, function)| function.names());
        for name in scalars
            .copied()
            .chain(aggregate::help().map(|help| help.name))
        {
            assert!(seen.insert(name.to_ascii_lowercase()), "{name}");
        }
    }
}
