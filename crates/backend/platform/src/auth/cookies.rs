//! Cookies that browsers send, and over which connection.
//!
//! A browser keeps cookies by host, not by port, and sends those of any page on the host: of
//! another Weir, or of somebody who wants to be taken for this one.

use axum::http::{HeaderMap, header};

use crate::random;

/// Sign-ins that a browser may have begun when it begins another.
const KEPT_AWAY: usize = 2;

/// Whether the browser's own connection is one of TLS: this backend's, or that of a proxy.
pub(super) fn is_secure(headers: &HeaderMap) -> bool {
    let proto = headers.get("x-forwarded-proto");
    proto.is_some_and(|proto| proto.as_bytes().eq_ignore_ascii_case(b"https"))
}

/// Names of this backend's cookies, which no other backend on the same host has.
#[derive(Debug, Clone)]
pub(super) struct Names {
    instance: String,
}

impl Names {
    /// `master` is a secret of this backend's data, so that its names stay.
    pub(super) fn new(master: &[u8; 64]) -> Self {
        let told = random::derived_secret(master, "names of cookies");
        let plain = told.chars().filter(char::is_ascii_alphanumeric);
        Self {
            instance: plain.take(8).collect(),
        }
    }

    pub(super) fn session(&self, headers: &HeaderMap) -> String {
        format!("{}weir_session_{}", prefix(headers), self.instance)
    }

    /// Of a browser that is at a provider, one for each sign-in that it began.
    pub(super) fn away(&self, state: &str, headers: &HeaderMap) -> String {
        let plain = state.chars().filter(char::is_ascii_alphanumeric);
        let which: String = plain.take(8).collect();
        format!("{}{which}", self.all_away(headers))
    }

    fn all_away(&self, headers: &HeaderMap) -> String {
        format!("{}weir_oidc_{}_", prefix(headers), self.instance)
    }

    /// The names of sign-ins that the browser began before, without the newest: whoever makes it
    /// begin many would fill its requests with cookies.
    pub(super) fn stale(&self, headers: &HeaderMap) -> Vec<String> {
        let all = self.all_away(headers);
        let lines = headers.get_all(header::COOKIE).iter();
        // Browsers send the oldest first.
        let mut names: Vec<String> = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(name, _)| name.starts_with(&all))
            .map(|(name, _)| name.to_string())
            .collect();
        names.truncate(names.len().saturating_sub(KEPT_AWAY));
        names
    }
}

/// Browsers take a name with this prefix only over TLS and for all paths, so that nobody can set it
/// from a connection in clear or from another host of the domain.
fn prefix(headers: &HeaderMap) -> &'static str {
    if is_secure(headers) { "__Host-" } else { "" }
}

/// Values of the cookies of this name. Browsers send those of longer paths first, so those of
/// whoever sets them for a part of the addresses here; ours are for all, and come first here.
pub(super) fn cookies<'a>(headers: &'a HeaderMap, wanted: &str) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(header::COOKIE).iter();
    let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    lines
        .into_iter()
        .rev()
        .flat_map(|line| line.rsplit(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(move |(name, _)| *name == wanted)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_of_a_name_are_found_among_others() {
        let mut headers = HeaderMap::new();
        let found = |headers: &HeaderMap| {
            let found = cookies(headers, "weir_session");
            found.map(str::to_string).collect::<Vec<_>>()
        };
        let value = "theme=dark; weir_session=abc; x_weir_session=no";
        headers.insert(header::COOKIE, value.parse().expect("value"));
        assert_eq!(found(&headers), ["abc"]);
        headers.append(
            header::COOKIE,
            "weir_session=1;weir_session=2".parse().expect("value"),
        );
        assert_eq!(found(&headers), ["2", "1", "abc"]);
        headers.insert(header::COOKIE, "weir_sessions=abc".parse().expect("value"));
        assert!(found(&headers).is_empty());
    }

    #[test]
    fn each_backend_has_names_of_its_own_and_keeps_them() {
        let of = |master: u8| Names::new(&[master; 64]);
        let clear = HeaderMap::new();
        assert_eq!(of(1).session(&clear), of(1).session(&clear));
        assert_ne!(of(1).session(&clear), of(2).session(&clear));
        let away = |master: u8, state: &str| of(master).away(state, &clear);
        assert_ne!(away(1, "state"), away(2, "state"));
        assert_ne!(away(1, "state"), away(1, "other"));
        assert!(!away(1, "; Path=/ x=").contains([';', '=', ' ', '/']));
        let mut secure = HeaderMap::new();
        secure.insert("x-forwarded-proto", "https".parse().expect("value"));
        assert!(of(1).session(&secure).starts_with("__Host-weir_session_"));
        assert!(of(1).away("s", &secure).starts_with("__Host-weir_oidc_"));
    }

    #[test]
    fn only_the_newest_sign_ins_are_kept() {
        let names = Names::new(&[1; 64]);
        let mut headers = HeaderMap::new();
        assert!(names.stale(&headers).is_empty());
        let all = ["a", "b", "c", "d"].map(|state| names.away(state, &headers));
        let other = Names::new(&[2; 64]).away("e", &headers);
        let cookies = format!(
            "{}=1; {}=2; {other}=3; {}=4; {}=5",
            all[0], all[1], all[2], all[3]
        );
        headers.insert(header::COOKIE, cookies.parse().expect("value"));
        assert_eq!(names.stale(&headers), all[..2]);
    }
}
