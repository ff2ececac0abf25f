//! A JavaScript aggregate over the rows of one group.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use rusqlite::types::{Value, ValueRef};

use super::{
    FunctionInfo,
    program::{Program, Rows},
    values,
};
use crate::functions::aggregate::Accumulator;

/// Rows handed to `process` at once.
const BATCH: usize = 256;

/// Names the states of a program; unique in the process.
static NEXT: AtomicU32 = AtomicU32::new(0);

pub(super) struct ScriptState {
    info: Arc<FunctionInfo>,
    program: Arc<Program>,
    id: u32,
    rows: Mutex<Rows>,
}

impl ScriptState {
    pub(super) fn new(info: Arc<FunctionInfo>, program: Arc<Program>) -> Result<Self, String> {
        let state = Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            rows: Mutex::new(Rows::new(info.arguments.len())),
            info,
            program,
        };
        state.call::<()>("create")?;
        Ok(state)
    }

    fn call<T>(&self, method: &str) -> Result<T, String>
    where
        T: for<'js> rquickjs::FromJs<'js>,
    {
        self.program
            .call(method, (self.id,))
            .map_err(|message| self.info.failed(message))
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands on the rows that wait.
    fn flush(&self) -> Result<(), String> {
        let mut rows = self.rows();
        if rows.count == 0 {
            return Ok(());
        }
        self.program
            .call("process", (self.id, rows.take()))
            .map_err(|message| self.info.failed(message))
    }
}

impl Accumulator for ScriptState {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let full = {
            let types = self.info.arguments.iter().map(|a| &a.data_type);
            let mut rows = self.rows();
            rows.add(types, args.iter().copied());
            rows.count >= BATCH
        };
        if full { self.flush() } else { Ok(()) }
    }

    fn finish(&self) -> Result<Value, String> {
        self.flush()?;
        let answer: String = self.call("finalize")?;
        values::result(&answer, &self.info.returns).map_err(|message| self.info.failed(message))
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        self.flush()?;
        self.call("save").map(serde_json::Value::String)
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let saved = saved.as_str().unwrap_or_default();
        self.program
            .call("load", (self.id, saved))
            .map_err(|message| self.info.failed(message))
    }
}

impl Drop for ScriptState {
    fn drop(&mut self) {
        // A program that has failed need not forget.
        let _ = self.program.call::<()>("forget", (self.id,));
    }
}
