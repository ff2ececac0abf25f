//! What addresses and XML write in place of a character.

use super::digits;

const ENTITIES: [(&str, char); 5] = [
    ("lt", '<'),
    ("amp", '&'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
];

pub(super) fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match ENTITIES.iter().find(|(_, found)| *found == c) {
            Some((name, _)) => out.push_str(&format!("&{name};")),
            None => out.push(c),
        }
    }
    out
}

pub(in crate::functions) fn percent_encode(bytes: &[u8], space: &str) -> String {
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(*byte))
            }
            b' ' => out.push_str(space),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

pub(in crate::functions) fn percent_decode(bytes: &[u8], plus: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let pair = (*first == b'%').then(|| after.get(..2)).flatten();
        let pair = pair.filter(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        rest = match pair {
            Some(pair) => {
                out.extend(digits(pair, 2, 16));
                &after[2..]
            }
            None => {
                out.push(if plus && *first == b'+' { b' ' } else { *first });
                after
            }
        };
    }
    out
}

pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.find(';').filter(|end| *end < 12);
        let found = end.and_then(|end| Some((end, entity(&rest[1..end])?)));
        match found {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = match hex {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    ENTITIES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, c)| *c)
}
