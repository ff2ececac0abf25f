//! From the bytes of a message to rows, or to events of a preview.

use std::{borrow::Cow, collections::BTreeMap};

use prost_reflect::{DynamicMessage, MessageDescriptor};
use serde_json::{Map, Value, value::RawValue};
use weir_api::{
    DataType,
    timeplus::{ingest::Format as Body, stream::ColumnDef},
};
use weir_engine::{ColumnInfo, catalog::StreamInfo};
use weir_store::{
    Store,
    ingest::{self, Rows},
};

use super::{
    delimited::{cells, records, text},
    message::{Message, is_own},
    protobuf,
    settings::{RANDOM, Settings, wrong},
};
use crate::error::HttpError;

const FORMATS: [&str; 7] = [
    "JSONEachRow",
    "CSV",
    "TSV",
    "RawBLOB",
    "ProtobufSingle",
    "Protobuf",
    "Avro",
];

#[derive(Debug, Clone)]
enum Format {
    Json,
    Raw,
    /// Fields between this byte.
    Delimited(u8),
    /// One after the other, each behind its length.
    Messages(MessageDescriptor),
    Message(MessageDescriptor),
}

impl Format {
    /// `None` where the settings do not say.
    fn of(store: &Store, settings: Settings<'_>) -> Result<Option<Self>, HttpError> {
        let Some(name) = settings.get("data_format") else {
            // A line is a text until something else is said.
            return Ok(match settings.get("type") {
                Some("log") => Some(Self::Raw),
                // Empty objects: every column has its default.
                Some(RANDOM) => Some(Self::Json),
                _ => None,
            });
        };
        Ok(Some(match name {
            "JSONEachRow" => Self::Json,
            "RawBLOB" => Self::Raw,
            "CSV" => Self::Delimited(b','),
            "TSV" => Self::Delimited(b'\t'),
            "Protobuf" => Self::Messages(descriptor(store, settings)?),
            "ProtobufSingle" => Self::Message(descriptor(store, settings)?),
            _ if FORMATS.contains(&name) => {
                let words = format!("'{name}' is not run by the embedded backend");
                return Err(wrong("data_format", words));
            }
            _ => {
                let words = format!("'{name}' is not one of {}", FORMATS.join(", "));
                return Err(wrong("data_format", words));
            }
        }))
    }
}

/// `format_schema` is the name of a schema and of a message in it: `orders:Order`.
fn descriptor(store: &Store, settings: Settings<'_>) -> Result<MessageDescriptor, HttpError> {
    const FIELD: &str = "format_schema";
    let (name, message) = match settings.required(FIELD)?.split_once(':') {
        Some((name, message)) => (name.trim(), Some(message.trim())),
        None => (settings.required(FIELD)?.trim(), None),
    };
    let name = name.strip_suffix(".proto").unwrap_or(name);
    let schema = store
        .schema(name)
        .ok_or_else(|| wrong(FIELD, format!("schema '{name}' does not exist")))?;
    let pool = protobuf::compile(&schema.name, &schema.content)
        .map_err(|error| wrong(FIELD, format!("schema '{name}': {error}")))?;
    protobuf::message(&pool, name, message).map_err(|words| wrong(FIELD, words))
}

