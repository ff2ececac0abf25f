//! Signing in to a connection and out of it.

use weir_api::{ApiError, auth::Credential, session, timeplus::workspace};

use super::{Auth, Connection, Connections, status::Access, vault};
use crate::http::{self, Endpoint};

/// What a person typed to sign in.
#[derive(Clone, PartialEq, Eq)]
pub enum Proof {
    ApiKey(String),
    Password { user: String, password: String },
}

fn backend(connection: &Connection) -> Endpoint {
    Endpoint {
        base: session::base(&connection.url),
        credential: Credential::None,
    }
}

/// Finds out whether pages of the connection can be shown; cheap where that is known already.
pub async fn enter(connections: Connections, connection: Connection) {
    let id = connection.id.clone();
    let statuses = connections.statuses;
    if statuses.get_untracked(&id).access != Access::Unknown {
        return;
    }
    if leptos::prelude::untrack(|| connections.needs_credential(&connection)) {
        connections.set_credential(&id, vault::recall(&connection).await);
    }
    if leptos::prelude::untrack(|| connections.needs_credential(&connection)) {
        statuses.change(&id, |status| status.access = Access::SignedOut);
    } else if connection.auth == Auth::Session {
        match http::send(&backend(&connection), session::get()).await {
            Err(ApiError::Status(error)) if error.status == 401 => {
                statuses.change(&id, |status| status.access = Access::SignedOut);
            }
            // Pages say themselves what is wrong with a server that answers something else.
            answer => {
                let who =
                    answer.and_then(|body| weir_api::json_response::<session::Session>(&body));
                statuses.change(&id, |status| {
                    status.open(who.ok().map(|session| session.user))
                });
            }
        }
    } else {
        let user = match leptos::prelude::untrack(|| connections.credential(&id)) {
            Credential::Basic { user, .. } => Some(user),
            _ => None,
        };
        statuses.change(&id, |status| status.open(user));
    }
}

/// Proves who is calling; the connection's pages open when that succeeds.
pub async fn sign_in(
    connections: Connections,
    connection: &Connection,
    proof: Proof,
    keep: bool,
) -> Result<(), ApiError> {
    let (credential, user) = match proof {
        Proof::Password { user, password } if connection.auth == Auth::Session => {
            let user = by_session(connection, user, password).await?;
            (Credential::None, Some(user))
        }
        Proof::Password { user, password } => {
            let credential = Credential::Basic {
                user: user.clone(),
                password,
            };
            check(connection, &credential).await?;
            (credential, Some(user))
        }
        Proof::ApiKey(key) => {
            let credential = Credential::ApiKey(key);
            check(connection, &credential).await?;
            (credential, None)
        }
    };
    if keep {
        vault::keep(connection, &credential).await;
    }
    connections.set_credential(&connection.id, credential);
    connections
        .statuses
        .change(&connection.id, |status| status.open(user));
    Ok(())
}

async fn by_session(
    connection: &Connection,
    user: String,
    password: String,
) -> Result<String, ApiError> {
    let request = session::sign_in(&session::SignIn { user, password })?;
    let body = http::send(&backend(connection), request).await?;
    Ok(weir_api::json_response::<session::Session>(&body)?.user)
}

/// The workspace is what any credential of it may read.
async fn check(connection: &Connection, credential: &Credential) -> Result<(), ApiError> {
    let endpoint = Endpoint {
        base: connection.base(),
        credential: credential.clone(),
    };
    http::send(&endpoint, workspace::get()).await.map(|_| ())
}

/// The credential is gone from this page even where the server cannot be told.
pub async fn sign_out(connections: Connections, connection: &Connection) -> Result<(), ApiError> {
    let told = if connection.auth == Auth::Session {
        let outcome = http::send(&backend(connection), session::sign_out()).await;
        outcome.map(|_| ())
    } else {
        Ok(())
    };
    vault::forget(&connection.id).await;
    connections.set_credential(&connection.id, Credential::None);
    connections
        .statuses
        .change(&connection.id, |status| status.close());
    told
}
