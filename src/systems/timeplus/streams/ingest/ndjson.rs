//! NDJSON read as it arrives: one JSON object on each line, passed on as it is written.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;
use weir_api::timeplus::stream::StreamColumn;

use super::{RowError, paste};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub line: u64,
    pub json: Vec<u8>,
}

#[derive(Default)]
pub struct Lines {
    /// Of the stream; a row without a field for any of them is none.
    columns: Vec<StreamColumn>,
    line: u64,
    rest: Vec<u8>,
}

impl Lines {
    pub fn new(columns: &[StreamColumn]) -> Self {
        Self {
            columns: columns.to_vec(),
            ..Self::default()
        }
    }

    /// Hands over lines as they end; empty ones are left out.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Result<Line, RowError>>) {
        let mut pieces = bytes.split(|byte| *byte == b'\n');
        if let Some(first) = pieces.next() {
            self.rest.extend_from_slice(first);
        }
        for piece in pieces {
            self.end_line(out);
            self.rest.extend_from_slice(piece);
        }
    }

    pub fn finish(mut self, out: &mut Vec<Result<Line, RowError>>) {
        self.end_line(out);
    }

    fn end_line(&mut self, out: &mut Vec<Result<Line, RowError>>) {
        self.line += 1;
        let mut text = self.rest.trim_ascii();
        if self.line == 1 {
            text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(text);
        }
        if !text.is_empty() {
            let line = self.line;
            out.push(match object(text, &self.columns) {
                Ok(()) => Ok(Line {
                    line,
                    json: text.to_vec(),
                }),
                Err(message) => Err(RowError {
                    line,
                    until: None,
                    column: None,
                    message,
                }),
            });
        }
        self.rest.clear();
    }
}

fn object(text: &[u8], columns: &[StreamColumn]) -> Result<(), String> {
    if !text.starts_with(b"{") {
        return Err("Not a JSON object".into());
    }
    let fields = serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(text);
    let fields = fields.map_err(|error| {
        // The parser's own line number is of this one line.
        let words = error.to_string();
        let what = words.split(" at line ").next().unwrap_or(&words);
        format!("{what} at character {}", error.column())
    })?;
    paste::unknown(fields.keys().map(String::as_str), columns).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(pieces: &[&[u8]]) -> Vec<Result<Line, RowError>> {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.push(piece, &mut out);
        }
        lines.finish(&mut out);
        out
    }

    #[test]
    fn lines_pass_exactly_as_written_at_any_split_point() {
        let text = "\u{feff}{\"n\": 18446744073709551615}\r\n\n  {\"ä\":1}\n{\"a\":2}".as_bytes();
        let whole = parse(&[text]);
        let first = whole[0].as_ref().expect("first");
        assert_eq!(
            (first.line, first.json.as_slice()),
            (1, br#"{"n": 18446744073709551615}"#.as_slice())
        );
        assert_eq!(
            whole.iter().flatten().map(|l| l.line).collect::<Vec<_>>(),
            [1, 3, 4]
        );
        for at in 0..=text.len() {
            assert_eq!(parse(&[&text[..at], &text[at..]]), whole, "split at {at}");
        }
    }

    #[test]
    fn broken_lines_say_what_and_where() {
        let out = parse(&[b"[1]\n{\"a\":}\n{\"a\":1}\n"]);
        assert_eq!(out.iter().filter(|l| l.is_ok()).count(), 1);
        let words: Vec<_> = out
            .into_iter()
            .filter_map(Result::err)
            .map(|e| (e.line, e.message))
            .collect();
        assert_eq!(words[0], (1, "Not a JSON object".into()));
        assert!(words[1].1.contains("character 6"), "{words:?}");
    }

    #[test]
    fn a_row_without_a_field_of_the_stream_is_refused() {
        let columns = [StreamColumn {
            name: "a".into(),
            ..Default::default()
        }];
        let (mut lines, mut out) = (Lines::new(&columns), Vec::new());
        lines.push(
            b"{\"columns\":[\"a\"],\"data\":[[1]]}\n{\"a\":1,\"b\":2}\n{}\n",
            &mut out,
        );
        lines.finish(&mut out);
        let refused: Vec<u64> = out
            .iter()
            .filter_map(|line| Some(line.as_ref().err()?.line))
            .collect();
        assert_eq!(refused, [1]);
    }
}
