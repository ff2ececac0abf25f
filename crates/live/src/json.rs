//! JSON strings in and out, and documents without blanks.

use std::borrow::Cow;

/// A document without the blanks between its parts: two that differ in nothing else are one text.
pub(crate) fn compact(document: &str) -> Cow<'_, str> {
    let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
    if !document.bytes().any(blank) {
        return Cow::Borrowed(document);
    }
    let mut out = String::with_capacity(document.len());
    let (mut quoted, mut escaped) = (false, false);
    for c in document.chars() {
        if quoted {
            quoted = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if c == '"' {
            quoted = true;
        } else if u8::try_from(c).is_ok_and(blank) {
            continue;
        }
        out.push(c);
    }
    Cow::Owned(out)
}

/// Appends what stands between the quotes of a JSON string. An escape that means nothing is kept
/// as it is; half of a surrogate pair becomes U+FFFD.
pub(crate) fn unescape(inside: &str, out: &mut String) {
    let mut rest = inside;
    while let Some(slash) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..slash]);
        rest = &rest[slash + 1..];
        let Some(letter) = rest.chars().next() else {
            out.push('\\');
            return;
        };
        rest = &rest[letter.len_utf8()..];
        match letter {
            '"' | '\\' | '/' => out.push(letter),
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{c}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => rest = unicode(rest, out),
            other => {
                out.push('\\');
                out.push(other);
            }
        }
    }
    out.push_str(rest);
}

/// Behind `\u`: appends the character and returns what follows its digits.
fn unicode<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let Some(first) = hex(rest) else {
        out.push_str("\\u");
        return rest;
    };
    let after = &rest[4..];
    let low = after.strip_prefix("\\u").and_then(hex);
    if let (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) = (first, low) {
        let code = 0x10000 + ((first - 0xD800) << 10) + (low - 0xDC00);
        out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
        return &after[6..];
    }
    out.push(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
    after
}

fn hex(text: &str) -> Option<u32> {
    let digits = text.get(..4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(digits, 16).ok()
}

/// Appends `text` as a JSON string with its quotes.
pub(crate) fn quote(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push('"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let short = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        from = at + 1;
        if short.is_empty() {
            out.push_str("\\u00");
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        } else {
            out.push_str(short);
        }
    }
    out.push_str(&text[from..]);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn unescaped(inside: &str) -> String {
        let mut out = String::new();
        unescape(inside, &mut out);
        out
    }

    #[test]
    fn escapes_are_read() {
        assert_eq!(
            unescaped(r#"a\"\\\/\b\f\n\r\tz"#),
            "a\"\\/\u{8}\u{c}\n\r\tz"
        );
        assert_eq!(unescaped(r"\u00e4\u20AC\ud83d\ude00!"), "ä€😀!");
    }

    #[test]
    fn broken_escapes_do_not_eat_what_follows() {
        assert_eq!(unescaped(r"\ud83dx"), "\u{fffd}x");
        assert_eq!(unescaped(r"\ude00\u0041"), "\u{fffd}A");
        assert_eq!(unescaped(r"\ud83d\u0041"), "\u{fffd}A");
        assert_eq!(unescaped(r"\u12\q\ä\"), "\\u12\\q\\ä\\");
        assert_eq!(unescaped(r"\u+123\u12ä4"), "\\u+123\\u12ä4");
    }

    proptest! {
        #[test]
        fn serde_json_agrees(text in any::<String>()) {
            let mut quoted = String::new();
            quote(&text, &mut quoted);
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).ok(), Some(text.clone()));
            let theirs = serde_json::to_string(&text).expect("text");
            prop_assert_eq!(unescaped(&theirs[1..theirs.len() - 1]), text);
        }
    }
}
