//! The provider has led the browser back: who is it?

use axum::http::StatusCode;

use super::{
    Answer, Oidc, Refused, SignedIn,
    claims::{Claims, Expected},
};
use crate::{
    auth::{
        Actor,
        sessions::{Federated, Holder},
    },
    clock,
    delivery::masked::masked_words,
};

impl Oidc {
    /// Who it is, where everything fits.
    pub(super) async fn finish(
        &self,
        answer: &Answer,
        kept: Vec<String>,
    ) -> Result<SignedIn, Refused> {
        let kept = kept.iter().map(String::as_str);
        let begun = self.pending.take(&answer.state, kept).ok_or_else(|| {
            let words = "This sign-in was begun in another browser or too long ago, or it has \
                         been used already.";
            Refused::new(StatusCode::BAD_REQUEST, words)
        })?;
        let settings = &self.settings;
        let metadata = self.provider.metadata(settings).await;
        let metadata = metadata.map_err(|reason| self.unreachable(reason))?;
        let named = metadata.authorization_response_iss_parameter_supported;
        if answer.iss != settings.issuer && (named || !answer.iss.is_empty()) {
            let words = format!("The answer is not of {}.", settings.name);
            return Err(Refused::new(StatusCode::BAD_REQUEST, words));
        }
        if answer.code.is_empty() {
            return Err(self.denied(&answer.error));
        }
        let tokens = self.provider.exchange(settings, &answer.code, &begun).await;
        let tokens = tokens.map_err(|reason| self.unreachable(reason))?;
        let claims = self.provider.verified(settings, &tokens.id_token).await;
        let mut claims = claims.map_err(|reason| self.unreachable(reason))?;
        let expected = Expected {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            nonce: &begun.nonce,
            now: clock::now_ms() / 1000,
        };
        let checked = claims.check(&expected);
        checked.map_err(|why| self.unreachable(format!("the token cannot be believed: {why}")))?;
        let completed = self.provider.complete(settings, &mut claims, &tokens).await;
        completed.map_err(|reason| self.unreachable(reason))?;
        let (actor, holder) = self.person(&claims)?;
        Ok(SignedIn {
            actor,
            holder,
            next: begun.next,
        })
    }

    fn person(&self, claims: &Claims) -> Result<(Actor, Holder), Refused> {
        let settings = &self.settings;
        let subject = claims.text("sub").unwrap_or_default();
        // No issuer holds a `#`, and no user's name a `:`.
        let user = format!("{}#{subject}", settings.issuer);
        let name = claims.name();
        let Some(role) = settings.role(claims) else {
            let words = format!(
                "{} signed you in as {name}, but assigns no role here. Ask an administrator of Weir.",
                settings.name
            );
            return Err(Refused {
                who: format!("{name} ({user})"),
                reason: format!("no value of {} has a role", settings.roles_claim),
                ..Refused::new(StatusCode::FORBIDDEN, words)
            });
        };
        let actor = Actor::federated(&user, name.clone(), role);
        let holder = Holder {
            user,
            life: settings.session_life(),
            federated: Some(Federated {
                name,
                role,
                mark: settings.mark(),
            }),
        };
        Ok((actor, holder))
    }

    /// The provider's own word for it, where it is one of those that are known.
    fn denied(&self, error: &str) -> Refused {
        let name = &self.settings.name;
        let words = match error {
            "access_denied" => format!("{name} did not let you in, or you went back."),
            "login_required" | "interaction_required" | "consent_required" => {
                format!("{name} wants to ask you something first.")
            }
            "temporarily_unavailable" | "server_error" => format!("{name} is not available now."),
            _ => format!("{name} did not answer as expected. The log of Weir's server says more."),
        };
        let code = error
            .chars()
            .filter(|c| c.is_ascii_lowercase() || *c == '_');
        let code: String = code.take(40).collect();
        Refused {
            reason: format!("it answered '{code}'"),
            ..Refused::new(StatusCode::UNAUTHORIZED, words)
        }
    }

    pub(super) fn unreachable(&self, reason: String) -> Refused {
        let name = &self.settings.name;
        let words = format!(
            "{name} could not be asked, or its answer could not be believed. The log of Weir's \
             server says more."
        );
        Refused {
            reason: one_line(&reason),
            ..Refused::new(StatusCode::BAD_GATEWAY, words)
        }
    }
}

/// Words that the provider may have written, for a log.
fn one_line(words: &str) -> String {
    let masked = masked_words(words);
    let plain = masked.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = plain.take(400).collect();
    plain.trim().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{
        super::{Setup, settings::tests::settings},
        *,
    };
    use crate::outbound::Outbound;

    fn oidc() -> Oidc {
        let setup = Setup {
            settings: settings(),
            outbound: Outbound::default(),
            base_path: "/".to_string(),
        };
        Oidc::new(setup, [1; 64])
    }

    #[test]
    fn somebody_is_known_by_issuer_and_subject_whatever_they_call_themselves() {
        let holder = |sub: &str| {
            let claims = json!({"sub": sub, "preferred_username": "admin", "groups": "staff"});
            let (actor, holder) = oidc().person(&Claims::of(claims)).expect("a role");
            assert_eq!(actor.name(), "admin (https://id.example)");
            assert_eq!(actor.owner().id, holder.user);
            holder.user
        };
        assert_eq!(holder("17"), "https://id.example#17");
        assert_ne!(holder("17"), holder("18"));
        assert!(crate::auth::people::check_name(&holder("17")).is_err());
        let without = oidc().person(&Claims::of(json!({"sub": "17", "name": "Ann"})));
        let refused = without.expect_err("refused");
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.who, "Ann (https://id.example#17)");
    }
}
