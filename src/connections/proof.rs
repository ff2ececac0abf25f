//! What a person types to prove who they are.

use leptos::prelude::*;
use weir_api::{FieldError, System, auth::Credential, dataworks::SignatureVersion};

use super::Auth;
use crate::ui::field::TextField;

/// The parts of a credential; which of them are asked for depends on the kind of sign-in.
#[derive(Clone, Copy)]
pub struct Typed {
    /// A user, or the id of a key.
    pub user: RwSignal<String>,
    /// A password, a token or the secret of a key.
    pub secret: RwSignal<String>,
    /// The account an IAM user belongs to, or the token of STS.
    pub more: RwSignal<String>,
}

impl Typed {
    pub fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            user: empty(),
            secret: empty(),
            more: empty(),
        }
    }

    /// What goes with each call; none where something is missing, or where a server must be asked
    /// first.
    pub fn credential(self, system: System, auth: Auth) -> Option<Credential> {
        let of = |field: RwSignal<String>| field.with_untracked(|text| text.trim().to_string());
        let (user, secret) = (of(self.user), self.secret.get_untracked());
        credential(system, auth, user, secret, of(self.more))
    }
}

impl Default for Typed {
    fn default() -> Self {
        Self::new()
    }
}

fn credential(
    system: System,
    auth: Auth,
    user: String,
    secret: String,
    more: String,
) -> Option<Credential> {
    if !missing(system, auth, &user, &secret, &more).is_empty() {
        return None;
    }
    let alibaba = |version| Credential::AlibabaKeys {
        id: user.clone(),
        secret: secret.clone(),
        token: (!more.is_empty()).then(|| more.clone()),
        version,
    };
    Some(match (auth, system) {
        (Auth::ApiKey, _) => Credential::ApiKey(secret),
        (Auth::Basic, _) => Credential::Basic {
            user,
            password: secret,
        },
        (Auth::Token, System::SecMaster) => Credential::HuaweiToken {
            token: secret,
            expires_ms: None,
        },
        (Auth::Token, _) => Credential::AzionToken(secret),
        (Auth::Keys, System::DataWorks) => alibaba(SignatureVersion::V3),
        (Auth::KeysV1, _) => alibaba(SignatureVersion::V1),
        (Auth::Keys, _) => Credential::HuaweiKeys { id: user, secret },
        (Auth::None | Auth::Session | Auth::Iam, _) => return None,
    })
}

/// A field of the form: its name in errors, its label, and whether it may be empty.
struct Field {
    name: &'static str,
    label: &'static str,
    hidden: bool,
    optional: bool,
}

const fn field(name: &'static str, label: &'static str) -> Field {
    Field {
        name,
        label,
        hidden: false,
        optional: false,
    }
}

const fn hidden(label: &'static str) -> Field {
    Field {
        hidden: true,
        ..field("secret", label)
    }
}

fn fields(system: System, auth: Auth) -> &'static [Field] {
    match auth {
        Auth::None => &[],
        Auth::ApiKey => const { &[hidden("API key")] },
        Auth::Basic | Auth::Session => const { &[field("user", "User"), hidden("Password")] },
        Auth::Token => const { &[hidden("Token")] },
        Auth::Iam => {
            const {
                &[
                    field("more", "Account (domain)"),
                    field("user", "IAM user"),
                    hidden("Password"),
                ]
            }
        }
        Auth::Keys if system == System::SecMaster => {
            const { &[field("user", "Access key (AK)"), hidden("Secret key (SK)")] }
        }
        Auth::Keys | Auth::KeysV1 => {
            const {
                &[
                    field("user", "AccessKey ID"),
                    hidden("AccessKey secret"),
                    Field {
                        hidden: true,
                        optional: true,
                        ..field("more", "STS token (optional)")
                    },
                ]
            }
        }
    }
}

/// What is still to be typed.
pub fn missing(
    system: System,
    auth: Auth,
    user: &str,
    secret: &str,
    more: &str,
) -> Vec<FieldError> {
    let empty = |field: &&Field| match field.name {
        "user" => user.is_empty(),
        "more" => more.is_empty(),
        _ => secret.is_empty(),
    };
    let wanted = fields(system, auth).iter().filter(|field| !field.optional);
    wanted
        .filter(empty)
        .map(|field| FieldError::new(field.name, format!("Type the {}.", lower(field.label))))
        .collect()
}

/// As within a sentence; abbreviations stay.
fn lower(label: &str) -> String {
    let mut letters = label.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() && !label.contains("Key") => {
            format!("{}{}", first.to_lowercase(), &label[first.len_utf8()..])
        }
        _ => label.into(),
    }
}

/// The fields that a kind of sign-in asks for.
#[component]
pub fn CredentialFields(
    system: System,
    auth: Auth,
    typed: Typed,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let fields = fields(system, auth).iter().enumerate().map(|(at, field)| {
        let value = match field.name {
            "user" => typed.user,
            "more" => typed.more,
            _ => typed.secret,
        };
        let (kind, autocomplete) = match field.hidden {
            true => ("password", "current-password"),
            false => ("text", "username"),
        };
        view! {
            <TextField
                label=field.label
                name=field.name
                value
                kind
                autocomplete
                autofocus=autofocus && at == 0
            />
        }
    });
    fields.collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_kind_of_sign_in_needs_is_asked_for() {
        let fields = |system, auth, user, secret| {
            let all = missing(system, auth, user, secret, "").into_iter();
            all.map(|error| error.field).collect::<Vec<_>>()
        };
        let timeplus = System::Timeplus;
        assert_eq!(fields(timeplus, Auth::Session, "", ""), ["user", "secret"]);
        assert_eq!(fields(timeplus, Auth::Basic, "me", ""), ["secret"]);
        assert_eq!(fields(timeplus, Auth::ApiKey, "", ""), ["secret"]);
        assert!(fields(timeplus, Auth::ApiKey, "", "k").is_empty());
        assert_eq!(fields(System::SecMaster, Auth::Iam, "u", "p"), ["more"]);
        assert!(fields(System::DataWorks, Auth::Keys, "id", "s").is_empty());
    }

    #[test]
    fn each_way_in_makes_its_own_credential() {
        let of = |system, auth| credential(system, auth, "u".into(), "s".into(), String::new());
        assert!(of(System::Azion, Auth::Token) == Some(Credential::AzionToken("s".into())));
        assert!(matches!(
            of(System::SecMaster, Auth::Token),
            Some(Credential::HuaweiToken { .. })
        ));
        assert!(matches!(
            of(System::SecMaster, Auth::Keys),
            Some(Credential::HuaweiKeys { .. })
        ));
        let Some(Credential::AlibabaKeys { version, token, .. }) =
            of(System::DataWorks, Auth::KeysV1)
        else {
            panic!("no AccessKey");
        };
        assert_eq!((version, token), (SignatureVersion::V1, None));
        assert!(of(System::Timeplus, Auth::Session).is_none());
    }

    #[test]
    fn labels_read_well_in_a_sentence() {
        assert_eq!(lower("Password"), "password");
        assert_eq!(lower("API key"), "API key");
        assert_eq!(lower("AccessKey ID"), "AccessKey ID");
    }
}
