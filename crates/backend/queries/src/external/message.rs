/// What one read of an external stream brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
    pub(super) time_ms: i64,
    /// Where it is, for words about what is wrong with it.
    pub(super) place: String,
}
