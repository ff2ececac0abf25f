//! Which hosts the backend connects to for sources, sinks, alerts, external systems and functions,
//! where the settings name them. Upstreams of the relay are in the settings by themselves.
//!
//! The name or number that a person entered is compared, not what a name leads to.

use std::sync::OnceLock;

static ALLOWED: OnceLock<Hosts> = OnceLock::new();

/// `[outbound] hosts` of the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosts(Vec<Pattern>);

/// `host`, `host:port`, `*.domain`, `[::1]:port`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Pattern {
    /// Lower case, without brackets and without a dot at the end.
    host: String,
    /// `host` is a domain, and what is below it is meant.
    below: bool,
    /// None: every port.
    port: Option<u16>,
}

impl Hosts {
    pub fn parse(texts: &[String]) -> Result<Self, String> {
        let patterns = texts.iter().map(|text| pattern(text));
        Ok(Self(patterns.collect::<Result<_, _>>()?))
    }

    pub fn allows(&self, host: &str, port: u16) -> bool {
        let host = plain(host);
        self.0.iter().any(|pattern| {
            let fits = match pattern.below {
                true => host
                    .strip_suffix(&pattern.host)
                    .is_some_and(|below| below.len() > 1 && below.ends_with('.')),
                false => host == pattern.host,
            };
            fits && pattern.port.is_none_or(|only| only == port)
        })
    }
}

fn pattern(text: &str) -> Result<Pattern, String> {
    let wrong = || {
        format!("'{text}' is not a host like kafka.example, *.example, 10.0.0.5 or db.example:5432")
    };
    let (host, port) = split(text.trim()).ok_or_else(wrong)?;
    let (host, below) = match host.strip_prefix("*.") {
        Some(domain) => (domain, true),
        None => (host, false),
    };
    let host = plain(host);
    let usable = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    match host.is_empty() || !host.chars().all(usable) {
        true => Err(wrong()),
        false => Ok(Pattern { host, below, port }),
    }
}

/// Host and port of `host`, `host:port`, `[v6]`, `[v6]:port` and `v6`. None where the port is none.
fn split(text: &str) -> Option<(&str, Option<u16>)> {
    let number = |port: &str| port.parse().ok().map(Some);
    if let Some(rest) = text.strip_prefix('[') {
        let (host, rest) = rest.split_once(']')?;
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, number(port)?)),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match text.split_once(':') {
        // More than one: an address of version 6.
        Some((host, port)) if !port.contains(':') => Some((host, number(port)?)),
        _ => Some((text, None)),
    }
}

fn plain(host: &str) -> String {
    let host = host.strip_prefix('[').unwrap_or(host);
    let host = host.strip_suffix(']').unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_lowercase()
}

/// To be called before anything connects; later calls change nothing. Without it every host is
/// allowed.
pub fn set(hosts: Hosts) {
    let _ = ALLOWED.set(hosts);
}

pub(crate) fn are_all_allowed() -> bool {
    ALLOWED.get().is_none()
}

/// To be asked before every connection to what a person entered.
pub fn check(host: &str, port: u16) -> Result<(), String> {
    match ALLOWED.get() {
        Some(hosts) if !hosts.allows(host, port) => Err(format!(
            "{host}:{port} is none of the hosts that this backend may connect to; outbound.hosts \
             in its settings names them"
        )),
        _ => Ok(()),
    }
}

/// As [`check`], for `host` or `host:port`.
pub fn check_address(address: &str, usual_port: u16) -> Result<(), String> {
    match split(address.trim()) {
        Some((host, port)) => check(host, port.unwrap_or(usual_port)),
        None => Err(format!(
            "'{address}' is not an address like host:{usual_port}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(texts: &[&str]) -> Hosts {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_string()).collect();
        Hosts::parse(&texts).expect("hosts")
    }

    #[test]
    fn only_what_is_named_is_allowed() {
        let hosts = hosts(&[
            "kafka.example",
            "*.Good.example",
            "10.0.0.5:5432",
            "[::1]:80",
            "fe80::1",
        ]);
        for (host, port) in [
            ("kafka.example", 1),
            ("KAFKA.example.", 9092),
            ("a.good.example", 443),
            ("a.b.good.example", 443),
            ("10.0.0.5", 5432),
            ("[::1]", 80),
            ("::1", 80),
            ("FE80::1", 1),
        ] {
            assert!(hosts.allows(host, port), "{host}:{port}");
        }
        for (host, port) in [
            ("kafka.example.evil", 1),
            ("evilkafka.example", 1),
            ("good.example", 443),
            (".good.example", 443),
            ("evilgood.example", 443),
            ("10.0.0.5", 80),
            ("10.0.0.50", 5432),
            ("010.0.0.5", 5432),
            ("::1", 81),
            ("127.0.0.1", 80),
            ("", 80),
        ] {
            assert!(!hosts.allows(host, port), "{host}:{port}");
        }
        assert!(
            !Hosts::default().allows("a", 1),
            "an empty list allows nothing"
        );
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for wrong in [
            "", "*", "*.", "http://a", "a/b", "a:b", "a:99999", "u@a", "[::1", "a b",
        ] {
            assert!(Hosts::parse(&[wrong.to_string()]).is_err(), "{wrong}");
        }
    }
}
