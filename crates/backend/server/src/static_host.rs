//! Serves the console's bundle: from a folder, or what `build.rs` put into the program.

mod embedded;
mod index;

use std::{io::ErrorKind, path::PathBuf};

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use tower_http::services::{ServeDir, ServeFile};
use weir_platform::error::HttpError;

use crate::config::Config;
use index::Index;

const MISSING: &str = include_str!("console_missing.html");

pub(crate) struct StaticHost {
    /// `None`: the bundle inside the program.
    folder: Option<PathBuf>,
    /// Answers `/config.json` instead of the bundle's.
    connections: Option<PathBuf>,
    index: Index,
}

impl StaticHost {
    pub(crate) fn new(config: &Config) -> Self {
        let folder = match &config.console {
            Some(folder) => Some(folder.clone()),
            None if embedded::is_there() => None,
            None => Some(PathBuf::from("dist")),
        };
        Self {
            index: Index::new(folder.as_deref(), &config.base_path),
            folder,
            connections: config.connections.clone(),
        }
    }

    /// Where the bundle is, or that there is none.
    pub(crate) fn described(&self) -> Result<String, String> {
        match (&self.folder, self.index.read()) {
            (None, _) => Ok("inside the program".to_string()),
            (Some(folder), Some(_)) => Ok(folder.display().to_string()),
            (Some(folder), None) => Err(format!(
                "neither inside the program nor in {}: there is no index.html",
                folder.display()
            )),
        }
    }

    /// A file of the bundle; a page's address gets `index.html`, so that deep links work.
    pub(crate) async fn serve(&self, request: Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let words = format!("nothing takes {} here", request.method());
            return HttpError::new(StatusCode::NOT_FOUND, words).into_response();
        }
        let path = request.uri().path().to_string();
        let index = self.index.read();
        let mut response = match &index {
            None => (StatusCode::NOT_FOUND, Html(MISSING)).into_response(),
            Some(page) if is_page(&request) => Html(page.html.clone()).into_response(),
            Some(_) => self.file(&path, request).await,
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
        let policy = index.map_or_else(|| index::policy(MISSING), |page| page.policy);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        response
    }

    async fn file(&self, path: &str, request: Request) -> Response {
        if let Some(file) = &self.connections
            && path == "/config.json"
        {
            return answer(ServeFile::new(file).try_call(request).await, path);
        }
        match &self.folder {
            Some(folder) => {
                // Without the page of a folder, to which it would lead by a path that may begin with
                // two slashes, as another host does.
                let mut files = ServeDir::new(folder)
                    .append_index_html_on_directories(false)
                    .precompressed_br()
                    .precompressed_gzip();
                answer(files.try_call(request).await, path)
            }
            None => embedded::serve(path, request.headers())
                .unwrap_or_else(|| HttpError::not_found(path).into_response()),
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
        Ok(_) => HttpError::not_found(path).into_response(),
        // A name that no file can have, or below what is no folder.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::InvalidFilename | ErrorKind::NotADirectory
            ) =>
        {
            HttpError::not_found(path).into_response()
        }
        Err(error) => HttpError::internal(format!("{path}: {error}")).into_response(),
    }
}

/// A browser going to an address asks for HTML. Whoever does not ask for it gets no page at an
/// address that is none of a file: a vendor's client would take it for success.
fn is_page(request: &Request) -> bool {
    let path = request.uri().path();
    let last = path.rsplit('/').next().unwrap_or_default();
    let html = accepts_page(request, |accept| accept.contains("text/html"));
    path == "/" || path == "/index.html" || (html && !is_asset(last))
}

/// Whether somebody who takes such answers goes to an address. Programs that name HTML first, as
/// those written in Java do unless told otherwise, bring a credential; a browser on its way to a
/// page brings none, or says that it is on its way.
pub(crate) fn accepts_page(request: &Request, such: impl Fn(&str) -> bool) -> bool {
    const CREDENTIALS: [&str; 4] = ["authorization", "x-api-key", "x-auth-token", "x-sdk-date"];
    let headers = request.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let navigates = text("sec-fetch-mode") == Some("navigate");
    let signed = request.uri().query();
    let signed = signed.is_some_and(|query| query.contains("Signature="));
    let program = signed || CREDENTIALS.iter().any(|name| headers.contains_key(*name));
    text("accept").is_some_and(such) && (navigates || !program)
}

fn is_asset(name: &str) -> bool {
    let ending = name.rsplit('.').next().unwrap_or_default();
    [
        "js", "css", "wasm", "json", "svg", "png", "ico", "woff2", "txt", "map", "html",
    ]
    .contains(&ending)
}

/// The build writes `name-0123456789abcdef.ending`, npm's bundler `name-ABCDEF12.ending`.
fn is_hashed(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        let lower = |c: char| matches!(c, '0'..='9' | 'a'..='f');
        let upper = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        (hash.len() >= 16 && hash.chars().all(lower))
            || (hash.len() == 8 && hash.chars().all(upper))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hashed_names_are_immutable() {
        for name in [
            "/weir-3f2a9c81d4e5b607.js",
            "/a/weir-3f2a9c81d4e5b607.wasm",
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
