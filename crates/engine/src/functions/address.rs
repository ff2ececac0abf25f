//! Network addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use weir_api::DataType;

use super::native::{Args, Native, Out, native};

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "ipv4_num_to_string(any) -> string",
        "The address of a number, or an address as text.",
        |a| Ok(address(a)?.to_string().into()),
    ),
    native(
        "ipv4_num_to_string_class_c(any) -> string",
        "The address of a number, or an address, its last part as xxx.",
        |a| {
            let [x, y, z, _] = address(a)?.octets();
            Ok(format!("{x}.{y}.{z}.xxx").into())
        },
    ),
    native(
        "ipv4_string_to_num(string) -> uint32",
        "The number of an address; an error where it is none.",
        |a| Ok(u32::from(v4(a, 0)?).into()),
    ),
    native(
        "ipv4_string_to_num_or_default(string) -> uint32",
        "The number of an address; 0 where it is none.",
        |a| Ok(v4(a, 0).map_or(0, u32::from).into()),
    ),
    native(
        "ipv4_string_to_num_or_null(string) -> nullable(uint32)",
        "The number of an address; NULL where it is none.",
        |a| Ok(v4(a, 0).ok().map(u32::from).into()),
    ),
    native(
        "ipv4_to_ipv6(any) -> ipv6",
        "The address as IPv6 has it.",
        |a| Ok(v4(a, 0)?.to_ipv6_mapped().to_string().into()),
    ),
    native(
        "ipv6_num_to_string(any) -> string",
        "The address of 16 bytes, or an address as text.",
        |a| {
            if *a.data_type(0) == DataType::Ipv6 {
                return Ok(a.text(0)?.into());
            }
            let bytes: [u8; 16] = a.bytes(0).try_into().map_err(|_| "16 bytes expected")?;
            Ok(Ipv6Addr::from(bytes).to_string().into())
        },
    ),
    native(
        "ipv6_string_to_num(string) -> fixed_string(16)",
        "The 16 bytes of an address; an error where it is none.",
        |a| Ok(v6(a.text(0)?)?.octets().to_vec().into()),
    ),
    native(
        "ipv6_string_to_num_or_default(string) -> fixed_string(16)",
        "The 16 bytes of an address; zeros where it is none.",
        |a| {
            Ok(v6(a.text(0)?)
                .unwrap_or(Ipv6Addr::UNSPECIFIED)
                .octets()
                .to_vec()
                .into())
        },
    ),
    native(
        "ipv6_string_to_num_or_null(string) -> nullable(fixed_string(16))",
        "The 16 bytes of an address; NULL where it is none.",
        |a| {
            Ok(v6(a.text(0)?)
                .ok()
                .map(|address| address.octets().to_vec())
                .into())
        },
    ),
    native(
        "ipv4_cidr_to_range(any, integer) -> tuple(ipv4, ipv4)",
        "First and last address of a network.",
        |a| {
            let (first, last) = range(v4(a, 0)?.into(), a.int(1)?)?;
            Ok(Out::texts([first.to_string(), last.to_string()]))
        },
    ),
    native(
        "ipv6_cidr_to_range(any, integer) -> tuple(ipv6, ipv6)",
        "First and last address of a network.",
        |a| {
            let (first, last) = range(v6(a.text(0)?)?.into(), a.int(1)?)?;
            Ok(Out::texts([first.to_string(), last.to_string()]))
        },
    ),
    native(
        "is_ipv4_string(string) -> bool",
        "Whether the text is an IPv4 address.",
        |a| Ok(v4(a, 0).is_ok().into()),
    ),
    native(
        "is_ipv6_string(string) -> bool",
        "Whether the text is an IPv6 address.",
        |a| Ok(a.text(0)?.parse::<Ipv6Addr>().is_ok().into()),
    ),
    native(
        "is_ip_address_in_range(string, string) -> bool",
        "Whether the address is in the network (address/bits).",
        |a| {
            let address: IpAddr = a.text(0)?.parse().map_err(|_| "argument 1 is an address")?;
            let (network, bits) = a
                .text(1)?
                .split_once('/')
                .ok_or("argument 2 is a network like 10.0.0.0/8")?;
            let network: IpAddr = network
                .parse()
                .map_err(|_| "argument 2 is a network like 10.0.0.0/8")?;
            let bits: i128 = bits
                .parse()
                .map_err(|_| "argument 2 is a network like 10.0.0.0/8")?;
            let (first, last) = range(network, bits)?;
            Ok(
                (first <= address && address <= last && first.is_ipv4() == address.is_ipv4())
                    .into(),
            )
        },
    ),
    native(
        "mac_num_to_string(integer) -> string",
        "The hardware address of a number.",
        |a| {
            let bytes = (a.int(0)? as u64).to_be_bytes();
            let parts: Vec<_> = bytes[2..]
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect();
            Ok(parts.join(":").into())
        },
    ),
    native(
        "mac_string_to_num(string) -> uint64",
        "The number of a hardware address; 0 where it is none.",
        |a| Ok(mac(a.text(0)?, 6).unwrap_or(0).into()),
    ),
    native(
        "mac_string_to_oui(string) -> uint64",
        "The first three bytes of a hardware address; 0 where it is none.",
        |a| Ok(mac(a.text(0)?, 6).map_or(0, |number| number >> 24).into()),
    ),
];

/// Of a number, the upper half of a larger one left out, or an address.
fn address(a: &Args<'_>) -> Result<Ipv4Addr, String> {
    match a.data_type(0) {
        DataType::Ipv4 => v4(a, 0),
        DataType::String => Err("takes a number or an address of type ipv4".to_string()),
        _ => Ok(Ipv4Addr::from(a.int(0)? as u32)),
    }
}

fn v4(a: &Args<'_>, index: usize) -> Result<Ipv4Addr, String> {
    if a.data_type(index).is_numeric() {
        let number = u32::try_from(a.int(index)?);
        return number
            .map(Ipv4Addr::from)
            .map_err(|_| "the number is not an IPv4 address".to_string());
    }
    let text = a.text(index)?;
    text.parse()
        .map_err(|_| format!("'{text}' is not an IPv4 address"))
}

fn v6(text: &str) -> Result<Ipv6Addr, String> {
    let four = text
        .parse::<Ipv4Addr>()
        .map(|address| address.to_ipv6_mapped());
    four.or_else(|_| text.parse())
        .map_err(|_| format!("'{text}' is not an IPv6 address"))
}

/// The addresses that share so many bits from the first.
fn range(address: IpAddr, bits: i128) -> Result<(IpAddr, IpAddr), String> {
    let width = if address.is_ipv4() { 32 } else { 128 };
    let bits = u32::try_from(bits).ok().filter(|bits| *bits <= width);
    let host = width - bits.ok_or_else(|| format!("a network's bits are 0 to {width}"))?;
    Ok(match address {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shr(32 - host).unwrap_or(0);
            let number = u32::from(address);
            (
                Ipv4Addr::from(number & !mask).into(),
                Ipv4Addr::from(number | mask).into(),
            )
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shr(128 - host).unwrap_or(0);
            let number = u128::from(address);
            (
                Ipv6Addr::from(number & !mask).into(),
                Ipv6Addr::from(number | mask).into(),
            )
        }
    })
}

fn mac(text: &str, length: usize) -> Option<u64> {
    let parts: Vec<&str> = text.split([':', '-']).collect();
    if parts.len() != length {
        return None;
    }
    parts.iter().try_fold(0, |number: u64, part| {
        Some(number << 8 | u64::from(u8::from_str_radix(part, 16).ok()?))
    })
}
