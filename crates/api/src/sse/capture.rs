//! A recorded event stream: itself an event stream in which a comment `: +1234` before each event
//! tells the milliseconds since the recording began. Any reader of event streams takes it; a
//! recording cut anywhere is whole up to the cut.

use super::{Decoder, Event};

/// Writes what arrives to a recording.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    decoder: Decoder,
}

impl Recorder {
    /// Appends the events that `bytes`, the next piece of the body, completes. An event over the
    /// decoder's limit is left out.
    pub fn push(&mut self, at_ms: u64, bytes: &[u8], out: &mut Vec<u8>) {
        self.decoder.push(bytes, |event| {
            if let Ok(event) = event {
                write_event(at_ms, &event, out);
            }
        });
    }
}

/// Appends one event, for example from the browser's `EventSource`.
pub fn write_event(at_ms: u64, event: &Event<'_>, out: &mut Vec<u8>) {
    let mut line = |parts: &[&[u8]]| {
        for part in parts {
            out.extend_from_slice(part);
        }
        out.push(b'\n');
    };
    line(&[b": +", at_ms.to_string().as_bytes()]);
    if event.event != "message" {
        line(&[b"event: ", event.event.as_bytes()]);
    }
    line(&[b"id: ", event.id.unwrap_or_default().as_bytes()]);
    if let Some(retry) = event.retry {
        line(&[b"retry: ", retry.to_string().as_bytes()]);
    }
    for data in event.data.split(|byte| *byte == b'\n') {
        line(&[b"data: ", data]);
    }
    line(&[]);
}

/// The events of a recording: the time of each and the bytes to feed to a decoder then.
#[derive(Debug, Clone)]
pub struct Replay<'a> {
    rest: &'a [u8],
    at_ms: u64,
}

impl<'a> Replay<'a> {
    pub fn new(recording: &'a [u8]) -> Self {
        Self {
            rest: recording,
            at_ms: 0,
        }
    }
}

impl<'a> Iterator for Replay<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        if let Some(mark) = self.rest.strip_prefix(b": +") {
            let digits = mark.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let digits = std::str::from_utf8(&mark[..digits]).unwrap_or_default();
            self.at_ms = digits.parse().unwrap_or(self.at_ms);
        }
        let end = memchr::memmem::find(self.rest, b"\n\n").map_or(self.rest.len(), |end| end + 2);
        let (event, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some((self.at_ms, event))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Seen = (String, Vec<u8>, Option<String>, Option<u64>);

    fn read(decoder: &mut Decoder, bytes: &[u8]) -> Vec<Seen> {
        let mut seen = Vec::new();
        decoder.push(bytes, |event| {
            let event = event.expect("within the limit");
            seen.push((
                event.event.to_string(),
                event.data.to_vec(),
                event.id.map(str::to_string),
                event.retry,
            ));
        });
        seen
    }

    #[test]
    fn a_recording_is_text_with_times() {
        let mut recorder = Recorder::default();
        let mut out = Vec::new();
        recorder.push(0, b"event: query\r\ndata: {}\r\n\r\nid: 7\r\nda", &mut out);
        recorder.push(1250, b"ta: [[1]]\r\n\r\n", &mut out);
        assert_eq!(
            String::from_utf8_lossy(&out),
            ": +0\nevent: query\nid: \ndata: {}\n\n: +1250\nid: 7\ndata: [[1]]\n\n"
        );
        let times: Vec<u64> = Replay::new(&out).map(|(at, _)| at).collect();
        assert_eq!(times, [0, 1250]);
    }

    proptest! {
        #[test]
        fn a_replay_gives_the_events_that_were_recorded(
            events in prop::collection::vec(("[a-c]{0,2}", "[x\r\n:\\[ ]{0,12}", "[0-9]{0,2}", 0u64..90), 0..20),
        ) {
            let (mut recorder, mut live) = (Recorder::default(), Decoder::default());
            let (mut recording, mut expected, mut now) = (Vec::new(), Vec::new(), 0);
            for (event, data, id, wait) in events {
                now += wait;
                let piece = format!("event: {event}\nid: {id}\nretry: {wait}\ndata: {data}\n\n");
                recorder.push(now, piece.as_bytes(), &mut recording);
                let seen = read(&mut live, piece.as_bytes());
                expected.extend(seen.into_iter().map(|event| (now, event)));
            }
            let mut decoder = Decoder::default();
            let mut replayed = Vec::new();
            for (at, bytes) in Replay::new(&recording) {
                let seen = read(&mut decoder, bytes);
                replayed.extend(seen.into_iter().map(|event| (at, event)));
            }
            prop_assert_eq!(replayed, expected);
        }
    }
}
