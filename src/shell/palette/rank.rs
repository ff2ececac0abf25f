//! Which entries answer what is typed, the likeliest first.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};

use super::usage::Usage;
use crate::text::pasted;

/// What an entry is, and what is typed before the name to see only such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Nothing typed before the name: pages, actions and resources of this connection.
    Here,
    /// `>`: what can be done with the thing at hand.
    Actions,
    /// `@`: resources of every connection.
    Everywhere,
    /// `#`: columns of what this connection has.
    Columns,
    /// Places that were looked at last; shown while nothing is typed.
    Recent,
}

impl Scope {
    /// The scope that is asked for and what is searched in it.
    pub(crate) fn of(typed: &str) -> (Self, &str) {
        let typed = typed.trim_start();
        match typed.chars().next() {
            Some('>') => (Self::Actions, typed[1..].trim_start()),
            Some('@') => (Self::Everywhere, typed[1..].trim_start()),
            Some('#') => (Self::Columns, typed[1..].trim_start()),
            _ => (Self::Here, typed),
        }
    }
}

/// One line of the palette, as far as it is searched.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// Tells it from all others, also tomorrow: an address or the name of an action.
    pub id: String,
    pub label: String,
    /// Kind and connection, searched too but worth less.
    pub detail: String,
    pub scope: Scope,
    /// The higher, the earlier among equals.
    pub weight: u32,
}

/// Places of the entries that match, the likeliest first, at most `most` of them.
///
/// Every word of `query` has to be found, its letters in order but not side by side. Without a
/// query what was used most comes first.
pub(crate) fn rank<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    scope: Scope,
    query: &str,
    usage: &Usage,
    now_ms: f64,
    most: usize,
) -> Vec<usize> {
    let query = &*pasted(query);
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
    let mut letters = Vec::new();
    let mut text = String::new();
    // Score, length of the label, place.
    let mut found: Vec<(u32, usize, usize)> = Vec::new();
    for (at, entry) in entries.enumerate() {
        if !offered(entry.scope, scope, query.is_empty()) {
            continue;
        }
        let score = if query.is_empty() {
            Some(0)
        } else {
            text.clear();
            text.push_str(&entry.label);
            text.push(' ');
            text.push_str(&entry.detail);
            pattern.score(Utf32Str::new(&text, &mut letters), &mut matcher)
        };
        if let Some(score) = score {
            let exact = u32::from(entry.label.eq_ignore_ascii_case(query)) * 1000;
            let score = score * 4 + exact + entry.weight + usage.weight(&entry.id, now_ms);
            // Where nothing is typed they stay in the order of the navigation.
            let length = if query.is_empty() {
                0
            } else {
                entry.label.len()
            };
            found.push((score, length, at));
        }
    }
    let order = |a: &(u32, usize, usize), b: &(u32, usize, usize)| {
        (b.0.cmp(&a.0)).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2))
    };
    // Only the best are sorted: ten thousand names answer within a frame.
    if found.len() > most && most > 0 {
        found.select_nth_unstable_by(most - 1, order);
        found.truncate(most);
    }
    found.sort_unstable_by(order);
    found.into_iter().map(|(_, _, at)| at).collect()
}

fn offered(entry: Scope, asked: Scope, all: bool) -> bool {
    match (asked, entry) {
        (Scope::Here, Scope::Recent) => all,
        (Scope::Here, entry) => matches!(entry, Scope::Here | Scope::Actions),
        (Scope::Everywhere, entry) => matches!(entry, Scope::Here | Scope::Everywhere),
        (asked, entry) => asked == entry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(label: &str, scope: Scope) -> Entry {
        Entry {
            id: label.into(),
            label: label.into(),
            detail: "Stream".into(),
            scope,
            weight: 0,
        }
    }

    fn labels(entries: &[Entry], typed: &str, usage: &Usage) -> Vec<String> {
        let (scope, query) = Scope::of(typed);
        let found = rank(entries.iter(), scope, query, usage, 0.0, 10);
        found
            .into_iter()
            .map(|at| entries[at].label.clone())
            .collect()
    }

    #[test]
    fn what_was_pasted_along_unseen_does_not_count() {
        let entries = [entry("orders", Scope::Here)];
        let found = labels(&entries, "\u{feff}orders\u{200b}\u{a0}", &Usage::default());
        assert_eq!(found, ["orders"]);
    }

    #[test]
    fn letters_in_order_are_found_and_whole_words_come_first() {
        let entries = [
            entry("card_transactions", Scope::Here),
            entry("orders_archive", Scope::Here),
            entry("orders", Scope::Here),
            entry("bordering_errors", Scope::Here),
        ];
        let usage = Usage::default();
        assert_eq!(labels(&entries, "orders", &usage)[0], "orders");
        assert_eq!(labels(&entries, "ORDERS", &usage)[0], "orders");
        assert_eq!(labels(&entries, "cardt", &usage), ["card_transactions"]);
        assert_eq!(labels(&entries, "arch ord", &usage), ["orders_archive"]);
        assert!(labels(&entries, "xyz", &usage).is_empty());
        assert_eq!(
            labels(&entries, "stream", &usage).len(),
            4,
            "the kind is found too"
        );
    }

    #[test]
    fn what_is_used_comes_first_among_equals() {
        let entries = [entry("alpha_1", Scope::Here), entry("alpha_2", Scope::Here)];
        let mut usage = Usage::default();
        assert_eq!(labels(&entries, "alpha", &usage), ["alpha_1", "alpha_2"]);
        usage.used("alpha_2", 0.0);
        assert_eq!(labels(&entries, "alpha", &usage), ["alpha_2", "alpha_1"]);
        assert_eq!(labels(&entries, "", &usage)[0], "alpha_2");
    }

    #[test]
    fn prefixes_choose_what_is_searched() {
        let entries = [
            entry("Delete", Scope::Actions),
            entry("delivered", Scope::Here),
            entry("deliveries_b", Scope::Everywhere),
        ];
        let usage = Usage::default();
        assert_eq!(labels(&entries, "> del", &usage), ["Delete"]);
        assert_eq!(
            labels(&entries, "@ deli", &usage),
            ["delivered", "deliveries_b"]
        );
        assert_eq!(labels(&entries, "del", &usage).len(), 2);
        assert!(labels(&entries, "# del", &usage).is_empty());
        assert_eq!(Scope::of("  >x"), (Scope::Actions, "x"));
    }

    #[test]
    fn recent_places_stand_first_until_something_is_typed() {
        let mut place = entry("orders", Scope::Recent);
        place.weight = 1000;
        let entries = [entry("orders", Scope::Here), place];
        let usage = Usage::default();
        let found = |query| rank(entries.iter(), Scope::Here, query, &usage, 0.0, 10);
        assert_eq!(found(""), [1, 0]);
        assert_eq!(found("ord"), [0]);
    }

    #[test]
    fn only_the_best_of_many_are_given() {
        let mut entries: Vec<Entry> = (0..10_000)
            .map(|n| entry(&format!("sensor_{n:05}_readings"), Scope::Here))
            .collect();
        entries.push(entry("readings", Scope::Here));
        let found = rank(
            entries.iter(),
            Scope::Here,
            "readings",
            &Usage::default(),
            0.0,
            50,
        );
        assert_eq!(found.len(), 50);
        assert_eq!(found[0], 10_000);
    }
}
