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

/// What a call may say: what the vendors' interfaces know. An upstream, or what stands in front of
/// it, takes a call for another one because of more headers than can be listed.
const PASSED_ON: [HeaderName; 12] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::AUTHORIZATION,
    header::CACHE_CONTROL,
    header::CONTENT_TYPE,
    header::DATE,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::RANGE,
    header::USER_AGENT,
    header::PRAGMA,
];

/// The same, of names that the library does not know.
const PASSED_ON_BY_NAME: [&str; 12] = [
    "content-md5",
    "last-event-id",
    "prefer",
    "x-api-key",
    "x-auth-token",
    "x-domain-id",
    "x-language",
    "x-project-id",
    "x-request-id",
    "x-security-token",
    "x-subject-token",
    "x-timeplus-tenant-id",
];

/// Of signatures: Alibaba's two kinds, Huawei's.
const SIGNED: [&str; 3] = ["x-acs-", "x-ca-", "x-sdk-"];

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

/// Of a request. The browser's session stays here, and so does what would make the upstream take
/// the call for another one.
pub(super) fn onward(from: &HeaderMap) -> HeaderMap {
    kept(from, |name| {
        let known = PASSED_ON.contains(name)
            || PASSED_ON_BY_NAME.contains(&name.as_str())
            || SIGNED.iter().any(|begin| name.as_str().starts_with(begin));
        !known || overrides(name)
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
            ("x-amz-target", "Delete"),
            ("destination", "/x"),
            ("expect", "100-continue"),
            ("x-forwarded-prefix", "/x"),
            ("x-http-destinationurl", "/x"),
            ("x-new-way-to-change-a-path", "/x"),
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
