//! Every URL of the console. Segments are percent-encoded here and nowhere else.

use std::sync::OnceLock;

use leptos_router::{NavigateOptions, hooks};
use weir_api::request::encode;

/// Where the console is shown, without a slash at its end: empty, or for example `/weir`. Every
/// path here begins with it.
pub fn base() -> &'static str {
    static BASE: OnceLock<String> = OnceLock::new();
    BASE.get_or_init(|| {
        let path = page_base().unwrap_or_default();
        path.trim_end_matches('/').to_string()
    })
}

/// The path of the page's `<base>`.
#[cfg(target_arch = "wasm32")]
fn page_base() -> Option<String> {
    let address = leptos::prelude::document().base_uri().ok()??;
    Some(web_sys::Url::new(&address).ok()?.pathname())
}

#[cfg(not(target_arch = "wasm32"))]
fn page_base() -> Option<String> {
    None
}

/// Goes to a path of this module; the router's own puts [`base`] in front once more.
pub fn use_navigate() -> impl Fn(&str, NavigateOptions) + Clone {
    let navigate = hooks::use_navigate();
    move |path: &str, options: NavigateOptions| navigate(path, absolute(options))
}

/// For paths of this module.
pub fn absolute(options: NavigateOptions) -> NavigateOptions {
    NavigateOptions {
        resolve: false,
        ..options
    }
}

pub fn connections() -> String {
    format!("{}/connections", base())
}

pub fn new_connection() -> String {
    format!("{}/connections/new", base())
}

/// What moves data, over all connections.
pub fn deliveries() -> String {
    format!("{}/deliveries", base())
}

pub fn edit_connection(connection: &str) -> String {
    format!("{}/connections/{}/edit", base(), encode(connection))
}

/// A file of the console, for example `config.json`.
pub fn file(name: &str) -> String {
    format!("{}/{name}", base())
}

/// A name as a segment of a path. `.` and `..` would lead elsewhere however they are encoded: they,
/// and what could be taken for them, begin with `~`.
fn segment(key: &str) -> String {
    let mark = if matches!(key, "." | "..") || key.starts_with('~') {
        "~"
    } else {
        ""
    };
    format!("{mark}{}", encode(key))
}

/// The encoded name in `/c/{connection}/{section}/{name}…`.
pub fn key_segment(path: &str) -> Option<&str> {
    inside(path)?.strip_prefix("/c/")?.split('/').nth(2)
}

/// The name in a decoded segment.
pub fn key(segment: &str) -> String {
    segment.strip_prefix('~').unwrap_or(segment).to_string()
}

fn of(connection: &str, rest: &str) -> String {
    format!("{}/c/{}{rest}", base(), encode(connection))
}

