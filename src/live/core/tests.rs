use super::*;
use crate::live::arrange::{Arrangement, Sort};

const STARTED: &[u8] = b"event: query\ndata: {\"id\":\"q1\",\"status\":\"running\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"int64\"}]}}\n\n";
const FINISHED: &[u8] =
    b"event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\",\"result\":{}}\n\n";

fn shown(core: &mut Core) -> Vec<String> {
    core.arrange();
    let ring = core.rows.shown();
    let picked = core.applied.picked(&core.rows);
    (0..picked.count())
        .filter_map(|at| picked.row(at))
        .map(|row| ring.cell(row, 0).text())
        .collect()
}

const CANCELED: &[u8] = b"event: query\ndata: {\"id\":\"q1\",\"status\":\"canceled\",\"message\":\"no reader for 30 seconds\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"int64\"}]}}\n\n";

#[test]
fn an_outage_that_the_query_did_not_outlive_is_told_with_its_gap() {
    let mut core = Core::new(Limits::default());
    core.ask(false, 0.0);
    core.bytes(STARTED, 0.0);
    core.bytes(b"id: 7\ndata: [[1],[2]]\n\n", 1.0);
    core.ended(2.0);
    assert_eq!(core.state, State::Disconnected);
    assert!(core.resume_point().is_some());
    core.reattach();
    core.bytes(CANCELED, 40.0);
    assert_eq!(core.state, State::Disconnected);
    let words = core.ended_elsewhere.clone();
    assert_eq!(words.as_deref(), Some("no reader for 30 seconds"));
    assert!(core.resume_point().is_none());
    let gaps: Vec<_> = core.breaks().iter().map(|g| (g.before, g.since)).collect();
    assert_eq!(gaps, [(2, 2.0)]);
    // Run again: what comes is behind the gap.
    core.ask(true, 50.0);
    core.bytes(STARTED, 51.0);
    assert_eq!((core.state, core.rows.end()), (State::Running, 2));
    assert_eq!(core.breaks()[0].until, Some(51.0));
    assert_eq!(core.ended_elsewhere, None);
}

/// The browser's clock may be a day ahead, or behind.
#[test]
fn the_lag_is_that_of_the_servers_clock_where_it_says_it() {
    for here in [0.0, 86_400_000.0, -86_400_000.0] {
        let now = 1_700_000_000_000.0 + here;
        let mut core = Core::new(Limits::default());
        core.ask(false, now);
        core.bytes(STARTED, now);
        let told = b"event: metrics\ndata: {\"last_event_time\":1699999999500,\"server_time\":1700000000000}\n\n";
        core.bytes(told, now);
        assert_eq!(core.lag(now), Some(500.0), "{here}");
        // It has not told for a while.
        assert!(core.lag(now + 10_000.0) > Some(5_000.0), "{here}");
    }
    let mut core = Core::new(Limits::default());
    core.bytes(STARTED, 1_000.0);
    core.bytes(
        b"event: metrics\ndata: {\"last_event_time\":700}\n\n",
        1_000.0,
    );
    assert_eq!(core.lag(1_000.0), Some(300.0), "by the clock here");
}

#[test]
fn silence_means_something_at_once_where_a_query_can_be_taken_up() {
    let mut core = Core::new(Limits::default());
    core.ask(false, 0.0);
    core.bytes(STARTED, 0.0);
    assert!(!core.has_pulse());
    core.bytes(b"id: 0\nevent: query\ndata: {\"id\":\"q1\"}\n\n", 1.0);
    assert!(core.has_pulse());
}

#[test]
fn events_that_end_without_a_closing_one_are_a_query_to_ask_after() {
    let query = |status: &str, sql: &str| Query {
        id: "q1".into(),
        sql: sql.into(),
        status: status.into(),
        ..Query::default()
    };
    let gone = || Err(ApiError::with_status(404, "no such query"));
    let cut = || Err(ApiError::Network("gone".into()));
    for (sql, told, state) in [
        (
            "SELECT * FROM s",
            Ok(query("finished", "")),
            State::Finished,
        ),
        ("SELECT * FROM s", Ok(query("failed", "")), State::Failed),
        (
            "SELECT * FROM s",
            Ok(query("canceled", "")),
            State::Canceled,
        ),
        (
            "SELECT * FROM s",
            Ok(query("running", "")),
            State::Disconnected,
        ),
        ("SELECT * FROM s", gone(), State::Disconnected),
        ("SELECT * FROM table(s)", gone(), State::Finished),
        ("SELECT * FROM s LIMIT 5", gone(), State::Finished),
        ("SELECT * FROM table(s)", Ok(query("", "")), State::Finished),
        ("SELECT * FROM table(s)", cut(), State::Disconnected),
    ] {
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        core.bytes(STARTED, 0.0);
        if let Some(known) = &mut core.query {
            known.sql = sql.into();
        }
        assert!(core.asks_after().is_some());
        let words = format!("{sql}: {told:?}");
        core.told_after(told, 1.0);
        assert_eq!(core.state, state, "{words}");
        assert_eq!(core.asks_after(), None);
    }
    // What said how it ended, and what is canceled from here, needs no question.
    let mut core = Core::new(Limits::default());
    core.ask(false, 0.0);
    core.bytes(STARTED, 0.0);
    core.canceling = true;
    assert_eq!(core.asks_after(), None);
}

#[test]
fn only_what_is_canceled_from_here_ends_without_a_word() {
    for (canceling, words) in [(true, None), (false, Some("no reader for 30 seconds"))] {
        let mut core = Core::new(Limits::default());
        core.ask(false, 0.0);
        core.bytes(STARTED, 0.0);
        core.canceling = canceling;
        core.bytes(CANCELED, 1.0);
        assert_eq!(core.state, State::Canceled);
        assert_eq!(core.ended_elsewhere.as_deref(), words);
        assert_eq!(core.breaks().len(), usize::from(!canceling));
    }
}

#[test]
fn a_sort_in_force_never_hides_a_result() {
    let mut core = Core::new(Limits::default());
    core.applied.set(Arrangement {
        sort: Some(Sort {
            column: "n".into(),
            descending: false,
        }),
        ..Arrangement::default()
    });
    for run in 0..2 {
        core.ask(false, 0.0);
        core.hold_for_order();
        core.bytes(STARTED, 0.0);
        core.hold_for_order();
        core.bytes(b"data: [[3],[1]]\n\n", 0.0);
        assert_eq!(shown(&mut core), ["1", "3"], "run {run}");
        // An endless query: what comes now waits.
        core.hold_for_order();
        core.bytes(b"data: [[2]]\n\n", 0.0);
        assert_eq!((shown(&mut core).len(), core.rows.waiting()), (2, 1));
        core.bytes(FINISHED, 0.0);
        assert_eq!(shown(&mut core), ["1", "2", "3"], "run {run}");
    }
    // What the person holds stays.
    core.ask(false, 0.0);
    core.bytes(STARTED, 0.0);
    core.hold();
    core.bytes(b"data: [[3]]\n\n", 0.0);
    core.bytes(FINISHED, 0.0);
    assert_eq!((shown(&mut core).len(), core.rows.waiting()), (0, 1));
}
