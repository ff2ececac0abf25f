//! From when on followed streams are read: from now, as the statement says, or from a time before.

use leptos::prelude::*;

use crate::{
    live::{bounded, resume},
    statements,
    ui::field::{Bound, Choice, Select},
};

/// In the page's address, in words, and what the server is told.
const ALL: [(&str, &str, &str); 9] = [
    ("", "As written", ""),
    ("now", "From now", "latest"),
    ("5m", "From 5 minutes ago", "-5m"),
    ("15m", "From 15 minutes ago", "-15m"),
    ("1h", "From 1 hour ago", "-1h"),
    ("6h", "From 6 hours ago", "-6h"),
    ("1d", "From 1 day ago", "-1d"),
    ("7d", "From 7 days ago", "-7d"),
    ("first", "From the first row", "earliest"),
];

/// What the address asks for, where it is known.
pub fn known(text: &str) -> String {
    let found = ALL.iter().find(|(id, ..)| *id == text);
    found.map(|(id, ..)| id.to_string()).unwrap_or_default()
}

/// `sql` read from there on; what reads no stream stays as it is.
pub fn apply(sql: &str, from: &str) -> String {
    let seek = ALL
        .iter()
        .find(|(id, ..)| *id == from)
        .map(|(.., seek)| *seek);
    match seek.filter(|seek| !seek.is_empty()) {
        Some(seek) if statements::is_query(sql) && bounded::is_endless(sql) => {
            resume::from(sql, seek)
        }
        _ => sql.into(),
    }
}

#[component]
pub fn BeginSelect(from: RwSignal<String>) -> impl IntoView {
    let choices = ALL.map(|(id, words, _)| Choice::new(id, words));
    view! {
        <Select bare=true label="Read streams from" value=Bound::from(from) choices=Signal::stored(choices.to_vec()) />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_followed_streams_begin_elsewhere() {
        assert_eq!(
            apply("select * from s", "1h"),
            "select * from s\nSETTINGS seek_to='-1h'"
        );
        assert_eq!(
            apply("select * from s settings seek_to='-1d'", "first"),
            "select * from s settings seek_to='earliest'"
        );
        for (sql, from) in [
            ("select * from s settings seek_to='-1d'", ""),
            ("select * from table(s)", "1h"),
            ("select 1", "1h"),
            ("insert into t select * from s", "1h"),
            ("select * from s", "nonsense"),
        ] {
            assert_eq!(apply(sql, from), sql);
        }
        assert_eq!((known("6h"), known("x")), ("6h".into(), String::new()));
    }
}
