//! The functions of one query, called for many rows at once.
//!
//! SQLite asks for one result at a time. A statement is therefore run in rounds: where a result is
//! not known yet, its arguments are noted and NULL stands in for it. What was noted is then
//! evaluated together (an array of values in JavaScript, one HTTP request of a remote function), and
//! the statement is run again over the same snapshot, now with the results at hand. Rows up to the
//! first unknown result are exact and handed on; see `run::each`. Results are kept for one step of a
//! query, so that equal arguments are evaluated once in it.

use std::{
    collections::HashMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak},
};

use rusqlite::{
    Connection, Error,
    functions::{Aggregate, Context, FunctionFlags},
    types::{Value, ValueRef},
};
use serde_json::value::RawValue;

use super::{
    FunctionBody, FunctionInfo, Remote,
    accumulator::ScriptState,
    program::{Program, Rows},
    values,
};
use crate::{
    codec,
    functions::aggregate::{Accumulator, add, write_key},
    value::owned,
};

/// Rows of one call.
const SCRIPT_BATCH: usize = 4096;
const REMOTE_BATCH: usize = 1000;
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
    state: Mutex<State>,
}

struct Callee {
    info: Arc<FunctionInfo>,
    program: OnceLock<Result<Arc<Program>, String>>,
}

impl std::fmt::Debug for Callee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.info.fmt(f)
    }
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

impl Callee {
    fn program(&self) -> Result<&Arc<Program>, String> {
        let program = self
            .program
            .get_or_init(|| Program::new(&self.info).map(Arc::new));
        program
            .as_ref()
            .map_err(|message| self.info.failed(message))
    }

    /// NULL where an argument is that must not be.
    fn skips(&self, args: &[ValueRef<'_>]) -> bool {
        let mut pairs = self.info.arguments.iter().zip(args);
        pairs.any(|(argument, value)| *value == ValueRef::Null && !argument.data_type.is_nullable())
    }

    fn is_remote(&self) -> bool {
        matches!(self.info.body, FunctionBody::Remote(_))
    }

    fn evaluate(&self, waiting: &[Waiting]) -> Result<Vec<Value>, String> {
        match &self.info.body {
            FunctionBody::Remote(remote) => self.ask(remote.as_ref(), waiting),
            _ => self.script(waiting),
        }
        .map_err(|message| self.info.failed(message))
    }

    fn script(&self, waiting: &[Waiting]) -> Result<Vec<Value>, String> {
        let program = self
            .program
            .get_or_init(|| Program::new(&self.info).map(Arc::new));
        let program = program.as_ref().map_err(Clone::clone)?;
        let types = || self.info.arguments.iter().map(|a| &a.data_type);
        let mut all = Vec::with_capacity(waiting.len());
        for batch in waiting.chunks(SCRIPT_BATCH) {
            let mut rows = Rows::new(self.info.arguments.len());
            for call in batch {
                rows.add(types(), call.args.iter().map(ValueRef::from));
            }
            let answer: String = program.call("scalar", (rows.take(),))?;
            all.extend(values::results(&answer, &self.info.returns, batch.len())?);
        }
        Ok(all)
    }

    fn ask(&self, remote: &dyn Remote, waiting: &[Waiting]) -> Result<Vec<Value>, String> {
        #[derive(serde::Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            result: &'a RawValue,
        }
        let mut all = Vec::with_capacity(waiting.len());
        for batch in waiting.chunks(REMOTE_BATCH) {
            let answer = remote.call(self.request(batch))?;
            let text = std::str::from_utf8(&answer).map_err(|_| "its answer is not UTF-8")?;
            let answer: Answer<'_> = serde_json::from_str(text)
                .map_err(|error| format!("its answer is not {{\"result\": […]}}: {error}"))?;
            let result = answer.result.get();
            all.extend(values::results(result, &self.info.returns, batch.len())?);
        }
        Ok(all)
    }

    /// `{"argument": [value, …], …}`
    fn request(&self, batch: &[Waiting]) -> Vec<u8> {
        let mut body = Vec::from(*b"{");
        for (index, argument) in self.info.arguments.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            let name = serde_json::to_string(&argument.name).unwrap_or_default();
            body.extend_from_slice(name.as_bytes());
            body.push(b':');
            let types = vec![argument.data_type.clone(); batch.len()];
            let column: Vec<_> = batch
                .iter()
                .map(|call| ValueRef::from(&call.args[index]))
                .collect();
            codec::encode_row(&mut body, &types, &column);
        }
        body.push(b'}');
        body
    }
}

impl Library {
    pub(crate) fn new(functions: &[Arc<FunctionInfo>]) -> Option<Arc<Self>> {
        let callees = functions.iter().map(|info| Callee {
            info: info.clone(),
            program: OnceLock::new(),
        });
        let callees: Vec<_> = callees.collect();
        (!callees.is_empty()).then(|| {
            Arc::new(Self {
                callees,
                state: Mutex::default(),
            })
        })
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

    /// State of an aggregate for one group.
    pub(crate) fn accumulator(&self, index: usize) -> Result<Box<dyn Accumulator>, String> {
        let callee = self.callees.get(index).ok_or("no such function")?;
        let state = ScriptState::new(callee.info.clone(), callee.program()?.clone())?;
        Ok(Box::new(state))
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

struct Groups(Weak<Library>);

type GroupState = AssertUnwindSafe<Box<dyn Accumulator>>;

impl Aggregate<GroupState, Value> for Groups {
    fn init(&self, context: &mut Context<'_>) -> rusqlite::Result<GroupState> {
        let accumulator = alive(&self.0)?.accumulator(number(context)?);
        accumulator.map(AssertUnwindSafe).map_err(failed)
    }

    fn step(&self, context: &mut Context<'_>, state: &mut GroupState) -> rusqlite::Result<()> {
        if alive(&self.0)?.is_waiting() {
            return Ok(());
        }
        let args: Vec<_> = (1..context.len()).map(|at| context.get_raw(at)).collect();
        add(state.0.as_mut(), &args).map_err(failed)
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<GroupState>) -> rusqlite::Result<Value> {
        match state {
            Some(state) if !alive(&self.0)?.is_waiting() => state.0.finish().map_err(failed),
            _ => Ok(Value::Null),
        }
    }
}
