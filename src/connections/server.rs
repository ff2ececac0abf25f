//! What the server of a connection is and can do, asked once somebody is signed in.

use futures_util::future;
use leptos::{prelude::*, task::spawn_local};
use serde::de::IgnoredAny;
use weir_api::{
    ApiError, System, azion,
    capability::{Capabilities, Capability},
    timeplus::{
        info,
        probe::{self, Outcome},
    },
};

use super::{
    Connection, Connections,
    hooks::use_connection,
    status::{Access, Reach, Server},
    test_result,
};
use crate::http::{self, Endpoint};

/// Asks all questions at once. `None` where it cannot be told now.
pub async fn ask(endpoint: &Endpoint) -> Option<Server> {
    let name = async {
        let body = http::send(endpoint, info::get()).await.ok()?;
        test_result::version(&body)
    };
    let answers = probe::questions()
        .into_iter()
        .map(|(capability, request)| async move {
            let outcome = http::send(endpoint, request).await;
            (capability, Outcome::of(&outcome))
        });
    let (name, answers) = future::join(name, future::join_all(answers)).await;
    let mut server = Server {
        name: name.unwrap_or_default(),
        can: probe::capabilities(&answers)?,
    };
    // The embedded backend has none of it, and would keep each question as a failed query.
    if server.can.has(Capability::Exec) && !is_embedded(&server) {
        let answers = probe::questions_by_sql()
            .map(|(capability, ask)| async move { (capability, http::send(endpoint, ask).await) });
        let answers = future::join_all(answers).await;
        server.can = probe::with_sql(server.can, &answers);
    }
    Some(server)
}

/// Which version of Azion's API answers: `None` is 3; of version 4 what stands behind the base.
/// Accounts that were migrated have nothing else than version 4.
pub async fn ask_azion(endpoint: &Endpoint) -> Result<Option<&'static str>, ApiError> {
    let refused = match http::send(endpoint, System::Azion.probe()).await {
        Ok(body) if azion::many::<IgnoredAny>(&body).is_ok() => return Ok(None),
        Ok(_) => ApiError::Decode("this is not Azion's API".into()),
        // Nobody is there, or the credential is wrong, whatever the version.
        Err(error) if !matches!(error.status(), Some(400 | 403..=428)) => return Err(error),
        Err(error) => error,
    };
    let inside = endpoint.base.trim_end_matches('/').ends_with("/v4");
    let places: &[&'static str] = if inside { &[""] } else { &["/v4", ""] };
    for behind in places {
        let mut place = endpoint.clone();
        place.base.push_str(behind);
        place.azion_v4 = true;
        let asked = http::send(&place, System::Azion.probe()).await;
        if asked.is_ok_and(|body| azion::many::<IgnoredAny>(&body).is_ok()) {
            return Ok(Some(behind));
        }
    }
    Err(refused)
}

/// What its server can do, for pages of several connections: asked where nobody has asked yet.
pub async fn known(connections: Connections, connection: &Connection) -> Option<Server> {
    let status = connections.statuses.get_untracked(&connection.id);
    if status.server.is_some() || status.access != Access::Open {
        return status.server;
    }
    let endpoint = untrack(|| connections.endpoint(connection));
    if connection.system() == System::Timeplus {
        learn(connections, connection, &endpoint).await;
    }
    connections.statuses.get_untracked(&connection.id).server
}

async fn learn(connections: Connections, connection: &Connection, endpoint: &Endpoint) {
    if let Some(server) = ask(endpoint).await {
        connections.statuses.change(&connection.id, |status| {
            status.server = Some(server);
            status.asked = true;
        });
    }
}

/// Asks the server of the URL's connection after signing in and after a break.
pub fn keep_asking(connections: Connections) {
    let connection = use_connection();
    let due = Memo::new(move |_| {
        let connection = connection.get()?;
        if connection.system() != System::Timeplus {
            return None;
        }
        let due = connections.statuses.with(&connection.id, |status| {
            status.access == Access::Open && status.reach == Reach::Reachable && !status.asked
        });
        due.then_some(connection.id)
    });
    Effect::new(move |_| {
        let Some(connection) = due.get().and_then(|id| connections.find_untracked(&id)) else {
            return;
        };
        let endpoint = untrack(|| connections.endpoint(&connection));
        spawn_local(async move { learn(connections, &connection, &endpoint).await });
    });
}

