//! Parameters of the page's address. The router's own map undoes their escapes twice, which would
//! make `like '%41'` another statement.

use std::fmt;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use weir_api::request::{decode, encode};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Of the text behind the question mark.
    pub fn parse(text: &str) -> Self {
        let text = text.strip_prefix('?').unwrap_or(text);
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let plain = |text: &str| decode(&text.replace('+', " "));
            (plain(name), plain(value))
        };
        Self(pairs.map(pair).collect())
    }

    pub fn get(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// Without those of these names.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    pub fn put(&mut self, name: &str, value: &str) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value.to_string(),
            None => self.0.push((name.to_string(), value.to_string())),
        }
    }

    /// Empty values are left out.
    pub fn set(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            self.retain(|known| known != name);
        } else {
            self.put(name, value);
        }
    }
}

/// With its question mark; empty without parameters.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.0.iter().enumerate() {
            let sign = if at == 0 { '?' } else { '&' };
            write!(f, "{sign}{}={}", encode(name), encode(value))?;
        }
        Ok(())
    }
}

/// Of the page shown.
pub fn use_query() -> Memo<Query> {
    let search = use_location().search;
    Memo::new(move |_| Query::parse(&search.read()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_were_written() {
        for value in [
            "like '%41'",
            "100%",
            "a+b c&d=e#f",
            "ü\u{1F600}",
            "%2541",
            "%",
            "\\",
        ] {
            let mut query = Query::default();
            query.set("q", value);
            query.set("tab", "chart");
            let text = query.to_string();
            assert_eq!(Query::parse(&text), query, "{text}");
            assert_eq!(Query::parse(&text).get("q").as_deref(), Some(value));
        }
        let foreign = Query::parse("q=select+1%2B1&x&=y");
        assert_eq!(foreign.get("q").as_deref(), Some("select 1+1"));
        assert_eq!(foreign.get("x").as_deref(), Some(""));
        let mut query = Query::parse("?a=1&b=2&a=3");
        query.set("a", "");
        assert_eq!(query.to_string(), "?b=2");
        assert_eq!(Query::default().to_string(), "");
    }
}
