//! `index.html`, with the path it is shown at and the policy that fits it.

use std::{
    path::{Path, PathBuf},
    sync::Mutex,
    time::SystemTime,
};

use axum::http::HeaderValue;
use base64::{Engine, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

use super::embedded;

#[derive(Clone)]
pub(super) struct Page {
    pub(super) html: String,
    pub(super) policy: HeaderValue,
}

pub(super) struct Index {
    /// `None`: inside the program.
    file: Option<PathBuf>,
    base_path: String,
    /// As it was when the file was last changed.
    read: Mutex<Option<(SystemTime, Page)>>,
}

impl Index {
    pub(super) fn new(folder: Option<&Path>, base_path: &str) -> Self {
        Self {
            file: folder.map(|folder| folder.join("index.html")),
            base_path: base_path.to_string(),
            read: Mutex::new(None),
        }
    }

    /// `None` where there is no bundle.
    pub(super) fn read(&self) -> Option<Page> {
        let changed = match &self.file {
            Some(file) => std::fs::metadata(file)
                .and_then(|file| file.modified())
                .ok()?,
            None => SystemTime::UNIX_EPOCH,
        };
        let mut read = match self.read.lock() {
            Ok(read) => read,
            Err(poisoned) => poisoned.into_inner(),
        };
        if let Some((at, page)) = &*read
            && *at == changed
        {
            return Some(page.clone());
        }
        let html = match &self.file {
            Some(file) => std::fs::read_to_string(file).ok()?,
            None => embedded::index()?.to_string(),
        };
        let html = based(&html, &self.base_path);
        let policy = policy(&html);
        let page = Page { html, policy };
        *read = Some((changed, page.clone()));
        Some(page)
    }
}

/// The build writes `<base href="/">`; everything else in the page is relative to it.
fn based(html: &str, base_path: &str) -> String {
    html.replacen(
        "<base href=\"/\"",
        &format!("<base href=\"{base_path}\""),
        1,
    )
}

pub(super) fn policy(html: &str) -> HeaderValue {
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
    fn the_page_says_where_it_is_shown() {
        assert_eq!(
            based(r#"<base href="/" />"#, "/weir/"),
            r#"<base href="/weir/" />"#
        );
    }
}
