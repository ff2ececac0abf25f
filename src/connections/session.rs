//! Signing in to a connection and out of it.

use std::time::Duration;

use leptos::prelude::window_event_listener;
use weir_api::{
    ApiError, System,
    auth::Credential,
    azion::token,
    role::Role,
    secmaster::iam,
    session::{self, Session, SignedOut},
    timeplus::user::{self, User},
};

use super::{
    Auth, Connection, Connections,
    backend::backend,
    credential::credential,
    elsewhere, keep,
    server::ask_azion,
    status::Access,
    system::{Given, Target},
    vault,
};
use crate::http::{self, Endpoint};

/// Finds out whether pages of the connection can be shown; cheap where that is known already.
pub async fn enter(connections: Connections, connection: Connection) {
    let id = connection.id.clone();
    let statuses = connections.statuses;
    if statuses.get_untracked(&id).access != Access::Unknown {
        return;
    }
    if leptos::prelude::untrack(|| connections.needs_credential(&connection)) {
        let kept = vault::recall(&connection).await;
        if !super::expiry::has_ended(&kept) {
            connections.set_credential(&id, kept);
        }
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
                learn_version(connections, &connection).await;
                let who = answer.and_then(|body| weir_api::json_response::<Session>(&body));
                let who = who.ok();
                if let Some(who) = &who
                    && keep::take_signing_in(&id)
                {
                    elsewhere::tell(&connection, Some(&who.user));
                }
                statuses.change(&id, |status| status.open_session(who));
            }
        }
    } else {
        let user = match leptos::prelude::untrack(|| connections.credential(&id)) {
            Credential::Basic { user, .. } => Some(user),
            _ => None,
        };
        learn_version(connections, &connection).await;
        statuses.change(&id, |status| status.open(user));
        learn_role(connections, &connection).await;
    }
}

/// Which version of its API Azion has here, before any page asks for something.
async fn learn_version(connections: Connections, connection: &Connection) {
    if connection.system() != System::Azion {
        return;
    }
    let credential = leptos::prelude::untrack(|| connections.credential(&connection.id));
    // Where it cannot be told now, pages show why.
    if let Ok(version) = ask_azion(&connection.endpoint(credential)).await {
        let statuses = connections.statuses;
        statuses.change(&connection.id, |status| status.azion_v4 = version);
    }
}

/// What the person signed in by HTTP Basic may do. Where the server does not say, everything is
/// tried.
async fn learn_role(connections: Connections, connection: &Connection) {
    let id = connection.id.clone();
    let credential = leptos::prelude::untrack(|| connections.credential(&id));
    let Credential::Basic { user: name, .. } = &credential else {
        return;
    };
    let (name, endpoint) = (name.clone(), connection.endpoint(credential));
    if let Ok(body) = http::send(&endpoint, user::CRUD.get(&name)).await
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
    given: Given,
    keep: bool,
) -> Result<(), ApiError> {
    let (credential, user, role) = if connection.auth == Auth::Session {
        let session = by_session(connection, given).await?;
        (Credential::None, Some(session.user), session.role)
    } else {
        let credential = match connection.auth {
            Auth::Iam => by_iam(connection, given).await?,
            Auth::AzionPassword => by_azion(connection, given).await?,
            auth => {
                let credential = credential(connection.system(), auth, given);
                super::expiry::at_most_a_day(credential.unwrap_or(Credential::None))
            }
        };
        check(connection, &credential).await?;
        let user = match &credential {
            Credential::Basic { user, .. } => Some(user.clone()),
            _ => None,
        };
        (credential, user, None)
    };
    if keep {
        vault::keep(connection, &credential).await;
    }
    connections.set_credential(&connection.id, credential);
    elsewhere::tell(connection, user.as_deref());
    learn_version(connections, connection).await;
    connections.statuses.change(&connection.id, |status| {
        status.open(user);
        status.role = role.as_deref().and_then(Role::named);
    });
    learn_role(connections, connection).await;
    Ok(())
}

async fn by_session(connection: &Connection, given: Given) -> Result<Session, ApiError> {
    let request = session::sign_in(&session::SignIn {
        user: given.user,
        password: given.secret,
    })?;
    let body = http::send(&backend(connection), request).await?;
    weir_api::json_response(&body)
}

