//! Properties of sources, sinks, external streams, external tables and alerts as data: for each
//! type its fields with kind, default and help. [`Values`] is what a form edits of them; whatever
//! the tables do not know stays in it as JSON.

pub(crate) mod text;
mod values;

use serde::{Deserialize, Serialize};

pub use text::duration;
pub use values::{Map, Typed, Values};

/// A type of source, sink and so on, with the properties it is known to have.
#[derive(Debug, PartialEq, Eq)]
pub struct TypeOf {
    /// On the wire.
    pub name: &'static str,
    pub title: &'static str,
    pub help: &'static str,
    pub properties: &'static [Property],
    /// The embedded backend runs it.
    pub runs: bool,
    /// Only servers of earlier years take it.
    pub legacy: bool,
    /// At least one of these properties is needed.
    pub one_of: &'static [&'static str],
}

/// A type that no table knows: all its properties are JSON.
pub static OTHER: TypeOf = TypeOf::new("", "Another type", "", &[]);

/// The type of that name, or [`OTHER`].
pub fn find(types: &'static [TypeOf], name: &str) -> &'static TypeOf {
    let found = types.iter().find(|one| one.name == name);
    found.unwrap_or(&OTHER)
}

impl TypeOf {
    pub const fn new(
        name: &'static str,
        title: &'static str,
        help: &'static str,
        properties: &'static [Property],
    ) -> Self {
        Self {
            name,
            title,
            help,
            properties,
            runs: false,
            legacy: false,
            one_of: &[],
        }
    }

    #[must_use]
    pub const fn runs(mut self) -> Self {
        self.runs = true;
        self
    }

    #[must_use]
    pub const fn legacy(mut self) -> Self {
        self.legacy = true;
        self
    }

    #[must_use]
    pub const fn one_of(mut self, keys: &'static [&'static str]) -> Self {
        self.one_of = keys;
        self
    }

    pub fn property(&self, key: &str) -> Option<&'static Property> {
        self.properties.iter().find(|one| one.key == key)
    }

    /// Keys of what says where things go, or how well protected: a secret that a server holds is
    /// for that place only.
    pub fn addresses(&self) -> impl Iterator<Item = &'static str> + use<> {
        let addresses = self.properties.iter().filter(|one| is_address(one.key));
        addresses.map(|one| one.key)
    }

    /// Keys of what a server keeps to itself.
    pub fn secrets(&self) -> impl Iterator<Item = &'static str> + use<> {
        let secrets = self.properties.iter().filter(|one| one.secret);
        secrets.map(|one| one.key)
    }
}

/// Told by the words in its key: `token_url`, `tokenUrl`, `bootstrap.servers`, `PROXYHOST`.
pub fn is_address(key: &str) -> bool {
    const WORDS: &[&str] = &[
        "uri",
        "uris",
        "port",
        "addr",
        "account",
        "region",
        "tls",
        "ssl",
        "secure",
        "insecure",
        "protocol",
        "scheme",
        "domain",
        "ip",
        "dns",
        "sni",
        "verify",
        "ca",
        "cert",
        "socket",
        "tunnel",
        "bootstrap",
        "node",
        "nodes",
        "peer",
        "peers",
        "webhook",
        "resolver",
        "workspace",
        "forwarded",
    ];
    // Also at the ends of words that are written together.
    const PARTS: &[&str] = &[
        "url", "host", "server", "broker", "address", "endpoint", "proxy", "gateway",
    ];
    words(key).iter().any(|word| {
        let one = word.strip_suffix('s').unwrap_or(word);
        let part =
            |part: &&str| word.starts_with(part) || word.ends_with(part) || one.ends_with(part);
        WORDS.contains(&word.as_str()) || PARTS.iter().any(part) || word.ends_with("addresses")
    })
}

/// The words of a name in lower case, however they are joined.
pub fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for c in name.chars() {
        let begins = c.is_uppercase() && small || !c.is_alphanumeric();
        small = c.is_lowercase() || c.is_numeric();
        if begins {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// How a property is typed in and sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Several lines.
    LongText,
    Number,
    /// `true`, `false`, or empty for the server's default.
    Bool,
    Choice(&'static [&'static str]),
    /// `200ms`, `1h30m`.
    Duration,
    /// One entry a line; on the wire a list of texts.
    List,
    /// One `name: value` a line; on the wire an object of texts.
    Map,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// A dot nests: `tls.disable` is `disable` of the object `tls`. A key that ends with `*` is a
    /// [`Kind::Map`] of all properties that begin so.
    pub key: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    /// What the server takes when nothing is sent, as typed; empty for none.
    pub default: &'static str,
    pub required: bool,
    /// The server does not send it back.
    pub secret: bool,
    pub help: &'static str,
}

impl Property {
    pub(crate) const fn new(
        key: &'static str,
        label: &'static str,
        kind: Kind,
        help: &'static str,
    ) -> Self {
        Self {
            key,
            label,
            kind,
            default: "",
            required: false,
            secret: false,
            help,
        }
    }

    pub(crate) const fn text(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::Text, help)
    }

    pub(crate) const fn long(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::LongText, help)
    }

    pub(crate) const fn number(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::Number, help)
    }

    pub(crate) const fn flag(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::Bool, help).default("false")
    }

    pub(crate) const fn choice(
        key: &'static str,
        label: &'static str,
        choices: &'static [&'static str],
        help: &'static str,
    ) -> Self {
        Self::new(key, label, Kind::Choice(choices), help)
    }

    pub(crate) const fn span(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::Duration, help)
    }

    pub(crate) const fn list(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::List, help)
    }

    pub(crate) const fn map(key: &'static str, label: &'static str, help: &'static str) -> Self {
        Self::new(key, label, Kind::Map, help)
    }

    pub(crate) const fn default(mut self, text: &'static str) -> Self {
        self.default = text;
        self
    }

    pub(crate) const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    pub(crate) const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// The beginning of the keys that this one stands for.
    pub fn prefix(&self) -> Option<&'static str> {
        self.key.strip_suffix('*')
    }
}

/// Of external streams and external tables; all values are text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Setting {
    pub key: String,
    pub value: String,
}
