//! Text and bytes written in other ways.

mod base;
mod markup;

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use rusqlite::types::ValueRef;
use weir_api::DataType;

pub(super) use self::markup::{percent_decode, percent_encode};
use self::{
    base::{base32_decode, base32_encode, base58_decode, base58_encode, short},
    markup::{escape, unescape},
};
use super::native::{Args, Native, Out, native};

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "hex(any) -> string",
        "The bytes as hexadecimal digits; of a number without leading zeros.",
        |a| Ok(radix(a, 2, |byte| format!("{byte:02X}"))?.into()),
    ),
    native(
        "unhex(string) -> string",
        "The bytes of hexadecimal digits.",
        |a| Ok(digits(a.bytes(0), 2, 16).into()),
    ),
    native(
        "bin(any) -> string",
        "The bytes as binary digits; of a number without leading zero bytes.",
        |a| Ok(radix(a, 8, |byte| format!("{byte:08b}"))?.into()),
    ),
    native(
        "unbin(string) -> string",
        "The bytes of binary digits.",
        |a| Ok(digits(a.bytes(0), 8, 2).into()),
    ),
    native(
        "base64_encode|to_base64(string) -> string",
        "In Base64.",
        |a| Ok(STANDARD.encode(a.bytes(0)).into()),
    ),
    native(
        "base64_decode|from_base64(string) -> string",
        "The bytes of Base64; an error where it is none.",
        |a| {
            let decoded = STANDARD.decode(a.bytes(0));
            Ok(decoded
                .map_err(|_| "the text is not Base64".to_string())?
                .into())
        },
    ),
    native(
        "try_base64_decode(string) -> string",
        "The bytes of Base64; empty where it is none.",
        |a| Ok(STANDARD.decode(a.bytes(0)).unwrap_or_default().into()),
    ),
    native(
        "base64_url_encode(string) -> string",
        "In Base64 for addresses, without padding.",
        |a| Ok(URL.encode(a.bytes(0)).into()),
    ),
    native(
        "base64_url_decode(string) -> string",
        "The bytes of Base64 for addresses; an error where it is none.",
        |a| {
            let decoded = URL.decode(a.bytes(0));
            Ok(decoded
                .map_err(|_| "the text is not Base64 for addresses".to_string())?
                .into())
        },
    ),
    native(
        "try_base64_url_decode(string) -> string",
        "The bytes of Base64 for addresses; empty where it is none.",
        |a| Ok(URL.decode(a.bytes(0)).unwrap_or_default().into()),
    ),
    native(
        "base58_encode(string) -> string",
        "In Base58 as Bitcoin writes it.",
        |a| Ok(base58_encode(short(a)?).into()),
    ),
    native(
        "base58_decode(string) -> string",
        "The bytes of Base58; an error where it is none.",
        |a| {
            Ok(base58_decode(short(a)?)
                .ok_or("the text is not Base58")?
                .into())
        },
    ),
    native(
        "try_base58_decode(string) -> string",
        "The bytes of Base58; empty where it is none.",
        |a| Ok(base58_decode(short(a)?).unwrap_or_default().into()),
    ),
    native("base32_encode(string) -> string", "In Base32.", |a| {
        Ok(base32_encode(a.bytes(0)).into())
    }),
    native(
        "base32_decode(string) -> string",
        "The bytes of Base32; an error where it is none.",
        |a| {
            Ok(base32_decode(a.bytes(0))
                .ok_or("the text is not Base32")?
                .into())
        },
    ),
    native(
        "try_base32_decode(string) -> string",
        "The bytes of Base32; empty where it is none.",
        |a| Ok(base32_decode(a.bytes(0)).unwrap_or_default().into()),
    ),
    native(
        "encode_url_component(string) -> string",
        "Percent-encoded, but for letters, digits and -_.~.",
        |a| Ok(percent_encode(a.bytes(0), "%20").into()),
    ),
    native(
        "decode_url_component(string) -> string",
        "Percent-encoding undone.",
        |a| Ok(percent_decode(a.bytes(0), false).into()),
    ),
    native(
        "encode_url_form_component(string) -> string",
        "As encode_url_component, a space as a plus sign.",
        |a| Ok(percent_encode(a.bytes(0), "+").into()),
    ),
    native(
        "decode_url_form_component(string) -> string",
        "As decode_url_component, a plus sign as a space.",
        |a| Ok(percent_decode(a.bytes(0), true).into()),
    ),
    native(
        "encode_xml_component(string) -> string",
        "<, &, >, \" and ' as XML writes them.",
        |a| Ok(escape(a.text(0)?).into()),
    ),
    native(
        "decode_xml_component|decode_html_component(string) -> string",
        "Named and numbered entities of XML undone.",
        |a| Ok(unescape(a.text(0)?).into()),
    ),
    native(
        "uuid_string_to_num|uuid_to_num(string) -> fixed_string(16)",
        "The 16 bytes of a UUID.",
        |a| {
            let text = a.text(0)?.replace('-', "");
            Ok(digits(text.as_bytes(), 2, 16).into())
        },
    ),
    native(
        "uuid_num_to_string(string) -> string",
        "A UUID of 16 bytes as text.",
        |a| {
            let bytes: [u8; 16] = a.bytes(0).try_into().map_err(|_| "16 bytes expected")?;
            let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            let parts = [
                &text[..8],
                &text[8..12],
                &text[12..16],
                &text[16..20],
                &text[20..],
            ];
            Ok(parts.join("-").into())
        },
    ),
];

