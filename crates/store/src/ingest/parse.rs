use std::{borrow::Cow, fmt};

use rusqlite::types::Value;
use serde::{
    Deserialize,
    de::{DeserializeSeed, Deserializer, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use weir_api::{DataType, timeplus::ingest::Format};
use weir_engine::{catalog::StreamInfo, codec::Object};

use super::{RowErrors, Rows, sink::Sink};

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
/// which `_tp_time` and `_tp_delta` may be left out.
pub fn values(
    stream: &StreamInfo,
    columns: &[String],
    rows: &[Vec<String>],
) -> Result<Rows, RowErrors> {
    let positions = if columns.is_empty() {
        let width = rows.first().map_or(0, Vec::len);
        let all = stream.columns.len();
        let every = stream.columns.iter().rev();
        let own = every.take_while(|column| column.name.starts_with("_tp_"));
        let needed = all - own.count();
        (0..if width >= needed { width.min(all) } else { all }).collect()
    } else {
        positions(stream, columns.iter().map(String::as_str))?
    };
    let types: Vec<&DataType> = positions
        .iter()
        .map(|at| &stream.columns[*at].data_type)
        .collect();
    let mut sink = Sink::new(stream, positions);
    for row in rows {
        let values: Vec<_> = row
            .iter()
            .enumerate()
            .map(|(at, json)| document(json, types.get(at).copied()))
            .collect();
        sink.array(
            values.iter().map(|value| &**value),
            row.iter().map(String::len).sum(),
        )?;
    }
    sink.finish()
}

/// SQL writes documents, and containers where it has no form for them, as the text of their JSON.
fn document<'a>(json: &'a str, data_type: Option<&DataType>) -> Cow<'a, str> {
    let container = data_type.is_some_and(|data_type| {
        matches!(
            data_type.inner(),
            DataType::Json | DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_)
        )
    });
    if container
        && let Ok(text) = serde_json::from_str::<String>(json)
        && serde_json::from_str::<&RawValue>(&text).is_ok()
    {
        return Cow::Owned(text);
    }
    Cow::Borrowed(json)
}

/// Rows in wire encoding, one value for each of `columns`.
pub fn encoded<'a>(
    stream: &StreamInfo,
    columns: impl Iterator<Item = &'a str>,
    rows: &[Vec<Box<RawValue>>],
) -> Result<Rows, RowErrors> {
    let mut sink = Sink::new(stream, positions(stream, columns)?);
    for row in rows {
        let size = row.iter().map(|value| value.get().len()).sum();
        sink.array(row.iter().map(|value| value.get()), size)?;
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
