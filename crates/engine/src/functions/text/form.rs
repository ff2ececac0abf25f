//! Text changed, cut and joined.

use std::collections::{HashMap, HashSet};

use super::super::native::{Args, MAX_TEXT, Native, Out, joined, native, too_long};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "char_length|length_utf8|character_length(string) -> uint64",
        "Characters of a text.",
        |a| Ok(a.text(0)?.chars().count().into()),
    ),
    native(
        "lower|lcase(string) -> string",
        "ASCII letters in lower case.",
        |a| Ok(a.text(0)?.to_ascii_lowercase().into()),
    ),
    native(
        "upper|ucase(string) -> string",
        "ASCII letters in upper case.",
        |a| Ok(a.text(0)?.to_ascii_uppercase().into()),
    ),
    native("lower_utf8(string) -> string", "In lower case.", |a| {
        Ok(a.text(0)?.to_lowercase().into())
    }),
    native("upper_utf8(string) -> string", "In upper case.", |a| {
        Ok(a.text(0)?.to_uppercase().into())
    }),
    native(
        "initcap|initcap_utf8(string) -> string",
        "Words with a capital and small letters.",
        |a| {
            let mut out = String::new();
            let mut inside = false;
            for c in a.text(0)?.chars() {
                match inside {
                    true => out.extend(c.to_lowercase()),
                    false => out.extend(c.to_uppercase()),
                }
                inside = c.is_alphanumeric();
            }
            Ok(out.into())
        },
    ),
    native(
        "trim|trim_both(string[, string]) -> string",
        "Without spaces, or the characters given, at both ends.",
        |a| {
            let set = among(a.text_or(1, " ")?);
            Ok(a.text(0)?.trim_matches(set).into())
        },
    ),
    native(
        "trim_left|ltrim(string[, string]) -> string",
        "Without spaces, or the characters given, at the start.",
        |a| {
            let set = among(a.text_or(1, " ")?);
            Ok(a.text(0)?.trim_start_matches(set).into())
        },
    ),
    native(
        "trim_right|rtrim(string[, string]) -> string",
        "Without spaces, or the characters given, at the end.",
        |a| {
            let set = among(a.text_or(1, " ")?);
            Ok(a.text(0)?.trim_end_matches(set).into())
        },
    ),
    native(
        "reverse_utf8(string) -> string",
        "The characters from last to first.",
        |a| Ok(a.text(0)?.chars().rev().collect::<String>().into()),
    ),
    native(
        "repeat(string, integer) -> string",
        "The text so many times.",
        |a| repeated(a.text(0)?, a.int(1)?).map(Out::from),
    ),
    native("space(integer) -> string", "So many spaces.", |a| {
        repeated(" ", a.int(0)?).map(Out::from)
    }),
    native(
        "left_pad|lpad|left_pad_utf8(string, integer[, string]) -> string",
        "So many characters long, filled at the start or cut.",
        |a| {
            let (text, filling) = padded(a)?;
            Ok(format!("{filling}{text}").into())
        },
    ),
    native(
        "right_pad|rpad|right_pad_utf8(string, integer[, string]) -> string",
        "So many characters long, filled at the end or cut.",
        |a| {
            let (text, filling) = padded(a)?;
            Ok(format!("{text}{filling}").into())
        },
    ),
    native(
        "append_trailing_char_if_absent(string, string) -> string",
        "Ending with the character, unless empty.",
        |a| {
            let (text, end) = (a.text(0)?, a.text(1)?);
            let whole = text.is_empty() || text.ends_with(end);
            Ok(if whole {
                text.to_string()
            } else {
                format!("{text}{end}")
            }
            .into())
        },
    ),
    native(
        "substring|substr|mid|substring_utf8(string, integer[, integer]) -> string",
        "Characters from the n-th, the first being 1, the last -1; a negative length leaves off so many at the end.",
        |a| {
            let length = if a.len() > 2 { Some(a.int(2)?) } else { None };
            Ok(substring(a.text(0)?, a.int(1)?, length).into())
        },
    ),
    native(
        "left|left_utf8(string, integer) -> string",
        "The first n characters; all but the last -n.",
        |a| Ok(substring(a.text(0)?, 1, Some(a.int(1)?)).into()),
    ),
    native(
        "right|right_utf8(string, integer) -> string",
        "The last n characters; all but the first -n.",
        |a| {
            let (text, n) = (a.text(0)?, a.int(1)?);
            let length = text.chars().count() as i128;
            let start = if n < 0 { -n } else { (length - n).max(0) };
            Ok(substring(text, start + 1, None).into())
        },
    ),
    native(
        "substring_index|substring_index_utf8(string, string, integer) -> string",
        "The text before the n-th delimiter; if n is negative, after the n-th from the end.",
        |a| {
            let (text, delimiter, n) = (a.text(0)?, a.text(1)?, a.int(2)?);
            if delimiter.is_empty() || n == 0 {
                return Ok("".into());
            }
            let nth = usize::try_from(n.unsigned_abs() - 1).unwrap_or(usize::MAX);
            Ok(if n > 0 {
                text.match_indices(delimiter)
                    .nth(nth)
                    .map_or(text, |(at, _)| &text[..at])
            } else {
                text.rmatch_indices(delimiter)
                    .nth(nth)
                    .map_or(text, |(at, _)| &text[at + delimiter.len()..])
            }
            .into())
        },
    ),
    native(
        "overlay|overlay_utf8(string, string, integer[, integer]) -> string",
        "The second text in the place of so many characters from the n-th on.",
        |a| {
            let (text, with) = (a.text(0)?, a.text(1)?);
            let length = text.chars().count() as i128;
            let start = a.int(2)?;
            let start = if start < 0 { length + start } else { start - 1 }.clamp(0, length);
            let cut = a.int_or(3, with.chars().count() as i128)?.max(0);
            let (before, after) = (
                substring(text, 1, Some(start)),
                substring(text, start + cut + 1, None),
            );
            Ok(format!("{before}{with}{after}").into())
        },
    ),
    native(
        "replace|replace_all(string, string, string) -> string",
        "Every occurrence of the second replaced by the third.",
        |a| {
            let (text, from, to) = (a.text(0)?, a.text(1)?, a.text(2)?);
            if from.is_empty() {
                return Ok(text.into());
            }
            let growth = to.len().saturating_sub(from.len());
            if growth > 0 && text.matches(from).count().saturating_mul(growth) > MAX_TEXT {
                return Err(too_long());
            }
            Ok(text.replace(from, to).into())
        },
    ),
    native(
        "replace_one(string, string, string) -> string",
        "The first occurrence of the second replaced by the third.",
        |a| {
            let (text, from) = (a.text(0)?, a.text(1)?);
            Ok(if from.is_empty() {
                text.to_string()
            } else {
                text.replacen(from, a.text(2)?, 1)
            }
            .into())
        },
    ),
    native(
        "translate|translate_utf8(string, string, string) -> string",
        "Characters of the second replaced by those of the third at the same place, or left out.",
        |a| {
            let mut to = a.text(2)?.chars();
            let mut changes = HashMap::new();
            for from in a.text(1)?.chars() {
                let to = to.next();
                changes.entry(from).or_insert(to);
            }
            let change = |c: char| changes.get(&c).map_or(Some(c), |to| *to);
            Ok(a.text(0)?
                .chars()
                .filter_map(change)
                .collect::<String>()
                .into())
        },
    ),
    native(
        "format(string, any, any…) -> string",
        "The pattern with {} or {0}, {1}, … replaced by the values; {{ is a brace.",
        |a| {
            let values = (1..a.len())
                .map(|index| a.shown(index))
                .collect::<Result<Vec<_>, _>>()?;
            formatted(a.text(0)?, &values).map(Out::from)
        },
    ),
    native(
        "concat_with_separator|concat_ws(string, any, any…) -> string",
        "The values as text with the separator between.",
        |a| {
            let values = (1..a.len())
                .map(|index| a.shown(index))
                .collect::<Result<Vec<_>, _>>()?;
            joined(&values, a.text(0)?).map(Out::from)
        },
    ),
    native(
        "to_string_cut_to_zero(string) -> string",
        "The text up to its first zero byte.",
        |a| {
            let bytes = a.bytes(0);
            let end = bytes.iter().position(|byte| *byte == 0);
            Ok(bytes[..end.unwrap_or(bytes.len())].to_vec().into())
        },
    ),
    native(
        "ascii(string) -> int32",
        "The code of the first byte; 0 of an empty text.",
        |a| Ok(i64::from(a.bytes(0).first().copied().unwrap_or(0)).into()),
    ),
    native(
        "char(integer, integer…) -> string",
        "The text of bytes.",
        |a| {
            let bytes = (0..a.len())
                .map(|index| Ok(a.int(index)? as u8))
                .collect::<Result<Vec<u8>, String>>()?;
            Ok(bytes.into())
        },
    ),
    native(
        "first_line(string) -> string",
        "Up to the first end of a line.",
        |a| Ok(a.text(0)?.lines().next().unwrap_or_default().into()),
    ),
    native(
        "to_valid_utf8(string) -> string",
        "What is not UTF-8 replaced by �.",
        |a| Ok(String::from_utf8_lossy(a.bytes(0)).into_owned().into()),
    ),
    native(
        "is_valid_utf8(string) -> bool",
        "Whether the bytes are UTF-8.",
        |a| Ok(std::str::from_utf8(a.bytes(0)).is_ok().into()),
    ),
    native(
        "is_valid_ascii|is_ascii(string) -> bool",
        "Whether every byte is below 128.",
        |a| Ok(a.bytes(0).is_ascii().into()),
    ),
    native(
        "normalize_utf8_nfc(string) -> string",
        "In the normal form C of Unicode.",
        |a| normal(a, |t| t.nfc().collect()),
    ),
    native(
        "normalize_utf8_nfd(string) -> string",
        "In the normal form D of Unicode.",
        |a| normal(a, |t| t.nfd().collect()),
    ),
    native(
        "normalize_utf8_nfkc(string) -> string",
        "In the normal form KC of Unicode.",
        |a| normal(a, |t| t.nfkc().collect()),
    ),
    native(
        "normalize_utf8_nfkd(string) -> string",
        "In the normal form KD of Unicode.",
        |a| normal(a, |t| t.nfkd().collect()),
    ),
];

