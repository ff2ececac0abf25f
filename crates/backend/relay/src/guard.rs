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
        IpAddr::V6(address) => is_public_v6(address),
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

/// What leads to an IPv4 address is judged by that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = inner_v4(address) {
        return is_public_v4(inner);
    }
    // Only this part of the address space is given out; documentation and benchmarks are in it.
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    let special = first == 0x2001 && (second < 0x0200 || second == 0x0db8);
    global && !special && first != 0x3fff
}

/// The IPv4 address that one of IPv6 stands for: mapped, compatible, NAT64 (its own prefix for
/// local use too), 6to4, ISATAP. Teredo hides it by its complement.
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = address.segments();
    let of = |high: u16, low: u16| Some(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)));
    match parts {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => of(high, low),
        [0, 0, 0, 0, 0xffff, 0, high, low] => of(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => of(high, low),
        [0x64, 0xff9b, 1, ..] => Some(Ipv4Addr::UNSPECIFIED),
        [0x2002, high, low, ..] => of(high, low),
        [0x2001, 0, _, _, _, _, high, low] => of(!high, !low),
        [_, _, _, _, 0 | 0x0200, 0x5efe, high, low] => of(high, low),
        _ => None,
    }
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
            "::10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::10.0.0.1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "2001:0:1:2:3:4:80ff:fffe",
            "2600::5efe:10.0.0.1",
            "fec0::1",
            "2001:db8::1",
            "100::1",
            "::",
        ] {
            let refused = allowed("evil.example", vec![socket(private)]).expect_err(private);
            assert!(refused.to_string().contains("evil.example"), "{refused}");
        }
        let mixed = vec![socket("10.0.0.1"), socket("93.184.216.34")];
        let kept = allowed("mixed.example", mixed).expect("one is public");
        assert_eq!(kept, [socket("93.184.216.34")]);
        assert!(allowed("localhost", vec![socket("127.0.0.1")]).is_ok());
        assert!(allowed("nat64.example", vec![socket("64:ff9b::5db8:d822")]).is_ok());
        assert!(allowed("v6.example", vec![socket("2606:4700::1111")]).is_ok());
    }
}
