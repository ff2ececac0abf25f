use super::{Event, TooLarge};

/// Takes the body in pieces of any size and hands out events.
///
/// An event that lies within one piece is handed out as a slice of that piece; only what is cut
/// is copied, once.
#[derive(Debug, Clone)]
pub struct Decoder {
    limit: usize,
    /// Bytes of the byte order mark still to be looked at; `None` once past the start.
    mark: Option<u8>,
    /// The last piece ended with CR: an LF at the start of the next belongs to it.
    after_cr: bool,
    /// Start of a line whose end has not come yet, cut at `limit + 1` bytes.
    line: Vec<u8>,
    /// Length of that line so far, uncut.
    line_length: u64,
    /// Data kept from earlier pieces; the event's data starts at `data_start`.
    data: Vec<u8>,
    data_start: usize,
    has_data: bool,
    event: String,
    /// Bytes of the current event's lines.
    size: u64,
    too_large: bool,
    /// Takes effect when the event is complete, so that a cut event is asked for again.
    id_buffer: String,
    last_id: String,
    retry: Option<u64>,
}

/// Room that stays reserved for the next event; one large event does not take it for good.
const KEPT: usize = 1 << 20;

const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

impl Default for Decoder {
    fn default() -> Self {
        Self::new(Self::DEFAULT_LIMIT)
    }
}

impl Decoder {
    /// 64 MiB: a batch of rows with a few values of several megabytes.
    pub const DEFAULT_LIMIT: usize = 64 << 20;

