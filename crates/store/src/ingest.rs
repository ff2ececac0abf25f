//! Bodies of ingest requests.

use std::fmt;

use weir_api::timeplus::ingest::Format;
use weir_engine::catalog::StreamInfo;

/// Checked rows of one stream, ready to be appended.
#[derive(Debug, Clone)]
pub struct Rows {
    count: usize,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

/// `row` counts from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    pub row: usize,
    pub column: Option<String>,
    pub message: String,
}

/// Why nothing of a body was stored: it cannot be read at all (`body`), or rows of it cannot
/// (the first 20 of `total`). Display says the first in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowErrors {
    pub body: Option<String>,
    pub rows: Vec<RowError>,
    pub total: usize,
}

impl fmt::Display for RowErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.body.as_deref().unwrap_or_default())
    }
}

impl std::error::Error for RowErrors {}

pub fn parse(_stream: &StreamInfo, _format: Format, _body: &[u8]) -> Result<Rows, RowErrors> {
    Ok(Rows { count: 0 })
}

/// Rows of an `INSERT` statement: each value is JSON text; no `columns` means all in order.
pub fn values(
    _stream: &StreamInfo,
    _columns: &[String],
    _rows: &[Vec<String>],
) -> Result<Rows, RowErrors> {
    Ok(Rows { count: 0 })
}
