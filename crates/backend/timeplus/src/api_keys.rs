use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::DateTime;
use weir_api::{
    Owner,
    role::Role,
    timeplus::api_key::{ApiKey, CreateApiKey, CreatedApiKey},
};

use crate::{
    Services,
    audit::Change,
    auth::{
        Actor,
        keys::{self, Key},
        permission::Permissions,
    },
    clock,
    error::HttpError,
    extract::{self, Name},
};
use weir_platform::{operations::Operations, revision::Revision};

fn body(key: Key) -> ApiKey {
    ApiKey {
        id: key.id,
        name: key.name,
        created_at: key.created_ms / 1000,
        created_by: Owner {
            id: key.user.clone(),
            name: key.user,
        },
        expire_at: key.expires_ms.map(|ms| ms / 1000),
        permissions: key.permissions.into_texts(),
    }
}

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("api_key")
        .all_only(Revision::Y2025)
        .get("/auth/api_keys", list)
        .post("/auth/api_keys", create)
        .delete("/auth/api_keys/{id}", delete)
}

/// Those of everybody for an admin, their own for others.
pub(crate) async fn list(State(app): State<Services>, actor: Actor) -> Json<Vec<ApiKey>> {
    let keys = app.auth.keys.list().into_iter();
    let seen = keys.filter(|key| actor.role == Role::Admin || key.user == actor.user);
    Json(seen.map(body).collect())
}

pub(crate) async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreateApiKey>,
) -> Result<Response, HttpError> {
    actor.must_be_user("an API key")?;
    let expires_ms = expiry(&request, clock::now_ms())?;
    if request.permissions.as_ref().is_some_and(Vec::is_empty) {
        let words = "is empty: omit it for a key with all permissions of its user";
        return Err(HttpError::field("permissions", words));
    }
    let permissions = Permissions::parse(request.permissions.unwrap_or_default())
        .map_err(|(index, words)| HttpError::field(format!("permissions[{index}]"), words))?;
    actor.must_cover(&permissions)?;
    let name = request.name.trim();
    if name.chars().count() > keys::NAME {
        let words = format!("at most {} characters", keys::NAME);
        return Err(HttpError::field("name", words));
    }
    app.auth.keys.may_have_more(&actor.user)?;
    let created = app
        .auth
        .keys
        .create(name, &actor.user, expires_ms, permissions);
    let (secret, key) = created.await?;
    let change = Change::named(&key.name);
    let answer = CreatedApiKey {
        api_key: secret,
        key: body(key),
    };
    Ok(change.on((StatusCode::CREATED, Json(answer)).into_response()))
}

pub(crate) async fn delete(
    State(app): State<Services>,
    Name(id): Name,
) -> Result<StatusCode, HttpError> {
    match app.auth.keys.delete(&id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(HttpError::not_found(format!("API key '{id}'"))),
    }
}

fn expiry(request: &CreateApiKey, now_ms: i64) -> Result<Option<i64>, HttpError> {
    let empty_is_absent = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    match (
        empty_is_absent(&request.expire_in),
        empty_is_absent(&request.expire_at),
    ) {
        (None, None) => Ok(None),
        (Some(_), Some(_)) => Err(HttpError::field(
            "expire_in",
            "cannot be used together with expire_at",
        )),
        (Some(text), None) => duration_ms(&text)
            .and_then(|ms| now_ms.checked_add(ms))
            .map(Some)
            .ok_or_else(|| {
                let words = format!("'{text}' is not a duration like 24h, 90m or 1h30m");
                HttpError::field("expire_in", words)
            }),
        (None, Some(text)) => {
            let at = DateTime::parse_from_rfc3339(&text).map_err(|_| {
                let words = format!("'{text}' is not a time like 2030-01-31T12:00:00Z");
                HttpError::field("expire_at", words)
            })?;
            match at.timestamp_millis() {
                past if past <= now_ms => Err(HttpError::field("expire_at", "is in the past")),
                future => Ok(Some(future)),
            }
        }
    }
}

/// `1h30m`, `24h`, `45s`; also days, which scripts like to use.
fn duration_ms(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text.trim();
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(rest.len());
        let unit = match &rest[..letters] {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = &rest[letters..];
    }
    (total > 0).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_scripts_write_them() {
        for (text, ms) in [
            ("24h", Some(86_400_000)),
            ("1h30m", Some(5_400_000)),
            ("7d", Some(604_800_000)),
            ("500ms", Some(500)),
            ("", None),
            ("h", None),
            ("10", None),
            ("10 h", None),
            ("0h", None),
            ("-1h", None),
            ("99999999999999999999h", None),
            ("9223372036854775807h", None),
        ] {
            assert_eq!(duration_ms(text), ms, "{text}");
        }
    }
}
