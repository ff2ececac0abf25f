//! The events of a running query: `query` first, then rows without a name, `metrics` about once a
//! second and, from the embedded backend, `gap` and a closing `query`.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::query::{Metrics, Query, Status};
use crate::{
    ApiError, lenient,
    sse::{Decoder, Event, TooLarge},
};

#[derive(Debug, Clone, PartialEq)]
pub enum QueryEvent<'a> {
    /// The query runs; its header tells the columns of all rows.
    Started(Box<Query>),
    /// JSON array of rows, each an array of cells, as sent.
    Rows(&'a [u8]),
    Metrics(Metrics),
    /// The server left rows out because the reader was too slow or came back too late.
    Gap(Gap),
    /// No more rows will come; `status` and `message` tell why.
    Finished(Box<Query>),
}

/// Embedded backend only: the events `from_id..=to_id` were not sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Gap {
    pub from_id: u64,
    pub to_id: u64,
    pub rows: u64,
}

/// How a stream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The server told that the query ended.
    Finished,
    /// The connection broke while the query ran.
    Broken,
    /// The connection broke before the query was known to run.
    NeverStarted,
}

/// Reads the body of a query's event stream.
#[derive(Debug, Clone, Default)]
pub struct QueryEvents {
    decoder: Decoder,
    started: bool,
    finished: bool,
}

