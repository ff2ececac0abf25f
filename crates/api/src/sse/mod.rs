//! `text/event-stream`, as WHATWG HTML defines it, from bytes cut at any point.

pub mod capture;
mod decoder;
#[cfg(test)]
mod tests;

pub use decoder::Decoder;

/// One dispatched event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// `message` when the server named none. A name that is not UTF-8 is empty.
    pub event: &'a str,
    /// Data lines joined by LF, as sent (not checked to be UTF-8).
    pub data: &'a [u8],
    /// Last event id of the stream so far; `None` when there is none.
    pub id: Option<&'a str>,
    /// Reconnection time in milliseconds that the server asked for, if it ever did.
    pub retry: Option<u64>,
}

/// An event that was dropped because it exceeds the decoder's limit; the stream goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLarge {
    /// Bytes of the event's lines.
    pub bytes: u64,
    pub limit: usize,
}
