//! Rows on their way to the server, with the file's lines they came from.

use weir_api::{StatusError, timeplus::ingest::Format};

use super::{RowError, cell};

const ROWS: usize = 1_000;
const BYTES: usize = 1 << 20;

/// How rows become a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Each row is a JSON array with a value for each of these columns.
    Compact(Vec<String>),
    /// Each row is a JSON object.
    Objects,
}

impl Shape {
    pub fn format(&self) -> Format {
        match self {
            Self::Compact(_) => Format::Compact,
            Self::Objects => Format::Streaming,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    rows: Vec<(u64, Vec<u8>)>,
    bytes: usize,
}

impl Batch {
    pub fn push(&mut self, line: u64, json: Vec<u8>) {
        self.bytes += json.len() + 1;
        self.rows.push((line, json));
    }

    pub fn full(&self) -> bool {
        self.rows.len() >= ROWS || self.bytes >= BYTES
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn first_line(&self) -> u64 {
        self.rows.first().map_or(0, |(line, _)| *line)
    }

    pub fn body(&self, shape: &Shape) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.bytes + 256);
        let separator = match shape {
            Shape::Objects => b'\n',
            Shape::Compact(columns) => {
                body.extend_from_slice(b"{\"columns\":[");
                for (at, column) in columns.iter().enumerate() {
                    if at > 0 {
                        body.push(b',');
                    }
                    cell::quote(column, &mut body);
                }
                body.extend_from_slice(b"],\"data\":[");
                b','
            }
        };
        for (at, (_, json)) in self.rows.iter().enumerate() {
            if at > 0 {
                body.push(separator);
            }
            body.extend_from_slice(json);
        }
        if matches!(shape, Shape::Compact(_)) {
            body.extend_from_slice(b"]}");
        }
        body
    }

    /// Both halves, for a server that does not say which row it refuses.
    pub fn halves(mut self) -> (Self, Self) {
        let rest = self.rows.split_off(self.rows.len() / 2);
        (Self::of(self.rows), Self::of(rest))
    }

    /// Takes the rows out that the server complains about by position (`data[3].price`) and
    /// returns the complaints with the file's lines; none where it names no rows.
    pub fn take_refused(&mut self, error: &StatusError) -> Vec<RowError> {
        let mut refused = Vec::new();
        let mut row_errors = Vec::new();
        for complaint in &error.fields {
            let Some((row, column)) = position(&complaint.field) else {
                continue;
            };
            let Some((line, _)) = self.rows.get(row) else {
                continue;
            };
            row_errors.push(RowError {
                line: *line,
                until: None,
                column,
                message: complaint.message.clone(),
            });
            refused.push(row);
        }
        let mut at = 0;
        self.rows.retain(|_| {
            at += 1;
            !refused.contains(&(at - 1))
        });
        row_errors
    }

    fn of(rows: Vec<(u64, Vec<u8>)>) -> Self {
        Self {
            bytes: rows.iter().map(|(_, json)| json.len() + 1).sum(),
            rows,
        }
    }
}

/// Row and column of `data[3].price`, `data[3]` or `[3].price`.
fn position(field: &str) -> Option<(usize, Option<String>)> {
    let (before, rest) = field.split_once('[')?;
    if !before.is_empty() && before != "data" && before != "rows" {
        return None;
    }
    let (row, rest) = rest.split_once(']')?;
    let column = rest.strip_prefix('.').filter(|column| !column.is_empty());
    Some((row.parse().ok()?, column.map(String::from)))
}

#[cfg(test)]
mod tests {
    use weir_api::FieldError;

    use super::*;

    fn batch(rows: &[(u64, &str)]) -> Batch {
        Batch::of(
            rows.iter()
                .map(|(line, json)| (*line, json.as_bytes().to_vec()))
                .collect(),
        )
    }

    fn refusal(fields: &[(&str, &str)]) -> StatusError {
        StatusError {
            status: 400,
            code: None,
            message: String::new(),
            request_id: None,
            fields: fields
                .iter()
                .map(|(f, m)| FieldError::new(*f, *m))
                .collect(),
        }
    }

    #[test]
    fn bodies_are_what_the_formats_want() {
        let compact = batch(&[(2, "[1,\"a\"]"), (3, "[2,\"b\"]")]);
        let body = compact.body(&Shape::Compact(vec!["n".into(), "the \"t\"".into()]));
        assert_eq!(
            String::from_utf8_lossy(&body),
            r#"{"columns":["n","the \"t\""],"data":[[1,"a"],[2,"b"]]}"#
        );
        let objects = batch(&[(1, "{}"), (2, "{\"a\":1}")]).body(&Shape::Objects);
        assert_eq!(objects, b"{}\n{\"a\":1}");
    }

    #[test]
    fn complaints_find_their_lines_and_the_good_rows_stay() {
        let mut batch = batch(&[(2, "[1]"), (5, "[2]"), (6, "[3]"), (9, "[4]")]);
        let error = refusal(&[
            ("data[1].price", "not a number"),
            ("data[3]", "too short"),
            ("data[77]", "?"),
            ("format", "?"),
        ]);
        let row_errors = batch.take_refused(&error);
        let found: Vec<_> = row_errors
            .iter()
            .map(|t| (t.line, t.column.as_deref(), t.message.as_str()))
            .collect();
        assert_eq!(
            found,
            [(5, Some("price"), "not a number"), (9, None, "too short")]
        );
        assert_eq!(batch.body(&Shape::Objects), b"[1]\n[3]");
    }

    #[test]
    fn a_refusal_without_rows_leaves_the_batch_to_be_halved() {
        let mut whole = batch(&[(1, "a"), (2, "b"), (3, "c")]);
        assert!(
            whole
                .take_refused(&refusal(&[("columns[0]", "no such column")]))
                .is_empty()
        );
        let (first, second) = whole.halves();
        assert_eq!((first.len(), second.len(), second.first_line()), (1, 2, 2));
    }

    #[test]
    fn batches_end_at_a_thousand_rows_or_a_mebibyte() {
        let mut rows = Batch::default();
        for line in 0..999 {
            rows.push(line, b"[1]".to_vec());
        }
        assert!(!rows.full());
        rows.push(999, b"[1]".to_vec());
        assert!(rows.full());
        let mut large = Batch::default();
        large.push(1, vec![b'1'; 1 << 20]);
        assert!(large.full());
    }
}
