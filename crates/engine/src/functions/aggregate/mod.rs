//! Aggregates. One implementation serves both ways of running: SQLite calls it for queries over
//! history, and streaming queries keep it between steps.

mod collect;
mod key;
mod memory;
mod numeric;
mod pick;
mod spread;
mod state;
mod table;
use std::panic::AssertUnwindSafe;

use rusqlite::{
    Connection, Error,
    functions::{Aggregate, Context, FunctionFlags},
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::FunctionHelp;
use crate::typed::{Typed, escape};

pub(crate) use self::key::write_key;
pub(crate) use self::memory::Charge;
pub(crate) use self::state::Cell;
pub(crate) use self::table::{Definition, find};

/// State of one aggregate over the rows of one group. NULL arguments are skipped by the caller.
pub(crate) trait Accumulator: Send {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String>;
    /// NULL when nothing was added, except where nothing has a value (a count).
    fn finish(&self) -> Result<Value, String>;
    /// Bytes that the state holds beside itself; 0 for one that does not grow.
    fn bytes(&self) -> usize {
        0
    }
    /// All of the state, for [`Accumulator::restore`].
    fn save(&self) -> Result<serde_json::Value, String>;
    /// Takes the place of what a new accumulator of the same call holds.
    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String>;
}

/// The aggregates that people have defined and a query calls, by number.
pub(crate) trait Scripts {
    /// State for one group.
    fn accumulator(&self, number: usize) -> Result<Box<dyn Accumulator>, String>;
}

/// More values than this in one group's state end the query with an error.
const MAX_VALUES: usize = 1_000_000;

/// A call of an aggregate with everything its state has to know.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spec {
    pub(crate) kind: Kind,
    /// The level of a quantile, the length of a top list; 0 elsewhere.
    pub(crate) parameter: f64,
    /// Of the first argument.
    pub(crate) input: DataType,
    pub(crate) result: DataType,
    /// Of the second argument, which orders; like `input` where there is none.
    pub(crate) order: DataType,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Count,
    Distinct,
    Sum,
    Average,
    Min,
    Max,
    First,
    Last,
    Quantile,
    Variance {
        sample: bool,
        root: bool,
    },
    List,
    Set,
    Top,
    ArgMin,
    ArgMax,
    /// Made by a person; its number in the query's library.
    Defined(usize),
}

impl Kind {
    const ALL: [(&'static str, Self); 18] = [
        ("count", Self::Count),
        ("distinct", Self::Distinct),
        ("sum", Self::Sum),
        ("average", Self::Average),
        ("min", Self::Min),
        ("max", Self::Max),
        ("first", Self::First),
        ("last", Self::Last),
        ("quantile", Self::Quantile),
        (
            "var_pop",
            Self::Variance {
                sample: false,
                root: false,
            },
        ),
        (
            "var_samp",
            Self::Variance {
                sample: true,
                root: false,
            },
        ),
        (
            "stddev_pop",
            Self::Variance {
                sample: false,
                root: true,
            },
        ),
        (
            "stddev_samp",
            Self::Variance {
                sample: true,
                root: true,
            },
        ),
        ("list", Self::List),
        ("set", Self::Set),
        ("top", Self::Top),
        ("arg_min", Self::ArgMin),
        ("arg_max", Self::ArgMax),
    ];
}

impl Spec {
    /// What SQLite hands to [`Accumulators`] as the first argument.
    pub(crate) fn text(&self) -> String {
        let known = Kind::ALL.iter().find(|(_, kind)| *kind == self.kind);
        let name = known.map_or("defined", |(name, _)| name);
        format!(
            "{name}\n{}\n{}\n{}\n{}",
            self.parameter, self.input, self.result, self.order
        )
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.split('\n');
        let mut line = || lines.next().ok_or("an aggregate's description is cut");
        let name = line()?;
        let kind = Kind::ALL.iter().find(|(known, _)| *known == name);
        Ok(Self {
            kind: kind.ok_or_else(|| format!("no aggregate '{name}'"))?.1,
            parameter: line()?.parse().map_err(|_| "a parameter expected")?,
            input: DataType::parse(line()?)?,
            result: DataType::parse(line()?)?,
            order: DataType::parse(line()?)?,
        })
    }

