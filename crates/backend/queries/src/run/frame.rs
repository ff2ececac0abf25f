//! Server-sent events as bytes.

use bytes::Bytes;
use serde::Serialize;

/// Sent when there is nothing else, so that both ends notice a dead connection.
pub(crate) const PING: Bytes = Bytes::from_static(b": ping\n\n");

/// The same for readers that know no comments.
pub(crate) const PING_EVENT: Bytes = Bytes::from_static(b"event: ping\ndata: {}\n\n");

/// An event without the line of its id, which is its first.
pub(crate) fn without_id(frame: Bytes) -> Bytes {
    match frame.iter().position(|byte| *byte == b'\n') {
        Some(end) if frame.starts_with(b"id: ") => frame.slice(end + 1..),
        _ => frame,
    }
}

/// An event with a name and JSON data.
pub(crate) fn named(event: &str, row: u64, data: &impl Serialize) -> Bytes {
    let json = serde_json::to_string(data).unwrap_or_else(|_| "{}".into());
    Bytes::from(format!("id: {row}\nevent: {event}\ndata: {json}\n\n"))
}

/// A data event: `rows` is the inside of a JSON array. Inline JSON values may hold line breaks
/// between their tokens, which would end the event's line.
pub(crate) fn rows(row: u64, rows: &mut [u8]) -> Bytes {
    for byte in rows.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')) {
        *byte = b' ';
    }
    let mut frame = Vec::with_capacity(rows.len() + 40);
    frame.extend_from_slice(format!("id: {row}\ndata: [").as_bytes());
    frame.extend_from_slice(rows);
    frame.extend_from_slice(b"]\n\n");
    Bytes::from(frame)
}

#[derive(Serialize)]
struct Gap {
    from_id: u64,
    to_id: u64,
    rows: u64,
}

/// Rows `from..=to`, counted from 1, are not sent.
pub(crate) fn gap(from: u64, to: u64) -> Bytes {
    let gap = Gap {
        from_id: from,
        to_id: to,
        rows: to + 1 - from,
    };
    named("gap", to, &gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_line_of_data() {
        let mut inside = b"[{\n\"a\":\r\n1}]".to_vec();
        assert_eq!(
            rows(7, &mut inside),
            &b"id: 7\ndata: [[{ \"a\":  1}]]\n\n"[..]
        );
        let plain = without_id(rows(7, &mut b"[1]".to_vec()));
        assert_eq!(plain, &b"data: [[1]]\n\n"[..]);
        assert_eq!(without_id(plain.clone()), plain);
        assert_eq!(without_id(PING_EVENT), PING_EVENT);
        assert_eq!(
            gap(3, 5),
            &b"id: 5\nevent: gap\ndata: {\"from_id\":3,\"to_id\":5,\"rows\":3}\n\n"[..]
        );
    }
}
