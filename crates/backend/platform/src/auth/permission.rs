//! What an API key may do: `read:stream`, `write:*`, …

use weir_api::permission::KINDS;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    Read,
    Write,
}

impl Verb {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// As written; none: whatever the key's owner may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions(Vec<String>);

impl Permissions {
    /// The error is the place of the first unknown one and what is wrong with it.
    pub fn parse(texts: Vec<String>) -> Result<Self, (usize, String)> {
        for (index, text) in texts.iter().enumerate() {
            let known = text.split_once(':').is_some_and(|(verb, kind)| {
                matches!(verb, "read" | "write") && (kind == "*" || KINDS.contains(&kind))
            });
            if !known {
                let words = format!(
                    "'{text}' is not a permission like read:query or write:*; kinds are {}",
                    KINDS.join(", ")
                );
                return Err((index, words));
            }
        }
        Ok(Self(texts))
    }

    /// From the database, separated by spaces.
    pub(super) fn stored(text: &str) -> Self {
        Self(text.split_whitespace().map(String::from).collect())
    }

    pub(super) fn to_stored(&self) -> String {
        self.0.join(" ")
    }

    pub fn into_texts(self) -> Vec<String> {
        self.0
    }

    pub(super) fn allow(&self, verb: Verb, kind: &str) -> bool {
        self.0.is_empty()
            || self.0.iter().any(|permission| {
                permission.split_once(':').is_some_and(|(allowed, of)| {
                    allowed == verb.as_str() && (of == "*" || of == kind)
                })
            })
    }

    /// Whether everything in `other` is also in this.
    pub(super) fn cover(&self, other: &Self) -> bool {
        let within = |wanted: &String| {
            let Some((verb, kind)) = wanted.split_once(':') else {
                return false;
            };
            self.0
                .iter()
                .any(|own| own == wanted || *own == format!("{verb}:*") && KINDS.contains(&kind))
        };
        self.0.is_empty() || !other.0.is_empty() && other.0.iter().all(within)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permissions(texts: &[&str]) -> Permissions {
        Permissions::parse(texts.iter().map(ToString::to_string).collect()).expect("known")
    }

    #[test]
    fn a_key_may_what_it_names_and_one_that_names_nothing_may_all() {
        let some = permissions(&["read:*", "write:query"]);
        assert!(some.allow(Verb::Read, "stream") && some.allow(Verb::Write, "query"));
        assert!(!some.allow(Verb::Write, "stream"));
        assert!(permissions(&[]).allow(Verb::Write, "stream"));
        assert_eq!(Permissions::stored(&some.to_stored()), some);
    }

    #[test]
    fn a_key_never_makes_a_stronger_one() {
        let some = permissions(&["read:*", "write:query"]);
        assert!(some.cover(&permissions(&["read:stream", "write:query"])));
        assert!(!some.cover(&permissions(&["write:stream"])));
        assert!(!some.cover(&permissions(&["write:*"])));
        assert!(!some.cover(&permissions(&[])));
        assert!(permissions(&[]).cover(&permissions(&[])));
    }

    #[test]
    fn unknown_permissions_are_refused_with_their_place() {
        for wrong in ["query", "run:query", "read:queries", "read:"] {
            let texts = vec!["read:query".to_string(), wrong.to_string()];
            assert_eq!(
                Permissions::parse(texts).map_err(|e| e.0),
                Err(1),
                "{wrong}"
            );
        }
    }
}
