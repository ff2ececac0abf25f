//! Whether anybody could get in, or everybody.

use weir_platform::auth;
use weir_store::database_version;

use crate::{StartError, config::Config};

/// Asked before a first start makes anything: what is refused leaves nothing behind.
pub(crate) fn first(config: &Config) -> Result<(), StartError> {
    match database_version(&config.data) {
        Ok(None) => with(config, false),
        // Its own password counts, which is known when it is open.
        _ => Ok(()),
    }
}

/// Asked by `weir check`, which may read what there is. What is wrong with the data is another
/// finding.
pub(crate) fn now(config: &Config) -> Result<(), StartError> {
    with(config, auth::has_password(&config.data).unwrap_or(true))
}

/// A backend that other machines reach has a password, and no password is one that is guessed first.
fn with(config: &Config, known: bool) -> Result<(), StartError> {
    match &config.admin_password {
        Some(password) => auth::check_admin_password(password).map_err(StartError::Auth),
        None if !known && !config.listen.ip().is_loopback() => {
            Err(StartError::NeedsPassword(config.listen))
        }
        None => Ok(()),
    }
}
