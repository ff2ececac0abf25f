//! The bundle that `build.rs` put into the program, as it was compressed when it was built.

use std::io::Read;

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;

include!(concat!(env!("OUT_DIR"), "/console.rs"));

pub(crate) fn is_there() -> bool {
    !FILES.is_empty()
}

pub(super) fn index() -> Option<&'static str> {
    std::str::from_utf8(find("/index.html")?).ok()
}

/// In the smallest form that the browser takes; `None`: there is no such file.
pub(super) fn serve(path: &str, headers: &HeaderMap) -> Option<Response> {
    let (encoding, body) = chosen(path, headers)?;
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(media_type(path)),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Some(response)
}

type Encoded = (Option<&'static str>, Bytes);

fn chosen(path: &str, headers: &HeaderMap) -> Option<Encoded> {
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if let Some(bytes) = find(&format!("{path}{ending}"))
            && takes(headers, encoding)
        {
            return Some((Some(encoding), Bytes::from_static(bytes)));
        }
    }
    if let Some(bytes) = find(path) {
        return Some((None, Bytes::from_static(bytes)));
    }
    let mut plain = Vec::new();
    let packed = find(&format!("{path}.gz"))?;
    GzDecoder::new(packed).read_to_end(&mut plain).ok()?;
    Some((None, plain.into()))
}

fn takes(headers: &HeaderMap, encoding: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut named = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    named.any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|weight| weight == "q=0")
    })
}

fn find(path: &str) -> Option<&'static [u8]> {
    let at = FILES.binary_search_by(|(name, _)| (*name).cmp(path)).ok()?;
    FILES.get(at).map(|(_, bytes)| *bytes)
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_taken_where_it_is_named_and_not_refused() {
        let mut headers = HeaderMap::new();
        assert!(!takes(&headers, "br"));
        let value = HeaderValue::from_static("gzip, br;q=0.8, zstd;q=0");
        headers.insert(header::ACCEPT_ENCODING, value);
        assert!(takes(&headers, "br"));
        assert!(takes(&headers, "gzip"));
        assert!(!takes(&headers, "zstd"));
    }
}
