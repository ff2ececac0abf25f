//! What an address says of a caller: users, parameters, paths that only the right ones know.

use super::MASK;

/// Parts of names of parameters that prove somebody.
const TELLING: [&str; 13] = [
    "token",
    "key",
    "secret",
    "pass",
    "pwd",
    "sig",
    "auth",
    "credential",
    "code",
    "jwt",
    "bearer",
    "session",
    "hash",
];

/// Names of parameters that prove somebody, where nothing else is in them.
const TELLING_ALONE: [&str; 9] = ["k", "t", "p", "pw", "sk", "ak", "pat", "otp", "sas"];

/// Hosts of webhooks whose path is what proves a caller.
const WEBHOOKS: [&str; 14] = [
    "hooks.slack.com",
    "discord.com",
    "discordapp.com",
    "api.telegram.org",
    "webhook.office.com",
    "outlook.office.com",
    "outlook.office365.com",
    "hooks.zapier.com",
    "maker.ifttt.com",
    "open.feishu.cn",
    "open.larksuite.com",
    "hooks.chime.aws",
    "events.pagerduty.com",
    "alert.victorops.com",
];

/// Of an address or a list of them; None where there is nothing to mask.
pub fn masked_url(text: &str) -> Option<String> {
    let masked: String = addresses(text).map(masked_address).collect();
    (masked != text).then_some(masked)
}

/// The addresses of a list, each with the separator behind it.
fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let begins = text.match_indices("://").filter_map(|(at, _)| {
        let scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let start = text[..at].trim_end_matches(scheme).len();
        let behind = text[..start].ends_with(|c: char| matches!(c, ',' | ';') || c.is_whitespace());
        (start < at && behind).then_some(start)
    });
    let ends: Vec<usize> = begins.chain([text.len()]).collect();
    let mut start = 0;
    ends.into_iter().map(move |end| {
        let one = &text[start..end];
        start = end;
        one
    })
}

fn masked_address(text: &str) -> String {
    let (scheme, rest) = match text.find("//") {
        Some(at) if at == 0 || text[..at].ends_with(':') => text.split_at(at + 2),
        _ => return masked_plain(text),
    };
    let found = authority(rest).rfind('@');
    // A password may hold what ends a host.
    let user = found.or_else(|| rest.rfind('@').filter(|_| has_odd_port(authority(rest))));
    match user {
        Some(at) => format!("{scheme}{MASK}@{}", masked_tail(&rest[at + 1..])),
        None => format!("{scheme}{}", masked_tail(rest)),
    }
}

/// `user:password@host`, as some take it for an address.
fn masked_plain(text: &str) -> String {
    let odd = |c: char| c.is_whitespace() || matches!(c, '{' | '<' | '"');
    match text.rsplit_once('@') {
        Some((user, host)) if user.contains(':') && !user.contains(odd) => {
            format!("{MASK}@{}", masked_tail(host))
        }
        _ => text.to_string(),
    }
}

pub(super) fn authority(rest: &str) -> &str {
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// What stands in the place of a port is none, so it belongs to a user.
pub(super) fn has_odd_port(authority: &str) -> bool {
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    !port.contains(']') && !port.bytes().all(|byte| byte.is_ascii_digit())
}

/// Host, path and parameters.
fn masked_tail(tail: &str) -> String {
    let start = tail.find(['?', '#']).unwrap_or(tail.len());
    let (path, parameters) = tail.split_at(start);
    let pairs = parameters.split_inclusive(['?', '#', '&', ';']);
    let masked = pairs.map(|pair| {
        let plain = pair.trim_end_matches(['?', '#', '&', ';']);
        match plain.split_once('=') {
            Some((name, value)) if !value.is_empty() && (tells(name) || has_user(value)) => {
                format!("{name}={MASK}{}", &pair[plain.len()..])
            }
            _ => pair.to_string(),
        }
    });
    format!("{}{}", masked_path(path), masked.collect::<String>())
}

/// Host and path, without what in the path proves somebody.
fn masked_path(path: &str) -> String {
    let Some((host, below)) = path.split_once('/') else {
        return path.into();
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let of = |known: &&str| {
        name.strip_suffix(*known)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    if WEBHOOKS.iter().any(of) && !below.is_empty() {
        return format!("{host}/{MASK}");
    }
    let parts = below.split('/');
    let parts = parts.map(|part| if is_random(part) { MASK } else { part });
    format!("{host}/{}", parts.collect::<Vec<_>>().join("/"))
}

/// As only keys are: long, of letters of both cases and of digits, or of digits to base 16.
fn is_random(part: &str) -> bool {
    let some = |of: fn(&u8) -> bool| part.as_bytes().iter().any(of);
    let all = |of: fn(&u8) -> bool| part.as_bytes().iter().all(of);
    let mixed = some(u8::is_ascii_uppercase) && some(u8::is_ascii_lowercase);
    let letters = all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    let digits = some(u8::is_ascii_digit);
    letters
        && digits
        && (part.len() >= 20 && mixed || part.len() >= 32 && all(u8::is_ascii_hexdigit))
}

fn tells(name: &str) -> bool {
    let name = decoded(name).to_ascii_lowercase();
    TELLING.iter().any(|word| name.contains(word)) || TELLING_ALONE.contains(&name.as_str())
}

/// It is an address with a user in it.
fn has_user(value: &str) -> bool {
    let value = decoded(value);
    value.contains("://") && value.contains('@')
}

/// Enough of it to be recognised.
fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        plain.push_str(before);
        let digits = after.get(..2);
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = &after[2..];
            }
            None => {
                plain.push('%');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    plain
}
