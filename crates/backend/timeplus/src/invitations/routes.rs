use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::{
    Audit,
    role::Role,
    timeplus::invitation::{CreateInvitation, CreatedInvitation, Invitation, Status},
};
use weir_platform::{operations::Operations, revision::Revision};

use super::Row;
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    clock,
    error::HttpError,
    extract::{self, Name},
    random, users,
};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("invitation")
        .all_only(Revision::Y2025)
        .get("/invitations", list)
        .post("/invitations", create)
        .delete("/invitations/{id}", delete)
}

fn body(row: Row) -> Invitation {
    let owner = |name: &str| weir_api::Owner {
        id: name.into(),
        name: name.into(),
    };
    Invitation {
        expires_at: row.user.is_none().then(|| clock::text(row.expires_ms())),
        status: match row.user {
            Some(_) => Status::Accepted,
            None => Status::Pending,
        },
        audit: Audit {
            created_at: Some(clock::text(row.created_ms)),
            created_by: Some(owner(&row.created_by)),
            last_updated_at: row.accepted_ms.map(clock::text),
            last_updated_by: row.user.as_deref().map(owner),
        },
        id: row.id,
        email: row.email,
        user_id: row.user.unwrap_or_default(),
        role: Some(row.role.as_str().into()),
    }
}

async fn list(State(app): State<Services>) -> Result<Json<Vec<Invitation>>, HttpError> {
    let rows = app.invitations.rows("?1 IS NOT NULL", Vec::new()).await?;
    Ok(Json(rows.into_iter().map(body).collect()))
}

/// Answers with the link: the backend sends no mail.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreateInvitation>,
) -> Result<Response, HttpError> {
    actor.must_be_unlimited()?;
    let email = request.email.trim();
    if !email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
    {
        let words = format!("'{email}' is not an address like bob@example.com");
        return Err(HttpError::field("email", words));
    }
    let role = users::role(request.role)?.unwrap_or(Role::ReadOnly);
    let token = random::secret();
    let digest = random::digest(&token);
    let row = Row {
        id: random::uuid(),
        email: email.into(),
        role,
        user: None,
        created_ms: clock::now_ms(),
        created_by: actor.user,
        accepted_ms: None,
    };
    let stored = (
        row.id.clone(),
        digest,
        row.email.clone(),
        role.as_str(),
        row.created_ms,
        row.created_by.clone(),
    );
    app.store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO backend_invitations (id, digest, email, role, created_ms, created_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                stored,
            )?;
            Ok(())
        })
        .await?;
    let change = Change::named(&row.email);
    let answer = CreatedInvitation {
        link: format!("/invite?token={token}"),
        invitation: body(row),
    };
    Ok(change.on((StatusCode::CREATED, Json(answer)).into_response()))
}

async fn delete(State(app): State<Services>, Name(id): Name) -> Result<StatusCode, HttpError> {
    let key = id.clone();
    let deleted = app
        .store
        .write(move |tx| Ok(tx.execute("DELETE FROM backend_invitations WHERE id = ?1", [key])?))
        .await?;
    match deleted {
        0 => Err(HttpError::not_found(format!("invitation '{id}'"))),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