/// Whether a character is one of these, which may be as many as a text has.
fn among(set: &str) -> impl Fn(char) -> bool + '_ {
    const FEW: usize = 64;
    let many: HashSet<char> = match set.len() > FEW {
        true => set.chars().collect(),
        false => HashSet::new(),
    };
    move |c| match many.is_empty() {
        true => set.contains(c),
        false => many.contains(&c),
    }
}

use unicode_normalization::UnicodeNormalization as _;

fn normal(a: &Args<'_>, form: fn(&str) -> String) -> Result<Out, String> {
    Ok(form(a.text(0)?).into())
}

pub(super) fn repeated(text: &str, count: i128) -> Result<String, String> {
    let count = usize::try_from(count.max(0)).map_err(|_| too_long())?;
    if text.len().saturating_mul(count) > MAX_TEXT {
        return Err(too_long());
    }
    Ok(text.repeat(count))
}

/// The text, cut where it is too long, and what fills it up.
fn padded<'a>(a: &Args<'a>) -> Result<(&'a str, String), String> {
    let (text, filling) = (a.text(0)?, a.text_or(2, " ")?);
    let filling = if filling.is_empty() { " " } else { filling };
    let length = usize::try_from(a.int(1)?.max(0)).map_err(|_| too_long())?;
    if length > MAX_TEXT / 4 {
        return Err(too_long());
    }
    let missing = length.saturating_sub(text.chars().count());
    Ok((
        substring(text, 1, Some(length as i128)),
        filling.chars().cycle().take(missing).collect(),
    ))
}

