//! Aggregates of scripts inside SQLite.

use std::{panic::AssertUnwindSafe, sync::Weak};

use rusqlite::{
    functions::{Aggregate, Context},
    types::Value,
};

use super::{Library, alive, failed, number};
use crate::functions::aggregate::{Accumulator, Scripts, add};

pub(super) struct Groups(pub(super) Weak<Library>);

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
