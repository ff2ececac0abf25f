//! LIKE and regular expressions. The pattern is the first argument of the SQLite functions that
//! serve conditions, so that it is compiled once where it is constant.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use regex_lite::{Captures, Regex, RegexBuilder};
use rusqlite::{Connection, functions::Context, types::Value};

use super::super::{
    native::{Args, MAX_TEXT, Native, Out, native, too_long},
    parsed, scalar, text_arg,
};
use super::split::limit;

mod grok;

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "extract(string, string) -> string",
        "The first group (or whole) of the first match; empty if none.",
        |a| {
            let found = regex(a, 1)?
                .captures(a.text(0)?)
                .map(|groups| first(&groups).to_string());
            Ok(found.unwrap_or_default().into())
        },
    ),
    native(
        "extract_all(string, string) -> array(string)",
        "The first group (or whole) of every match.",
        |a| {
            Ok(Out::texts(
                regex(a, 1)?
                    .captures_iter(a.text(0)?)
                    .map(|groups| first(&groups).to_string()),
            ))
        },
    ),
    native(
        "extract_groups(string, string) -> array(string)",
        "Every group of the first match.",
        |a| {
            let found = regex(a, 1)?
                .captures(a.text(0)?)
                .map(|groups| groups_of(&groups));
            Ok(Out::texts(found.unwrap_or_default()))
        },
    ),
    native(
        "extract_all_groups|extract_all_groups_vertical(string, string) -> array(array(string))",
        "Every group of every match, one array for each match.",
        |a| {
            let all: Vec<_> = regex(a, 1)?
                .captures_iter(a.text(0)?)
                .map(|groups| groups_of(&groups))
                .collect();
            Ok(nested(&all))
        },
    ),
    native(
        "extract_all_groups_horizontal(string, string) -> array(array(string))",
        "Every group of every match, one array for each group.",
        |a| {
            let regex = regex(a, 1)?;
            let all: Vec<_> = regex
                .captures_iter(a.text(0)?)
                .map(|groups| groups_of(&groups))
                .collect();
            let group = |n: usize| {
                all.iter()
                    .filter_map(|groups| groups.get(n).cloned())
                    .collect::<Vec<_>>()
            };
            Ok(nested(
                &(0..regex.captures_len() - 1).map(group).collect::<Vec<_>>(),
            ))
        },
    ),
    native(
        "regexp_extract(string, string[, integer]) -> string",
        "The n-th group of the first match, the first unless told; 0 is the whole.",
        |a| {
            let group =
                usize::try_from(a.int_or(2, 1)?).map_err(|_| "argument 3 is a group's number")?;
            let found = regex(a, 1)?
                .captures(a.text(0)?)
                .and_then(|groups| groups.get(group).map(|m| m.as_str().to_string()));
            Ok(found.unwrap_or_default().into())
        },
    ),
    native(
        "regexp_quote_meta(string) -> string",
        "What a regular expression would read otherwise behind a backslash.",
        |a| {
            let mut out = String::new();
            for c in a.text(0)?.chars() {
                if r"\.+*?()|[]{}^$-".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(out.into())
        },
    ),
    native(
        "count_matches|count_regexp_matches(string, string) -> uint64",
        "How often the regular expression occurs.",
        |a| {
            let regex = regex(a, 1)?;
            Ok(regex
                .find_iter(a.text(0)?)
                .filter(|found| !found.is_empty())
                .count()
                .into())
        },
    ),
    native(
        "count_matches_case_insensitive(string, string) -> uint64",
        "As count_matches, whatever the case of letters.",
        |a| {
            let regex = compiled(&format!("(?i){}", a.text(1)?))?;
            Ok(regex
                .find_iter(a.text(0)?)
                .filter(|found| !found.is_empty())
                .count()
                .into())
        },
    ),
    native(
        "replace_regex|replace_regexp_all(string, string, string) -> string",
        "Every match replaced; \\1 is the first group, \\0 the match.",
        |a| replaced(a, usize::MAX),
    ),
    native(
        "replace_regexp_one(string, string, string) -> string",
        "The first match replaced; \\1 is the first group, \\0 the match.",
        |a| replaced(a, 1),
    ),
    native(
        "split_by_regexp(string, string[, integer]) -> array(string)",
        "The parts of the second between matches; the characters where the pattern is empty.",
        |a| {
            let (pattern, text, most) = (a.text(0)?, a.text(1)?, limit(a, 2)?);
            if pattern.is_empty() {
                return Ok(Out::texts(text.chars().map(String::from).take(most)));
            }
            Ok(Out::texts(regex(a, 0)?.split(text).take(most)))
        },
    ),
    native(
        "multi_match_any(string, array) -> bool",
        "Whether one of the regular expressions occurs.",
        |a| Ok((!matching(a)?.is_empty()).into()),
    ),
    native(
        "multi_match_any_index(string, array) -> uint64",
        "The number, from 1, of a regular expression that occurs, else 0.",
        |a| Ok(matching(a)?.first().copied().unwrap_or(0).into()),
    ),
    native(
        "multi_match_all_indices(string, array) -> array(uint64)",
        "The numbers, from 1, of all regular expressions that occur.",
        |a| Ok(Out::array(matching(a)?.iter().map(ToString::to_string))),
    ),
    native(
        "grok(string, string) -> map(string, string)",
        "What %{PATTERN:name} of the second finds in the first, by name.",
        |a| {
            let regex = compiled(&grok::expand(a.text(1)?)?)?;
            let mut out = serde_json::Map::new();
            if let Some(groups) = regex.captures(a.text(0)?) {
                for name in regex.capture_names().flatten() {
                    let value = groups.name(name).map_or("", |found| found.as_str());
                    out.insert(name.to_string(), value.into());
                }
            }
            Ok(serde_json::Value::Object(out).to_string().into())
        },
    ),
];

