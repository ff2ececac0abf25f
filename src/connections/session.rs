//! Signing in to a connection and out of it.

use weir_api::{
    ApiError,
    auth::Credential,
    session,
    timeplus::{
        role::Role,
        user::{self, User},
        workspace,
    },
};

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
                let (user, role) = who.map_or((None, None), |who| (Some(who.user), who.role));
                statuses.change(&id, |status| {
                    status.open(user);
                    status.role = role.as_deref().and_then(Role::named);
                });
            }
        }
    } else {
        let user = match leptos::prelude::untrack(|| connections.credential(&id)) {
            Credential::Basic { user, .. } => Some(user),
            _ => None,
        };
        statuses.change(&id, |status| status.open(user));
        learn_role(connections, &connection).await;
    }
}

/// What the person signed in by HTTP Basic may do. Where the server does not say, everything is
/// tried.
async fn learn_role(connections: Connections, connection: &Connection) {
    let (id, base) = (connection.id.clone(), connection.base());
    let credential = leptos::prelude::untrack(|| connections.credential(&id));
    let Credential::Basic { user: name, .. } = &credential else {
        return;
    };
    let (name, endpoint) = (name.clone(), Endpoint { base, credential });
    if let Ok(body) = http::send(&endpoint, user::get(&name)).await
        && let Ok(user) = weir_api::json_response::<User>(&body)
    {
        connections.statuses.change(&id, |status| {
            if status.user.as_ref() == Some(&name) {
                status.role = Role::named(&user.role);
            }
        });
    }
}

/// Proves who is calling; the connection's pages open when that succeeds.
pub async fn sign_in(
    connections: Connections,
    connection: &Connection,
    proof: Proof,
    keep: bool,
) -> Result<(), ApiError> {
    let (credential, user, role) = match proof {
        Proof::Password { user, password } if connection.auth == Auth::Session => {
            let session = by_session(connection, user, password).await?;
            (Credential::None, Some(session.user), session.role)
        }
        Proof::Password { user, password } => {
            let credential = Credential::Basic {
                user: user.clone(),
                password,
            };
            check(connection, &credential).await?;
            (credential, Some(user), None)
        }
        Proof::ApiKey(key) => {
            let credential = Credential::ApiKey(key);
            check(connection, &credential).await?;
            (credential, None, None)
        }
    };
    if keep {
        vault::keep(connection, &credential).await;
    }
    connections.set_credential(&connection.id, credential);
    connections.statuses.change(&connection.id, |status| {
        status.open(user);
        status.role = role.as_deref().and_then(Role::named);
    });
    learn_role(connections, connection).await;
    Ok(())
}

async fn by_session(
    connection: &Connection,
    user: String,
    password: String,
) -> Result<session::Session, ApiError> {
    let request = session::sign_in(&session::SignIn { user, password })?;
    let body = http::send(&backend(connection), request).await?;
    weir_api::json_response(&body)
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