    /// SQLite text of the aggregate over a group's rows.
    pub(crate) fn sql(&self, args: &[Typed]) -> String {
        let list: String = args.iter().map(|arg| format!(", {}", arg.sql)).collect();
        match (self.kind, args) {
            (Kind::Count, []) => "count(*)".to_string(),
            (Kind::Count, [arg, ..]) => format!("count({})", arg.sql),
            (Kind::Defined(number), _) => format!("_udaf({number}{list})"),
            _ => format!("_aggregate('{}'{list})", escape(&self.text())),
        }
    }

    /// `scripts` has the aggregates of people that the query calls.
    pub(crate) fn accumulator(
        &self,
        scripts: Option<&dyn Scripts>,
    ) -> Result<Box<dyn Accumulator>, String> {
        Ok(match self.kind {
            Kind::Count => Box::new(numeric::Count::default()),
            Kind::Sum => Box::new(numeric::Sum::new(&self.result)),
            Kind::Average => Box::new(numeric::Average::new(&self.input)),
            Kind::Quantile => Box::new(spread::Quantile::new(self.parameter)),
            Kind::Variance { sample, root } => Box::new(spread::Variance::new(sample, root)),
            Kind::Min => Box::new(pick::Extreme::new(&self.input, false)),
            Kind::Max => Box::new(pick::Extreme::new(&self.input, true)),
            Kind::First => Box::new(pick::First::default()),
            Kind::Last => Box::new(pick::Last::default()),
            Kind::ArgMin => Box::new(pick::ArgExtreme::new(&self.order, false)),
            Kind::ArgMax => Box::new(pick::ArgExtreme::new(&self.order, true)),
            Kind::Distinct => Box::new(collect::Distinct::default()),
            Kind::List => Box::new(collect::List::new(&self.input, false)),
            Kind::Set => Box::new(collect::List::new(&self.input, true)),
            Kind::Top => Box::new(collect::Top::new(&self.input, self.parameter as usize)),
            Kind::Defined(number) => {
                let scripts = scripts.ok_or("a function of a person is not at hand")?;
                return scripts.accumulator(number);
            }
        })
    }
}

pub(super) fn help() -> impl Iterator<Item = FunctionHelp> {
    table::AGGREGATES.iter().flat_map(|definition| {
        definition.names.iter().map(|name| FunctionHelp {
            name,
            signature: definition.signature,
            help: definition.help,
            aggregate: true,
        })
    })
}

/// Adds the arguments of one row unless one of them is NULL.
pub(crate) fn add(accumulator: &mut dyn Accumulator, args: &[ValueRef<'_>]) -> Result<(), String> {
    if args.contains(&ValueRef::Null) {
        Ok(())
    } else {
        accumulator.add(args)
    }
}

/// `_aggregate(spec, args…)` for SQLite.
struct Accumulators;

struct Charged {
    state: Box<dyn Accumulator>,
    charge: Charge,
}

type State = AssertUnwindSafe<Charged>;

impl Aggregate<State, Value> for Accumulators {
    fn init(&self, context: &mut Context<'_>) -> rusqlite::Result<State> {
        let text: String = context.get(0)?;
        let spec = Spec::parse(&text).map_err(failed)?;
        let state = spec.accumulator(None).map_err(failed)?;
        Ok(AssertUnwindSafe(Charged {
            state,
            charge: Charge::default(),
        }))
    }

    fn step(&self, context: &mut Context<'_>, state: &mut State) -> rusqlite::Result<()> {
        let Charged { state, charge } = &mut state.0;
        match context.len() {
            2 => add(state.as_mut(), &[context.get_raw(1)]),
            3 => add(state.as_mut(), &[context.get_raw(1), context.get_raw(2)]),
            _ => add(state.as_mut(), &[]),
        }
        .and_then(|()| charge.set(state.bytes()))
        .map_err(failed)
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<State>) -> rusqlite::Result<Value> {
        state.map_or(Ok(Value::Null), |state| {
            state.0.state.finish().map_err(failed)
        })
    }
}

fn failed(message: String) -> Error {
    Error::UserFunctionError(message.into())
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_aggregate_function("_aggregate", -1, flags, Accumulators)
}
