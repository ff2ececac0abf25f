//! Tables of MySQL and MariaDB.

use std::borrow::Cow;

use mysql_async::{Conn, Error, Opts, OptsBuilder, SslOpts, Value, prelude::Queryable};

use super::{
    settings::wrong,
    table::{Location, RemoteColumn, Rows, Tls},
};
use crate::error::HttpError;
use weir_platform::hosts;

async fn connect(place: &Location) -> Result<Conn, HttpError> {
    hosts::check(&place.host, place.port).map_err(|words| wrong("address", words))?;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_string());
    let options = OptsBuilder::default()
        .ip_or_hostname(&place.host)
        .tcp_port(place.port)
        .user(some(&place.user))
        .pass(some(&place.password))
        .db_name(some(&place.database))
        .prefer_socket(false)
        .ssl_opts(place.tls.as_ref().map(ssl))
        .setup(vec![
            "SET time_zone = '+00:00', NAMES utf8mb4".to_string(),
            "SET SESSION TRANSACTION READ ONLY".to_string(),
        ]);
    Conn::new(Opts::from(options))
        .await
        .map_err(|error| at_connecting(place, &error))
}

fn ssl(tls: &Tls) -> SslOpts {
    let own = tls.authorities.trim();
    let roots = (!own.is_empty()).then(|| own.as_bytes().to_vec().into());
    SslOpts::default()
        .with_disable_built_in_roots(roots.is_some())
        .with_root_certs(roots.into_iter().collect())
        .with_danger_accept_invalid_certs(!tls.verify)
        .with_danger_skip_domain_validation(!tls.verify)
}

/// On the field that a person can mend.
fn at_connecting(place: &Location, error: &Error) -> HttpError {
    let words = words(error);
    match error {
        Error::Server(server) if server.code == 1045 => wrong("password", words),
        Error::Server(server) if matches!(server.code, 1044 | 1049) => wrong("database", words),
        _ => {
            let address = format!("{}:{}", place.host, place.port);
            wrong("address", format!("MySQL at {address}: {words}"))
        }
    }
}

fn words(error: &Error) -> String {
    match error {
        Error::Server(server) => server.message.clone(),
        Error::Io(error) => error.to_string(),
        other => other.to_string(),
    }
}

fn failed(error: Error) -> HttpError {
    HttpError::bad_request(format!("MySQL: {}", words(&error)))
}

pub(super) async fn columns(place: &Location) -> Result<Vec<RemoteColumn>, HttpError> {
    let mut conn = connect(place).await?;
    let rows: Vec<(String, String, String, String)> = conn
        .exec(
            "SELECT column_name, data_type, column_type, is_nullable
             FROM information_schema.columns
             WHERE table_schema = database() AND table_name = ? ORDER BY ordinal_position",
            (&place.table,),
        )
        .await
        .map_err(failed)?;
    // The server is told good-bye; that it does not answer any more changes nothing.
    let _ = conn.disconnect().await;
    let described = rows
        .into_iter()
        .map(|(name, kind, full, nullable)| RemoteColumn {
            name,
            data_type: data_type(&kind.to_lowercase(), &full.to_lowercase()),
            nullable: nullable.eq_ignore_ascii_case("yes"),
        });
    Ok(described.collect())
}

/// `full` has what stands in brackets and behind: `decimal(10,2) unsigned`.
fn data_type(kind: &str, full: &str) -> String {
    let int = |bits: u16| match full.contains("unsigned") {
        true => format!("uint{bits}"),
        false => format!("int{bits}"),
    };
    let brackets = full
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map_or("", |(inside, _)| inside);
    match kind {
        "tinyint" => int(8),
        "smallint" => int(16),
        "mediumint" | "int" => int(32),
        "bigint" => int(64),
        "year" => "uint16".into(),
        "float" => "float32".into(),
        "double" => "float64".into(),
        "decimal" => format!("decimal({brackets})"),
        "date" => "date".into(),
        "datetime" | "timestamp" => match brackets {
            "" => "datetime64(0)".into(),
            digits => format!("datetime64({digits})"),
        },
        "json" => "json".into(),
        _ => "string".into(),
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

pub(super) async fn read(
    place: &Location,
    names: &[&str],
    limit: u64,
    rows: &mut Rows<'_>,
) -> Result<(), HttpError> {
    let mut conn = connect(place).await?;
    let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let list = match list.is_empty() {
        true => "1".to_string(),
        false => list.join(", "),
    };
    let sql = format!("SELECT {list} FROM {} LIMIT {limit}", quoted(&place.table));
    let mut result = conn.query_iter(sql).await.map_err(failed)?;
    while let Some(row) = result.next().await.map_err(failed)? {
        let texts: Vec<Option<String>> = row.unwrap().into_iter().map(text).collect();
        rows.push(texts.into_iter().map(|text| text.map(Cow::Owned)))?;
    }
    drop(result);
    let _ = conn.disconnect().await;
    Ok(())
}

/// Values of this protocol are text, except NULL. Bytes that are no text are shown as 0x….
fn text(value: Value) -> Option<String> {
    match value {
        Value::NULL => None,
        Value::Bytes(bytes) => Some(
            String::from_utf8(bytes)
                .unwrap_or_else(|error| format!("0x{}", hex::encode(error.into_bytes()))),
        ),
        other => Some(other.as_sql(true).trim_matches('\'').to_string()),
    }
}
