//! Which headers are passed on.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::reads::overrides;

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
const THEIRS: [HeaderName; 8] = [
    header::SET_COOKIE,
    header::REFRESH,
    header::LINK,
    header::CONTENT_SECURITY_POLICY_REPORT_ONLY,
    header::STRICT_TRANSPORT_SECURITY,
    header::CONTENT_SECURITY_POLICY,
    header::ALT_SVC,
    header::SERVER,
];

/// The same, of names that the library does not know.
const THEIRS_BY_NAME: [&str; 7] = [
    "clear-site-data",
    "nel",
    "report-to",
    "reporting-endpoints",
    "service-worker-allowed",
    "set-cookie2",
    "sourcemap",
];

/// Of a request. What would make the upstream take it for another call stays here, too.
pub(super) fn onward(from: &HeaderMap) -> HeaderMap {
    kept(from, |name| {
        OURS.contains(name)
            || overrides(name)
            || name.as_str().starts_with("sec-")
            || name.as_str().starts_with("x-forwarded-")
    })
}

/// Of an answer. A challenge would make browsers ask for a password in a dialog of their own; what
/// the upstream sends is data in this origin, never a page with rights.
pub(super) fn back(from: &HeaderMap) -> HeaderMap {
    let mut back = kept(from, |name| {
        THEIRS.contains(name)
            || THEIRS_BY_NAME.contains(&name.as_str())
            || *name == header::WWW_AUTHENTICATE
            || name.as_str().starts_with("access-control-")
    });
    for (name, value) in [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        back.insert(name, HeaderValue::from_static(value));
    }
    back
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
            ("x-http-method-override", "DELETE"),
            ("x_http_method", "DELETE"),
            ("x-original-url", "/x"),
            ("x-http-verb", "DELETE"),
            ("x-override", "DELETE"),
            ("x-request-uri", "/x"),
            ("x-envoy-original-path", "/x"),
            ("soapaction", "delete"),
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
        assert_eq!(
            names(&back(&answered)),
            [
                "content-security-policy",
                "content-type",
                "x-content-type-options",
                "x-subject-token"
            ]
        );
    }
}