const URL: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The digits of every byte; numbers big-endian without leading zeros.
fn radix(a: &Args<'_>, width: usize, digits: impl Fn(u8) -> String) -> Result<String, String> {
    if let DataType::Decimal { precision, scale } = a.data_type(0) {
        let bytes = super::hash::of::decimal(&a.number(0)?, *precision, *scale)?;
        return Ok(bytes.into_iter().map(digits).collect());
    }
    let bytes = match a.raw(0) {
        // NaN is kept as text.
        ValueRef::Text(_) if *a.data_type(0) == DataType::Float64 => {
            return Ok(a.float(0)?.to_le_bytes().into_iter().map(digits).collect());
        }
        _ if a.data_type(0).is_time() || *a.data_type(0) == DataType::Bool => whole(a.int(0)?),
        ValueRef::Integer(_) => whole(a.int(0)?),
        ValueRef::Real(number) if *a.data_type(0) == DataType::Float32 => {
            return Ok((number as f32)
                .to_le_bytes()
                .into_iter()
                .map(digits)
                .collect());
        }
        ValueRef::Real(number) => {
            return Ok(number.to_le_bytes().into_iter().map(digits).collect());
        }
        _ if matches!(a.data_type(0), DataType::Int(_) | DataType::UInt(_)) => whole(a.int(0)?),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
        ValueRef::Null => Vec::new(),
    };
    if bytes.len() > super::native::MAX_TEXT / width {
        return Err(super::native::too_long());
    }
    let negative = matches!(a.data_type(0), DataType::Int(_)) && a.int(0)? < 0;
    let keep = match a.data_type(0) {
        DataType::Int(bits) if negative => usize::from(*bits / 8),
        _ => bytes.len(),
    };
    Ok(bytes[bytes.len() - keep.min(bytes.len())..]
        .iter()
        .map(|byte| digits(*byte))
        .collect())
}

/// Big-endian; at least one byte.
fn whole(number: i128) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(15);
    bytes[start..].to_vec()
}

/// Bytes of so many digits each; the first may have fewer. Other characters count as 0.
fn digits(text: &[u8], width: usize, radix: u32) -> Vec<u8> {
    let value = |digit: &u8| char::from(*digit).to_digit(radix).unwrap_or(0);
    let first = text.len() % width;
    let (head, rest) = text.split_at(first);
    let byte = |part: &[u8]| {
        part.iter()
            .fold(0u32, |byte, digit| byte * radix + value(digit)) as u8
    };
    let head = (!head.is_empty()).then(|| byte(head));
    head.into_iter()
        .chain(rest.chunks(width).map(byte))
        .collect()
}

impl From<&[u8]> for Out {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}
