//! LIKE and regular expressions. The pattern is the first argument of the SQLite functions that
//! serve conditions, so that it is compiled once where it is constant.

use regex_lite::Captures;
use rusqlite::{Connection, functions::Context, types::Value};

use super::super::{
    native::{Args, MAX_TEXT, Native, Out, go_on, native, too_long},
    parsed, scalar, text_arg,
};
use super::split::limit;

mod grok;
mod like;
mod regex;

pub(in crate::functions) use self::like::Like;
use self::regex::{Pattern, compiled};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "extract(string, string) -> string",
        "The first group (or whole) of the first match; empty if none.",
        |a| {
            let text = a.text(0)?;
            let found = compiled(a.text(1)?)?
                .on(text)?
                .captures(text)
                .map(|groups| first(&groups).to_string());
            Ok(found.unwrap_or_default().into())
        },
    ),
    native(
        "extract_all(string, string) -> array(string)",
        "The first group (or whole) of every match.",
        |a| Ok(Out::texts(every(a, |groups| first(groups).to_string())?)),
    ),
    native(
        "extract_groups(string, string) -> array(string)",
        "Every group of the first match.",
        |a| {
            let text = a.text(0)?;
            let pattern = compiled(a.text(1)?)?;
            let found = pattern.on(text)?.captures(text);
            let found = found.map(|groups| groups_of(&groups));
            Ok(Out::texts(found.unwrap_or_default()))
        },
    ),
    native(
        "extract_all_groups|extract_all_groups_vertical(string, string) -> array(array(string))",
        "Every group of every match, one array for each match.",
        |a| Ok(nested(&every(a, groups_of)?)),
    ),
    native(
        "extract_all_groups_horizontal(string, string) -> array(array(string))",
        "Every group of every match, one array for each group.",
        |a| {
            let all = every(a, groups_of)?;
            let count = compiled(a.text(1)?)?.regex.captures_len() - 1;
            let group = |n: usize| {
                all.iter()
                    .filter_map(|groups| groups.get(n).cloned())
                    .collect::<Vec<_>>()
            };
            Ok(nested(&(0..count).map(group).collect::<Vec<_>>()))
        },
    ),
    native(
        "regexp_extract(string, string[, integer]) -> string",
        "The n-th group of the first match, by default the first, or the whole match if the pattern has no group; 0 is the whole match.",
        |a| {
            let group =
                usize::try_from(a.int_or(2, 1)?).map_err(|_| "argument 3 is a group's number")?;
            let text = a.text(0)?;
            let pattern = compiled(a.text(1)?)?;
            let found = pattern.on(text)?.captures(text);
            let told = a.len() > 2;
            let found = found.and_then(|groups| {
                let group = if told {
                    group
                } else {
                    group.min(groups.len() - 1)
                };
                groups.get(group).map(|m| m.as_str().to_string())
            });
            Ok(found.unwrap_or_default().into())
        },
    ),
    native(
        "regexp_quote_meta(string) -> string",
        "Escapes characters that are special in a regular expression with a backslash.",
        |a| {
            let mut out = String::new();
            for c in a.text(0)?.chars() {
                if r"\.+*?()|[]{^$:-".contains(c) {
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
        |a| count(a.text(1)?, a.text(0)?),
    ),
    native(
        "count_matches_case_insensitive(string, string) -> uint64",
        "As count_matches, whatever the case of letters.",
        |a| count(&format!("(?i){}", a.text(1)?), a.text(0)?),
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
            let pattern = compiled(pattern)?;
            let parts = pattern.on(text)?.split(text).take(most);
            let parts = parts.map(|part| go_on().map(|()| part));
            Ok(Out::texts(parts.collect::<Result<Vec<_>, _>>()?))
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
            let text = a.text(0)?;
            let pattern = compiled(&grok::expand(a.text(1)?)?)?;
            let regex = pattern.on(text)?;
            let mut out = serde_json::Map::new();
            if let Some(groups) = regex.captures(text) {
                for name in regex.capture_names().flatten() {
                    let value = groups.name(name).map_or("", |found| found.as_str());
                    out.insert(name.to_string(), value.into());
                }
            }
            Ok(serde_json::Value::Object(out).to_string().into())
        },
    ),
];

/// Something of every match of the second argument in the first.
fn every<T>(a: &Args<'_>, of: impl Fn(&Captures<'_>) -> T) -> Result<Vec<T>, String> {
    let text = a.text(0)?;
    let pattern = compiled(a.text(1)?)?;
    let found = pattern.on(text)?.captures_iter(text);
    found.map(|groups| go_on().map(|()| of(&groups))).collect()
}

fn count(pattern: &str, text: &str) -> Result<Out, String> {
    let pattern = compiled(pattern)?;
    let mut count = 0_usize;
    for found in pattern.on(text)?.find_iter(text) {
        go_on()?;
        count += usize::from(!found.is_empty());
    }
    Ok(count.into())
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
        go_on()?;
        if compiled(pattern)?.on(text)?.is_match(text) {
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
    let pattern = compiled(a.text(1)?)?;
    for groups in pattern.on(text)?.captures_iter(text).take(most) {
        go_on()?;
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

/// A pattern and a text; NULL if one is.
fn with_pattern<P: Send + Sync + 'static>(
    context: &Context<'_>,
    parse: fn(&str) -> Result<P, String>,
    test: impl Fn(&P, &str) -> Result<bool, String>,
) -> Result<Value, String> {
    let (Some(_), Some(text)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
        return Ok(Value::Null);
    };
    let holds = test(&*parsed(context, parse)?, text)?;
    Ok(Value::Integer(holds.into()))
}

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_like", 2, |context| {
        let parse = |pattern: &str| Ok(Like::new(pattern));
        with_pattern(context, parse, Like::tried)
    })?;
    scalar(conn, "_ilike", 2, |context| {
        let parse = |pattern: &str| Ok(Like::new(&pattern.to_lowercase()));
        with_pattern(context, parse, |like, text| {
            like.tried(&text.to_lowercase())
        })
    })?;
    scalar(conn, "_match", 2, |context| {
        with_pattern(context, Pattern::new, |pattern, text| {
            Ok(pattern.on(text)?.is_match(text))
        })
    })
}
