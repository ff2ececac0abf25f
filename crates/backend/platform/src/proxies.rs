//! Whose word is taken for where a request comes from: behind a proxy every connection is the
//! proxy's, and whoever calls it directly can write the same headers.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use serde::Deserialize;

/// Proxies in front of the backend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    told_by: ToldBy,
}

/// The header in which they tell whom they forward. A proxy writes one of the two, and lets the
/// other pass as the caller wrote it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum ToldBy {
    #[default]
    #[serde(rename = "X-Forwarded-For", alias = "x-forwarded-for")]
    ForwardedFor,
    #[serde(rename = "Forwarded", alias = "forwarded")]
    Forwarded,
}

impl ToldBy {
    fn header(self) -> HeaderName {
        match self {
            Self::ForwardedFor => HeaderName::from_static("x-forwarded-for"),
            Self::Forwarded => header::FORWARDED,
        }
    }
}

impl Proxies {
    /// Addresses and networks, as `10.0.0.5` or `172.16.0.0/12`. An error names the one that is
    /// none.
    pub fn add(&mut self, trusted: &[String], told_by: Option<ToldBy>) -> Result<(), String> {
        for text in trusted {
            self.trusted.push(network(text)?);
        }
        self.told_by = told_by.unwrap_or(self.told_by);
        Ok(())
    }

    /// In words.
    pub fn described(&self) -> String {
        match self.trusted.as_slice() {
            [] => "none; callers have the address of their connection".into(),
            all => {
                let all: Vec<String> = all.iter().map(ToString::to_string).collect();
                format!(
                    "{} say by {} who calls",
                    all.join(", "),
                    self.told_by.header()
                )
            }
        }
    }

    pub fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|net| net.contains(&address))
    }

    /// Whether it is known to be no proxy: where none is named, anybody may be one.
    pub fn is_strange(&self, connection: IpAddr) -> bool {
        !self.trusted.is_empty() && !self.trusts(connection)
    }

    /// Who really calls. Each proxy adds the address of its own caller at the end, so the last one
    /// that is no proxy of ours is known; what stands before it anybody can have written.
    pub fn caller(&self, connection: SocketAddr, headers: &HeaderMap) -> SocketAddr {
        let mut caller = connection;
        if !self.trusts(connection.ip()) {
            return caller;
        }
        let lines = headers.get_all(self.told_by.header()).iter();
        let lines: Vec<&str> = lines
            .map(|line| line.to_str().unwrap_or_default())
            .collect();
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            // Whoever wrote something else than an address is the last that is known.
            let Some(address) = self.address(hop) else {
                break;
            };
            caller = SocketAddr::new(address, 0);
            if !self.trusts(address) {
                break;
            }
        }
        caller
    }

    fn address(&self, hop: &str) -> Option<IpAddr> {
        let node = match self.told_by {
            ToldBy::ForwardedFor => hop.trim(),
            ToldBy::Forwarded => hop.split(';').find_map(|pair| {
                let (name, value) = pair.trim().split_once('=')?;
                let value = value.trim();
                let quoted = value.strip_prefix('"').and_then(|v| v.strip_suffix('"'));
                name.eq_ignore_ascii_case("for")
                    .then_some(quoted.unwrap_or(value))
            })?,
        };
        let bare = node.strip_prefix('[').and_then(|v| v.strip_suffix(']'));
        let address = bare.unwrap_or(node).parse::<IpAddr>().ok();
        let address = address.or_else(|| Some(node.parse::<SocketAddr>().ok()?.ip()));
        address.map(|address| address.to_canonical())
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    address.or_else(|_| text.parse::<IpNet>()).map_err(|_| {
        format!("'{text}' is not an address like 10.0.0.5 or a network like 10.0.0.0/8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(told_by: ToldBy, connection: &str, lines: &[(&'static str, &str)]) -> String {
        let trusted = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(String::from);
        let mut proxies = Proxies::default();
        proxies.add(&trusted, Some(told_by)).expect("networks");
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("value"));
        }
        let connection = connection.parse().expect("address");
        proxies.caller(connection, &headers).ip().to_string()
    }

    #[test]
    fn the_last_hop_that_is_no_proxy_of_ours_calls() {
        let told = |connection, line| {
            let line = [("x-forwarded-for", line)];
            caller(ToldBy::ForwardedFor, connection, &line)
        };
        assert_eq!(told("127.0.0.1:9", "203.0.113.7"), "203.0.113.7");
        assert_eq!(
            told("127.0.0.1:9", "1.1.1.1, 203.0.113.7,10.1.1.1"),
            "203.0.113.7"
        );
        assert_eq!(told("127.0.0.1:9", "203.0.113.7:4711"), "203.0.113.7");
        assert_eq!(told("127.0.0.1:9", "[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(told("127.0.0.1:9", "::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(told("[::ffff:127.0.0.1]:9", "203.0.113.7"), "203.0.113.7");
        assert_eq!(told("127.0.0.1:9", "10.0.0.2, 10.0.0.3"), "10.0.0.2");
        let lines = [
            ("x-forwarded-for", "1.1.1.1"),
            ("x-forwarded-for", "203.0.113.7"),
        ];
        assert_eq!(
            caller(ToldBy::ForwardedFor, "10.0.0.1:9", &lines),
            "203.0.113.7"
        );
    }

    #[test]
    fn nobody_else_is_believed() {
        let spoofed = [("x-forwarded-for", "8.8.8.8"), ("forwarded", "for=8.8.4.4")];
        for connection in ["203.0.113.9:1", "[2001:db8::9]:1", "11.0.0.1:1"] {
            for told_by in [ToldBy::ForwardedFor, ToldBy::Forwarded] {
                let ip = connection.parse::<SocketAddr>().expect("address").ip();
                assert_eq!(caller(told_by, connection, &spoofed), ip.to_string());
            }
        }
        // What the proxy does not write is the caller's own word.
        let forwarded = [("forwarded", "for=8.8.4.4")];
        assert_eq!(
            caller(ToldBy::ForwardedFor, "10.0.0.1:1", &forwarded),
            "10.0.0.1"
        );
        for wrong in [
            "unknown",
            "",
            "8.8.8.8, unknown",
            "8.8.8.8,",
            "a\tb",
            "999.1.1.1",
        ] {
            let line = [("x-forwarded-for", wrong)];
            assert_eq!(
                caller(ToldBy::ForwardedFor, "10.0.0.1:1", &line),
                "10.0.0.1",
                "{wrong}"
            );
        }
    }

    #[test]
    fn the_standard_header_is_read_with_its_quotes() {
        for (line, read) in [
            ("for=203.0.113.7;proto=https;by=10.0.0.1", "203.0.113.7"),
            ("proto=https; For=\"[2001:db8::1]:47\"", "2001:db8::1"),
            ("for=1.1.1.1, for=\"203.0.113.7:8000\"", "203.0.113.7"),
            ("for=_hidden", "10.0.0.1"),
            ("for=203.0.113.7, proto=https", "10.0.0.1"),
        ] {
            assert_eq!(
                caller(ToldBy::Forwarded, "10.0.0.1:9", &[("forwarded", line)]),
                read
            );
        }
    }

    #[test]
    fn what_is_no_network_is_named() {
        for wrong in ["proxy.example", "10.0.0.0/33", "10.0.0", "*", ""] {
            let error = Proxies::default().add(&[wrong.into()], None);
            assert!(error.expect_err("refused").contains(wrong));
        }
    }
}
