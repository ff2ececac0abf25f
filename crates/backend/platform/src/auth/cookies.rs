//! Cookies that browsers send, and over which connection.

use axum::http::{HeaderMap, header};

/// Whether the browser's own connection is one of TLS: this backend's, or that of a proxy.
pub(super) fn is_secure(headers: &HeaderMap) -> bool {
    let proto = headers.get("x-forwarded-proto");
    proto.is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

pub(super) fn cookie<'a>(headers: &'a HeaderMap, wanted: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == wanted).then_some(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        let value = "theme=dark; weir_session=abc; x_weir_session=no";
        headers.insert(header::COOKIE, value.parse().expect("value"));
        assert_eq!(cookie(&headers, "weir_session"), Some("abc"));
        headers.insert(header::COOKIE, "weir_sessions=abc".parse().expect("value"));
        assert_eq!(cookie(&headers, "weir_session"), None);
    }
}