/// Whether the settings make sense and give what these columns need.
pub(super) fn check(
    store: &Store,
    settings: Settings<'_>,
    columns: &[ColumnDef],
) -> Result<(), HttpError> {
    let Some(format) = Format::of(store, settings)? else {
        return Ok(());
    };
    let filled = columns.iter().enumerate();
    let filled = filled.filter(|(_, column)| !is_own(&column.name));
    for (count, (at, column)) in filled.enumerate() {
        let wrong = |part: &str, words: String| {
            Err(HttpError::field(format!("columns[{at}].{part}"), words))
        };
        let data_type = DataType::parse(&column.data_type);
        let text = data_type.is_ok_and(|data_type| *data_type.inner() == DataType::String);
        match &format {
            Format::Raw if count > 0 => {
                let words = format!(
                    "'{}' would stay empty: the format gives one text for each message, for one column",
                    column.name
                );
                return wrong("name", words);
            }
            Format::Raw if !text => {
                let words = format!(
                    "'{}' has to be a string: the format gives the text of each message",
                    column.name
                );
                return wrong("type", words);
            }
            Format::Message(message) | Format::Messages(message)
                if message.get_field_by_name(&column.name).is_none() =>
            {
                let words = format!("message {} has no field '{}'", message.name(), column.name);
                return wrong("name", words);
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) struct Decoder(Format);

impl Decoder {
    /// Without a format, a single text column takes whole messages and other columns JSON.
    pub(super) fn new(
        store: &Store,
        settings: Settings<'_>,
        info: &StreamInfo,
    ) -> Result<Self, HttpError> {
        let format = Format::of(store, settings)?.unwrap_or_else(|| {
            let mut filled = info.columns.iter().filter(|c| !is_own(&c.name));
            match (filled.next(), filled.next()) {
                (Some(only), None) if *only.data_type.inner() == DataType::String => Format::Raw,
                _ => Format::Json,
            }
        });
        Ok(Self(format))
    }

    /// The words of an error tell which message it is.
    pub(super) fn rows(&mut self, info: &StreamInfo, message: &Message) -> Result<Rows, String> {
        let named = |error: String| format!("{}: {error}", message.place);
        let own = message.own(info);
        let objects = |text: Cow<'_, [u8]>| {
            let text = match own.is_empty() {
                true => text,
                false => with(&text, &own).map_or(text, Cow::Owned),
            };
            ingest::parse(info, Body::Streaming, &text).map_err(|error| named(error.to_string()))
        };
        let values = |columns: &[String], rows: &[Vec<String>]| {
            ingest::values(info, columns, rows).map_err(|error| named(error.to_string()))
        };
        let filled: Vec<&ColumnInfo> = info.columns.iter().filter(|c| !is_own(&c.name)).collect();
        let columns = || {
            let filled = filled.iter().map(|column| column.name.clone());
            let own = own.iter().map(|(name, _)| (*name).to_string());
            filled.chain(own).collect::<Vec<_>>()
        };
        let beside = || own.iter().map(|(_, value)| value.to_string());
        match &self.0 {
            Format::Json => objects(Cow::Borrowed(&message.bytes)),
            Format::Raw if filled.len() == 1 => {
                let raw = text(&String::from_utf8_lossy(&message.bytes));
                let row = std::iter::once(raw).chain(beside()).collect();
                values(&columns(), &[row])
            }
            Format::Raw => {
                let text = String::from_utf8_lossy(&message.bytes);
                let rows = ingest::parse(info, Body::Raw, text.as_bytes());
                rows.map_err(|error| named(error.to_string()))
            }
            Format::Delimited(by) => {
                let records = records(&message.bytes, *by, filled.len()).map_err(named)?;
                if own.is_empty() {
                    let all: Vec<&ColumnInfo> = info.columns.iter().collect();
                    let rows = records.iter().map(|record| cells(&all, record));
                    return values(&[], &rows.collect::<Vec<_>>());
                }
                let rows = records.into_iter().map(|record| {
                    let mut row = cells(&filled, &record);
                    row.extend(beside());
                    row
                });
                values(&columns(), &rows.collect::<Vec<_>>())
            }
            Format::Messages(descriptor) => {
                let text = protobuf::delimited(descriptor, &message.bytes).map_err(named)?;
                objects(Cow::Owned(text.into_bytes()))
            }
            Format::Message(descriptor) => {
                let text = protobuf::single(descriptor, &message.bytes).map_err(named)?;
                objects(Cow::Owned(text.into_bytes()))
            }
        }
    }
}

/// Each object with these fields besides; `None` where it is not objects.
fn with(text: &[u8], own: &[(&str, Value)]) -> Option<Vec<u8>> {
    type Fields = BTreeMap<String, Box<RawValue>>;
    let mut out = Vec::new();
    for object in serde_json::Deserializer::from_slice(text).into_iter::<Fields>() {
        let mut object = object.ok()?;
        for (name, value) in own {
            object.insert((*name).into(), serde_json::value::to_raw_value(value).ok()?);
        }
        serde_json::to_writer(&mut out, &object).ok()?;
        out.push(b'\n');
    }
    Some(out)
}

/// What a preview shows of messages.
pub(super) struct Events(Format);

impl Events {
    pub(super) fn new(store: &Store, settings: Settings<'_>) -> Result<Self, HttpError> {
        Ok(Self(Format::of(store, settings)?.unwrap_or(Format::Json)))
    }

    /// A message that is no JSON object is shown as `raw` text; one that the schema does not fit
    /// is an error.
    pub(super) fn events(
        &self,
        message: &Message,
        events: &mut Vec<Map<String, Value>>,
    ) -> Result<(), String> {
        let named = |error: String| format!("{}: {error}", message.place);
        let text = match &self.0 {
            Format::Raw => {
                events.push(raw(&message.bytes));
                return Ok(());
            }
            Format::Delimited(by) => {
                for record in records(&message.bytes, *by, 0).map_err(named)? {
                    let fields = record.iter().enumerate();
                    let fields =
                        fields.map(|(n, field)| (format!("c{}", n + 1), field.as_str().into()));
                    events.push(fields.collect());
                }
                return Ok(());
            }
            Format::Json => String::from_utf8_lossy(&message.bytes).into_owned(),
            Format::Messages(descriptor) => {
                protobuf::delimited(descriptor, &message.bytes).map_err(named)?
            }
            Format::Message(descriptor) => {
                protobuf::single(descriptor, &message.bytes).map_err(named)?
            }
        };
        let objects = serde_json::Deserializer::from_str(&text).into_iter::<Map<String, Value>>();
        match objects.collect::<Result<Vec<_>, _>>() {
            Ok(objects) => events.extend(objects),
            Err(_) => events.push(raw(&message.bytes)),
        }
        Ok(())
    }
}

fn raw(bytes: &[u8]) -> Map<String, Value> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    Map::from_iter([("raw".to_string(), Value::from(text))])
}

/// A message of this type as JSON with the names of its fields; 64-bit integers stay numbers.
pub(super) fn json(message: &DynamicMessage) -> Result<String, String> {
    let options = prost_reflect::SerializeOptions::new()
        .stringify_64_bit_integers(false)
        .use_proto_field_name(true)
        .skip_default_fields(false);
    let mut out = serde_json::Serializer::new(Vec::new());
    message
        .serialize_with_options(&mut out, &options)
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&out.into_inner()).into_owned())
}