/// What follows [`base`].
pub fn inside(path: &str) -> Option<&str> {
    let rest = path.strip_prefix(base())?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// The id in `/c/{connection}/…`. Ids need no decoding.
pub fn connection_in(path: &str) -> Option<&str> {
    let id = inside(path)?.strip_prefix("/c/")?.split('/').next()?;
    (!id.is_empty()).then_some(id)
}

/// Whether it is `/c/{connection}/sign-in`.
pub fn is_sign_in(path: &str) -> bool {
    let rest = inside(path).and_then(|path| path.strip_prefix("/c/"));
    rest.and_then(|rest| rest.split_once('/'))
        .is_some_and(|(_, page)| page.trim_end_matches('/') == "sign-in")
}

/// A path of this console, so that `?next=` cannot lead elsewhere.
pub fn safe_next(next: &str) -> Option<&str> {
    let path = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    (path && inside(next).is_some()).then_some(next)
}

pub fn home(connection: &str) -> String {
    of(connection, "")
}

/// `next` is the path to return to after signing in.
pub fn sign_in(connection: &str, next: Option<&str>) -> String {
    match next {
        Some(next) => of(connection, &format!("/sign-in?next={}", encode(next))),
        None => of(connection, "/sign-in"),
    }
}

/// One's own sessions and password.
pub fn account(connection: &str) -> String {
    of(connection, "/account")
}

/// All definitions of the connection as files.
pub fn export(connection: &str) -> String {
    of(connection, "/export")
}

/// All connections at a glance.
pub fn overview() -> String {
    format!("{}/overview", base())
}

/// The example of the embedded backend.
pub fn example(connection: &str) -> String {
    of(connection, "/example")
}

/// Who did what on the connection.
pub fn activity(connection: &str) -> String {
    of(connection, "/activity")
}

/// Makes the connection like files or like another connection.
pub fn import(connection: &str) -> String {
    of(connection, "/import")
}

pub fn workspace(connection: &str) -> String {
    of(connection, "/sql")
}

/// Opens the workspace with a statement in a new tab, not yet run.
pub fn workspace_with(connection: &str, sql: &str) -> String {
    of(connection, &format!("/sql?q={}", encode(sql)))
}

/// A section of the connection, for example `streams`.
pub fn section(connection: &str, segment: &str) -> String {
    of(connection, &format!("/{segment}"))
}

/// The page that creates one, for example a `stream`.
pub fn new(connection: &str, kind: &str) -> String {
    of(connection, &format!("/new/{kind}"))
}

pub fn item(connection: &str, segment: &str, key: &str) -> String {
    of(connection, &format!("/{segment}/{}", self::segment(key)))
}

/// `tab` is one of the detail page's tabs, for example `ingest`.
pub fn item_tab(connection: &str, segment: &str, key: &str, tab: &str) -> String {
    of(
        connection,
        &format!("/{segment}/{}?tab={tab}", self::segment(key)),
    )
}

pub fn edit_item(connection: &str, segment: &str, key: &str) -> String {
    of(
        connection,
        &format!("/{segment}/{}/edit", self::segment(key)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_connection_is_read_from_the_path() {
        assert_eq!(connection_in("/c/local/streams/x"), Some("local"));
        assert_eq!(connection_in("/c/local"), Some("local"));
        assert_eq!(key_segment("/c/local/streams/%2541/edit"), Some("%2541"));
        assert_eq!(key_segment("/c/local/streams"), None);
        assert_eq!(
            [connection_in("/c/"), connection_in("/connections")],
            [None, None]
        );
        let asked = [
            "/c/a/sign-in",
            "/c/a/sign-in/",
            "/c/a/streams/sign-in",
            "/c/a",
        ];
        assert_eq!(asked.map(is_sign_in), [true, true, false, false]);
    }

    #[test]
    fn every_name_has_a_segment_of_its_own() {
        let names = [
            ".", "..", "~", "~.", "~~.", "...", "%41", "%2F", "/", "\\", "a b", "A",
        ];
        let segments: Vec<String> = names.iter().map(|name| segment(name)).collect();
        for (name, one) in names.iter().zip(&segments) {
            assert_eq!(key(&weir_api::request::decode(one)), *name);
            assert_eq!(segments.iter().filter(|other| *other == one).count(), 1);
            assert!(!weir_api::request::has_dot_segment(one), "{one}");
        }
    }

    #[test]
    fn next_never_leaves_the_console() {
        assert_eq!(safe_next("/c/a/sql?q=1"), Some("/c/a/sql?q=1"));
        for evil in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "",
        ] {
            assert_eq!(safe_next(evil), None, "{evil}");
        }
    }

    #[test]
    fn urls_stay_as_they_are_because_people_keep_them() {
        let all = [
            home("local"),
            sign_in("local", Some("/c/local/streams?x=1")),
            workspace("local"),
            workspace_with("local", "select 1"),
            section("local", "streams"),
            new("local", "stream"),
            item("a b", "streams", "x/y"),
            item_tab("local", "streams", "s", "ingest"),
            edit_item("local", "streams", "s"),
            section("local", "queries"),
            item("local", "queries", "q1"),
            edit_connection("local"),
        ];
        assert_eq!(
            all.join("\n"),
            "/c/local\n\
             /c/local/sign-in?next=%2Fc%2Flocal%2Fstreams%3Fx%3D1\n\
             /c/local/sql\n\
             /c/local/sql?q=select%201\n\
             /c/local/streams\n\
             /c/local/new/stream\n\
             /c/a%20b/streams/x%2Fy\n\
             /c/local/streams/s?tab=ingest\n\
             /c/local/streams/s/edit\n\
             /c/local/queries\n\
             /c/local/queries/q1\n\
             /connections/local/edit"
        );
    }
}
