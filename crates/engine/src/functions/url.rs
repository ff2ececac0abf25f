//! Parts of addresses. Nothing is checked or changed: what is no address has empty parts.

use super::native::{Native, Out, native};

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "protocol(string) -> string",
        "Before ://, for example https.",
        |a| Ok(scheme(a.text(0)?).unwrap_or_default().into()),
    ),
    native(
        "domain|domain_rfc(string) -> string",
        "The name of the host.",
        |a| Ok(host(a.text(0)?).into()),
    ),
    native(
        "domain_without_www|domain_without_www_rfc(string) -> string",
        "The name of the host without www. before it.",
        |a| {
            let host = host(a.text(0)?);
            Ok(host.strip_prefix("www.").unwrap_or(host).into())
        },
    ),
    native("netloc(string) -> string", "User, host and port.", |a| {
        Ok(authority(a.text(0)?).into())
    }),
    native(
        "port|port_rfc(string[, integer]) -> uint16",
        "The port, else the second argument, else 0.",
        |a| {
            let default = a.int_or(1, 0)?;
            let authority = authority(a.text(0)?);
            let port = authority
                .rsplit_once(':')
                .and_then(|(_, port)| port.parse::<u16>().ok());
            Ok(port.map_or(default, i128::from).into())
        },
    ),
    native(
        "top_level_domain|top_level_domain_rfc(string) -> string",
        "The part after the last dot of the host.",
        |a| {
            let host = host(a.text(0)?);
            let number = host.ends_with(|c: char| c.is_ascii_digit());
            let last = host.rsplit_once('.').map_or("", |(_, last)| last);
            Ok(if number { "" } else { last }.into())
        },
    ),
    native(
        "first_significant_subdomain|first_significant_subdomain_rfc(string) -> string",
        "The host's part before the top level, passing com, net, org and co.",
        |a| Ok(significant(host(a.text(0)?)).0.into()),
    ),
    native(
        "cut_to_first_significant_subdomain|cut_to_first_significant_subdomain_rfc(string) -> string",
        "The host from its first significant part on.",
        |a| Ok(significant(host(a.text(0)?)).1.into()),
    ),
    native(
        "path(string) -> string",
        "From the host to the query.",
        |a| Ok(until(path(a.text(0)?), &['?', '#']).into()),
    ),
    native(
        "path_full(string) -> string",
        "Everything after the host.",
        |a| Ok(path(a.text(0)?).into()),
    ),
    native("query_string(string) -> string", "Between ? and #.", |a| {
        Ok(query(a.text(0)?).into())
    }),
    native("fragment(string) -> string", "Behind #.", |a| {
        Ok(a.text(0)?
            .split_once('#')
            .map_or("", |(_, fragment)| fragment)
            .into())
    }),
    native(
        "query_string_and_fragment(string) -> string",
        "Behind ?, or from # on.",
        |a| {
            let text = a.text(0)?;
            let at = text.find(['?', '#']);
            Ok(at
                .map_or("", |at| text[at..].strip_prefix('?').unwrap_or(&text[at..]))
                .into())
        },
    ),
    native(
        "cut_www(string) -> string",
        "Without www. before the host.",
        |a| {
            let text = a.text(0)?;
            let host = text.find("://").map_or(0, |at| at + 3);
            match text[host..].strip_prefix("www.") {
                Some(rest) => Ok(format!("{}{rest}", &text[..host]).into()),
                None => Ok(text.into()),
            }
        },
    ),
    native(
        "cut_query_string(string) -> string",
        "Without ? and the query.",
        |a| {
            let text = a.text(0)?;
            let (before, fragment) = split_fragment(text);
            Ok(format!("{}{fragment}", until(before, &['?'])).into())
        },
    ),
    native(
        "cut_fragment(string) -> string",
        "Without # and the fragment.",
        |a| Ok(until(a.text(0)?, &['#']).into()),
    ),
    native(
        "cut_query_string_and_fragment(string) -> string",
        "Without query and fragment.",
        |a| Ok(until(a.text(0)?, &['?', '#']).into()),
    ),
    native(
        "extract_url_parameter(string, string) -> string",
        "The value of the query's parameter; empty if there is none.",
        |a| {
            let name = a.text(1)?;
            let found = parameters(a.text(0)?).find(|(key, _)| *key == name);
            Ok(found.map_or("", |(_, value)| value).into())
        },
    ),
    native(
        "extract_url_parameters(string) -> array(string)",
        "The query's parameters as name=value.",
        |a| Ok(Out::texts(listed(a.text(0)?).map(|(part, _)| part))),
    ),
    native(
        "extract_url_parameter_names(string) -> array(string)",
        "The names of the query's parameters.",
        |a| Ok(Out::texts(listed(a.text(0)?).map(|(_, name)| name))),
    ),
    native(
        "cut_url_parameter(string, string) -> string",
        "Without the query's parameter of that name.",
        |a| Ok(without(a.text(0)?, a.text(1)?).into()),
    ),
    native(
        "url_hierarchy(string) -> array(string)",
        "The address, cut after each /, ? and #.",
        |a| {
            let text = a.text(0)?;
            let start = text.len() - path(text).len();
            Ok(Out::texts(hierarchy(text, start, true)))
        },
    ),
    native(
        "url_path_hierarchy(string) -> array(string)",
        "The path, cut after each /, ? and #.",
        |a| Ok(Out::texts(hierarchy(path(a.text(0)?), 0, false))),
    ),
];

