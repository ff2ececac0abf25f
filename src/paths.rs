//! Every URL of the console. Segments are percent-encoded here and nowhere else.

use weir_api::request::encode;

pub const CONNECTIONS: &str = "/connections";
pub const NEW_CONNECTION: &str = "/connections/new";

pub fn edit_connection(connection: &str) -> String {
    format!("/connections/{}/edit", encode(connection))
}

fn of(connection: &str, rest: &str) -> String {
    format!("/c/{}{rest}", encode(connection))
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

pub fn workspace(connection: &str) -> String {
    of(connection, "/sql")
}

/// Opens the workspace with a statement in a new tab, not yet run.
pub fn workspace_with(connection: &str, sql: &str) -> String {
    of(connection, &format!("/sql?q={}", encode(sql)))
}

pub fn streams(connection: &str) -> String {
    of(connection, "/streams")
}

pub fn new_stream(connection: &str) -> String {
    of(connection, "/new/stream")
}

pub fn stream(connection: &str, name: &str) -> String {
    of(connection, &format!("/streams/{}", encode(name)))
}

/// `tab` is one of the detail page's tabs, for example `ingest`.
pub fn stream_tab(connection: &str, name: &str, tab: &str) -> String {
    of(connection, &format!("/streams/{}?tab={tab}", encode(name)))
}

pub fn edit_stream(connection: &str, name: &str) -> String {
    of(connection, &format!("/streams/{}/edit", encode(name)))
}

pub fn queries(connection: &str) -> String {
    of(connection, "/queries")
}

pub fn query(connection: &str, id: &str) -> String {
    of(connection, &format!("/queries/{}", encode(id)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_stay_as_they_are_because_people_keep_them() {
        let all = [
            home("local"),
            sign_in("local", Some("/c/local/streams?x=1")),
            workspace("local"),
            workspace_with("local", "select 1"),
            streams("local"),
            new_stream("local"),
            stream("a b", "x/y"),
            stream_tab("local", "s", "ingest"),
            edit_stream("local", "s"),
            queries("local"),
            query("local", "q1"),
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
