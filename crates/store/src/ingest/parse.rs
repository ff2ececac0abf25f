use std::{borrow::Cow, fmt};

use rusqlite::types::Value;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use weir_api::{DataType, timeplus::ingest::Format};
use weir_engine::{
    catalog::StreamInfo,
    codec::{self, Object},
};

use super::{RowError, RowErrors, Rows, cells::Cells};

const REPORTED: usize = 20;
/// Small values grow when read: `{}` is a row of every column.
const MAX_CELL_BYTES: usize = 256 << 20;

/// All rows of a body, or every reason why not.
pub fn parse(stream: &StreamInfo, format: Format, body: &[u8]) -> Result<Rows, RowErrors> {
    let text = std::str::from_utf8(body).map_err(|error| {
        RowErrors::body(format!(
            "the body is not UTF-8 at byte {}",
            error.valid_up_to()
        ))
    })?;
    match format {
        Format::Compact => compact(stream, text),
        Format::Streaming => streaming(stream, text),
        Format::Raw => text_rows(stream, [text]),
        Format::Lines => text_rows(stream, text.lines().filter(|line| !line.is_empty())),
    }
}

/// Rows of an `INSERT` statement: each value is JSON text; no `columns` means all in order, of
/// which `_tp_time` may be left out.
pub fn values(
    stream: &StreamInfo,
    columns: &[String],
    rows: &[Vec<String>],
) -> Result<Rows, RowErrors> {
    let positions = if columns.is_empty() {
        let width = rows.first().map_or(0, Vec::len);
        let all = stream.columns.len();
        (0..if width + 1 == all { width } else { all }).collect()
    } else {
        positions(stream, columns.iter().map(String::as_str))?
    };
    let mut sink = Sink::new(stream, positions);
    for row in rows {
        sink.array(
            row.iter().map(String::as_str),
            row.iter().map(String::len).sum(),
        )?;
    }
    sink.finish()
}

#[derive(Deserialize)]
struct Compact<'a> {
    #[serde(borrow)]
    columns: Vec<Cow<'a, str>>,
    #[serde(borrow)]
    data: &'a RawValue,
}

fn compact(stream: &StreamInfo, text: &str) -> Result<Rows, RowErrors> {
    let body: Compact<'_> = serde_json::from_str(text).map_err(|error| {
        RowErrors::body(format!(
            "the body is not {{\"columns\": […], \"data\": [[…], …]}}: {error}"
        ))
    })?;
    let columns = positions(stream, body.columns.iter().map(|name| &**name))?;
    let mut sink = Sink::new(stream, columns);
    let mut stop = None;
    let seed = RowsSeed {
        sink: &mut sink,
        stop: &mut stop,
    };
    let read = seed.deserialize(&mut serde_json::Deserializer::from_str(body.data.get()));
    if let Some(error) = stop {
        return Err(error);
    }
    read.map_err(|error| RowErrors::body(format!("data: {error}")))?;
    sink.finish()
}

/// Hands each row on as it is read, so that no list of all rows is built.
struct RowsSeed<'s, 'i> {
    sink: &'s mut Sink<'i>,
    stop: &'s mut Option<RowErrors>,
}

impl<'de> DeserializeSeed<'de> for RowsSeed<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for RowsSeed<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<&RawValue>()? {
            let result = match serde_json::from_str::<Vec<&RawValue>>(row.get()) {
                Ok(cells) => self
                    .sink
                    .array(cells.iter().map(|cell| cell.get()), row.get().len()),
                Err(_) => self.sink.bad_row("a row is an array of values"),
            };
            if let Err(error) = result {
                *self.stop = Some(error);
                return Err(serde::de::Error::custom("too large"));
            }
        }
        Ok(())
    }
}

fn streaming(stream: &StreamInfo, text: &str) -> Result<Rows, RowErrors> {
    let mut sink = Sink::new(stream, (0..stream.columns.len()).collect());
    let objects = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    for (row, object) in objects.enumerate() {
        let object =
            object.map_err(|error| RowErrors::body(format!("row {row} is not JSON: {error}")))?;
        match serde_json::from_str::<Object<'_>>(object.get()) {
            Ok(Object(entries)) => sink.object(&entries, object.get().len())?,
            Err(_) => sink.bad_row("a row is a JSON object")?,
        }
    }
    sink.finish()
}

fn text_rows<'a>(
    stream: &StreamInfo,
    rows: impl IntoIterator<Item = &'a str>,
) -> Result<Rows, RowErrors> {
    let mut own = stream
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.name != "_tp_time");
    let column = match (own.next(), own.next()) {
        (Some((index, column)), None) if *column.data_type.inner() == DataType::String => index,
        _ => {
            return Err(RowErrors::body(format!(
                "text can only be ingested into a stream with exactly one column, of type string; \
                 stream '{}' has other columns",
                stream.name
            )));
        }
    };
    let mut sink = Sink::new(stream, vec![column]);
    for row in rows {
        sink.push(&Value::Text(row.to_owned()));
        sink.end_row(row.len())?;
    }
    sink.finish()
}

