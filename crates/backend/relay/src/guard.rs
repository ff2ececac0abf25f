//! Which addresses a name may lead to.

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use hyper_util::client::legacy::connect::dns::Name;

/// Looks names up and leaves out addresses that are not of the public network: whoever controls a
/// name could otherwise lead the relay into the network it stands in. Addresses that stand in the
/// settings as numbers are not looked up and thus not checked.
#[derive(Clone)]
pub(super) struct Resolver;

type Addresses = std::vec::IntoIter<SocketAddr>;

impl tower_service::Service<Name> for Resolver {
    type Response = Addresses;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Addresses>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let host = name.as_str().to_string();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            allowed(&host, found).map(Vec::into_iter)
        })
    }
}

fn allowed(host: &str, found: Vec<SocketAddr>) -> io::Result<Vec<SocketAddr>> {
    if host == "localhost" {
        return Ok(found);
    }
    let public: Vec<SocketAddr> = found
        .into_iter()
        .filter(|address| is_public(address.ip()))
        .collect();
    if public.is_empty() {
        let words = format!(
            "{host} leads to an address of a private network; name the address itself as upstream if that is meant"
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
    }
    Ok(public)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => is_public_v4(address),
            None => is_public_v6(address),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, ..] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmarks = a == 198 && (b == 18 || b == 19);
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || shared
        || benchmarks)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    let local = first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfe80;
    !(address.is_loopback() || address.is_unspecified() || address.is_multicast() || local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_public_addresses_only() {
        let socket = |text: &str| SocketAddr::new(text.parse().expect(text), 0);
        for private in [
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
        ] {
            let refused = allowed("evil.example", vec![socket(private)]).expect_err(private);
            assert!(refused.to_string().contains("evil.example"), "{refused}");
        }
        let mixed = vec![socket("10.0.0.1"), socket("93.184.216.34")];
        let kept = allowed("mixed.example", mixed).expect("one is public");
        assert_eq!(kept, [socket("93.184.216.34")]);
        assert!(allowed("localhost", vec![socket("127.0.0.1")]).is_ok());
        assert!(allowed("v6.example", vec![socket("2606:4700::1111")]).is_ok());
    }
}
