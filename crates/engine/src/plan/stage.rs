//! What stands between the followed streams and the result: stages, each of which takes the rows of
//! its SQLite text and hands rows on in a temporary table that the next one's text reads.

use crate::functions::aggregate::Spec;

/// Parameters of compiled text: ?1 and ?2 bound `_seq` of the first followed stream, ?3 is the
/// current time (ms), ?4 the event time from which on `EMIT LAST` lets rows through, ?5 the number of
/// results sent so far, ?6 the number of the followed stream whose new rows are read ([`ALL`]: of
/// every one all rows); from ?7 on the bounds of other followed streams.
pub(crate) const NOW: &str = "?3";
pub(crate) const LAST_FROM: &str = "?4";
pub(crate) const VERSION: &str = "?5";
pub(crate) const FRESH: &str = "?6";

/// So many parameters with one followed stream.
pub(crate) const PARAMETERS: usize = 6;

/// In the place of the number of a followed stream.
pub(crate) const ALL: i64 = -1;

/// Numbers of the two parameters that bound the `index`-th followed stream.
pub(crate) fn bounds(index: usize) -> (usize, usize) {
    match index {
        0 => (1, 2),
        _ => (PARAMETERS - 1 + 2 * index, PARAMETERS + 2 * index),
    }
}

/// A stream that a query follows. Its SQLite text reads the rows between the bounds.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    /// It keeps the last row of each key, so that an aggregation over it begins anew each time.
    pub(crate) keyed: bool,
    pub(crate) stream: String,
    pub(crate) table: String,
    /// The rows are those of another system.
    pub(crate) outside: bool,
    /// Sides of UNIONs that it stands in: the UNION's number, the side's.
    pub(crate) sides: Vec<(usize, usize)>,
    /// Its new rows are looked up by others and bring no result by themselves.
    pub(crate) looked_up: bool,
    /// The event time from which on filters let rows through (Unix ms).
    pub(crate) rewind: Option<i64>,
}

impl Leaf {
    /// Whether they are on different sides of a UNION: no row of one meets a row of the other.
    pub(crate) fn is_apart(&self, other: &Self) -> bool {
        let mut sides = self.sides.iter();
        sides.any(|(union, side)| {
            let mut others = other.sides.iter();
            others.any(|(theirs, other)| union == theirs && side != other)
        })
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Stage {
    /// Gives the rows that it takes.
    pub(crate) sql: String,
    /// The temporary table of the rows that it gives.
    pub(crate) table: String,
    pub(crate) width: usize,
    pub(crate) work: Work,
}

#[derive(Debug, Clone)]
pub(crate) enum Work {
    Groups(Aggregation),
    Rows(Passing),
}

impl Stage {
    pub(crate) fn aggregation(&self) -> Option<&Aggregation> {
        match &self.work {
            Work::Groups(aggregation) => Some(aggregation),
            Work::Rows(_) => None,
        }
    }
}

/// Rows into groups. A row has the keys, then the time where one is needed (for sessions also
/// whether it starts and ends one), then the arguments of the calls.
#[derive(Debug, Clone)]
pub(crate) struct Aggregation {
    pub(crate) keys: usize,
    pub(crate) calls: Vec<(Spec, usize)>,
    pub(crate) frame: Frame,
    /// Keys by which rows are apart: each has a watermark of its own.
    pub(crate) partition: Vec<usize>,
    /// Gives the newest event time of the rows read (Unix ms), where rows do not carry it.
    pub(crate) watermark_sql: Option<String>,
    /// Behind keys and results stands whether the row is added (1) or taken back (-1).
    pub(crate) delta: bool,
}

impl Aggregation {
    /// Values between keys and arguments.
    pub(crate) fn extras(&self) -> usize {
        match self.frame {
            Frame::Session { .. } => 3,
            Frame::Expiring { session, .. } => match session {
                Some(_) => 3,
                None => 1,
            },
            Frame::Fixed { .. } | Frame::None => usize::from(self.has_time()),
        }
    }

    /// Whether rows of a fixed window carry their time.
    pub(crate) fn has_time(&self) -> bool {
        matches!(self.frame, Frame::Fixed { .. }) && self.watermark_sql.is_none()
    }

    /// Whether its groups end.
    pub(crate) fn ends(&self) -> bool {
        !matches!(self.frame, Frame::None)
    }
}

/// What bounds a group in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    None,
    /// The key that tells a group's window, and what to add to it for the window's end (ms).
    Fixed {
        key: usize,
        offset: i64,
    },
    /// Until no row has come for `gap_ms`, `max_ms` at most. The keys that are its edges.
    Session {
        gap_ms: i64,
        max_ms: i64,
        /// The event that ends one belongs to it.
        include_end: bool,
        start_key: Option<usize>,
        end_key: Option<usize>,
    },
    /// Until the events of a key span too long, or none has come for a while.
    Expiring {
        max_span_ms: i64,
        only: bool,
        timeout_ms: Option<i64>,
        session: Option<SessionBounds>,
    },
}

/// What becomes of the events that open and close the sessions of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SessionBounds {
    /// An event that could open another session goes on with the one that is open.
    pub(crate) merge: bool,
    /// The event that closes a session belongs to it.
    pub(crate) include_end: bool,
}

/// What takes rows one by one, in order, and hands rows on.
#[derive(Debug, Clone)]
pub(crate) enum Passing {
    /// A row has `columns`, then for each call its value, what it is where there is none, and its
    /// keys. Columns and results are handed on.
    Carry {
        columns: usize,
        calls: Vec<CarryCall>,
    },
    /// The first `rows` rows of each key. A row has its columns, then the keys.
    Dedup {
        columns: usize,
        rows: u64,
        /// How long a key is remembered (ms).
        keep_ms: Option<i64>,
        /// The earliest is forgotten where there are more.
        most: usize,
    },
    /// The row before with the same key with -1, and the row with 1 behind its columns. A row has
    /// its columns, then the keys, then the version where there is one.
    Changelog {
        columns: usize,
        keys: usize,
        version: bool,
        /// Rows of an older version than the last are left out.
        drop_late: bool,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CarryCall {
    pub(crate) kind: CarryKind,
    pub(crate) keys: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CarryKind {
    /// The value so many rows before.
    Lag(usize),
    /// How many rows there were, this one counted.
    RowNumber,
}

/// Functions that look back, of the SELECT being compiled.
pub(super) struct Carries {
    /// Of the relation that their results stand in, as l0, l1, …
    pub(super) alias: String,
    /// SQLite text of PARTITION BY.
    pub(super) partition: Vec<String>,
    /// Each with its value, what stands for a missing one, and its keys.
    pub(super) calls: Vec<(CarryCall, Vec<String>)>,
}
