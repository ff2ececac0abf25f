//! Whose pages may reach the backend, and what browsers may do with its answers.

use std::{net::IpAddr, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use weir_platform::{audit::Change, error::HttpError};

/// Which names and origins are ours.
pub(crate) struct Site {
    hosts: Hosts,
    origins: Vec<String>,
}

impl Site {
    pub(crate) fn new(hosts: &[String], origins: &[String]) -> Self {
        Self {
            hosts: Hosts::new(hosts),
            origins: origins.to_vec(),
        }
    }
}

/// Names that lead here. An address in numbers is no name that somebody could lead here.
struct Hosts(Vec<String>);

impl Hosts {
    fn new(configured: &[String]) -> Self {
        let own = sysinfo::System::host_name();
        let all = configured.iter().cloned().chain(own);
        Self(all.map(|name| name.to_ascii_lowercase()).collect())
    }

    fn knows(&self, authority: &str) -> bool {
        let host = host(authority).to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        // What no name holds may end it for whoever reads it next.
        if host.contains(|c: char| !c.is_ascii_graphic() || "?#@\\,;&=%".contains(c)) {
            return false;
        }
        host == "localhost"
            || host.ends_with(".localhost")
            || address(host)
            || self.0.iter().any(|name| name == host)
    }
}

fn address(host: &str) -> bool {
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    inner.unwrap_or(host).parse::<IpAddr>().is_ok()
}

/// Without the port, and without the path that Alibaba's own client writes behind it.
fn host(authority: &str) -> &str {
    let authority = authority.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    }
}

/// Refuses names that are not this backend's: whoever owns a name can let it lead to this machine,
/// and the pages of that name would then be of the same origin as what they reach.
pub(crate) async fn known_host(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let mut named = request.headers().get_all(header::HOST).iter();
    let header = named.next().and_then(|host| host.to_str().ok());
    let in_target = request
        .uri()
        .authority()
        .map(|authority| authority.as_str());
    let known = named.next().is_none()
        && header
            .or(in_target)
            .is_some_and(|host| site.hosts.knows(host))
        && in_target.is_none_or(|host| site.hosts.knows(host));
    if known {
        return next.run(request).await;
    }
    let name: String = header
        .or(in_target)
        .unwrap_or_default()
        .chars()
        .take(100)
        .collect();
    let words = format!(
        "'{name}' is not a name of this backend; the setting hosts in weir.toml lists those that are"
    );
    refused(HttpError::new(StatusCode::MISDIRECTED_REQUEST, words))
}

/// Refuses what a page of another site, or of another port of this machine, lets a browser fetch:
/// the browser sends the session's cookie along. Changes are refused by the CSRF layer already.
pub(crate) async fn own_pages(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // A browser writes each of them once; which of two counts would be anybody's guess.
    let twice = |name: &str| headers.get_all(name).iter().nth(1).is_some();
    let odd = twice("sec-fetch-site") || twice("origin");
    let elsewhere = odd || matches!(text("sec-fetch-site"), Some("cross-site" | "same-site"));
    let trusted = text("origin").is_some_and(|origin| site.origins.iter().any(|o| o == origin));
    if elsewhere && (odd || !trusted) {
        let words = "this page's origin may not read anything here; the backend's setting \
                     cors.allowed_origins lists those that may";
        return refuse(words);
    }
    next.run(request).await
}

/// Bodies are taken as they are: a packed one would have to be unpacked before anybody knew how
/// large it is.
pub(crate) async fn unpacked(request: Request, next: Next) -> Response {
    let mut codings = request.headers().get_all(header::CONTENT_ENCODING).iter();
    // Some clients name the text's encoding here.
    let packed = |coding: &&HeaderValue| {
        let known: [&[u8]; 3] = [b"identity", b"utf-8", b""];
        !known
            .iter()
            .any(|known| coding.as_bytes().eq_ignore_ascii_case(known))
    };
    let Some(coding) = codings.find(packed) else {
        return next.run(request).await;
    };
    let coding: String = String::from_utf8_lossy(coding.as_bytes())
        .chars()
        .take(40)
        .collect();
    let words = format!("Content-Encoding: '{coding}' is not taken; send the body unpacked");
    let refused = HttpError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words);
    ([(header::ACCEPT_ENCODING, "identity")], refused).into_response()
}

/// A page of another origin is refused before any row of a table of operations is read.
pub(crate) fn refuse(words: &str) -> Response {
    refused(HttpError::new(StatusCode::FORBIDDEN, words))
}

fn refused(failure: HttpError) -> Response {
    Change::made("refuse", "request", "").on(failure.into_response())
}

/// What is answered is for its caller only, and never a page, unless it says otherwise.
pub(crate) async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let defaults: [(HeaderName, &str); 4] = [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ];
    for (name, value) in defaults {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_and_addresses_are_no_names() {
        let hosts = Hosts::new(&["Weir.example".into()]);
        for known in [
            "127.0.0.1:8000",
            "127.0.0.1:8000/dataworks",
            "[::1]:8000",
            "localhost",
            "LOCALHOST:1",
            "a.localhost:8000",
            "192.168.1.5",
            "weir.example",
            "weir.example.:443",
        ] {
            assert!(hosts.knows(known), "{known}");
        }
        for foreign in [
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            ":8000",
            "weir.example.evil",
            "127.0.0.1@evil.example",
            "evil.example:8000",
            "evil.example:8000/127.0.0.1",
            "evil.example/localhost:8000",
            "notlocalhost",
            "evil.example?.localhost",
            "evil.example#.localhost",
            "evil.example\\.localhost",
            "evil.example%2f.localhost",
            "evil.example, localhost",
            "evil.example .localhost",
        ] {
            assert!(!hosts.knows(foreign), "{foreign}");
        }
    }
}
