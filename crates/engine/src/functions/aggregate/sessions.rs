//! `_session(gap, longest, time, starts, ends, with_end) OVER (… ORDER BY time)`: the number of the session
//! that a row is in, NULL where it is in none.

use rusqlite::{
    Connection, Error,
    functions::{Aggregate, Context, FunctionFlags, WindowAggregate},
};

struct Sessions;

#[derive(Default)]
struct State {
    number: i64,
    /// Times of the first and the last row of the session that goes on.
    open: Option<(i64, i64)>,
    /// Whether the row that came last is in it.
    inside: bool,
}

impl State {
    /// As [`crate::run`] does it for rows that come. `ends`: the row ends a session, and whether it
    /// belongs to it.
    fn add(&mut self, (gap, longest): (i64, i64), time: i64, starts: bool, ends: Option<bool>) {
        let goes_on = self.open.filter(|(first, last)| {
            time < last.saturating_add(gap) && time < first.saturating_add(longest)
        });
        // An end that belongs to no session is inside of none.
        self.inside = (goes_on.is_some() || starts) && ends != Some(false);
        if !self.inside {
            self.open = None;
            return;
        }
        if goes_on.is_none() {
            self.number += 1;
        }
        let first = goes_on.map_or(time, |(first, _)| first);
        self.open = ends.is_none().then_some((first, time));
    }
}

impl Aggregate<State, Option<i64>> for Sessions {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<State> {
        Ok(State::default())
    }

    fn step(&self, context: &mut Context<'_>, state: &mut State) -> rusqlite::Result<()> {
        let Some(time) = context.get::<Option<i64>>(2)? else {
            state.inside = false;
            return Ok(());
        };
        let holds = |place| Ok::<_, Error>(context.get::<Option<i64>>(place)? == Some(1));
        let (starts, ends, with_end) = (holds(3)?, holds(4)?, holds(5)?);
        let bounds = (context.get(0)?, context.get(1)?);
        state.add(bounds, time, starts, ends.then_some(with_end));
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<State>) -> rusqlite::Result<Option<i64>> {
        Ok(state.filter(|state| state.inside).map(|state| state.number))
    }
}

impl WindowAggregate<State, Option<i64>> for Sessions {
    fn value(&self, state: Option<&mut State>) -> rusqlite::Result<Option<i64>> {
        let state = state.filter(|state| state.inside);
        Ok(state.map(|state| state.number))
    }

    fn inverse(&self, _: &mut Context<'_>, _: &mut State) -> rusqlite::Result<()> {
        Err(Error::UserFunctionError(
            "a session is counted from the first row on".into(),
        ))
    }
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_window_function("_session", 6, flags, Sessions)
}
