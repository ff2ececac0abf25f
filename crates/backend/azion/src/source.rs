//! The backend's own streams as data sources, and which of their columns stand for which variable.

use std::borrow::Cow;

use serde_json::value::RawValue;
use weir_api::{
    Column,
    azion::{DataSource, Model},
};

use super::domains;

/// What is followed.
pub(super) fn query(source: DataSource) -> &'static str {
    match source {
        DataSource::Http => {
            "SELECT _tp_time, method, path, status, duration_ms, request_bytes, response_bytes, \
             user, remote, user_agent, request_id FROM http_access"
        }
        DataSource::Waf => {
            "SELECT _tp_time, method, path, status, user, remote FROM http_access \
             WHERE status >= 400 AND status < 500"
        }
        DataSource::CellsConsole => "SELECT _tp_time, level, target, message FROM backend_log",
        DataSource::Activity => {
            "SELECT _tp_time, actor, action, resource_kind, resource_name, status, request_id, \
             remote, detail FROM audit_log"
        }
    }
}

/// Where the value of a variable comes from.
#[derive(Clone, Copy)]
enum Field {
    Column(&'static str),
    /// A column of milliseconds, as seconds.
    Seconds(&'static str),
    DomainId,
    DomainName,
    /// `update stream 'a'`
    Title,
    Words(&'static str),
    /// The backend does not know it.
    None,
}

fn field(source: DataSource, variable: &str) -> Field {
    use Field::{Column, DomainId, DomainName, Seconds, Title, Words};
    match (source, variable) {
        (_, "time") | (DataSource::Activity, "created_at") => Column("_tp_time"),
        (DataSource::Http | DataSource::Waf, name) => match name {
            "client" => Column("user"),
            "configuration" => DomainId,
            "host" => DomainName,
            "remote_addr" => Column("remote"),
            "requestPath" => Column("path"),
            "server_protocol" => Words("HTTP/1.1"),
            _ if source == DataSource::Waf => match name {
                "blocked" => Words("1"),
                "waf_match" => Column("status"),
                "waf_server" => DomainName,
                "waf_uri" => Column("path"),
                _ => Field::None,
            },
            "bytes_sent" => Column("response_bytes"),
            "http_user_agent" => Column("user_agent"),
            "request_id" => Column("request_id"),
            "request_length" => Column("request_bytes"),
            "request_method" => Column("method"),
            "request_time" => Seconds("duration_ms"),
            "request_uri" => Column("path"),
            "scheme" => Words("http"),
            "status" => Column("status"),
            "stream" => DomainId,
            _ => Field::None,
        },
        (DataSource::CellsConsole, name) => match name {
            "log_level" => Column("level"),
            "log_message" => Column("message"),
            "message_source" => Column("target"),
            _ => Field::None,
        },
        (DataSource::Activity, name) => match name {
            "author_name" | "user_id" => Column("actor"),
            "comment" => Column("detail"),
            "resource_id" | "resource_name" => Column("resource_name"),
            "resource_type" => Column("resource_kind"),
            "title" => Title,
            "type" => Column("action"),
            "user_ip" => Column("remote"),
            _ => Field::None,
        },
    }
}

/// One record of a source.
pub(super) struct Row<'a> {
    pub columns: &'a [Column],
    pub values: &'a [Box<RawValue>],
}

impl<'a> Row<'a> {
    fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        let at = self.columns.iter().position(|column| column.name == name)?;
        let raw = self.values.get(at)?.get();
        if raw == "null" {
            return None;
        }
        match raw.starts_with('"') {
            true => serde_json::from_str::<String>(raw).ok().map(Cow::Owned),
            false => Some(Cow::Borrowed(raw)),
        }
    }

    fn domain(&self) -> (i64, &'static str) {
        domains::of(&self.get("path").unwrap_or_default())
    }

    fn value(&self, field: Field) -> Option<Cow<'a, str>> {
        let value = match field {
            Field::Column(name) => self.get(name)?,
            Field::Seconds(name) => {
                let ms: f64 = self.get(name)?.parse().ok()?;
                format!("{:.3}", ms / 1000.0).into()
            }
            Field::DomainId => self.domain().0.to_string().into(),
            Field::DomainName => self.domain().1.into(),
            Field::Title => {
                let part = |name| self.get(name).unwrap_or_default();
                let name = part("resource_name");
                let words = format!("{} {} {name}", part("action"), part("resource_kind"));
                words.trim().to_string().into()
            }
            Field::Words(words) => words.into(),
            Field::None => return None,
        };
        (!value.is_empty()).then_some(value)
    }
}

/// Which records are sent, and how they are written.
pub(super) struct Writer {
    pub source: DataSource,
    pub model: Model,
    /// Empty for all.
    pub domains: Vec<i64>,
    /// Of 100 records.
    pub sample: u32,
}

impl Writer {
    /// `None` for a record that is not sent.
    pub(super) fn line(&self, row: &Row<'_>) -> Option<String> {
        let of_requests = matches!(self.source, DataSource::Http | DataSource::Waf);
        if of_requests && !self.domains.is_empty() && !self.domains.contains(&row.domain().0) {
            return None;
        }
        if self.sample < 100 && rand::random_range(0..100) >= self.sample {
            return None;
        }
        let line = self
            .model
            .render(|name| row.value(field(self.source, name)));
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(source: DataSource, columns: &[&str], values: &str, text: &str) -> Option<String> {
        let columns: Vec<Column> = columns
            .iter()
            .map(|name| Column {
                name: (*name).into(),
                data_type: "string".into(),
            })
            .collect();
        let values: Vec<Box<RawValue>> = serde_json::from_str(values).expect("values");
        let writer = Writer {
            source,
            model: Model::parse(text),
            domains: vec![2],
            sample: 100,
        };
        writer.line(&Row {
            columns: &columns,
            values: &values,
        })
    }

    #[test]
    fn a_request_of_its_domains_is_written() {
        let columns = ["path", "status", "duration_ms", "user"];
        let text = r#"{"p":"$requestPath","s":$status,"t":$request_time,"c":"$client","d":"$host $configuration","x":"$asn"}"#;
        let line = write(
            DataSource::Http,
            &columns,
            r#"["/azion/a\"b", 404, 12.5, ""]"#,
            text,
        );
        assert_eq!(
            line.as_deref(),
            Some(r#"{"p":"/azion/a\"b","s":404,"t":0.013,"c":"-","d":"Azion API 2","x":"-"}"#)
        );
        let other = write(DataSource::Http, &columns, r#"["/", 404, 12.5, ""]"#, text);
        assert_eq!(other, None);
    }

    #[test]
    fn a_change_has_a_title() {
        let columns = ["action", "resource_kind", "resource_name"];
        let line = write(
            DataSource::Activity,
            &columns,
            r#"["delete", "stream", "cars"]"#,
            "$title|$type|$comment",
        );
        assert_eq!(line.as_deref(), Some("delete stream cars|delete|-"));
    }

    #[test]
    fn its_columns_are_in_the_query() {
        for source in DataSource::ALL {
            let query = query(source);
            for variable in source.variables() {
                if let Field::Column(name) | Field::Seconds(name) = field(source, variable.name) {
                    assert!(query.contains(name), "{query}: {name}");
                }
            }
        }
    }
}
