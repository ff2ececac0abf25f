//! Finds out what a server can do without changing anything on it: it is asked for what only some
//! servers have. Where an answer cannot tell, what is known of the revisions decides.

use super::{by_sql, exec};
use crate::capability::{
    Capabilities,
    Capability::{
        self, Alerts, ApiKeys, Cluster, Databases, Definitions, Dictionaries, Exec, Invitations,
        Licenses, Logs, MaterializedViewControl, Pipelines, ServerLog, Subscription, ViewStats,
    },
};
use crate::{ApiError, ApiRequest};

/// What one question found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Also where the server refuses it to this user, or fails at it.
    There,
    Missing,
    /// No answer.
    Silent,
    /// An answer that asks for a credential first.
    SignedOut,
}

impl Outcome {
    pub fn of<T>(outcome: &Result<T, ApiError>) -> Self {
        match outcome {
            Ok(_) | Err(ApiError::Decode(_)) => Self::There,
            Err(ApiError::Status(error)) => match error.status {
                401 => Self::SignedOut,
                404 | 405 | 501 => Self::Missing,
                _ => Self::There,
            },
            Err(ApiError::Network(_) | ApiError::Cancelled) => Self::Silent,
        }
    }
}

/// What to ask. `exec` is asked to select a constant, the rest are lists.
pub fn questions() -> Vec<(Capability, ApiRequest)> {
    let list = |path| ApiRequest::get(path);
    let mut all = vec![
        (Alerts, list("/v1beta2/alerts")),
        (ApiKeys, list("/v1beta2/auth/api_keys")),
        (Invitations, list("/v1beta2/invitations")),
        (Subscription, list("/v1beta2/subscription")),
        (Databases, list("/v1beta2/databases")),
        (Dictionaries, list("/v1beta2/dictionaries")),
        (Cluster, list("/v1beta2/cluster")),
        (Licenses, list("/v1beta2/licenses")),
        (Pipelines, list("/v1beta2/pipelines")),
        (ServerLog, list("/v1beta2/streams/backend_log")),
    ];
    all.extend(exec::historical("SELECT 1").ok().map(|ask| (Exec, ask)));
    all
}

/// What to ask of what only SQL reaches: all of a kind. A server that knows none refuses the
/// statement.
pub fn questions_by_sql() -> impl Iterator<Item = (Capability, ApiRequest)> {
    by_sql::ALL
        .iter()
        .map(|kind| (kind.capability, kind.list()))
}

/// With what the server answered to [`questions_by_sql`]. Alerts over REST are the better ones.
pub fn with_sql<T>(
    can: Capabilities,
    answers: &[(Capability, Result<T, ApiError>)],
) -> Capabilities {
    let there = answers.iter().filter(|(_, answer)| answer.is_ok());
    let can = there.fold(can, |can, (one, _)| can.with(*one));
    match can.has(Alerts) {
        true => can.without(Capability::AlertsBySql),
        false => can,
    }
}

