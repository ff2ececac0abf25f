//! What a connection test found out about a system other than Timeplus, in plain words.

use weir_api::ApiError;

use super::{Auth, Connection, test_result::TestResult};
use crate::errors;

pub struct Facts<'a> {
    pub connection: &'a Connection,
    /// `https://console.example`, where this page came from.
    pub page: &'a str,
    pub credential_typed: bool,
    /// Of the system's probe.
    pub outcome: &'a Result<Vec<u8>, ApiError>,
    /// Where nothing could be read: whether something answers nevertheless.
    pub answers_unread: bool,
}

pub fn test_result(facts: &Facts) -> TestResult {
    let Facts { connection, .. } = facts;
    let (url, system) = (&connection.url, connection.system().words());
    let (works, title, detail) = match facts.outcome {
        Ok(body) if !is_json(body) => (
            false,
            format!("Wrong URL: this is not {system}"),
            format!("{url} responds, but not like {system}."),
        ),
        Ok(_) => (
            true,
            "The connection works".into(),
            format!("{system} responds at {url}."),
        ),
        Err(ApiError::Network(_)) if facts.answers_unread => (
            false,
            "The server rejects requests from this page (CORS)".into(),
            relay(connection, facts.page),
        ),
        Err(ApiError::Network(_)) => (
            false,
            "No readable response".into(),
            format!(
                "Either no server responds at {url}, or it rejects cross-origin requests. {}",
                relay(connection, facts.page)
            ),
        ),
        Err(error) if matches!(error.status(), Some(401 | 403)) => credential(facts, error),
        Err(error) => (
            false,
            match error.status() {
                Some(404) => format!("Wrong URL or ids: {system} does not know this address"),
                Some(500..) => "Server error".into(),
                _ => format!("{system} rejected the request"),
            },
            errors::words(error).sentence(),
        ),
    };
    TestResult {
        works,
        title,
        detail,
    }
}

fn credential(facts: &Facts, error: &ApiError) -> (bool, String, String) {
    match facts.connection.auth {
        Auth::Session | Auth::Iam | Auth::AzionPassword => (true, "The server responds".into(), "Sign in to use it.".into()),
        Auth::None => (
            false,
            "Sign-in required".into(),
            "The request carries no credential: configure one in the relay, or choose another sign-in.".into(),
        ),
        _ if !facts.credential_typed => (
            true,
            "The server responds".into(),
            "It needs a credential: enter one to test it as well.".into(),
        ),
        _ => (false, "Wrong credential".into(), errors::words(error).sentence()),
    }
}

/// What helps where a vendor's endpoint refuses pages.
fn relay(connection: &Connection, page: &str) -> String {
    format!(
        "{} does not accept cross-origin requests. Start weir with --config weir.toml in which [relay.NAME] has {} as upstream, open the console from it instead of {page}, and use /relay/NAME as base URL.",
        connection.system().words(),
        connection.url
    )
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

#[cfg(test)]
mod tests {
    use weir_api::System;

    use super::*;

    fn judge(auth: Auth, outcome: Result<&[u8], ApiError>, typed: bool) -> TestResult {
        let connection = Connection {
            target: System::Azion.into(),
            url: "https://api.azion.example".into(),
            auth,
            ..Connection::default()
        };
        test_result(&Facts {
            connection: &connection,
            page: "https://console.example",
            credential_typed: typed,
            outcome: &outcome.map(<[u8]>::to_vec),
            answers_unread: true,
        })
    }

    fn refused(status: u16) -> ApiError {
        System::Azion.error(status, None, b"{}")
    }

    #[test]
    fn each_mistake_has_its_own_words() {
        let title = |outcome| judge(Auth::Token, outcome, true).title;
        assert_eq!(title(Ok(b"{}")), "The connection works");
        assert!(title(Ok(b"<!doctype html>")).contains("not Azion"));
        assert_eq!(title(Err(refused(401))), "Wrong credential");
        assert!(title(Err(refused(404))).contains("Wrong URL"));
        assert!(title(Err(refused(503))).contains("Server error"));
        assert!(judge(Auth::Token, Err(refused(401)), false).works);
        assert!(!judge(Auth::None, Err(refused(401)), false).works);
    }

    #[test]
    fn a_refused_cross_origin_call_leads_to_the_relay() {
        let found = judge(Auth::Token, Err(ApiError::Network("refused".into())), true);
        assert!(found.title.contains("rejects requests"), "{found:?}");
        assert!(found.detail.contains("/relay/NAME"), "{found:?}");
        assert!(found.detail.contains("api.azion.example"), "{found:?}");
    }
}