    /// `limit`: bytes of one event's lines.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            mark: Some(0),
            after_cr: false,
            line: Vec::new(),
            line_length: 0,
            data: Vec::new(),
            data_start: 0,
            has_data: false,
            event: String::new(),
            size: 0,
            too_large: false,
            id_buffer: String::new(),
            last_id: String::new(),
            retry: None,
        }
    }

    /// An event of this id was cut out elsewhere, by the browser.
    pub(crate) fn saw_id(&mut self, id: &str) {
        if self.last_id != id {
            self.last_id = id.into();
            self.id_buffer = id.into();
        }
    }

    /// Id to send as `Last-Event-ID`; empty when the server sent none.
    pub fn last_event_id(&self) -> &str {
        &self.last_id
    }

    /// Reconnection time in milliseconds the server asked for.
    pub fn retry(&self) -> Option<u64> {
        self.retry
    }

    /// Starts a new body of the same stream: the cut event is forgotten, last event id and
    /// reconnection time stay.
    pub fn reconnect(&mut self) {
        let fresh = Self::new(self.limit);
        let old = std::mem::replace(self, fresh);
        self.id_buffer.clone_from(&old.last_id);
        self.last_id = old.last_id;
        self.retry = old.retry;
    }

    /// Calls `on` for every event that `bytes` completes, in order.
    pub fn push(&mut self, bytes: &[u8], mut on: impl FnMut(Result<Event<'_>, TooLarge>)) {
        let mut rest = self.skip_mark(bytes);
        if self.after_cr && !rest.is_empty() {
            self.after_cr = false;
            rest = rest.strip_prefix(b"\n").unwrap_or(rest);
        }
        // Data of the current event that lies in this piece alone.
        let mut fresh: Option<&[u8]> = None;
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            let (line, tail) = rest.split_at(end);
            rest = match tail {
                [b'\r', b'\n', after @ ..] => after,
                [b'\r'] => {
                    self.after_cr = true;
                    &[]
                }
                [_, after @ ..] => after,
                [] => &[],
            };
            if self.line_length == 0 {
                if line.is_empty() {
                    self.dispatch(fresh.take(), &mut on);
                } else {
                    self.whole_line(line, &mut fresh);
                }
            } else {
                self.keep_line(line);
                self.kept_line(&mut fresh);
            }
        }
        if !rest.is_empty() {
            self.keep_line(rest);
        }
        if let Some(data) = fresh {
            self.data.clear();
            self.data_start = 0;
            self.data.extend_from_slice(data);
        }
    }

    /// A byte order mark at the very start is not part of the first line.
    fn skip_mark<'b>(&mut self, mut bytes: &'b [u8]) -> &'b [u8] {
        while let (Some(seen), Some((&first, after))) = (self.mark, bytes.split_first()) {
            if first == MARK[usize::from(seen)] {
                bytes = after;
                self.mark = (seen < 2).then_some(seen + 1);
            } else {
                self.mark = None;
                self.keep_line(&MARK[..usize::from(seen)]);
            }
        }
        bytes
    }

    fn keep_line(&mut self, part: &[u8]) {
        self.line_length += part.len() as u64;
        let room = self.limit.saturating_add(1).saturating_sub(self.line.len());
        self.line.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// Counts a line into the event; false when the event is over the limit, whose data is then
    /// let go.
    fn count(&mut self, length: u64) -> bool {
        self.size += length;
        if self.size > self.limit as u64 {
            self.too_large = true;
            self.data = Vec::new();
            self.data_start = 0;
        }
        !self.too_large
    }

    fn whole_line<'b>(&mut self, line: &'b [u8], fresh: &mut Option<&'b [u8]>) {
        if line[0] == b':' {
            return;
        }
        if !self.count(line.len() as u64) {
            *fresh = None;
            return;
        }
        let (name, value) = split_field(line);
        if name != b"data" {
            self.field(name, value);
        } else if self.has_data {
            if let Some(first) = fresh.take() {
                self.data.clear();
                self.data_start = 0;
                self.data.extend_from_slice(first);
            }
            self.data.push(b'\n');
            self.data.extend_from_slice(value);
        } else {
            self.has_data = true;
            *fresh = Some(value);
        }
    }

    /// The line in `self.line` is complete.
    fn kept_line(&mut self, fresh: &mut Option<&[u8]>) {
        let length = std::mem::take(&mut self.line_length);
        let mut line = std::mem::take(&mut self.line);
        if line.first() != Some(&b':') {
            if !self.count(length) {
                *fresh = None;
                return;
            }
            let (name, value) = split_field(&line);
            if name == b"data" && !self.has_data {
                self.has_data = true;
                self.data_start = line.len() - value.len();
                std::mem::swap(&mut self.data, &mut line);
            } else {
                // A kept line is the first of its piece, so nothing fresh can be before it.
                if name == b"data" {
                    self.data.push(b'\n');
                    self.data.extend_from_slice(value);
                } else {
                    self.field(name, value);
                }
            }
        }
        line.clear();
        line.shrink_to(KEPT);
        self.line = line;
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        match name {
            b"event" => {
                self.event.clear();
                self.event
                    .push_str(std::str::from_utf8(value).unwrap_or_default());
            }
            b"id" if !value.contains(&0) => {
                self.id_buffer.clear();
                self.id_buffer.push_str(&String::from_utf8_lossy(value));
            }
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                self.retry = std::str::from_utf8(value).ok().and_then(|v| v.parse().ok());
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, fresh: Option<&[u8]>, on: &mut impl FnMut(Result<Event<'_>, TooLarge>)) {
        if self.last_id != self.id_buffer {
            self.last_id.clone_from(&self.id_buffer);
        }
        if self.too_large {
            on(Err(TooLarge {
                bytes: self.size,
                limit: self.limit,
            }));
        } else if self.has_data {
            on(Ok(Event {
                event: if self.event.is_empty() {
                    "message"
                } else {
                    &self.event
                },
                data: fresh.unwrap_or(&self.data[self.data_start..]),
                id: (!self.last_id.is_empty()).then_some(self.last_id.as_str()),
                retry: self.retry,
            }));
        }
        self.data.clear();
        self.data.shrink_to(KEPT);
        self.data_start = 0;
        self.event.clear();
        self.has_data = false;
        self.too_large = false;
        self.size = 0;
    }
}

/// Field name and value; one space after the colon is not part of the value.
fn split_field(line: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b':', line) {
        Some(colon) => {
            let value = &line[colon + 1..];
            (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
        }
        None => (line, b""),
    }
}