/// `None` where nothing answers or nobody is signed in: to be asked again. What is silent while the
/// rest answers counts as there, so that its page says what is wrong with it.
///
/// Some things have no harmless question of their own. Definitions over REST and the statistics of
/// views went together with alerts; control of materialized views came with pipelines, logs came
/// with databases. A server without `exec` must take definitions over REST.
pub fn capabilities(answers: &[(Capability, Outcome)]) -> Option<Capabilities> {
    let all_silent = answers.iter().all(|(_, found)| *found == Outcome::Silent);
    if all_silent
        || answers
            .iter()
            .any(|(_, found)| *found == Outcome::SignedOut)
    {
        return None;
    }
    let there = answers
        .iter()
        .filter(|(_, found)| *found != Outcome::Missing);
    let mut can = there.fold(Capabilities::default(), |can, (one, _)| can.with(*one));
    let implied = [
        (can.has(Alerts) || !can.has(Exec), Definitions),
        (can.has(Alerts), ViewStats),
        (can.has(Pipelines), MaterializedViewControl),
        (can.has(Databases), Logs),
    ];
    for (holds, capability) in implied {
        if holds {
            can = can.with(capability);
        }
    }
    Some(can)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16) -> Result<(), ApiError> {
        Err(ApiError::with_status(status, ""))
    }

    fn decided(missing: &[Capability]) -> Capabilities {
        let answers = questions().into_iter().map(|(one, _)| {
            let found = match missing.contains(&one) {
                true => Outcome::of(&status(404)),
                false => Outcome::of(&Ok(())),
            };
            (one, found)
        });
        capabilities(&answers.collect::<Vec<_>>()).expect("all answered")
    }

    #[test]
    fn the_embedded_backend_can_do_everything() {
        assert_eq!(decided(&[]), Capabilities::all());
    }

    #[test]
    fn servers_of_2025_have_none_of_what_came_later() {
        let newer = [Exec, Databases, Dictionaries, Cluster, Licenses, Pipelines];
        let can = decided(&newer);
        for missing in newer.into_iter().chain([MaterializedViewControl, Logs]) {
            assert!(!can.has(missing), "{missing:?}");
        }
        assert!(can.has(Definitions) && can.has(ViewStats) && can.has(ApiKeys));
    }

    #[test]
    fn servers_of_2026_take_definitions_as_sql() {
        let older = [Alerts, ApiKeys, Invitations, Subscription];
        let can = decided(&older);
        for missing in older.into_iter().chain([Definitions, ViewStats]) {
            assert!(!can.has(missing), "{missing:?}");
        }
        assert!(can.has(Exec) && can.has(Logs) && can.has(MaterializedViewControl));
    }

    /// Between them were servers with alerts and `exec`, but without sign-in by key.
    #[test]
    fn servers_of_the_time_between_have_both() {
        let can = decided(&[ApiKeys, Invitations, Subscription, Pipelines]);
        assert!(can.has(Definitions) && can.has(Exec) && can.has(Logs));
        assert!(!can.has(MaterializedViewControl) && !can.has(ApiKeys));
    }

    #[test]
    fn without_exec_definitions_go_over_rest_whatever_else_is_missing() {
        assert!(decided(&[Exec, Alerts]).has(Definitions));
    }

    #[test]
    fn a_refusal_proves_that_it_is_there() {
        assert_eq!(Outcome::of(&status(403)), Outcome::There);
        assert_eq!(Outcome::of(&status(503)), Outcome::There);
        assert_eq!(Outcome::of(&status(405)), Outcome::Missing);
        let signed_out = [(Exec, Outcome::There), (Alerts, Outcome::of(&status(401)))];
        assert_eq!(capabilities(&signed_out), None);
    }

    #[test]
    fn silence_proves_nothing() {
        let silent = Outcome::of::<()>(&Err(ApiError::Network("x".into())));
        assert_eq!(capabilities(&[(Exec, silent), (Alerts, silent)]), None);
        let one = capabilities(&[(Exec, silent), (Alerts, Outcome::Missing)]).expect("an answer");
        assert!(one.has(Exec) && !one.has(Alerts));
    }

    #[test]
    fn what_sql_does_not_know_is_not_there() {
        let refused = || Err(ApiError::with_status(400, "syntax error"));
        let asked = questions_by_sql().map(|(one, _)| match one {
            Capability::Disks | Capability::AlertsBySql => (one, Ok(())),
            other => (other, refused()),
        });
        let answers: Vec<_> = asked.collect();
        let can = with_sql(decided(&[Alerts]), &answers);
        assert!(can.has(Capability::Disks) && can.has(Capability::AlertsBySql));
        assert!(!can.has(Capability::Tasks) && can.has(Exec));
        assert!(!with_sql(decided(&[]), &answers).has(Capability::AlertsBySql));
    }

    #[test]
    fn questions_change_nothing() {
        for (_, ask) in questions().into_iter().chain(questions_by_sql()) {
            let read = ask.method == crate::Method::Get || ask.path == "/v1beta2/exec";
            assert!(read && ask.path.starts_with("/v1beta2/"), "{ask:?}");
        }
    }
}
