//! Aggregates. One implementation serves both ways of running: SQLite calls it for queries over
//! history, and streaming queries keep it between steps.

mod collect;
mod counted;
mod definition;
mod gather;
mod key;
mod memory;
mod numeric;
mod pick;
mod sessions;
mod spread;
mod state;
mod table;
mod unrolled;

use std::panic::AssertUnwindSafe;

use rusqlite::{
    Connection, Error,
    functions::{Aggregate, Context, FunctionFlags},
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::FunctionHelp;
use crate::{
    Limits,
    typed::{Typed, escape},
    working::{self, Charge},
};

pub(crate) use self::counted::Rows;
pub(crate) use self::definition::{Definition, sum_type};
pub(crate) use self::key::{Order, write_key};
pub(crate) use self::state::Cell;
pub(crate) use self::table::find;

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
    /// The `_array` form: the arguments are arrays, each element counts as a row.
    pub(crate) unrolled: bool,
    pub(crate) rows: Rows,
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
    /// By a rule over all rows; its place among the definitions.
    Gathered(usize),
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
        let name = match (known, self.kind) {
            (Some((name, _)), _) => *name,
            (None, Kind::Gathered(place)) => table::name(place),
            (None, _) => "defined",
        };
        let rows = match self.rows {
            Rows::Each => "",
            Rows::Different => "!",
            Rows::Weighed => "-",
        };
        let unrolled = if self.unrolled { "[]" } else { "" };
        format!(
            "{name}{rows}{unrolled}\n{}\n{}\n{}\n{}",
            self.parameter, self.input, self.result, self.order
        )
    }

    fn parse(text: &str) -> Result<Self, String> {
        let mut lines = text.split('\n');
        let mut line = || lines.next().ok_or("an aggregate's description is cut");
        let name = line()?;
        let unrolled = name.ends_with("[]");
        let name = name.trim_end_matches("[]");
        let rows = match name.as_bytes().last() {
            Some(b'!') => Rows::Different,
            Some(b'-') => Rows::Weighed,
            _ => Rows::Each,
        };
        let name = name.trim_end_matches(['!', '-']);
        let known = Kind::ALL.iter().find(|(known, _)| *known == name);
        let kind = known
            .map(|(_, kind)| *kind)
            .or_else(|| table::gathered(name));
        Ok(Self {
            kind: kind.ok_or_else(|| format!("no aggregate '{name}'"))?,
            unrolled,
            rows,
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
            (Kind::Count, [arg, ..]) if !self.unrolled && self.rows == Rows::Each => {
                format!("count({})", arg.sql)
            }
            (Kind::Defined(number), _) => format!("_udaf({number}{list})"),
            _ => format!("_aggregate('{}'{list})", escape(&self.text())),
        }
    }

    /// `scripts` has the aggregates of people that the query calls.
    pub(crate) fn accumulator(
        &self,
        scripts: Option<&dyn Scripts>,
    ) -> Result<Box<dyn Accumulator>, String> {
        if self.rows != Rows::Each {
            let each = Self {
                rows: Rows::Each,
                ..self.clone()
            };
            let weighed = self.rows == Rows::Weighed;
            return Ok(Box::new(counted::Counted::new(each, weighed)));
        }
        if self.unrolled {
            let inner = Self {
                unrolled: false,
                ..self.clone()
            };
            let types = [self.input.clone(), self.order.clone()];
            return Ok(Box::new(unrolled::Unrolled::new(
                inner.accumulator(scripts)?,
                types,
            )));
        }
        Ok(match self.kind {
            Kind::Gathered(place) => {
                let rule = table::rule(place).ok_or("an aggregate without its rule")?;
                Box::new(gather::Gathered::new(rule, self))
            }
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
            Kind::List => Box::new(collect::List::new(&self.input, false, self.parameter)),
            Kind::Set => Box::new(collect::List::new(&self.input, true, self.parameter)),
            Kind::Top => Box::new(collect::Top::new(
                &self.input,
                &self.result,
                self.parameter as usize,
            )),
            Kind::Defined(number) => {
                let scripts = scripts.ok_or("a function of a person is not at hand")?;
                return scripts.accumulator(number);
            }
        })
    }
}

pub(super) fn references() -> Vec<super::Reference> {
    let definitions = table::AGGREGATES.iter();
    let references = definitions.map(|definition| super::Reference {
        call: definition.signature,
        aliases: definition.names.iter().skip(1).copied().collect(),
        help: definition.help,
    });
    references.collect()
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
            count => {
                let args: Vec<_> = (1..count).map(|index| context.get_raw(index)).collect();
                add(state.as_mut(), &args)
            }
        }
        .and_then(|()| charge.set(state.bytes()))
        .map_err(failed)
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<State>) -> rusqlite::Result<Value> {
        // Nobody sees the result of a query that was stopped.
        // SQLite also asks when it clears away after an interrupt, and says nothing.
        if working::is_stopped() {
            if let Some(state) = state {
                discard(state);
            }
            return Ok(Value::Null);
        }
        state.map_or(Ok(Value::Null), |state| {
            state.0.state.finish().map_err(failed)
        })
    }
}

/// Frees what a query held that was stopped. Millions of small pieces take longer than anybody who
/// cancels should wait, so a thread of its own does it.
fn discard(state: State) {
    const MANY: usize = 1 << 20;
    if state.0.state.bytes() > MANY {
        // Where there is no thread it is freed here, with what was to run in it.
        let _ = std::thread::Builder::new().spawn(move || drop(state));
    }
}

fn failed(message: String) -> Error {
    Error::UserFunctionError(message.into())
}

/// `_list(type, value, …)`: an array of all values, NULL among them, in the order of the rows.
struct Lists;

/// The type of the values, and their list without its last bracket.
struct ListState(DataType, String);

impl Aggregate<ListState, Value> for Lists {
    fn init(&self, context: &mut Context<'_>) -> rusqlite::Result<ListState> {
        let text: String = context.get(0)?;
        Ok(ListState(
            DataType::parse(&text).map_err(failed)?,
            "[".into(),
        ))
    }

    fn step(&self, context: &mut Context<'_>, state: &mut ListState) -> rusqlite::Result<()> {
        let item = super::collection::encode(context.get_raw(1), &state.0);
        if state.1.len() > 1 {
            state.1.push(',');
        }
        state.1.push_str(&item);
        let most = Limits::get().value_bytes;
        match state.1.len() > most {
            true => Err(failed(format!(
                "an array is longer than {} MiB",
                most >> 20
            ))),
            false => Ok(()),
        }
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<ListState>) -> rusqlite::Result<Value> {
        let list = state.map_or_else(|| "[".into(), |state| state.1);
        Ok(Value::Text(list + "]"))
    }
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    sessions::register(conn)?;
    conn.create_aggregate_function("_list", -1, flags, Lists)?;
    conn.create_aggregate_function("_aggregate", -1, flags, Accumulators)
}
