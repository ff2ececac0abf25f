//! The functions of one query, called for many rows at once.
//!
//! SQLite asks for one result at a time. A statement is therefore run in rounds: where a result is
//! not known yet, its arguments are noted and NULL stands in for it. What was noted is then
//! evaluated together (an array of values in JavaScript, one HTTP request of a remote function), and
//! the statement is run again over the same snapshot, now with the results at hand. Rows up to the
//! first unknown result are exact and handed on; see `run::each`. Results are kept for one step of a
//! query, so that equal arguments are evaluated once in it.

mod callee;
mod groups;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
};

use rusqlite::{
    Connection, Error,
    functions::{Context, FunctionFlags},
    types::{Value, ValueRef},
};

use self::{callee::Callee, groups::Groups};
use super::{FunctionInfo, Stop, accumulator::ScriptState};
use crate::{
    functions::aggregate::{Accumulator, Scripts, add, write_key},
    value::owned,
};

/// Unknown results after which a round ends early: few at first, for a query may need no more.
const FIRST_ROUND: usize = 4096;
const LARGEST_ROUND: usize = 1 << 16;
/// Calls with more different arguments than this in one step, or that take more rounds (their
/// arguments change from round to round, as `rand()` does), are answered one by one.
const MAX_KEPT: usize = 1 << 20;
const MAX_ROUNDS: usize = 200;

#[derive(Debug, Default)]
pub(crate) struct Library {
    callees: Vec<Callee>,
    stop: Arc<OnceLock<Stop>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By function, then by arguments; `None` until evaluated.
    results: Vec<HashMap<Vec<u8>, Option<Value>>>,
    waiting: Vec<Vec<Waiting>>,
    /// Results that were asked for in this round and are not known.
    unknown: usize,
    kept: usize,
    rounds: usize,
}

#[derive(Debug)]
struct Waiting {
    key: Vec<u8>,
    args: Vec<Value>,
}

impl State {
    /// Whether calls are answered one by one.
    fn direct(&self) -> bool {
        self.kept >= MAX_KEPT || self.rounds >= MAX_ROUNDS
    }

    fn room(&self) -> usize {
        (FIRST_ROUND << self.rounds.min(8)).min(LARGEST_ROUND)
    }
}

impl Library {
    pub(crate) fn new(functions: &[Arc<FunctionInfo>]) -> Option<Arc<Self>> {
        let stop = Arc::new(OnceLock::new());
        let callees = functions.iter().map(|info| Callee {
            info: info.clone(),
            program: OnceLock::new(),
            stop: stop.clone(),
        });
        let callees: Vec<_> = callees.collect();
        (!callees.is_empty()).then(|| {
            Arc::new(Self {
                callees,
                stop,
                state: Mutex::default(),
            })
        })
    }