fn until<'a>(text: &'a str, ends: &[char]) -> &'a str {
    text.find(ends).map_or(text, |end| &text[..end])
}

fn split_fragment(text: &str) -> (&str, &str) {
    text.find('#').map_or((text, ""), |at| text.split_at(at))
}

fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    valid.then_some(scheme)
}

/// What is behind `//`; all of an address without it.
fn behind_scheme(text: &str) -> &str {
    match scheme(text) {
        Some(scheme) => &text[scheme.len() + 3..],
        None => text.strip_prefix("//").unwrap_or(text),
    }
}

fn authority(text: &str) -> &str {
    until(behind_scheme(text), &['/', '?', '#'])
}

fn host(text: &str) -> &str {
    let authority = authority(text);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let host = until(host, &[':']);
    let valid = host.contains('.') || scheme(text).is_some() || text.starts_with("//");
    let plain = host
        .chars()
        .all(|c| !c.is_ascii_whitespace() && !"<>%{}|\\^~[];\"'".contains(c));
    if valid && plain { host } else { "" }
}

/// From the slash behind the host on.
fn path(text: &str) -> &str {
    let rest = behind_scheme(text);
    if rest.len() == text.len() && !text.starts_with('/') {
        return rest.find('/').map_or("", |at| &rest[at..]);
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    if rest[end..].starts_with('/') {
        &rest[end..]
    } else {
        rest[end..].find('/').map_or("", |_| &rest[end..])
    }
}

fn query(text: &str) -> &str {
    let before = split_fragment(text).0;
    before.split_once('?').map_or("", |(_, query)| query)
}

/// Of the query, and of a query in the fragment.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let rest = text.split_once('?').map_or("", |(_, rest)| rest);
    rest.split(['&', '#', '?', ';'])
        .filter(|part| !part.is_empty())
}

/// Each parameter and its name. One without a value counts, unless it is the last.
fn listed(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut all = parts(text).peekable();
    std::iter::from_fn(move || {
        let part = all.next()?;
        match part.split_once('=') {
            Some((name, _)) => Some((part, name)),
            None => all.peek().map(|_| (part, part)),
        }
    })
}

fn parameters(text: &str) -> impl Iterator<Item = (&str, &str)> {
    parts(text).filter_map(|part| part.split_once('='))
}

fn without(text: &str, name: &str) -> String {
    let (before, fragment) = split_fragment(text);
    let Some((start, query)) = before.split_once('?') else {
        return text.to_string();
    };
    let kept = query
        .split('&')
        .filter(|part| part.split_once('=').is_none_or(|(key, _)| key != name));
    let kept: Vec<_> = kept.collect();
    format!("{start}?{}{fragment}", kept.join("&"))
}

const SECOND_LEVEL: [&str; 4] = ["com", "net", "org", "co"];

/// The significant part, and the host from it on.
fn significant(host: &str) -> (&str, &str) {
    if host.ends_with(|c: char| c.is_ascii_digit()) {
        return ("", host);
    }
    let parts: Vec<&str> = host.split('.').collect();
    let [.., before, _] = parts.as_slice() else {
        return (host, host);
    };
    let skip = if parts.len() > 2 && SECOND_LEVEL.contains(before) {
        3
    } else {
        2
    };
    let index = parts.len() - skip;
    let start: usize = parts[..index].iter().map(|part| part.len() + 1).sum();
    (parts[index], &host[start..])
}

fn hierarchy(text: &str, start: usize, whole: bool) -> Vec<&str> {
    let mut cuts: Vec<&str> = Vec::new();
    for (at, byte) in text.bytes().enumerate().skip(start) {
        if !matches!(byte, b'/' | b'?' | b'#') {
            continue;
        }
        let cut = at + 1;
        if cut > 0 && (whole || cut > 1) && cuts.last().is_none_or(|last| last.len() < cut) {
            cuts.push(&text[..cut]);
        }
    }
    if !text.is_empty()
        && cuts.last().is_none_or(|last| last.len() < text.len())
        && (whole || text.len() > 1)
    {
        cuts.push(text);
    }
    cuts
}
