//! Invitations: a link with which somebody becomes a user, once, choosing name and password.

mod page;

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
use weir_store::{Store, StoreError};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    clock,
    error::Failure,
    extract::{self, Name},
    random,
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) use page::{accept, show};

const LIFE_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// In the database; asked for rarely.
pub(crate) struct Invitations {
    store: Store,
    /// Held while one is accepted: a link works once.
    accepting: tokio::sync::Mutex<()>,
}

/// The columns of the table, in order.
struct Row {
    id: String,
    email: String,
    role: Role,
    user: Option<String>,
    created_ms: i64,
    created_by: String,
    accepted_ms: Option<i64>,
}

impl Row {
    fn expires_ms(&self) -> i64 {
        self.created_ms + LIFE_MS
    }

    fn is_open(&self) -> bool {
        self.user.is_none() && self.expires_ms() > clock::now_ms()
    }
}

const COLUMNS: &str = "id, email, role, user, created_ms, created_by, accepted_ms";

impl Invitations {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        store
            .write(|tx| {
                Ok(tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_invitations (
                         id TEXT PRIMARY KEY, digest BLOB NOT NULL UNIQUE, email TEXT NOT NULL,
                         role TEXT NOT NULL, user TEXT, created_ms INTEGER NOT NULL,
                         created_by TEXT NOT NULL, accepted_ms INTEGER
                     ) STRICT",
                )?)
            })
            .await?;
        Ok(Self {
            store: store.clone(),
            accepting: tokio::sync::Mutex::default(),
        })
    }

    async fn rows(&self, condition: &'static str, value: Vec<u8>) -> Result<Vec<Row>, StoreError> {
        self.store
            .write(move |tx| {
                let sql = format!(
                    "SELECT {COLUMNS} FROM backend_invitations WHERE {condition}
                     ORDER BY created_ms, id"
                );
                let mut select = tx.prepare(&sql)?;
                let rows = select.query_map([value], |row| {
                    let role: String = row.get(2)?;
                    Ok(Row {
                        id: row.get(0)?,
                        email: row.get(1)?,
                        role: Role::named(&role).unwrap_or(Role::ReadOnly),
                        user: row.get(3)?,
                        created_ms: row.get(4)?,
                        created_by: row.get(5)?,
                        accepted_ms: row.get(6)?,
                    })
                })?;
                Ok(rows.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// The one whose link has this token and still works.
    async fn open(&self, token: &str) -> Result<Option<Row>, StoreError> {
        let digest = random::digest(token).to_vec();
        let found = self.rows("digest = ?1", digest).await?;
        Ok(found.into_iter().find(Row::is_open))
    }

    async fn accepted(&self, id: String, user: String) -> Result<(), StoreError> {
        let now = clock::now_ms();
        self.store
            .write(move |tx| {
                tx.execute(
                    "UPDATE backend_invitations SET user = ?2, accepted_ms = ?3 WHERE id = ?1",
                    (id, user, now),
                )?;
                Ok(())
            })
            .await
    }
}

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

async fn list(State(app): State<Services>) -> Result<Json<Vec<Invitation>>, Failure> {
    let rows = app.invitations.rows("?1 IS NOT NULL", Vec::new()).await?;
    Ok(Json(rows.into_iter().map(body).collect()))
}

/// Answers with the link: the backend sends no mail.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreateInvitation>,
) -> Result<Response, Failure> {
    actor.must_be_unlimited()?;
    let email = request.email.trim();
    if !email
        .split_once('@')
        .is_some_and(|(name, host)| !name.is_empty() && !host.is_empty())
    {
        let words = format!("'{email}' is not an address like bob@example.com");
        return Err(Failure::field("email", words));
    }
    let role = super::users::role(request.role)?.unwrap_or(Role::ReadOnly);
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
    let change = Change::made("create", "invitation", &row.email);
    let answer = CreatedInvitation {
        link: format!("/invite?token={token}"),
        invitation: body(row),
    };
    Ok(change.on((StatusCode::CREATED, Json(answer)).into_response()))
}

async fn delete(State(app): State<Services>, Name(id): Name) -> Result<StatusCode, Failure> {
    let key = id.clone();
    let deleted = app
        .store
        .write(move |tx| Ok(tx.execute("DELETE FROM backend_invitations WHERE id = ?1", [key])?))
        .await?;
    match deleted {
        0 => Err(Failure::not_found(format!("invitation '{id}'"))),
        _ => Ok(StatusCode::NO_CONTENT),
    }
}