/// The token stands in a header of the answer.
async fn by_iam(connection: &Connection, given: Given) -> Result<Credential, ApiError> {
    let Target::SecMaster(target) = &connection.target else {
        return Err(ApiError::Decode("only SecMaster has IAM".into()));
    };
    let sign_in = iam::SignIn {
        domain: given.more,
        user: given.user,
        password: given.secret,
        project: target.region.clone(),
    };
    let iam_url = match target.iam_url.as_str() {
        "" => &connection.url,
        url => url,
    };
    let endpoint = Endpoint {
        base: iam_url.into(),
        signed_base: None,
        look_only: false,
        ..connection.endpoint(Credential::None)
    };
    let request = iam::token(&sign_in)?;
    let (token, body) = http::send_for_header(&endpoint, request, iam::TOKEN_HEADER).await?;
    let token = token.ok_or_else(|| {
        ApiError::Decode(format!(
            "IAM responded, but the page cannot read {}: expose it in the relay",
            iam::TOKEN_HEADER
        ))
    })?;
    let expires_ms = iam::issued(&body)?.expires_ms;
    let credential = Credential::HuaweiToken { token, expires_ms };
    Ok(super::expiry::at_most_a_day(credential))
}

/// The password goes once, for a token.
async fn by_azion(connection: &Connection, given: Given) -> Result<Credential, ApiError> {
    let endpoint = connection.endpoint(Credential::Basic {
        user: given.user,
        password: given.secret,
    });
    let body = http::send(&endpoint, token::create()).await?;
    let token::Token { token, expires_ms } = token::created(&body)?;
    Ok(Credential::AzionSession { token, expires_ms })
}

async fn check(connection: &Connection, credential: &Credential) -> Result<(), ApiError> {
    let endpoint = connection.endpoint(credential.clone());
    if connection.system() == System::Azion {
        return ask_azion(&endpoint).await.map(|_| ());
    }
    let probe = connection.system().probe();
    http::send(&endpoint, probe).await.map(|_| ())
}

/// What other tabs get to end their queries before somebody is signed out.
const OTHERS_END: Duration = Duration::from_millis(200);

/// Ends all sessions of the person, this one too; nothing changes where that fails.
pub async fn sign_out_everywhere(
    connections: Connections,
    connection: &Connection,
) -> Result<Option<String>, ApiError> {
    let body = http::send(&backend(connection), session::end_all()).await?;
    forget(connections, connection).await;
    Ok(continue_at(&body))
}

/// The credential is gone from this page even where the server cannot be told. The answer is where
/// to go to sign out of the provider, too, that signed somebody in.
pub async fn sign_out(
    connections: Connections,
    connection: &Connection,
) -> Result<Option<String>, ApiError> {
    let told = if connection.auth == Auth::Session {
        // Who leaves the page at once is signed out, too.
        let at = backend(connection);
        let leaving = window_event_listener(leptos::ev::pagehide, move |_| {
            http::send_when_leaving(&at, session::sign_out());
        });
        // Other tabs end what they read while the cookie still lets them.
        elsewhere::tell(connection, None);
        http::pause(OTHERS_END).await;
        let outcome = http::send(&backend(connection), session::sign_out()).await;
        leaving.remove();
        outcome.map(|body| continue_at(&body))
    } else {
        Ok(None)
    };
    forget(connections, connection).await;
    told
}

fn continue_at(body: &[u8]) -> Option<String> {
    let answer = weir_api::json_response::<SignedOut>(body).ok()?;
    let web = ["https://", "http://"];
    Some(answer.continue_at).filter(|to| web.iter().any(|scheme| to.starts_with(scheme)))
}

/// To the provider's own page.
pub fn leave_to(address: Option<String>) {
    if let Some(address) = address
        && let Err(error) = leptos::prelude::window().location().set_href(&address)
    {
        leptos::logging::error!("{error:?}");
    }
}

async fn forget(connections: Connections, connection: &Connection) {
    vault::forget(&connection.id).await;
    keep::forget_statements(&connection.id);
    elsewhere::tell(connection, None);
    connections.set_credential(&connection.id, Credential::None);
    connections
        .statuses
        .change(&connection.id, |status| status.close());
}