/// Characters from the `start`-th; 0 is no place.
fn substring(text: &str, start: i128, length: Option<i128>) -> &str {
    let count = if start < 0 || length.is_some_and(|n| n < 0) {
        text.chars().count() as i128
    } else {
        i128::MAX
    };
    let first = match start {
        0 => return "",
        1.. => start - 1,
        _ => count + start,
    };
    let end = match length {
        None => i128::MAX,
        Some(n) if n < 0 => count + n,
        Some(n) => first.saturating_add(n),
    };
    // What begins before the text loses what is not there.
    let first = first.max(0);
    if end <= first {
        return "";
    }
    let place = |n: i128| {
        let n = usize::try_from(n).unwrap_or(usize::MAX);
        text.char_indices().nth(n).map_or(text.len(), |(at, _)| at)
    };
    &text[place(first)..place(end)]
}

fn formatted(pattern: &str, values: &[String]) -> Result<String, String> {
    let (mut out, mut next) = (String::new(), 0);
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let doubled = rest[at..].starts_with("{{") || rest[at..].starts_with("}}");
        if doubled {
            out.push_str(&rest[at..=at]);
            rest = &rest[at + 2..];
            continue;
        }
        let inside = rest[at..]
            .strip_prefix('{')
            .and_then(|rest| rest.split_once('}'));
        let (name, after) = inside.ok_or("a brace of the pattern stands alone")?;
        let index = if name.is_empty() {
            next
        } else {
            name.parse()
                .map_err(|_| format!("'{{{name}}}' is not a place"))?
        };
        next += 1;
        out.push_str(
            values
                .get(index)
                .ok_or_else(|| format!("a value for {{{index}}} is missing"))?,
        );
        rest = after;
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
    }
    out.push_str(rest);
    Ok(out)
}