/// Bytes of a pattern, and of what it is compiled to.
const MAX_PATTERN: usize = 10_000;
const MAX_PROGRAM: usize = 1 << 20;

/// A pattern's bytes times a text's: a match takes so many steps at most, and nobody can stop it
/// meanwhile.
const MAX_STEPS: usize = 1 << 28;

fn check_steps(pattern: &str, text: &str) -> Result<(), String> {
    match pattern.len().saturating_mul(text.len()) > MAX_STEPS {
        true => Err(format!(
            "a text of {} bytes is too long for a pattern of {}",
            text.len(),
            pattern.len()
        )),
        false => Ok(()),
    }
}

fn compile(pattern: &str) -> Result<Regex, String> {
    if pattern.len() > MAX_PATTERN {
        return Err(format!("a pattern has at most {MAX_PATTERN} bytes"));
    }
    let mut builder = RegexBuilder::new(pattern);
    let regex = builder
        .dot_matches_new_line(true)
        .size_limit(MAX_PROGRAM)
        .build();
    regex.map_err(|error| format!("'{pattern}' is not a regular expression: {error}"))
}

/// Of a pattern that changes from row to row only the newest are kept.
fn compiled(pattern: &str) -> Result<Rc<Regex>, String> {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Rc<Regex>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|known| {
        if let Some(regex) = known.get(pattern) {
            return Ok(regex.clone());
        }
        if known.len() >= 64 {
            known.clear();
        }
        let regex = Rc::new(compile(pattern)?);
        known.insert(pattern.to_string(), regex.clone());
        Ok(regex)
    })
}

fn regex(a: &Args<'_>, index: usize) -> Result<Rc<Regex>, String> {
    let pattern = a.text(index)?;
    // The text is the other of the first two arguments.
    check_steps(pattern, a.text(1 - index.min(1))?)?;
    compiled(pattern)
}

fn first<'t>(groups: &Captures<'t>) -> &'t str {
    let found = if groups.len() > 1 {
        groups.get(1)
    } else {
        groups.get(0)
    };
    found.map_or("", |found| found.as_str())
}

fn groups_of(groups: &Captures<'_>) -> Vec<String> {
    let inside = groups.iter().skip(1);
    inside
        .map(|group| group.map_or_else(String::new, |found| found.as_str().to_string()))
        .collect()
}

fn nested(all: &[Vec<String>]) -> Out {
    Out::array(
        all.iter()
            .map(|texts| serde_json::to_string(texts).unwrap_or_default()),
    )
}

