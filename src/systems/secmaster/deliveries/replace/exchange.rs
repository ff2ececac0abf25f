//! A delivery goes and its successor comes.

use weir_api::{
    ApiError,
    secmaster::{
        page as list_page,
        shipper::{self, Shipper, ShipperDef},
    },
};

use super::super::named;
use crate::http::{self, Endpoint};

/// How it went wrong.
#[derive(Clone)]
pub(super) enum ReplaceError {
    /// Nothing has changed.
    NotDeleted(ApiError),
    /// The old one is gone; whether it could be made again, and under which id.
    NotCreated(ApiError, Result<String, ApiError>),
}

/// The id of the new one.
pub(super) async fn replace(
    endpoint: &Endpoint,
    old: &Shipper,
    new: &ShipperDef,
) -> Result<String, ReplaceError> {
    let ids = [old.shipper_id.clone()];
    if let Err(error) = http::send(endpoint, shipper::delete(&ids)).await {
        // An answer that was lost: what counts is whether it is still there.
        let gone = matches!(error, ApiError::Network(_))
            && find(endpoint, &old.shipper_name)
                .await
                .is_ok_and(|id| id.is_none());
        if !gone {
            return Err(ReplaceError::NotDeleted(error));
        }
    }
    match create(endpoint, new).await {
        Ok(id) => Ok(id),
        Err(error) => {
            let again = create(endpoint, &old.definition()).await;
            Err(ReplaceError::NotCreated(error, again))
        }
    }
}

/// The id of what was made.
async fn create(endpoint: &Endpoint, definition: &ShipperDef) -> Result<String, ApiError> {
    let sent = http::send(endpoint, shipper::create(definition)?).await;
    if let Err(error) = sent {
        if matches!(error, ApiError::Network(_))
            && let Ok(Some(id)) = find(endpoint, &definition.shipper_name).await
        {
            return Ok(id);
        }
        return Err(error);
    }
    let id = find(endpoint, &definition.shipper_name).await?;
    Ok(id.unwrap_or_default())
}

async fn find(endpoint: &Endpoint, name: &str) -> Result<Option<String>, ApiError> {
    let body = http::send(endpoint, named(name)).await?;
    let mut all = list_page::<Shipper>(&body)?.items.into_iter();
    let found = all.find(|one| one.shipper_name == name);
    Ok(found.map(|one| one.shipper_id))
}
