//! Serves the console's bundle.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::SystemTime,
};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use tower_http::services::{ServeDir, ServeFile};

use weir_platform::error::Failure;

const MISSING: &str = include_str!("console_missing.html");

pub(crate) struct StaticHost {
    folder: PathBuf,
    /// When `index.html` was last changed, and the policy that fits it.
    policy: Mutex<Option<(SystemTime, HeaderValue)>>,
}

impl StaticHost {
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
            policy: Mutex::new(None),
        }
    }

    /// A file of the bundle; a page's address gets `index.html`, so that deep links work.
    pub(crate) async fn serve(&self, request: Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let words = format!("nothing takes {} here", request.method());
            return Failure::new(StatusCode::NOT_FOUND, words).into_response();
        }
        let path = request.uri().path().to_string();
        let index = self.folder.join("index.html");
        let mut response = if !index.is_file() {
            (StatusCode::NOT_FOUND, Html(MISSING)).into_response()
        } else if is_page(&request) {
            let mut file = ServeFile::new(&index)
                .precompressed_br()
                .precompressed_gzip();
            answer(file.try_call(request).await, &path)
        } else {
            let mut files = ServeDir::new(&self.folder)
                .precompressed_br()
                .precompressed_gzip();
            answer(files.try_call(request).await, &path)
        };
        let cached = response.status().is_success() && is_hashed(&path);
        let headers = response.headers_mut();
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static(if cached {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            }),
        );
        headers.insert(
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        );
        headers.insert(
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
        headers.insert(header::CONTENT_SECURITY_POLICY, self.policy(&index));
        response
    }

    /// Computed once per version of `index.html`.
    fn policy(&self, index: &Path) -> HeaderValue {
        let changed = std::fs::metadata(index).and_then(|file| file.modified());
        let changed = changed.unwrap_or(SystemTime::UNIX_EPOCH);
        let mut cached = match self.policy.lock() {
            Ok(cached) => cached,
            Err(poisoned) => poisoned.into_inner(),
        };
        match &*cached {
            Some((at, policy)) if *at == changed => policy.clone(),
            _ => {
                let html = std::fs::read_to_string(index).unwrap_or_default();
                let policy = policy(&html);
                *cached = Some((changed, policy.clone()));
                policy
            }
        }
    }
}

fn answer<B>(file: std::io::Result<axum::http::Response<B>>, path: &str) -> Response
where
    B: axum::body::HttpBody<Data = axum::body::Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    match file {
        Ok(response) if response.status() != StatusCode::NOT_FOUND => response.map(Body::new),
        Ok(_) => Failure::not_found(path).into_response(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Failure::not_found(path).into_response()
        }
        Err(error) => Failure::internal(format!("{path}: {error}")).into_response(),
    }
}

/// A browser going to an address asks for HTML. Whoever does not ask for it gets no page at an
/// address that is none of a file: a vendor's client would take it for success.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let last = path.rsplit('/').next().unwrap_or_default();
    let html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    path == "/" || (html && !last.ends_with(".html") && !is_asset(last))
}

fn is_asset(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    [
        "js", "css", "wasm", "json", "svg", "png", "ico", "woff2", "txt", "map",
    ]
    .contains(&ending)
}

/// The build writes `name-0123456789abcdef.ending` (and `…_bg.wasm`), npm's bundler
/// `name-ABCDEF12.ending`.
fn is_hashed(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        let lower = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let upper = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        (hash.len() >= 16 && hash.chars().all(lower))
            || (hash.len() == 8 && hash.chars().all(upper))
    })
}

fn policy(html: &str) -> HeaderValue {
    let hashes: String = inline_scripts(html)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script))))
        .collect();
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; connect-src *; \
         frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'self'"))
}

/// The text of each `<script>` without `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script")?;
        let inline = !attributes
            .split_ascii_whitespace()
            .any(|a| a.starts_with("src="));
        inline.then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash_only() {
        let html = r#"<script src="/a.js"></script><script type="module">let a = 1 > 0;</script>"#;
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), ["let a = 1 > 0;"]);
        let none = policy("<script src=x></script>");
        assert!(!none.to_str().expect("text").contains("sha256"));
        let one = policy(html);
        let hash = STANDARD.encode(Sha256::digest("let a = 1 > 0;"));
        assert!(
            one.to_str()
                .expect("text")
                .contains(&format!("'sha256-{hash}'"))
        );
    }

    #[test]
    fn only_hashed_names_are_immutable() {
        for name in [
            "/weir-3f2a9c81d4e5b607.js",
            "/a/weir-3f2a9c81d4e5b607_bg.wasm",
            "/chunk-QX3ZL7AB.js",
        ] {
            assert!(is_hashed(name), "{name}");
        }
        for name in [
            "/index.html",
            "/config.json",
            "/source-code-pro.woff2",
            "/a-b.js",
            "/highlight-javascript1.js",
        ] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