impl QueryEvents {
    /// `limit`: bytes of one event.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            decoder: Decoder::new(limit),
            ..Self::default()
        }
    }

    /// Takes a piece of the body. An `Err` is one event that told of an error or could not be
    /// read; the stream goes on.
    pub fn push(&mut self, bytes: &[u8], on: impl FnMut(Result<QueryEvent<'_>, ApiError>)) {
        self.push_seen(bytes, |_| {}, on);
    }

    /// The same; `seen` is shown each event as it came, for a recording.
    pub fn push_seen(
        &mut self,
        bytes: &[u8],
        mut seen: impl FnMut(&Event<'_>),
        mut on: impl FnMut(Result<QueryEvent<'_>, ApiError>),
    ) {
        let Self {
            decoder,
            started,
            finished,
        } = self;
        decoder.push(bytes, |event| match event {
            Ok(event) => {
                seen(&event);
                interpret(started, finished, event, &mut on);
            }
            Err(TooLarge { bytes, limit }) => on(Err(ApiError::Decode(format!(
                "an event of {bytes} bytes is over the limit of {limit} bytes"
            )))),
        });
    }

    /// Takes one event that the browser's `EventSource` has already cut out.
    pub fn event(
        &mut self,
        event: Event<'_>,
        mut on: impl FnMut(Result<QueryEvent<'_>, ApiError>),
    ) {
        if let Some(id) = event.id {
            self.decoder.saw_id(id);
        }
        interpret(&mut self.started, &mut self.finished, event, &mut on);
    }

    /// To be asked when the body has ended.
    pub fn end(&self) -> End {
        match (self.finished, self.started) {
            (true, _) => End::Finished,
            (false, true) => End::Broken,
            (false, false) => End::NeverStarted,
        }
    }

    /// The next body continues this stream (attached again with `Last-Event-ID`): its first
    /// `query` event is `Started` once more.
    pub fn reconnect(&mut self) {
        self.decoder.reconnect();
        self.started = false;
        self.finished = false;
    }

    /// Empty when the server sent none.
    pub fn last_event_id(&self) -> &str {
        self.decoder.last_event_id()
    }

    /// Milliseconds to wait before attaching again, where the server said so.
    pub fn retry(&self) -> Option<u64> {
        self.decoder.retry()
    }
}

fn interpret(
    started: &mut bool,
    finished: &mut bool,
    event: Event<'_>,
    on: &mut impl FnMut(Result<QueryEvent<'_>, ApiError>),
) {
    match event.event {
        "message" => match event.data.trim_ascii_start().first() {
            Some(b'[') => on(Ok(QueryEvent::Rows(event.data))),
            Some(_) => on(Err(error(event.data))),
            None => {}
        },
        "query" => {
            let query = match read::<Query>("query", event.data) {
                Ok(query) => Box::new(query),
                Err(error) => return on(Err(error)),
            };
            // A server may say nothing of the state, or something that is not known here.
            let ended = matches!(
                query.status,
                Status::Finished | Status::Canceled | Status::Failed
            );
            if !*started {
                *started = true;
                on(Ok(QueryEvent::Started(query.clone())));
            }
            if ended && !*finished {
                *finished = true;
                on(Ok(QueryEvent::Finished(query)));
            }
        }
        "metric" | "metrics" => on(metrics(event.data).map(QueryEvent::Metrics)),
        "gap" => on(read::<Gap>("gap", event.data).map(QueryEvent::Gap)),
        "error" => on(Err(error(event.data))),
        _ => {}
    }
}

fn read<T: DeserializeOwned>(name: &str, data: &[u8]) -> Result<T, ApiError> {
    let read = lenient::from_slice(data).map(|answer| answer.value);
    read.map_err(|error| match error {
        ApiError::Decode(words) => ApiError::Decode(format!("event '{name}': {words}")),
        other => other,
    })
}

/// The specification does not fix the forms of the figures: fractions are cut, numbers in strings
/// are taken, others count as left out.
fn metrics(data: &[u8]) -> Result<Metrics, ApiError> {
    let members: Map<String, Value> = read("metrics", data)?;
    let number = |name: &str| match members.get(name) {
        Some(Value::Number(number)) => number.as_f64(),
        Some(Value::String(text)) => text.parse::<f64>().ok(),
        _ => None,
    };
    let whole = |name: &str| {
        let exact = members.get(name).and_then(Value::as_i64);
        exact.or_else(|| number(name).map(|number| number as i64))
    };
    Ok(Metrics {
        count: whole("count").unwrap_or(0),
        eps: number("eps").unwrap_or(0.0),
        scanned_rows: whole("scanned_rows").unwrap_or(0),
        scanned_bytes: whole("scanned_bytes").unwrap_or(0),
        processing_time: whole("processing_time").unwrap_or(0),
        last_event_time: whole("last_event_time").unwrap_or(0),
        watermark: whole("watermark").unwrap_or(0),
        server_time: whole("server_time").unwrap_or(0),
    })
}

/// The answer itself had status 200; 500 is what the server would have sent had it not begun.
fn error(data: &[u8]) -> ApiError {
    super::error::read(500, None, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(events: &mut QueryEvents, stream: &[u8]) -> Vec<String> {
        let mut seen = Vec::new();
        events.push(stream, |event| {
            seen.push(match event {
                Ok(QueryEvent::Started(query)) => format!("started {}", query.id),
                Ok(QueryEvent::Rows(rows)) => String::from_utf8_lossy(rows).into_owned(),
                Ok(QueryEvent::Metrics(metrics)) => format!("count {}", metrics.count),
                Ok(QueryEvent::Gap(gap)) => {
                    format!("gap {}-{} {}", gap.from_id, gap.to_id, gap.rows)
                }
                Ok(QueryEvent::Finished(query)) => {
                    format!("{} {}", query.status.as_str(), query.message)
                }
                Err(ApiError::Status(error)) => format!("error {}", error.message),
                Err(error) => format!("{error:?}"),
            });
        });
        seen
    }

    #[test]
    fn a_query_from_start_to_end() {
        let mut events = QueryEvents::default();
        let seen = read_all(
            &mut events,
            b"event: query\ndata: {\"id\":\"q1\",\"status\":\"running\",\"result\":{\"header\":[{\"name\":\"n\",\"type\":\"uint64\"}]}}\n\n\
              id: 1\ndata: [[18446744073709551615]]\n\n\
              event: metric\ndata: {\"count\":1}\n\nevent: metrics\ndata: {\"count\":2,\"eps\":0.5}\n\n\
              event: surprise\ndata: {}\n\n\
              event: gap\ndata: {\"from_id\":2,\"to_id\":4,\"rows\":900}\n\n\
              event: query\ndata: {\"id\":\"q1\",\"status\":\"failed\",\"message\":\"disk full\"}\n\n",
        );
        assert_eq!(
            seen,
            [
                "started q1",
                "[[18446744073709551615]]",
                "count 1",
                "count 2",
                "gap 2-4 900",
                "failed disk full"
            ]
        );
        assert_eq!((events.end(), events.last_event_id()), (End::Finished, "1"));
    }

    #[test]
    fn a_stream_that_the_browser_cut_out_can_be_taken_up_as_bytes() {
        let mut events = QueryEvents::default();
        let rows = Event {
            event: "message",
            data: b"[[1]]",
            id: Some("7"),
            retry: None,
        };
        events.event(rows, |_| {});
        assert_eq!(events.last_event_id(), "7");
        events.reconnect();
        assert_eq!(events.last_event_id(), "7");
        read_all(&mut events, b"data: [[2]]\n\n");
        assert_eq!(events.last_event_id(), "7");
        read_all(&mut events, b"id: 8\ndata: [[3]]\n\n");
        assert_eq!(events.last_event_id(), "8");
    }

    #[test]
    fn a_stream_that_just_stops_is_a_break() {
        let mut events = QueryEvents::default();
        assert_eq!(events.end(), End::NeverStarted);
        read_all(
            &mut events,
            b"id: 5\nevent: query\ndata: {\"id\":\"q1\"}\n\ndata: [[1]]\n\n",
        );
        assert_eq!(events.end(), End::Broken);
        events.reconnect();
        assert_eq!(events.last_event_id(), "5");
        assert_eq!(
            read_all(
                &mut events,
                b"event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\"}\n\n"
            ),
            ["started q1", "finished "]
        );
    }

    #[test]
    fn errors_inside_the_stream_keep_the_servers_words() {
        let mut events = QueryEvents::default();
        assert_eq!(
            read_all(
                &mut events,
                b"data: {\"code\":159,\"message\":\"timeout\"}\n\nevent: error\ndata: {\"message\":\"gone\"}\n\n"
            ),
            ["error timeout", "error gone"]
        );
    }

    #[test]
    fn nulls_and_loose_figures_are_taken() {
        let mut events = QueryEvents::default();
        let seen = read_all(
            &mut events,
            b"event: query\ndata: {\"id\":\"q\",\"tags\":null,\"result\":{\"header\":null}}\n\n\
              event: metrics\ndata: {\"count\":\"12\",\"eps\":null,\"scanned_rows\":1.5}\n\n",
        );
        assert_eq!(seen, ["started q", "count 12"]);
    }

    #[test]
    fn an_unreadable_event_is_named_and_the_next_one_read() {
        let mut events = QueryEvents::with_limit(40);
        let stream = b"event: metrics\ndata: [1]\n\ndata: [[1234567890,1234567890,1234567890]]\n\ndata: [[2]]\n\n";
        let seen = read_all(&mut events, stream);
        assert!(seen[0].contains("event 'metrics'"), "{}", seen[0]);
        assert!(
            seen[1].contains("over the limit of 40 bytes"),
            "{}",
            seen[1]
        );
        assert_eq!(seen[2], "[[2]]");
    }
}
