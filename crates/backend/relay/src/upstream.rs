//! What `weir.toml` says of an upstream, and what follows from it.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, Uri};
use serde::Deserialize;
use weir_api::{System, auth::Credential, dataworks::SignatureVersion};

use crate::outbound;

/// `[relay.NAME]` of `weir.toml`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// `https://host[:port][/prefix]`. An address of a private network must stand here as a number
    /// or as `localhost`: a name that leads to one is refused.
    pub upstream: String,
    /// Which operations only read depends on it; told by the credential or the host where it is
    /// left out.
    pub system: Option<Kind>,
    /// Added to each call; the browser then needs none.
    pub credential: Option<Held>,
    /// Further headers of each call.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
}

/// Says nothing of what it holds.
impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("upstream", &self.upstream)
            .finish_non_exhaustive()
    }
}

/// What an upstream is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Timeplus,
    Azion,
    SecMaster,
    DataWorks,
}

impl Kind {
    fn system(self) -> System {
        match self {
            Self::Timeplus => System::Timeplus,
            Self::Azion => System::Azion,
            Self::SecMaster => System::SecMaster,
            Self::DataWorks => System::DataWorks,
        }
    }
}

/// Hosts of the vendors, and the paths that a Weir serves their operations below.
const KNOWN: [(&str, &str, System); 5] = [
    ("timeplus.com", "/default", System::Timeplus),
    ("azion.com", "/azion", System::Azion),
    ("azionapi.net", "/azion", System::Azion),
    ("myhuaweicloud.com", "/secmaster", System::SecMaster),
    ("aliyuncs.com", "/dataworks", System::DataWorks),
];

/// A credential that the relay holds. A value `env:NAME` is read from the environment.
#[derive(Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Held {
    /// Timeplus.
    ApiKey { key: String },
    /// Timeplus.
    Basic { user: String, password: String },
    /// Azion.
    AzionToken { token: String },
    /// Huawei Cloud.
    HuaweiToken { token: String },
    /// Huawei Cloud's AK/SK.
    HuaweiKeys { id: String, secret: String },
    /// Alibaba Cloud's AccessKey.
    AlibabaKeys {
        id: String,
        secret: String,
        token: Option<String>,
        #[serde(default)]
        signature: Signature,
    },
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Signature {
    V1,
    #[default]
    V3,
}

/// An upstream that calls can be passed on to.
pub(crate) struct Upstream {
    /// Without a slash at the end.
    pub base: String,
    /// Scheme, host and port of `base`.
    pub origin: String,
    pub system: Option<System>,
    pub credential: Credential,
    pub headers: Vec<(HeaderName, HeaderValue)>,
}

impl Upstream {
    /// An error names the setting.
    pub(super) fn new(name: &str, settings: &Settings) -> Result<Self, String> {
        let of = |setting: &str, words: String| format!("relay.{name}.{setting}: {words}");
        let usable = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || !name.chars().all(usable) {
            return Err(format!(
                "relay.{name}: a name has letters, digits, - and _ only"
            ));
        }
        let uri = outbound::url(&settings.upstream).map_err(|words| of("upstream", words))?;
        if uri.query().is_some() || settings.upstream.contains(['@', '#']) {
            let words = "only scheme, host, port and a path belong here";
            return Err(of("upstream", words.into()));
        }
        let headers = settings.headers.iter().map(|(header, value)| {
            let value = resolved(value).map_err(|words| of("headers", words))?;
            outbound::header(header, &value).map_err(|words| of("headers", words))
        });
        let credential = match &settings.credential {
            Some(held) => held.resolved().map_err(|words| of("credential", words))?,
            None => Credential::None,
        };
        Ok(Self {
            base: settings.upstream.trim().trim_end_matches('/').into(),
            origin: origin(&uri),
            system: match settings.system {
                Some(kind) => Some(kind.system()),
                None => of_credential(&credential).or_else(|| of_address(&uri)),
            },
            credential,
            headers: headers.collect::<Result<_, _>>()?,
        })
    }

    /// The relay adds what proves the caller.
    pub(super) fn holds_credential(&self) -> bool {
        self.credential != Credential::None
    }
}

