//! Whether anybody could get in, or everybody.

use weir_platform::auth;

use crate::{StartError, config::Config};

/// Asked before a first start makes anything: what is refused leaves nothing behind. Where there is a
/// database its own password counts, and nobody opens it before its log was looked at.
pub(crate) fn first(config: &Config) -> Result<(), StartError> {
    match config.data.join("weir.db").exists() {
        true => Ok(()),
        false => with(config, false),
    }
}

/// Asked by `weir check`, which may read what there is. What is wrong with the data is another
/// finding. A password that was taken by an earlier version is taken by this one, too.
pub(crate) fn now(config: &Config) -> Result<(), StartError> {
    let password = config.admin_password.as_deref();
    let stored = password.map(|password| auth::admin_has(&config.data, password));
    if let Some(Ok(true)) = stored {
        return Ok(());
    }
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