/// How the server is spoken of, for example in a sentence that says what it lacks.
pub fn called(server: &Server) -> &str {
    match server.name.as_str() {
        "" => "This server",
        name => name,
    }
}

/// The backend that comes with this console says so.
pub fn is_embedded(server: &Server) -> bool {
    server.name.starts_with("Weir embedded backend")
}

/// One line: what the server is and how things are defined on it.
pub fn summary(server: &Server) -> String {
    let definitions = match server.can.by_sql() {
        false => "definitions over REST",
        true => "definitions by SQL",
    };
    format!("{}: {definitions}", called(server))
}

/// What some servers have and this one has not, in the navigation's words.
pub fn missing(can: Capabilities) -> Vec<&'static str> {
    Capability::ALL
        .into_iter()
        .filter(|one| !can.has(*one))
        .filter_map(|one| Some(words(one)?.0))
        .collect()
}

/// Name and, for a server without it, the reason. Definitions and `exec` are no sections: the
/// console does the same in another way.
pub fn words(capability: Capability) -> Option<(&'static str, &'static str)> {
    const SINCE: &str = "Requires Timeplus Enterprise 2.7 or later.";
    const BY_SQL: &str = "The server rejects the SQL that lists them. Requires Timeplus Enterprise 3.0 or later and permission to see them.";
    const DROPPED: &str = "Available only on servers of 2025 and Timeplus Cloud.";
    Some(match capability {
        Capability::Definitions | Capability::Exec | Capability::AzionParts => return None,
        Capability::Alerts => (
            "alerts",
            "Newer servers manage them with SQL: CREATE ALERT, SHOW ALERTS and DROP ALERT.",
        ),
        Capability::ApiKeys => (
            "API keys",
            "Newer servers support only users and passwords: see Users.",
        ),
        Capability::Invitations => ("invitations", DROPPED),
        Capability::Subscription => ("subscription", DROPPED),
        Capability::ViewStats => (
            "statistics of views",
            "Newer servers have no statistics for views and external streams.",
        ),
        Capability::MaterializedViewControl => (
            "pause and resume of materialized views",
            "Requires Timeplus Enterprise 2.9 or later.",
        ),
        Capability::Logs => ("logs of sources and sinks", SINCE),
        Capability::Databases => ("databases", SINCE),
        Capability::Dictionaries => ("dictionaries", SINCE),
        Capability::Cluster => ("cluster", SINCE),
        Capability::Licenses => ("licenses", SINCE),
        Capability::Pipelines => ("pipelines", "Requires Timeplus Enterprise 2.9 or later."),
        Capability::ServerLog => (
            "the server's own log",
            "Only the embedded backend keeps its log as a stream.",
        ),
        Capability::Tasks => ("tasks", BY_SQL),
        Capability::AlertsBySql => ("alerts by SQL", BY_SQL),
        Capability::RandomStreams => ("random streams", BY_SQL),
        Capability::ScheduledViews => ("scheduled views", BY_SQL),
        Capability::NamedCollections => ("named collections", BY_SQL),
        Capability::Disks => ("disks", BY_SQL),
        Capability::StoragePolicies => ("storage policies", BY_SQL),
        Capability::AccessRoles => ("roles by SQL", BY_SQL),
        Capability::Grants => ("grants", BY_SQL),
        Capability::RowPolicies => ("row policies", BY_SQL),
        Capability::Quotas => ("quotas", BY_SQL),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_summed_up() {
        let can = Capabilities::all()
            .without(Capability::Definitions)
            .without(Capability::Alerts);
        let server = Server {
            name: "Timeplus Enterprise 2.9.0".into(),
            can,
        };
        assert_eq!(
            summary(&server),
            "Timeplus Enterprise 2.9.0: definitions by SQL"
        );
        assert_eq!(missing(can), ["alerts"]);
        assert!(missing(Capabilities::all()).is_empty());
    }
}