fn positions<'a>(
    stream: &StreamInfo,
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<usize>, RowErrors> {
    let mut found = Vec::new();
    for name in names {
        let position = stream.columns.iter().position(|column| column.name == name);
        match position {
            None => {
                return Err(RowErrors::body(format!(
                    "stream '{}' has no column '{name}'",
                    stream.name
                )));
            }
            Some(position) if found.contains(&position) => {
                return Err(RowErrors::body(format!("column '{name}' is given twice")));
            }
            Some(position) => found.push(position),
        }
    }
    Ok(found)
}

struct Sink<'i> {
    stream: &'i StreamInfo,
    rows: Rows,
    errors: RowErrors,
    /// Rows seen, good and bad.
    row: usize,
    row_start: usize,
}

impl<'i> Sink<'i> {
    fn new(stream: &'i StreamInfo, columns: Vec<usize>) -> Self {
        Self {
            stream,
            rows: Rows {
                table: stream.table.clone(),
                columns,
                cells: Cells::default(),
                sizes: Vec::new(),
            },
            errors: RowErrors::default(),
            row: 0,
            row_start: 0,
        }
    }

    fn push(&mut self, value: &Value) {
        self.rows.cells.push(value);
    }

    /// Whether the cell is in order. NULL where it is not allowed means the default.
    fn cell(&mut self, column: usize, json: &str) -> bool {
        let column = &self.stream.columns[column];
        if json == "null"
            && !column.data_type.is_nullable()
            && *column.data_type.inner() != DataType::Json
        {
            self.rows.cells.push_missing();
            return true;
        }
        match codec::decode(json, &column.data_type) {
            Ok(value) => {
                self.push(&value);
                true
            }
            Err(message) => {
                self.report(Some(column.name.clone()), message);
                false
            }
        }
    }

    fn array<'a>(
        &mut self,
        cells: impl ExactSizeIterator<Item = &'a str>,
        size: usize,
    ) -> Result<(), RowErrors> {
        let expected = self.rows.columns.len();
        if cells.len() != expected {
            let message = format!("{} values for {expected} columns", cells.len());
            return self.bad_row(&message);
        }
        for (index, json) in cells.enumerate() {
            if !self.cell(self.rows.columns[index], json) {
                return self.skip_row();
            }
        }
        self.end_row(size)
    }

    /// Keys that are not columns are ignored, missing ones take their default.
    fn object(
        &mut self,
        entries: &[(Cow<'_, str>, &RawValue)],
        size: usize,
    ) -> Result<(), RowErrors> {
        for column in 0..self.stream.columns.len() {
            let name = &self.stream.columns[column].name;
            // Producers mostly write keys in the order of the columns.
            let entry = match entries.get(column) {
                Some(entry) if entry.0 == *name => Some(entry),
                _ => entries.iter().find(|entry| entry.0 == *name),
            };
            match entry {
                None => self.rows.cells.push_missing(),
                Some((_, json)) => {
                    if !self.cell(column, json.get()) {
                        return self.skip_row();
                    }
                }
            }
        }
        self.end_row(size)
    }

    fn end_row(&mut self, size: usize) -> Result<(), RowErrors> {
        self.rows
            .sizes
            .push(u32::try_from(size).unwrap_or(u32::MAX));
        self.row += 1;
        self.row_start = self.rows.cells.len();
        if self.rows.weight() > MAX_CELL_BYTES {
            return Err(RowErrors::body(format!(
                "the rows take more than {} MiB when read; send them in smaller parts",
                MAX_CELL_BYTES >> 20
            )));
        }
        Ok(())
    }

    fn bad_row(&mut self, message: &str) -> Result<(), RowErrors> {
        self.report(None, message.to_owned());
        self.skip_row()
    }

    fn skip_row(&mut self) -> Result<(), RowErrors> {
        self.rows.cells.truncate(self.row_start);
        self.row += 1;
        Ok(())
    }

    fn report(&mut self, column: Option<String>, message: String) {
        self.errors.total += 1;
        if self.errors.rows.len() < REPORTED {
            self.errors.rows.push(RowError {
                row: self.row,
                column,
                message,
            });
        }
    }

    fn finish(self) -> Result<Rows, RowErrors> {
        if self.errors.total > 0 {
            Err(self.errors)
        } else {
            Ok(self.rows)
        }
    }
}