    /// Calls end where this one says so.
    pub(crate) fn stopped_by(&self, stop: Stop) {
        // Set once, before the first call.
        let _ = self.stop.set(stop);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets results: a new step begins.
    pub(crate) fn begin_step(&self) {
        let count = self.callees.len();
        *self.state() = State {
            results: (0..count).map(|_| HashMap::new()).collect(),
            waiting: (0..count).map(|_| Vec::new()).collect(),
            ..State::default()
        };
    }

    /// A statement begins.
    pub(crate) fn begin(&self) {
        self.state().rounds = 0;
    }

    pub(crate) fn begin_round(&self) {
        self.state().unknown = 0;
    }

    /// Whether results were asked for in this round that are not known yet.
    pub(crate) fn is_waiting(&self) -> bool {
        self.state().unknown > 0
    }

    /// Whether enough was asked for in this round.
    pub(crate) fn is_full(&self) -> bool {
        let state = self.state();
        state.unknown >= state.room()
    }

    /// Evaluates what was asked for.
    pub(crate) fn evaluate(&self) -> Result<(), String> {
        let mut state = self.state();
        state.rounds += 1;
        for (index, callee) in self.callees.iter().enumerate() {
            let waiting = std::mem::take(&mut state.waiting[index]);
            if waiting.is_empty() {
                continue;
            }
            let values = callee.evaluate(&waiting)?;
            state.kept += values.len();
            for (call, value) in waiting.into_iter().zip(values) {
                state.results[index].insert(call.key, Some(value));
            }
        }
        Ok(())
    }

    fn scalar(&self, index: usize, args: &[ValueRef<'_>]) -> Result<Value, String> {
        let callee = self.callees.get(index).ok_or("no such function")?;
        if callee.skips(args) {
            return Ok(Value::Null);
        }
        let mut key = Vec::new();
        for arg in args {
            write_key(&mut key, *arg);
        }
        let mut state = self.state();
        match state.results[index].get(&key) {
            Some(Some(value)) => return Ok(value.clone()),
            Some(None) => {
                state.unknown += 1;
                return Ok(Value::Null);
            }
            None => {}
        }
        let args = args.iter().map(|arg| owned(*arg)).collect();
        let call = Waiting { key, args };
        if state.direct() {
            if callee.is_remote() {
                return Err(callee.info.failed(format_args!(
                    "more than {MAX_KEPT} different arguments in one query: aggregate first, or \
                     read less"
                )));
            }
            let mut values = callee.evaluate(std::slice::from_ref(&call))?;
            return Ok(values.pop().unwrap_or(Value::Null));
        }
        state.unknown += 1;
        state.results[index].insert(call.key.clone(), None);
        state.waiting[index].push(call);
        if state.unknown >= LARGEST_ROUND {
            return Err("a round of calls is full".into());
        }
        Ok(Value::Null)
    }

    /// Compiles what is JavaScript.
    pub(super) fn prepare(&self) -> Result<(), String> {
        let mut scripts = self.callees.iter().filter(|callee| !callee.is_remote());
        scripts.try_for_each(|callee| callee.program().map(|_| ()))
    }

    /// The first function over these rows, as it would be called by a query.
    pub(super) fn try_out(&self, rows: Vec<Vec<Value>>) -> Result<Vec<Value>, String> {
        let Some(callee) = self.callees.first() else {
            return Ok(Vec::new());
        };
        if callee.info.is_aggregate() {
            let mut state = self.accumulator(0)?;
            for row in &rows {
                let args: Vec<_> = row.iter().map(ValueRef::from).collect();
                add(state.as_mut(), &args)?;
            }
            return state.finish().map(|value| vec![value]);
        }
        let skipped: Vec<bool> = rows
            .iter()
            .map(|row| callee.skips(&row.iter().map(ValueRef::from).collect::<Vec<_>>()))
            .collect();
        let waiting: Vec<_> = rows
            .into_iter()
            .zip(&skipped)
            .filter(|(_, skipped)| !**skipped)
            .map(|(args, _)| Waiting {
                key: Vec::new(),
                args,
            })
            .collect();
        let mut values = callee.evaluate(&waiting)?.into_iter();
        let next = |skipped: &bool| match skipped {
            true => Some(Value::Null),
            false => values.next(),
        };
        Ok(skipped.iter().map_while(next).collect())
    }

    /// What the first function has written to the console.
    pub(super) fn logs(&self) -> Vec<String> {
        let program = self.callees.first().and_then(|callee| callee.program.get());
        let Some(Ok(program)) = program else {
            return Vec::new();
        };
        let logs: Result<String, String> = program.call("logs", ());
        logs.ok()
            .and_then(|logs| serde_json::from_str(&logs).ok())
            .unwrap_or_default()
    }

    /// Makes `_udf(index, arguments…)` and `_udaf(index, arguments…)` of a connection those of this
    /// query, until another one steps on it.
    pub(crate) fn register(self: &Arc<Self>, conn: &Connection) -> rusqlite::Result<()> {
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
        let library = Arc::downgrade(self);
        conn.create_scalar_function("_udf", -1, flags, move |context| {
            let library = alive(&library)?;
            let args: Vec<_> = (1..context.len()).map(|at| context.get_raw(at)).collect();
            library.scalar(number(context)?, &args).map_err(failed)
        })?;
        conn.create_aggregate_function("_udaf", -1, flags, Groups(Arc::downgrade(self)))
    }
}

impl Scripts for Library {
    fn accumulator(&self, index: usize) -> Result<Box<dyn Accumulator>, String> {
        let callee = self.callees.get(index).ok_or("no such function")?;
        let state = ScriptState::new(callee.info.clone(), callee.program()?.clone())?;
        Ok(Box::new(state))
    }
}

fn alive(library: &Weak<Library>) -> rusqlite::Result<Arc<Library>> {
    let gone = || failed("the query has ended".into());
    library.upgrade().ok_or_else(gone)
}

fn number(context: &Context<'_>) -> rusqlite::Result<usize> {
    let number: u32 = context.get(0)?;
    Ok(number as usize)
}

fn failed(message: String) -> Error {
    Error::UserFunctionError(message.into())
}
