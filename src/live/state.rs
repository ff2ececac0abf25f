//! Where a query is.

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Idle,
    Connecting,
    Running,
    Finished,
    Canceled,
    Failed,
    /// The connection broke while the query ran.
    Disconnected,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Connecting => "connecting",
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
            Self::Disconnected => "disconnected",
        }
    }

    /// Rows may still come by themselves.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Connecting | Self::Running)
    }
}
