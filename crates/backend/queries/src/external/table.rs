//! Tables of other databases. Values come as text and are read by the types of their columns, so
//! that nothing is rounded on the way.

use std::{borrow::Cow, time::Duration};

use rusqlite::types::Value;
use weir_api::{DataType, timeplus::stream::ColumnDef};
use weir_engine::{Bring, catalog::StreamInfo, codec};

use super::{
    bring::{MOST_BYTES, MOST_ROWS, too_much},
    mysql, postgres,
    settings::{Settings, wrong},
};
use crate::{error::HttpError, tls};

const PATIENCE: Duration = Duration::from_secs(10);
/// For all rows of a query.
const READ: Duration = Duration::from_secs(120);

#[derive(Debug, Clone)]
pub(super) struct Location {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) password: String,
    pub(super) database: String,
    /// PostgreSQL's.
    pub(super) schema: String,
    pub(super) table: String,
    /// None: in clear.
    pub(super) tls: Option<Tls>,
}

/// How a connection is protected.
#[derive(Debug, Clone)]
pub(super) struct Tls {
    /// PEM, in place of the usual ones; empty for these.
    pub(super) authorities: String,
    pub(super) verify: bool,
}

impl Tls {
    /// Unless it is told otherwise, everything that leaves this machine is encrypted: a password
    /// goes along.
    fn of(settings: Settings<'_>, host: &str) -> Result<Option<Self>, HttpError> {
        let flag = |key: &str, default: bool| match settings.get(key) {
            None | Some("") => Ok(default),
            Some("true" | "1") => Ok(true),
            Some("false" | "0") => Ok(false),
            Some(other) => Err(wrong(key, format!("'{other}' is neither true nor false"))),
        };
        let address = host.parse::<std::net::IpAddr>();
        let here = address.is_ok_and(|address| address.is_loopback()) || host == "localhost";
        let authorities = settings.text("ssl_ca_pem");
        let tls = Self {
            verify: !flag("skip_ssl_cert_check", false)?,
            authorities,
        };
        if !flag("secure", !here)? {
            return Ok(None);
        }
        tls::client_with(&tls.authorities, tls.verify)
            .map_err(|words| wrong("ssl_ca_pem", words))?;
        Ok(Some(tls))
    }
}

pub(super) enum Database {
    Postgres(Location),
    MySql(Location),
}

/// A column as the server describes it.
pub(super) struct RemoteColumn {
    pub(super) name: String,
    pub(super) data_type: String,
    pub(super) nullable: bool,
}

impl Database {
    /// `None` for types that the embedded backend does not run.
    pub(super) fn of(name: &str, settings: Settings<'_>) -> Result<Option<Self>, HttpError> {
        Ok(match settings.required("type")? {
            "postgresql" => Some(Self::Postgres(place(name, settings, 5432)?)),
            "mysql" => Some(Self::MySql(place(name, settings, 3306)?)),
            _ => None,
        })
    }

    pub(super) async fn columns(&self) -> Result<Vec<ColumnDef>, HttpError> {
        let described = tokio::time::timeout(PATIENCE, async {
            match self {
                Self::Postgres(place) => postgres::columns(place).await,
                Self::MySql(place) => mysql::columns(place).await,
            }
        });
        let described = described.await.unwrap_or_else(|_| Err(self.silent()))?;
        if described.is_empty() {
            let words = format!(
                "table '{}' does not exist or has no columns",
                self.place().table
            );
            return Err(wrong("table", words));
        }
        let columns = described.into_iter().map(|column| ColumnDef {
            // JSON has a null of its own.
            data_type: match column.nullable && column.data_type != "json" {
                true => format!("nullable({})", column.data_type),
                false => column.data_type,
            },
            name: column.name,
            ..ColumnDef::default()
        });
        Ok(columns.collect())
    }

