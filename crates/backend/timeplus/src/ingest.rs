use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use serde::Deserialize;
use weir_api::timeplus::ingest::Format;
use weir_store::ingest;

use super::streams::missing;
use crate::{
    Services,
    error::HttpError,
    extract::{Body, Name, Query},
};
use weir_platform::operations::Operations;

#[derive(Deserialize)]
pub(crate) struct Options {
    format: Option<String>,
}

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("stream")
        .post("/streams/{name}/ingest", ingest)
        .takes_rows()
        .called("ingest")
}

/// 200 means: committed to disk. A body with a mistake stores nothing.
pub(crate) async fn ingest(
    State(app): State<Services>,
    Name(name): Name,
    Query(options): Query<Options>,
    headers: HeaderMap,
    Body(body): Body,
) -> Result<StatusCode, HttpError> {
    let format = match options.format.as_deref() {
        Some(format) => by_name(format).ok_or_else(|| {
            let words = format!("'{format}' is not one of compact, streaming, raw, lines");
            HttpError::field("format", words)
        })?,
        None => by_content_type(&headers)?,
    };
    let stream = app
        .store
        .catalog()
        .stream(&name)
        .ok_or_else(|| missing(&name))?;
    let rows = tokio::task::spawn_blocking(move || ingest::parse(&stream, format, &body))
        .await
        .map_err(HttpError::internal)??;
    app.store.append(&name, rows).await?;
    Ok(StatusCode::OK)
}

/// The specification spells two of them in two ways.
fn by_name(format: &str) -> Option<Format> {
    Some(match format {
        "compact" | "compat" => Format::Compact,
        "streaming" | "stream" => Format::Streaming,
        "raw" => Format::Raw,
        "lines" => Format::Lines,
        _ => return None,
    })
}

fn by_content_type(headers: &HeaderMap) -> Result<Format, HttpError> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Ok(Format::Compact);
    };
    let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    let named = parts.find_map(|part| part.strip_prefix("format="));
    let named = named.map(|name| by_name(name.trim_matches('"')));
    match (media_type, named) {
        ("application/json" | "application/vnd.timeplus+json", None) => Some(Format::Compact),
        ("application/json" | "application/vnd.timeplus+json", Some(format)) => {
            format.filter(|format| matches!(format, Format::Compact | Format::Streaming))
        }
        ("application/x-ndjson", None) => Some(Format::Streaming),
        ("text/plain", None) => Some(Format::Raw),
        ("text/plain", Some(format)) => {
            format.filter(|format| matches!(format, Format::Raw | Format::Lines))
        }
        _ => None,
    }
    .ok_or_else(|| {
        HttpError::field(
            "Content-Type",
            format!(
                "'{value}' does not tell the format; send application/json, \
                 application/json;format=streaming, application/x-ndjson, text/plain or \
                 text/plain;format=lines, or name it with ?format=compact|streaming|raw|lines"
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_content_type_of_the_specification_is_known() {
        for (value, format) in [
            ("application/json", Format::Compact),
            ("application/json; charset=utf-8", Format::Compact),
            ("application/vnd.timeplus+json", Format::Compact),
            ("application/json;format=compat", Format::Compact),
            (
                "application/vnd.timeplus+json;format=compact",
                Format::Compact,
            ),
            ("application/json; format=stream", Format::Streaming),
            (
                "application/vnd.timeplus+json;format=streaming",
                Format::Streaming,
            ),
            ("application/x-ndjson", Format::Streaming),
            ("text/plain", Format::Raw),
            ("Text/Plain;format=raw", Format::Raw),
            ("text/plain;charset=utf-8;format=lines", Format::Lines),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().expect("value"));
            assert_eq!(by_content_type(&headers).ok(), Some(format), "{value}");
        }
        assert_eq!(
            by_content_type(&HeaderMap::new()).ok(),
            Some(Format::Compact)
        );
        for value in [
            "text/csv",
            "text/plain;format=compact",
            "application/json;format=x",
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, value.parse().expect("value"));
            assert!(by_content_type(&headers).is_err(), "{value}");
        }
    }
}