fn of_credential(credential: &Credential) -> Option<System> {
    match credential {
        Credential::None => None,
        Credential::ApiKey(_) | Credential::Basic { .. } => Some(System::Timeplus),
        Credential::AzionToken(_) | Credential::AzionSession { .. } => Some(System::Azion),
        Credential::HuaweiToken { .. } | Credential::HuaweiKeys { .. } => Some(System::SecMaster),
        Credential::AlibabaKeys { .. } => Some(System::DataWorks),
    }
}

fn of_address(uri: &Uri) -> Option<System> {
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    let path = uri.path().trim_end_matches('/');
    let known = KNOWN
        .iter()
        .find(|(of, below, _)| host.ends_with(&format!(".{of}")) || path.ends_with(below));
    known.map(|(_, _, system)| *system)
}

/// Scheme, host and port; the scheme's own port is left out.
pub(super) fn origin(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or_default();
    let host = uri.host().unwrap_or_default().to_ascii_lowercase();
    match (scheme, uri.port_u16()) {
        (_, None) | ("http", Some(80)) | ("https", Some(443)) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    }
}

impl Held {
    fn resolved(&self) -> Result<Credential, String> {
        Ok(match self {
            Self::ApiKey { key } => Credential::ApiKey(resolved(key)?),
            Self::Basic { user, password } => Credential::Basic {
                user: user.clone(),
                password: resolved(password)?,
            },
            Self::AzionToken { token } => Credential::AzionToken(resolved(token)?),
            Self::HuaweiToken { token } => Credential::HuaweiToken {
                token: resolved(token)?,
                expires_ms: None,
            },
            Self::HuaweiKeys { id, secret } => Credential::HuaweiKeys {
                id: id.clone(),
                secret: resolved(secret)?,
            },
            Self::AlibabaKeys {
                id,
                secret,
                token,
                signature,
            } => Credential::AlibabaKeys {
                id: id.clone(),
                secret: resolved(secret)?,
                token: token.as_deref().map(resolved).transpose()?,
                version: match signature {
                    Signature::V1 => SignatureVersion::V1,
                    Signature::V3 => SignatureVersion::V3,
                },
            },
        })
    }
}

/// The value, or what the environment's variable holds that it names.
fn resolved(value: &str) -> Result<String, String> {
    match value.strip_prefix("env:") {
        Some(name) => std::env::var(name)
            .map_err(|_| format!("the environment has no variable {name}, or it is no text")),
        None => Ok(value.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(toml: &str) -> Result<Upstream, String> {
        let settings = toml::from_str(toml).map_err(|error| error.to_string())?;
        Upstream::new("azion", &settings)
    }

    fn wrong(toml: &str) -> String {
        made(toml).err().expect("refused")
    }

    #[test]
    fn mistakes_are_named() {
        assert!(wrong("upstream = 'ftp://x'").starts_with("relay.azion.upstream"));
        assert!(wrong("upstream = 'https://u:p@x'").contains("only scheme"));
        assert!(wrong("upstream = 'https://x?a=1'").contains("only scheme"));
        assert!(wrong("upstream = 'https://x'\nheader = {}").contains("header"));
        let missing = "upstream = 'https://x'\n[credential]\nkind = 'azion_token'\ntoken = 'env:WEIR_NO_SUCH'";
        assert!(wrong(missing).contains("WEIR_NO_SUCH"));
        let settings = toml::from_str("upstream = 'https://x'").expect("settings");
        assert!(Upstream::new("a/b", &settings).is_err());
    }

    #[test]
    fn the_host_is_compared_without_its_usual_port() {
        let of = |text: &str| made(&format!("upstream = '{text}'")).expect(text);
        assert_eq!(of("https://A.example:443/v3/").origin, "https://a.example");
        assert_eq!(
            of("https://A.example:443/v3/").base,
            "https://A.example:443/v3"
        );
        assert_eq!(of("http://10.0.0.7:8080").origin, "http://10.0.0.7:8080");
    }

    #[test]
    fn what_is_held_is_not_shown() {
        let text = "upstream = 'https://x'\n[credential]\nkind = 'azion_token'\ntoken = 'hush'\n[headers]\nx-secret = 'hush'";
        let settings: Settings = toml::from_str(text).expect("settings");
        assert!(!format!("{settings:?}").contains("hush"));
        let upstream = Upstream::new("azion", &settings).expect("upstream");
        assert!(upstream.credential == Credential::AzionToken("hush".into()));
        assert!(upstream.holds_credential());
    }
}
