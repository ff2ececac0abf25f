//! What is kept of a run: the statement, what became of it and its first rows.

use weir_live::Ring;

use crate::{
    live::core::{Core, State},
    workspace::slots::Statement,
};

/// Rows kept of a run, and runs kept of a tab.
const ROWS: u64 = 200;
const RUNS: usize = 20;
/// Characters kept of a value.
const LONGEST: usize = 400;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kept {
    /// Milliseconds since 1970 when it was run; also what it is known by.
    pub at: f64,
    pub sql: String,
    pub state: State,
    /// Milliseconds.
    pub took: f64,
    pub received: u64,
    pub columns: Vec<String>,
    /// The first rows that were held at its end, as JSON values.
    pub rows: Vec<Vec<String>>,
}

impl Kept {
    pub fn of(statement: &Statement, core: &Core, state: State, now: f64) -> Self {
        let ring = core.rows.shown();
        Self {
            at: statement.at,
            sql: statement.sql.clone(),
            state,
            took: (core.ended_at.unwrap_or(now) - statement.at).max(0.0),
            received: core.received(),
            columns: ring.columns().iter().map(|c| c.name.clone()).collect(),
            rows: first_rows(ring),
        }
    }
}

fn first_rows(ring: &Ring) -> Vec<Vec<String>> {
    let cell = |row: u64, column: usize| {
        let json = ring.cell(row, column).json();
        match json.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &json[..end]),
            None => json,
        }
    };
    let rows = ring.first()..ring.end().min(ring.first() + ROWS);
    rows.map(|row| (0..ring.columns().len()).map(|at| cell(row, at)).collect())
        .collect()
}

/// Puts a run in front; one that is there already is told anew.
pub fn keep(all: &mut Vec<Kept>, run: Kept) {
    all.retain(|other| other.at != run.at);
    all.insert(0, run);
    all.truncate(RUNS);
}

#[cfg(test)]
mod tests {
    use weir_live::Limits;

    use super::*;

    #[test]
    fn the_first_rows_stay_and_the_last_runs() {
        let mut core = Core::new(Limits::default());
        core.ask(false, 1_000.0);
        core.bytes(
            b"event: query\ndata: {\"id\":\"q\",\"status\":\"running\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"uint64\"}]}}\n\ndata: [[18446744073709551615],[null]]\n\n",
            1_500.0,
        );
        core.over(State::Canceled, 3_000.0);
        let statement = Statement {
            sql: "select n".into(),
            at: 1_000.0,
            ..Statement::default()
        };
        let kept = Kept::of(&statement, &core, State::Canceled, 9_000.0);
        assert_eq!((kept.took, kept.received), (2_000.0, 2));
        assert_eq!(kept.columns, ["n"]);
        assert_eq!(kept.rows, [["18446744073709551615"], ["null"]]);
        let mut all = Vec::new();
        for at in 0..25 {
            let at = f64::from(at);
            keep(&mut all, Kept { at, ..kept.clone() });
        }
        keep(&mut all, Kept { at: 24.0, ..kept });
        assert_eq!((all.len(), all[0].at, all[1].at), (RUNS, 24.0, 23.0));
    }
}
