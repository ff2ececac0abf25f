//! Tokens of the identity service: `POST /v3/auth/tokens`.

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, json_response};

/// The header of the answer that holds the token.
pub const TOKEN_HEADER: &str = "X-Subject-Token";
/// Tokens end after this time where the answer does not say when.
pub const LIFE_MS: i64 = 24 * 60 * 60 * 1000;

/// Who signs in. Accounts that are HUAWEI IDs cannot: an IAM user of theirs can.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SignIn {
    /// Name of the account.
    pub domain: String,
    pub user: String,
    pub password: String,
    /// Name of the project, which is that of the region.
    pub project: String,
}

/// `Debug` never shows the password.
impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SignIn({} of {})", self.user, self.domain)
    }
}

/// Answered with 201 and the token in [`TOKEN_HEADER`].
pub fn token(sign_in: &SignIn) -> Result<ApiRequest, ApiError> {
    let name = |name: &str| Name { name: name.into() };
    let scope = Scope {
        project: name(&sign_in.project),
    };
    let body = TokenRequest {
        auth: Auth {
            identity: Identity {
                methods: vec!["password".into()],
                password: Password {
                    user: User {
                        domain: name(&sign_in.domain),
                        name: sign_in.user.clone(),
                        password: sign_in.password.clone(),
                    },
                },
            },
            scope: Some(scope).filter(|scope| !scope.project.name.is_empty()),
        },
    };
    ApiRequest::post("/v3/auth/tokens")
        .query("nocatalog", "true")
        .json(&body)
}

/// Projects by name: how to find the id of one.
pub fn projects(name: &str) -> ApiRequest {
    ApiRequest::get("/v3/projects").query("name", name)
}

#[derive(Deserialize, Serialize)]
pub struct TokenRequest {
    pub auth: Auth,
}

#[derive(Deserialize, Serialize)]
pub struct Auth {
    pub identity: Identity,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Scope>,
}

#[derive(Deserialize, Serialize)]
pub struct Identity {
    pub methods: Vec<String>,
    pub password: Password,
}

#[derive(Deserialize, Serialize)]
pub struct Password {
    pub user: User,
}

#[derive(Deserialize, Serialize)]
pub struct User {
    pub domain: Name,
    pub name: String,
    pub password: String,
}

#[derive(Deserialize, Serialize)]
pub struct Scope {
    pub project: Name,
}

#[derive(Deserialize, Serialize)]
pub struct Name {
    #[serde(default)]
    pub name: String,
}

/// What the answer's body says about the token in its header.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Issued {
    /// Unix ms.
    pub expires_ms: Option<i64>,
    /// Of the project that the token is for.
    pub project_id: String,
}

pub fn issued(body: &[u8]) -> Result<Issued, ApiError> {
    #[derive(Deserialize)]
    struct Answer {
        token: Token,
    }
    #[derive(Deserialize)]
    struct Token {
        expires_at: Option<String>,
        project: Option<Project>,
    }
    #[derive(Deserialize)]
    struct Project {
        id: Option<String>,
    }
    let Answer { token } = json_response(body)?;
    let at = token.expires_at.unwrap_or_default();
    let project = token.project.and_then(|project| project.id);
    Ok(Issued {
        expires_ms: DateTime::parse_from_rfc3339(&at)
            .ok()
            .map(|at| at.timestamp_millis()),
        project_id: project.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_is_that_of_the_vendor() {
        let sign_in = SignIn {
            domain: "account".into(),
            user: "iam-user".into(),
            password: "pw".into(),
            project: "cn-southwest-2".into(),
        };
        let request = token(&sign_in).expect("request");
        assert_eq!(request.target(), "/v3/auth/tokens?nocatalog=true");
        let body = request.body.expect("body").bytes;
        assert_eq!(
            String::from_utf8(body).expect("text"),
            r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"domain":{"name":"account"},"name":"iam-user","password":"pw"}}},"scope":{"project":{"name":"cn-southwest-2"}}}}"#
        );
        assert!(!format!("{sign_in:?}").contains("pw"));
    }

    #[test]
    fn the_answer_tells_when_it_ends() {
        let body = br#"{"token":{"expires_at":"2026-11-24T16:00:00.123000Z",
            "methods":["password"],"project":{"id":"p","name":"n"}}}"#;
        let issued = issued(body).expect("issued");
        assert_eq!(issued.expires_ms, Some(1_795_536_000_123));
        assert_eq!(issued.project_id, "p");
    }
}
