//! What a session tells of itself, and what it may do.

/// What the status line tells.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub received: u64,
    pub shown: u64,
    pub dropped: u64,
    /// Rows that arrived since the view is held.
    pub waiting: u64,
    /// Rows per second.
    pub rate: f64,
    /// Milliseconds.
    pub lag: Option<f64>,
    pub bytes: u64,
    /// Cells beyond the header's last column, which are not kept.
    pub extra_cells: u64,
    /// Rows that meet the filter; `None` without one.
    pub matching: Option<u64>,
    /// The filter has not seen all rows yet.
    pub filtering: bool,
    /// Changes with the rows shown.
    pub version: (u64, u64, u64),
}

/// After a break: when the next attempt is made, in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retry {
    pub attempt: u32,
    pub at: f64,
}

/// What can be done after a break.
#[derive(Debug, Clone, PartialEq)]
pub enum Offer {
    /// The server still has the query: attaching again loses nothing it keeps.
    Attach(Retry),
    /// Only running again is left, from the last `_tp_time` where rows have one.
    RunAgain,
}

/// What a statement may do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// It is run because a page is shown, whoever wrote it.
    #[default]
    ReadOnly,
    /// The person at the page wrote it or read it, and ran it.
    Full,
}
