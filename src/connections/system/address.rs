//! Addresses that can be called from this page.

use super::super::Auth;
use crate::text;

pub(super) fn check_url(url: &str, auth: Auth, page: &str) -> Result<(), &'static str> {
    if auth == Auth::Session {
        let own = url.strip_prefix(page).unwrap_or(url);
        return if own.is_empty() || own.starts_with('/') && !own.starts_with("//") {
            Ok(())
        } else {
            Err(
                "A session works only with the backend that serves this console: leave this empty, enter a path of it such as /relay/prod, or sign in with an API key.",
            )
        };
    }
    if url.is_empty() {
        return Err("Enter the URL, for example https://timeplus.example:8000.");
    }
    let path = check_address(url)?;
    if path
        .split('/')
        .any(|part| part == "v1beta2" || part == "api")
    {
        return Err("Enter the URL without the workspace and “/api”.");
    }
    Ok(())
}

/// Of the other systems: an endpoint, or a path of the backend this console came from.
pub fn check_vendor_url(url: &str, auth: Auth, page: &str) -> Result<(), &'static str> {
    let own = url.strip_prefix(page).unwrap_or(url);
    if own.starts_with('/') && !own.starts_with("//") {
        return Ok(());
    }
    if auth == Auth::Session {
        return Err(
            "A session works only with the backend that serves this console: enter one of its paths, for example /azion.",
        );
    }
    if url.is_empty() {
        return Err(
            "Enter the vendor endpoint, or a path of this console's backend such as /relay/azion.",
        );
    }
    check_address(url).map(|_| ())
}

/// The path after the host.
fn check_address(url: &str) -> Result<&str, &'static str> {
    if text::unseen(url).is_some() {
        return Err("Contains an invisible character. Type the address.");
    }
    let Some(rest) = url.strip_prefix("https://").or(url.strip_prefix("http://")) else {
        return Err("Start with http:// or https:// in lower case.");
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || host.contains(char::is_whitespace) {
        Err("The host is missing.")
    } else if host.contains('@') {
        Err("Remove user and password from the URL.")
    } else if rest.contains(['?', '#']) {
        Err("Remove everything from “?” or “#”.")
    } else {
        Ok(path)
    }
}
