//! Values one after the other in one buffer, so that a request's rows take about as much memory
//! as its body.

use rusqlite::types::{Value, ValueRef};

/// Each cell is a tag and, by tag, 8 bytes or a length of 4 bytes and that many bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells(Vec<u8>);

const MISSING: u8 = 0;
const NULL: u8 = 1;
const INTEGER: u8 = 2;
const REAL: u8 = 3;
const TEXT: u8 = 4;
const BLOB: u8 = 5;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    /// The column's default applies.
    Missing,
    Value(ValueRef<'a>),
}

impl Cells {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn truncate(&mut self, len: usize) {
        self.0.truncate(len);
    }

    pub(crate) fn push_missing(&mut self) {
        self.0.push(MISSING);
    }

    pub(crate) fn push(&mut self, value: &Value) {
        match value {
            Value::Null => self.0.push(NULL),
            Value::Integer(number) => {
                self.0.push(INTEGER);
                self.0.extend_from_slice(&number.to_le_bytes());
            }
            Value::Real(number) => {
                self.0.push(REAL);
                self.0.extend_from_slice(&number.to_le_bytes());
            }
            Value::Text(text) => self.push_bytes(TEXT, text.as_bytes()),
            Value::Blob(bytes) => self.push_bytes(BLOB, bytes),
        }
    }

    /// Bodies are far below 4 GiB, so a length always fits.
    fn push_bytes(&mut self, tag: u8, bytes: &[u8]) {
        let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.0.push(tag);
        self.0.extend_from_slice(&len.to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    pub(crate) fn iter(&self) -> Iter<'_> {
        Iter(&self.0)
    }
}

pub(crate) struct Iter<'a>(&'a [u8]);

impl<'a> Iterator for Iter<'a> {
    type Item = Cell<'a>;

    fn next(&mut self) -> Option<Cell<'a>> {
        let (tag, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(match *tag {
            MISSING => Cell::Missing,
            NULL => Cell::Value(ValueRef::Null),
            INTEGER => Cell::Value(ValueRef::Integer(i64::from_le_bytes(self.fixed()?))),
            REAL => Cell::Value(ValueRef::Real(f64::from_le_bytes(self.fixed()?))),
            TEXT => Cell::Value(ValueRef::Text(self.bytes()?)),
            _ => Cell::Value(ValueRef::Blob(self.bytes()?)),
        })
    }
}

impl<'a> Iter<'a> {
    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = usize::try_from(u32::from_le_bytes(self.fixed()?)).ok()?;
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }
}