    /// One value for each column of `info`; those that nobody looks at are NULL.
    pub(super) async fn rows(
        &self,
        info: &StreamInfo,
        bring: &Bring,
    ) -> Result<Vec<Vec<Value>>, HttpError> {
        let wanted: Vec<_> = info
            .columns
            .iter()
            .enumerate()
            .filter(|(_, column)| bring.columns.contains(&column.name))
            .collect();
        let names: Vec<&str> = wanted.iter().map(|(_, c)| c.name.as_str()).collect();
        let mut rows = Rows {
            types: wanted
                .iter()
                .map(|(at, column)| (*at, &column.data_type, column.name.as_str()))
                .collect(),
            width: info.columns.len(),
            rows: Vec::new(),
            bytes: 0,
            table: &info.name,
        };
        let limit = bring.limit.unwrap_or(MOST_ROWS + 1);
        let read = tokio::time::timeout(READ, async {
            match self {
                Self::Postgres(place) => postgres::read(place, &names, limit, &mut rows).await,
                Self::MySql(place) => mysql::read(place, &names, limit, &mut rows).await,
            }
        });
        read.await.unwrap_or_else(|_| Err(self.silent()))?;
        if rows.rows.len() as u64 > bring.limit.unwrap_or(MOST_ROWS) {
            return Err(too_much(&info.name));
        }
        Ok(rows.rows)
    }

    fn place(&self) -> &Location {
        match self {
            Self::Postgres(place) | Self::MySql(place) => place,
        }
    }

    fn silent(&self) -> HttpError {
        let place = self.place();
        let words = format!("{}:{} does not answer in time", place.host, place.port);
        wrong("address", words)
    }
}

fn place(name: &str, settings: Settings<'_>, port: u16) -> Result<Location, HttpError> {
    settings.refuse(&["config_file", "named_collection"])?;
    let address = settings.required("address")?.trim();
    let (host, port) = match address.rsplit_once(':') {
        None => (address, port),
        Some((host, text)) => match text.parse() {
            Ok(port) => (host, port),
            Err(_) => {
                let words = format!("'{address}' is not an address like db.example:{port}");
                return Err(wrong("address", words));
            }
        },
    };
    // The library takes a path for a socket of this machine, and a comma for several hosts.
    if host.is_empty()
        || host.contains(['/', '@', ',', '\\'])
        || host.chars().any(char::is_whitespace)
    {
        let words = format!("'{host}' is not the name or the address of a host");
        return Err(wrong("address", words));
    }
    Ok(Location {
        host: host.trim_matches(['[', ']']).to_string(),
        port,
        user: settings.text("user"),
        password: settings.text("password"),
        database: settings.text("database"),
        schema: settings.text("schema"),
        table: settings.get("table").unwrap_or(name).to_string(),
        tls: Tls::of(settings, host.trim_matches(['[', ']']))?,
    })
}

/// Rows on their way from a server.
pub(super) struct Rows<'a> {
    /// Position, type and name of each column that is read.
    types: Vec<(usize, &'a DataType, &'a str)>,
    width: usize,
    rows: Vec<Vec<Value>>,
    bytes: usize,
    table: &'a str,
}

impl Rows<'_> {
    /// One text for each column asked for, `None` for NULL.
    pub(super) fn push<'t>(
        &mut self,
        texts: impl Iterator<Item = Option<Cow<'t, str>>>,
    ) -> Result<(), HttpError> {
        let mut row = vec![Value::Null; self.width];
        for ((at, data_type, name), text) in self.types.iter().zip(texts) {
            let Some(text) = text else { continue };
            self.bytes += text.len();
            row[*at] = value(&text, data_type).map_err(|error| {
                let number = self.rows.len() + 1;
                let words = format!("row {number} of '{}', column '{name}': {error}", self.table);
                HttpError::bad_request(words)
            })?;
        }
        if self.bytes > MOST_BYTES {
            return Err(too_much(self.table));
        }
        self.rows.push(row);
        Ok(())
    }
}

fn value(text: &str, data_type: &DataType) -> Result<Value, String> {
    let json = match data_type.inner() {
        DataType::String => return Ok(Value::Text(text.to_string())),
        DataType::Json => Cow::Borrowed(text),
        DataType::Bool => Cow::Borrowed(match text {
            "t" | "1" => "true",
            "f" | "0" => "false",
            other => other,
        }),
        // In UTC, because the session is.
        DataType::DateTime64 { .. } => quoted(text.strip_suffix("+00").unwrap_or(text)),
        _ => match text {
            "NaN" => Cow::Borrowed("\"nan\""),
            "Infinity" => Cow::Borrowed("\"inf\""),
            "-Infinity" => Cow::Borrowed("\"-inf\""),
            number if number.parse::<f64>().is_ok() => Cow::Borrowed(text),
            _ => quoted(text),
        },
    };
    codec::decode(&json, data_type)
}

fn quoted(text: &str) -> Cow<'_, str> {
    Cow::Owned(serde_json::Value::from(text).to_string())
}
