//! What a provider says of somebody, and whether it may be believed.

use serde::Deserialize;
use serde_json::{Map, Value};
use weir_api::unseen;

use crate::random;

/// How far the clocks of two servers may be apart, in seconds.
const LEEWAY: i64 = 60;
/// A token is made when it is fetched: an older one is of somebody else's sign-in.
const OLDEST: i64 = 10 * 60;

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Claims(Map<String, Value>);

/// What a token of this sign-in says.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// Unix seconds.
    pub(super) now: i64,
}

impl Claims {
    pub(super) fn read(json: &[u8]) -> Option<Self> {
        serde_json::from_slice(json).ok()
    }

    /// A claim, or what is inside of one: `realm_access.roles`.
    pub(super) fn find(&self, path: &str) -> Option<&Value> {
        if let Some(value) = self.0.get(path) {
            return Some(value);
        }
        let mut parts = path.split('.');
        let first = self.0.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.as_object()?.get(part))
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A text, or those of a list.
    pub(super) fn texts(&self, path: &str) -> Vec<&str> {
        match self.find(path) {
            Some(Value::String(text)) => vec![text],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// Unix seconds, perhaps with a fraction.
    fn time(&self, name: &str) -> Option<i64> {
        let seconds = self.0.get(name)?.as_f64()?;
        seconds.is_finite().then_some(seconds as i64)
    }

    /// Takes over what is not known yet.
    pub(super) fn fill(&mut self, other: Self) {
        for (name, value) in other.0 {
            self.0.entry(name).or_insert(value);
        }
    }

    /// What people call somebody; never empty where there is a subject.
    pub(super) fn name(&self) -> String {
        let all = NAMES.iter().chain(&["sub"]);
        let mut names = all.filter_map(|name| self.text(name)).map(plain);
        names.find(|name| !name.is_empty()).unwrap_or_default()
    }

    pub(super) fn has_name(&self) -> bool {
        NAMES.iter().any(|name| self.text(name).is_some())
    }

    /// An error completes "the token cannot be believed: …".
    pub(super) fn check(&self, expected: &Expected<'_>) -> Result<(), String> {
        let said = |words: &str| Err(words.to_string());
        if self.text("iss") != Some(expected.issuer) {
            return said("it is of another issuer");
        }
        let audiences = self.texts("aud");
        if !audiences.contains(&expected.client_id) {
            return said("it is for another client (aud)");
        }
        match self.0.get("azp") {
            Some(party) if party.as_str() != Some(expected.client_id) => {
                return said("it was given to another client (azp)");
            }
            None if audiences.len() > 1 => {
                return said("it is for several clients and does not say for which (azp)");
            }
            _ => {}
        }
        let (Some(ends), Some(issued)) = (self.time("exp"), self.time("iat")) else {
            return said("it does not say when it was issued and when it ends");
        };
        if ends.saturating_add(LEEWAY) <= expected.now {
            return said("it has expired (exp)");
        }
        let begins = self.time("nbf").map_or(issued, |begins| begins.max(issued));
        if begins > expected.now.saturating_add(LEEWAY) {
            return said("it is of the future (iat); the clocks of the two servers differ");
        }
        if issued.saturating_add(OLDEST) < expected.now {
            return said(
                "it was issued long ago (iat); perhaps the clocks of the two servers differ",
            );
        }
        let nonce = self.text("nonce").unwrap_or_default();
        if !random::same(nonce, expected.nonce) {
            return said("it is of another sign-in (nonce)");
        }
        match self.text("sub") {
            Some(subject) if is_subject(subject) => Ok(()),
            _ => said("it does not say of whom it is (sub)"),
        }
    }

    #[cfg(test)]
    pub(super) fn of(value: Value) -> Self {
        serde_json::from_value(value).expect("an object")
    }
}

/// By how well people know them.
const NAMES: [&str; 3] = ["preferred_username", "email", "name"];

fn is_subject(text: &str) -> bool {
    (1..=255).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// One line without characters that turn or hide others.
fn plain(text: &str) -> String {
    let hidden = |c: char| c.is_control() || unseen::is_unseen(c) || unseen::is_other_blank(c);
    let shown: String = text.chars().filter(|c| !hidden(*c)).take(64).collect();
    shown.trim().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn token() -> Value {
        json!({
            "iss": "https://id.example", "aud": "weir", "sub": "17", "nonce": "n",
            "iat": NOW - 5, "exp": NOW + 300,
        })
    }

    /// With claims changed; `null` takes one out.
    fn checked(changes: Value) -> Result<(), String> {
        let mut claims = Claims::of(token());
        for (name, value) in Claims::of(changes).0 {
            match value {
                Value::Null => claims.0.remove(&name),
                value => claims.0.insert(name, value),
            };
        }
        claims.check(&Expected {
            issuer: "https://id.example",
            client_id: "weir",
            nonce: "n",
            now: NOW,
        })
    }

    #[test]
    fn a_token_of_this_sign_in_is_believed() {
        for right in [
            json!({}),
            json!({"aud": ["weir"]}),
            json!({"aud": ["weir", "other"], "azp": "weir"}),
            json!({"azp": "weir"}),
            json!({"exp": NOW - 30}),
            json!({"iat": NOW + 30}),
            json!({"iat": NOW as f64 - 0.5}),
        ] {
            assert_eq!(checked(right.clone()), Ok(()), "{right}");
        }
    }

    #[test]
    fn any_other_is_not_and_the_claim_is_named() {
        for (wrong, part) in [
            (json!({"iss": "https://id.example/"}), "issuer"),
            (json!({"iss": null}), "issuer"),
            (json!({"aud": "another"}), "aud"),
            (json!({"aud": ["another"]}), "aud"),
            (json!({"aud": null}), "aud"),
            (json!({"aud": {"weir": true}}), "aud"),
            (json!({"aud": ["weir", "other"]}), "azp"),
            (json!({"aud": ["weir", "other"], "azp": "other"}), "azp"),
            (json!({"azp": "other"}), "azp"),
            (json!({"azp": 1}), "azp"),
            (json!({"exp": NOW - 61}), "exp"),
            (json!({"exp": null}), "ends"),
            (json!({"exp": "tomorrow"}), "ends"),
            (json!({"iat": null}), "issued"),
            (json!({"iat": NOW + 61}), "future"),
            (json!({"nbf": NOW + 61}), "future"),
            (json!({"iat": NOW - 601}), "long ago"),
            (json!({"iat": i64::MIN}), "long ago"),
            (json!({"nonce": "m"}), "nonce"),
            (json!({"nonce": null}), "nonce"),
            (json!({"nonce": ["n"]}), "nonce"),
            (json!({"sub": ""}), "sub"),
            (json!({"sub": null}), "sub"),
            (json!({"sub": 17}), "sub"),
            (json!({"sub": "a\nb"}), "sub"),
            (json!({"sub": "x".repeat(256)}), "sub"),
        ] {
            let error = checked(wrong.clone()).expect_err("believed");
            assert!(error.contains(part), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_name_is_one_line_that_hides_nothing() {
        let name = |claims| Claims::of(claims).name();
        assert_eq!(
            name(json!({"sub": "17", "email": "a@b.example", "name": "Ann"})),
            "a@b.example"
        );
        assert_eq!(
            name(json!({"sub": "17", "preferred_username": "\u{202e}nn\na "})),
            "nna"
        );
        assert_eq!(
            name(json!({"sub": "17", "preferred_username": "\u{200b}"})),
            "17"
        );
        assert_eq!(name(json!({"sub": "17", "preferred_username": 5})), "17");
    }
}
