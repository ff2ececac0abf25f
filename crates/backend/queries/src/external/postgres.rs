//! Tables of PostgreSQL.

use std::{borrow::Cow, io};

use futures_util::{StreamExt, pin_mut};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_postgres::{
    Client, Config, Connection, NoTls, SimpleQueryMessage, config::SslMode, tls::MakeTlsConnect,
};

use super::{
    bounded::{Bounded, Taken},
    postgres_tls::MakeTls,
    settings::wrong,
    table::{Location, RemoteColumn, Rows},
};
use crate::{error::HttpError, tls};
use weir_platform::hosts;

/// The connection ends with the client.
async fn connect(place: &Location) -> Result<(Client, Taken), HttpError> {
    hosts::check(&place.host, place.port).map_err(|words| wrong("address", words))?;
    let socket = reached(place).await.map_err(|error| {
        let address = format!("{}:{}", place.host, place.port);
        wrong("address", format!("PostgreSQL at {address}: {error}"))
    })?;
    let (socket, taken) = Bounded::new(socket);
    let mut config = Config::new();
    config
        .host(&place.host)
        .port(place.port)
        .application_name("weir");
    if !place.user.is_empty() {
        config.user(&place.user);
    }
    if !place.password.is_empty() {
        config.password(&place.password);
    }
    if !place.database.is_empty() {
        config.dbname(&place.database);
    }
    let client = match &place.tls {
        None => {
            let config = config.ssl_mode(SslMode::Disable);
            running(config.connect_raw(socket, NoTls).await)
        }
        Some(tls) => {
            let tls = tls::client_with(&tls.authorities, tls.verify);
            let mut tls = MakeTls::new(tls.map_err(|words| wrong("ssl_ca_pem", words))?);
            let tls = MakeTlsConnect::<Bounded<TcpStream>>::make_tls_connect(&mut tls, &place.host);
            let tls = tls.map_err(|error| wrong("address", error.to_string()))?;
            let config = config.ssl_mode(SslMode::Require);
            running(config.connect_raw(socket, tls).await)
        }
    };
    let client = client.map_err(|error| at_connecting(place, &error))?;
    let session = "SET TIME ZONE 'UTC'; SET DateStyle TO ISO; SET IntervalStyle TO iso_8601;
                   SET extra_float_digits TO 1; SET default_transaction_read_only TO on";
    client.batch_execute(session).await.map_err(failed)?;
    Ok((client, taken))
}

async fn reached(place: &Location) -> io::Result<TcpStream> {
    let socket = TcpStream::connect((place.host.as_str(), place.port)).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

/// The connection runs until its client is dropped.
fn running<T>(
    connected: Result<(Client, Connection<Bounded<TcpStream>, T>), tokio_postgres::Error>,
) -> Result<Client, tokio_postgres::Error>
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (client, connection) = connected?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!("PostgreSQL: {error}");
        }
    });
    Ok(client)
}

/// On the field that a person can mend.
fn at_connecting(place: &Location, error: &tokio_postgres::Error) -> HttpError {
    let words = words(error);
    match error.code().map(|code| code.code()) {
        Some("28P01" | "28000") => wrong("password", words),
        Some("3D000") => wrong("database", words),
        _ => {
            let address = format!("{}:{}", place.host, place.port);
            wrong("address", format!("PostgreSQL at {address}: {words}"))
        }
    }
}

fn words(error: &tokio_postgres::Error) -> String {
    if let Some(server) = error.as_db_error() {
        return server.message().to_string();
    }
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

fn failed(error: tokio_postgres::Error) -> HttpError {
    HttpError::bad_request(format!("PostgreSQL: {}", words(&error)))
}

fn schema(place: &Location) -> &str {
    match place.schema.as_str() {
        "" => "public",
        schema => schema,
    }
}

pub(super) async fn columns(place: &Location) -> Result<Vec<RemoteColumn>, HttpError> {
    let (client, _) = connect(place).await?;
    let rows = client
        .query(
            "SELECT a.attname::text, t.typname::text, a.atttypmod, a.attnotnull
             FROM pg_attribute a
             JOIN pg_class c ON c.oid = a.attrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             JOIN pg_type b ON b.oid = a.atttypid
             JOIN pg_type t ON t.oid = CASE WHEN b.typtype = 'd' THEN b.typbasetype ELSE b.oid END
             WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attnum",
            &[&schema(place), &place.table],
        )
        .await
        .map_err(failed)?;
    // It may be a server that answers something else.
    let described = rows.iter().map(|row| {
        let (kind, modifier): (String, i32) = (row.try_get(1)?, row.try_get(2)?);
        Ok(RemoteColumn {
            name: row.try_get(0)?,
            data_type: data_type(&kind, modifier),
            nullable: !row.try_get::<_, bool>(3)?,
        })
    });
    described.collect::<Result<_, _>>().map_err(failed)
}

/// What no type fits exactly comes as the server writes it.
fn data_type(kind: &str, modifier: i32) -> String {
    match kind {
        "bool" => "bool".into(),
        "int2" => "int16".into(),
        "int4" => "int32".into(),
        "int8" => "int64".into(),
        "oid" => "uint32".into(),
        "float4" => "float32".into(),
        "float8" => "float64".into(),
        "uuid" => "uuid".into(),
        "json" | "jsonb" => "json".into(),
        "date" => "date".into(),
        "timestamp" | "timestamptz" => "datetime64(6)".into(),
        "numeric" if modifier >= 4 => {
            let (precision, scale) = ((modifier - 4) >> 16, (modifier - 4) & 0x7ff);
            match (precision, scale) {
                (1..=76, 0..=76) if scale <= precision => format!("decimal({precision}, {scale})"),
                _ => "string".into(),
            }
        }
        _ => "string".into(),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

pub(super) async fn read(
    place: &Location,
    names: &[&str],
    limit: u64,
    rows: &mut Rows<'_>,
) -> Result<(), HttpError> {
    let (client, taken) = connect(place).await?;
    let list: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let sql = format!(
        "SELECT {} FROM {}.{} LIMIT {limit}",
        list.join(", "),
        quoted(schema(place)),
        quoted(&place.table)
    );
    let stream = client.simple_query_raw(&sql).await.map_err(failed)?;
    pin_mut!(stream);
    while let Some(message) = stream.next().await {
        if let SimpleQueryMessage::Row(row) = message.map_err(failed)? {
            let texts = (0..names.len()).map(|at| row.try_get(at));
            let texts: Result<Vec<Option<&str>>, _> = texts.collect();
            let texts = texts.map_err(failed)?.into_iter();
            rows.push(texts.map(|text| text.map(Cow::Borrowed)))?;
        }
        taken.tell();
    }
    Ok(())
}
