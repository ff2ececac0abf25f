//! Users.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use weir_api::{
    role::Role,
    timeplus::user::{CreateUser, UpdateUser, User},
};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name},
};
use weir_platform::operations::Operations;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("user")
        .get("/users", list)
        .post("/users", create)
        .get("/users/{name}", get)
        .patch("/users/{name}", update)
        .delete("/users/{name}", delete)
}

fn body(username: String, role: Role) -> User {
    User {
        username,
        role: role.as_str().into(),
    }
}

async fn list(State(app): State<Services>) -> Json<Vec<User>> {
    let users = app.auth.users().into_iter();
    Json(users.map(|(name, role)| body(name, role)).collect())
}

async fn get(State(app): State<Services>, Name(name): Name) -> Result<Json<User>, HttpError> {
    let role = app.auth.role(&name);
    let role = role.ok_or_else(|| HttpError::not_found(format!("user '{name}'")))?;
    Ok(Json(body(name, role)))
}

/// Without a role the user may only read.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreateUser>,
) -> Result<Response, HttpError> {
    actor.must_be_unlimited()?;
    let role = role(request.role)?.unwrap_or(Role::ReadOnly);
    let name = &request.username;
    app.auth.add_user(name, role, &request.password).await?;
    Ok(Change::named(name).on(StatusCode::CREATED.into_response()))
}

async fn update(
    State(app): State<Services>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    actor: Actor,
    headers: HeaderMap,
    Name(name): Name,
    extract::Json(change): extract::Json<UpdateUser>,
) -> Result<StatusCode, HttpError> {
    actor.must_be_unlimited()?;
    // A session that was left open is not enough to take it over.
    if change.password.is_some() && actor.has_session() && actor.user == name {
        let current = change.current_password.clone().unwrap_or_default();
        app.auth.confirm(&name, &current, remote.ip()).await?;
    }
    let (role, password) = (role(change.role)?, change.password.as_deref());
    let changed = app.auth.change_user(&name, role, password, &headers);
    changed.await?;
    Ok(StatusCode::OK)
}

async fn delete(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    app.auth.remove_user(&name).await?;
    app.queries.end_all(&name);
    Ok(StatusCode::NO_CONTENT)
}

/// The role of a request's body.
pub(super) fn role(name: Option<String>) -> Result<Option<Role>, HttpError> {
    name.map(|name| {
        Role::named(&name).ok_or_else(|| {
            let known = Role::ALL.map(Role::as_str).join(" and ");
            HttpError::field("role", format!("'{name}' is not a role; there are {known}"))
        })
    })
    .transpose()
}