fn matching(a: &Args<'_>) -> Result<Vec<usize>, String> {
    let text = a.text(0)?;
    let mut found = Vec::new();
    for (index, pattern) in a.texts(1)?.iter().enumerate() {
        check_steps(pattern, text)?;
        if compiled(pattern)?.is_match(text) {
            found.push(index + 1);
        }
    }
    Ok(found)
}

fn replaced(a: &Args<'_>, most: usize) -> Result<Out, String> {
    let (text, to) = (a.text(0)?, a.text(2)?);
    if a.text(1)?.is_empty() {
        return Ok(text.into());
    }
    let (mut out, mut end) = (String::with_capacity(text.len()), 0);
    for groups in regex(a, 1)?.captures_iter(text).take(most) {
        let Some(found) = groups.get(0) else { continue };
        if found.is_empty() && found.start() == text.len() && !text.is_empty() {
            continue;
        }
        out.push_str(&text[end..found.start()]);
        end = found.end();
        let mut rest = to;
        while let Some(at) = rest.find('\\') {
            out.push_str(&rest[..at]);
            let next = rest[at + 1..].chars().next();
            match next.and_then(|c| c.to_digit(10)) {
                Some(n) => out.push_str(groups.get(n as usize).map_or("", |group| group.as_str())),
                None => out.extend(next),
            }
            rest = &rest[at + 1 + next.map_or(0, char::len_utf8)..];
        }
        out.push_str(rest);
        if out.len() > MAX_TEXT {
            return Err(too_long());
        }
    }
    out.push_str(&text[end..]);
    Ok(out.into())
}

/// A pattern of LIKE, taken apart.
enum Piece {
    /// Any text.
    Any,
    /// Any character.
    One,
    Char(char),
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let piece = match c {
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => match chars.next() {
                Some(c @ ('%' | '_' | '\\')) => Piece::Char(c),
                // A backslash before anything else stands for itself.
                Some(other) => {
                    pieces.push(Piece::Char('\\'));
                    Piece::Char(other)
                }
                None => Piece::Char('\\'),
            },
            other => Piece::Char(other),
        };
        pieces.push(piece);
    }
    pieces
}

/// A pattern of LIKE for repeated use.
pub(in crate::functions) struct Like(Vec<Piece>);

impl Like {
    pub(in crate::functions) fn new(pattern: &str) -> Self {
        Self(pieces(pattern))
    }

    pub(in crate::functions) fn matches(&self, text: &str) -> bool {
        is_like(&self.0, text)
    }
}

/// Goes back to the newest % only, so takes at most the product of the lengths.
fn is_like(pattern: &[Piece], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t, mut back) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(Piece::Any) => {
                back = Some((p, t));
                p += 1;
            }
            Some(Piece::One) => (p, t) = (p + 1, t + 1),
            Some(Piece::Char(c)) if *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match back {
                Some((any, from)) => {
                    back = Some((any, from + 1));
                    (p, t) = (any + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|piece| matches!(piece, Piece::Any))
}

/// A pattern and a text; NULL if one is.
fn with_pattern<P: Send + Sync + 'static>(
    context: &Context<'_>,
    parse: fn(&str) -> Result<P, String>,
    test: impl Fn(&P, &str) -> bool,
) -> Result<Value, String> {
    let (Some(pattern), Some(text)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
        return Ok(Value::Null);
    };
    check_steps(pattern, text)?;
    Ok(Value::Integer(i64::from(test(
        &*parsed(context, parse)?,
        text,
    ))))
}

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_like", 2, |context| {
        let parse = |pattern: &str| Ok(Like::new(pattern));
        with_pattern(context, parse, Like::matches)
    })?;
    scalar(conn, "_ilike", 2, |context| {
        let parse = |pattern: &str| Ok(Like::new(&pattern.to_lowercase()));
        with_pattern(context, parse, |like, text| {
            like.matches(&text.to_lowercase())
        })
    })?;
    scalar(conn, "_match", 2, |context| {
        with_pattern(context, compile, |regex, text| regex.is_match(text))
    })
}
