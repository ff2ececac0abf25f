//! What a person types to prove who they are.

use leptos::prelude::*;
use weir_api::{FieldError, System, auth::Credential};

use super::{
    Auth,
    system::{Given, Part, SystemSpec, Way},
};
use crate::ui::field::TextField;

/// The parts of a credential; which of them are asked for depends on the way to sign in.
#[derive(Clone, Copy)]
pub struct CredentialInput {
    user: RwSignal<String>,
    secret: RwSignal<String>,
    more: RwSignal<String>,
}

impl CredentialInput {
    pub fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            user: empty(),
            secret: empty(),
            more: empty(),
        }
    }

    /// Something was typed.
    pub fn is_touched(self) -> bool {
        let all = [self.user, self.secret, self.more];
        all.iter().any(|field| field.with(|text| !text.is_empty()))
    }

    pub fn given(self) -> Given {
        Given {
            user: self.user.get_untracked().trim().into(),
            secret: self.secret.get_untracked(),
            more: self.more.get_untracked().trim().into(),
        }
    }

    fn part(self, part: Part) -> RwSignal<String> {
        match part {
            Part::User => self.user,
            Part::Secret => self.secret,
            Part::More => self.more,
        }
    }
}

impl Default for CredentialInput {
    fn default() -> Self {
        Self::new()
    }
}

/// What goes with each call; none where something is missing, or where a server must be asked
/// first.
pub fn credential(system: System, auth: Auth, given: Given) -> Option<Credential> {
    let way = SystemSpec::of(system).way(auth)?;
    let make = way.credential.filter(|_| missing(way, &given).is_empty())?;
    Some(make(given))
}

/// What is still to be typed.
pub fn missing(way: &Way, given: &Given) -> Vec<FieldError> {
    let needed = way.asks.iter().filter(|ask| !ask.optional);
    needed
        .filter(|ask| given.part(ask.part).is_empty())
        .map(|ask| FieldError::new(ask.part.name(), format!("Enter the {}.", lower(ask.label))))
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
    typed: CredentialInput,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let way = SystemSpec::of(system).way(auth);
    let asks = way.map(|way| way.asks).unwrap_or_default();
    let fields = asks.iter().enumerate().map(|(at, ask)| {
        let (kind, autocomplete) = match ask.hidden {
            true => ("password", "current-password"),
            false => ("text", "username"),
        };
        view! {
            <TextField
                label=ask.label
                name=ask.part.name()
                value=typed.part(ask.part)
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
    use weir_api::dataworks::SignatureVersion;

    use super::*;

    fn given(user: &str, secret: &str) -> Given {
        Given {
            user: user.into(),
            secret: secret.into(),
            more: String::new(),
        }
    }

    #[test]
    fn only_what_the_way_to_sign_in_needs_is_asked_for() {
        let fields = |system, auth, user, secret| {
            let way = SystemSpec::of(system).way(auth).expect("a way");
            let all = missing(way, &given(user, secret)).into_iter();
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
        let of = |system, auth| credential(system, auth, given("u", "s"));
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
