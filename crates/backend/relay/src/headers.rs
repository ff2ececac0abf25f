//! Which headers are passed on.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Of one connection only (RFC 9110, 7.6.1).
const HOP: [HeaderName; 7] = [
    header::CONNECTION,
    header::PROXY_AUTHENTICATE,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Of the browser and this backend: an upstream must not learn the session, nor judge the page.
const OURS: [HeaderName; 6] = [
    header::HOST,
    header::COOKIE,
    header::ORIGIN,
    header::REFERER,
    header::CONTENT_LENGTH,
    header::FORWARDED,
];

/// What an upstream says of its own origin means nothing for this one.
const THEIRS: [HeaderName; 5] = [
    header::SET_COOKIE,
    header::STRICT_TRANSPORT_SECURITY,
    header::CONTENT_SECURITY_POLICY,
    header::ALT_SVC,
    header::SERVER,
];

/// Of a request.
pub(super) fn onward(from: &HeaderMap) -> HeaderMap {
    kept(from, |name| {
        OURS.contains(name)
            || name.as_str().starts_with("sec-")
            || name.as_str().starts_with("x-forwarded-")
    })
}

/// Of an answer. A challenge would make browsers ask for a password in a dialog of their own.
pub(super) fn back(from: &HeaderMap) -> HeaderMap {
    kept(from, |name| {
        THEIRS.contains(name)
            || *name == header::WWW_AUTHENTICATE
            || name.as_str().starts_with("access-control-")
    })
}

fn kept(from: &HeaderMap, refused: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let listed: Vec<String> = from
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let of_hop = |name: &HeaderName| {
        HOP.contains(name)
            || name.as_str() == "keep-alive"
            || listed.iter().any(|listed| listed == name.as_str())
    };
    let all = from.iter();
    let passed = all.filter(|(name, _)| !of_hop(name) && !refused(name));
    passed
        .map(|(name, value): (&HeaderName, &HeaderValue)| (name.clone(), value.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(map: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<&str> = map.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    fn map(names: &[(&'static str, &'static str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        };
        names.iter().map(pair).collect()
    }

    #[test]
    fn the_session_stays_here() {
        let sent = map(&[
            ("accept", "*/*"),
            ("authorization", "Token t"),
            ("connection", "keep-alive, x-private"),
            ("cookie", "weir_session=1"),
            ("host", "127.0.0.1"),
            ("origin", "http://127.0.0.1"),
            ("sec-fetch-mode", "cors"),
            ("x-private", "1"),
            ("x-sdk-date", "1"),
        ]);
        assert_eq!(
            names(&onward(&sent)),
            ["accept", "authorization", "x-sdk-date"]
        );
    }

    #[test]
    fn an_upstream_sets_nothing_for_this_origin() {
        let answered = map(&[
            ("access-control-allow-origin", "*"),
            ("content-type", "application/json"),
            ("set-cookie", "a=b"),
            ("transfer-encoding", "chunked"),
            ("www-authenticate", "Basic"),
            ("x-subject-token", "t"),
        ]);
        assert_eq!(names(&back(&answered)), ["content-type", "x-subject-token"]);
    }
}
