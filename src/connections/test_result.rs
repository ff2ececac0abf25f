//! What a connection test found, in plain words.

use weir_api::{ApiError, timeplus::info::Info};

use super::{Auth, Connection, server, status::Server};

/// How one call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    None,
    /// 200–299 with what was expected.
    Good,
    /// Anything else. `ours` where the body has the system's error shape.
    Refused {
        status: u16,
        ours: bool,
    },
}

impl Answer {
    /// `body_fits` tells whether a successful body is what the system would send.
    pub fn of(outcome: &Result<Vec<u8>, ApiError>, body_fits: impl Fn(&[u8]) -> bool) -> Self {
        match outcome {
            Ok(body) if body_fits(body) => Self::Good,
            Ok(_) | Err(ApiError::Decode(_)) => Self::Refused {
                status: 200,
                ours: false,
            },
            Err(ApiError::Status(error)) => Self::Refused {
                status: error.status,
                ours: error.code.is_some(),
            },
            Err(ApiError::Network(_) | ApiError::Cancelled) => Self::None,
        }
    }
}

/// The version in the body of `GET /info`; none where it is not that.
pub fn version(body: &[u8]) -> Option<String> {
    let info: Info = weir_api::json_response(body).ok()?;
    let product = format!("{} {}", info.product_name, info.product_version);
    let parts = [
        product.as_str(),
        &info.neutron.version,
        &info.proton.version,
        &info.axion.version,
    ];
    let known = parts
        .into_iter()
        .map(str::trim)
        .find(|text| !text.is_empty())?;
    Some(known.to_string())
}

pub struct Facts<'a> {
    pub connection: &'a Connection,
    /// `https://console.example`, where this page came from.
    pub page: &'a str,
    pub credential_typed: bool,
    pub info: Answer,
    /// Where `info` had no answer: whether a call that reads nothing gets one.
    pub answers_unread: bool,
    pub version: Option<String>,
    /// Asked only where `info` was good or missing.
    pub workspace: Answer,
    /// Asked only where `workspace` was good.
    pub server: Option<Server>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestResult {
    pub works: bool,
    pub title: String,
    pub detail: String,
}

fn bad(title: impl Into<String>, detail: impl Into<String>) -> TestResult {
    TestResult {
        works: false,
        title: title.into(),
        detail: detail.into(),
    }
}

fn good(title: impl Into<String>, detail: impl Into<String>) -> TestResult {
    TestResult {
        works: true,
        title: title.into(),
        detail: detail.into(),
    }
}

pub fn test_result(facts: &Facts) -> TestResult {
    let connection = facts.connection;
    let url = if connection.url.is_empty() {
        facts.page
    } else {
        &connection.url
    };
    match (&facts.info, &facts.workspace) {
        (Answer::Good | Answer::Refused { status: 404, .. }, Answer::Good) => {
            good("The connection works", offers(facts))
        }
        (Answer::None, _) => no_answer(facts, url),
        (Answer::Refused { status, .. }, _) | (Answer::Good, Answer::Refused { status, .. })
            if matches!(status, 401 | 403) =>
        {
            credential(facts, *status)
        }
        (
            Answer::Refused {
                status: 404,
                ours: true,
            },
            _,
        )
        | (Answer::Good, Answer::Refused { status: 404, .. }) => bad(
            "Wrong workspace",
            format!(
                "{url} answers, but it has no workspace “{}”.",
                connection.target.workspace()
            ),
        ),
        (Answer::Refused { status, .. }, _) | (Answer::Good, Answer::Refused { status, .. })
            if *status >= 500 =>
        {
            bad(
                "Server error",
                format!(
                    "{url} responds with error {status}. The URL may be right: try again later."
                ),
            )
        }
        (Answer::Refused { .. }, _) | (Answer::Good, Answer::Refused { .. }) => bad(
            "Wrong URL: this is not a Timeplus API",
            format!(
                "{url} responds, but {}/info is not a Timeplus endpoint.",
                connection.base()
            ),
        ),
        (Answer::Good, Answer::None) => bad(
            "The connection was interrupted",
            format!("{url} responded once, then stopped. Try again."),
        ),
    }
}

/// What the server is and what it lacks.
fn offers(facts: &Facts) -> String {
    let Some(server) = &facts.server else {
        return facts.version.clone().unwrap_or_default();
    };
    let summary = server::summary(server);
    let missing = server::missing(server.can);
    if missing.is_empty() {
        return format!("{summary}.");
    }
    format!("{summary}. It has no {}.", missing.join(", no "))
}

