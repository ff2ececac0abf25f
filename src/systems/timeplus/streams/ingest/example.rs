//! Rows as examples of a format, made from a stream's columns; and how many rows a text holds.

use serde_json::value::RawValue;
use weir_api::{
    DataType,
    timeplus::{ingest::Format, stream::StreamColumn},
};

use super::cell;

/// Two rows of the stream, or what the format wants of it.
pub fn example(format: Format, columns: &[StreamColumn]) -> String {
    let own: Vec<&StreamColumn> = columns
        .iter()
        .filter(|column| column.name != "_tp_time")
        .collect();
    let value =
        |column: &StreamColumn| DataType::parse(&column.data_type).map_or("\"\"", |t| sample(&t));
    let values = || {
        own.iter()
            .map(|column| value(column))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match format {
        Format::Compact => {
            let names: Vec<String> = own.iter().map(|column| quoted(&column.name)).collect();
            format!(
                "{{\"columns\": [{}],\n \"data\": [\n  [{}],\n  [{}]\n]}}",
                names.join(", "),
                values(),
                values()
            )
        }
        Format::Streaming => {
            let pairs: Vec<String> = own
                .iter()
                .map(|column| format!("{}: {}", quoted(&column.name), value(column)))
                .collect();
            let row = format!("{{{}}}", pairs.join(", "));
            format!("{row}\n{row}")
        }
        Format::Raw => "The whole text is one row.".into(),
        Format::Lines => "One row\nand one more".into(),
    }
}

fn sample(data_type: &DataType) -> &'static str {
    match data_type.inner() {
        DataType::Bool => "true",
        DataType::Int(bits) | DataType::UInt(bits) if *bits > 64 => "\"1\"",
        DataType::Int(_) | DataType::UInt(_) => "1",
        DataType::Float32 | DataType::Float64 | DataType::Decimal { .. } => "1.5",
        DataType::Date => "\"2026-01-31\"",
        DataType::DateTime { .. } => "\"2026-01-31T12:00:00Z\"",
        DataType::DateTime64 { .. } => "\"2026-01-31T12:00:00.000Z\"",
        DataType::Uuid => "\"00000000-0000-0000-0000-000000000001\"",
        DataType::Ipv4 => "\"192.0.2.1\"",
        DataType::Ipv6 => "\"2001:db8::1\"",
        DataType::Json | DataType::Map(..) => "{}",
        DataType::Array(_) => "[]",
        DataType::Tuple(_) => "[]",
        _ => "\"text\"",
    }
}

fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    cell::quote(text, &mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// Rows in a body of this format; 0 where it cannot be read.
pub fn rows(format: Format, text: &str) -> u64 {
    #[derive(serde::Deserialize)]
    struct Compact<'a> {
        #[serde(borrow)]
        data: Vec<&'a RawValue>,
    }
    match format {
        Format::Compact => {
            serde_json::from_str::<Compact<'_>>(text).map_or(0, |body| body.data.len() as u64)
        }
        Format::Streaming | Format::Lines => {
            text.lines().filter(|line| !line.trim().is_empty()).count() as u64
        }
        Format::Raw => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_are_rows_of_the_stream() {
        let columns = [
            ("a", "uint64"),
            ("the \"t\"", "nullable(string)"),
            ("_tp_time", "datetime64(3)"),
        ]
        .map(|(name, data_type)| StreamColumn {
            name: name.into(),
            data_type: data_type.into(),
            ..Default::default()
        });
        for format in [Format::Compact, Format::Streaming, Format::Lines] {
            assert_eq!(rows(format, &example(format, &columns)), 2, "{format:?}");
        }
        assert!(
            example(Format::Streaming, &columns).starts_with(r#"{"a": 1, "the \"t\"": "text"}"#)
        );
        assert_eq!(rows(Format::Raw, "a\nb"), 1);
        assert_eq!(rows(Format::Compact, "{\"data\":[[1"), 0);
    }
}