fn no_answer(facts: &Facts, url: &str) -> TestResult {
    if facts.answers_unread {
        return bad(
            "The server rejects requests from this page (CORS)",
            format!(
                "Add {} to the allowed origins (CORS) of {url}, with the headers X-Api-Key and Authorization.",
                facts.page
            ),
        );
    }
    if facts.page.starts_with("https:") && url.starts_with("http:") {
        return bad(
            "No response",
            format!(
                "This page was loaded over https, and browsers may block its requests to {url}. Use an https URL."
            ),
        );
    }
    if url.starts_with("https:") {
        return bad(
            "No response",
            format!(
                "No server responds at {url}, or the browser does not trust its certificate: open the URL in a new tab to see. Check host, port and network."
            ),
        );
    }
    bad(
        "Wrong URL: no response",
        format!("No server responds at {url}. Check host, port and network."),
    )
}

fn credential(facts: &Facts, status: u16) -> TestResult {
    match facts.connection.auth {
        _ if status == 403 && facts.credential_typed => bad(
            "Wrong credential",
            "The server knows the credential but does not allow it to use this workspace.",
        ),
        Auth::Session => good("The server answers", "Sign in to use it."),
        Auth::None => bad(
            "Sign-in required",
            "The server asks for a credential. Choose “API key” or “User and password”.",
        ),
        _ if !facts.credential_typed => good(
            "The server answers",
            "It needs a credential: enter one to test it as well.",
        ),
        Auth::ApiKey => bad("Wrong credential", "The server rejected this API key."),
        _ => bad(
            "Wrong credential",
            "The server rejected this user and password.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connections::system::{Target, Timeplus};

    fn connection(auth: Auth) -> Connection {
        Connection {
            url: "http://tp.example:8000".into(),
            target: Target::Timeplus(Timeplus {
                workspace: "prod".into(),
                ..Timeplus::default()
            }),
            auth,
            ..Connection::default()
        }
    }

    fn judge(auth: Auth, info: Answer, workspace: Answer) -> String {
        let connection = connection(auth);
        let facts = Facts {
            connection: &connection,
            page: "http://console.example",
            credential_typed: true,
            info,
            answers_unread: false,
            version: Some("Timeplus 2.8".into()),
            workspace,
            server: None,
        };
        test_result(&facts).title
    }

    fn refused(status: u16, ours: bool) -> Answer {
        Answer::Refused { status, ours }
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        use Answer::{Good, None};
        let key = Auth::ApiKey;
        assert_eq!(judge(key, None, None), "Wrong URL: no response");
        assert_eq!(
            judge(key, refused(200, false), None),
            "Wrong URL: this is not a Timeplus API"
        );
        assert_eq!(
            judge(key, refused(404, false), None),
            "Wrong URL: this is not a Timeplus API"
        );
        assert_eq!(judge(key, refused(404, true), None), "Wrong workspace");
        assert_eq!(judge(key, Good, refused(404, true)), "Wrong workspace");
        assert_eq!(judge(key, refused(401, true), None), "Wrong credential");
        assert_eq!(judge(key, Good, refused(401, true)), "Wrong credential");
        assert_eq!(
            judge(Auth::None, refused(401, true), None),
            "Sign-in required"
        );
        assert_eq!(judge(key, refused(502, false), None), "Server error");
        assert_eq!(judge(key, Good, Good), "The connection works");
        assert_eq!(
            judge(key, refused(404, true), Good),
            "The connection works",
            "servers of 2025 have no /info"
        );
    }

    #[test]
    fn a_refused_cross_origin_call_names_the_origin_to_allow() {
        let connection = connection(Auth::None);
        let facts = Facts {
            connection: &connection,
            page: "https://console.example",
            credential_typed: false,
            info: Answer::None,
            answers_unread: true,
            version: None,
            workspace: Answer::None,
            server: None,
        };
        let found = test_result(&facts);
        assert!(
            found.title.contains("rejects requests from this page"),
            "{found:?}"
        );
        assert!(
            found.detail.contains("https://console.example"),
            "{found:?}"
        );
    }

    #[test]
    fn only_a_versions_body_is_info() {
        assert_eq!(version(b"<!doctype html>"), None);
        assert_eq!(version(b"{}"), None);
        assert_eq!(
            version(br#"{"neutron":{"version":"1.2.3"}}"#).as_deref(),
            Some("1.2.3")
        );
    }
}
