//! Which relayed calls only read. Decided from the call as it will be sent, signed and with the
//! settings' headers: only what is known to read counts, all else changes.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderName, Method, Uri, header};
use percent_encoding::percent_decode_str;
use weir_api::{
    System,
    dataworks::{READING_ACTIONS, form},
};

/// What else is sent with a call.
pub(super) enum Content<'a> {
    Nothing,
    Whole(&'a [u8]),
    /// It was not read, so it may say anything.
    Unread,
}

/// A call as the upstream will get it.
pub(super) struct Outgoing<'a> {
    /// Of the upstream, where that is known.
    pub system: Option<System>,
    pub method: &'a Method,
    /// The path of the upstream's address, without a slash at the end.
    pub below: &'a str,
    pub url: &'a Uri,
    pub headers: &'a HeaderMap,
    pub content: Content<'a>,
}

/// Reading operations of a system: the method, and what the path holds, whole segments in a row.
/// A last `*` stands for at least one more segment at the end.
const READING: &[(System, Method, &[&str])] = &[
    (System::Timeplus, Method::GET, &["api", "info"]),
    (System::Timeplus, Method::GET, &["api", "v1beta1", "*"]),
    (System::Timeplus, Method::GET, &["api", "v1beta2", "*"]),
    (
        System::Timeplus,
        Method::POST,
        &["api", "v1beta2", "format"],
    ),
    (
        System::Timeplus,
        Method::POST,
        &["api", "v1beta2", "sqlanalyze"],
    ),
    (System::Azion, Method::GET, &["data_streaming", "*"]),
    (System::Azion, Method::GET, &["data_stream", "*"]),
    (System::Azion, Method::GET, &["workspace", "*"]),
    (System::SecMaster, Method::GET, &["v3", "projects"]),
    (System::SecMaster, Method::GET, &["workspaces"]),
    (System::SecMaster, Method::GET, &["workspaces", "*"]),
    (System::SecMaster, Method::POST, &["soc", "*", "search"]),
];

/// Headers that name the operation.
const ACTION_HEADER: &str = "x-acs-action";

/// Parameters whose names only look as if they named an operation.
const HARMLESS: &[&str] = &["SignatureMethod"];

/// Words in the names of parameters that make a call do something.
const TELLING: &[&str] = &[
    "action",
    "method",
    "operation",
    "command",
    "cmd",
    "sql",
    "statement",
];

impl Outgoing<'_> {
    /// What the call names as its operation, for the audit log.
    pub(super) fn actions(&self) -> Vec<String> {
        let mut actions = self.header_actions();
        let parameters = self.parameters().unwrap_or_default().into_iter();
        let named = parameters.filter(|(name, _)| plain(name) == "action");
        actions.extend(named.map(|(_, value)| value));
        actions.dedup();
        actions
    }

    pub(super) fn reads(&self) -> bool {
        let Some(parameters) = self.parameters() else {
            return false;
        };
        let (actions, others): (Vec<_>, Vec<_>) = parameters
            .into_iter()
            .partition(|(name, _)| name == "Action");
        if others.iter().any(|(name, _)| tells(name)) {
            return false;
        }
        let mut named: Vec<String> = actions.into_iter().map(|(_, value)| value).collect();
        named.extend(self.header_actions());
        let reading = |name: &String| READING_ACTIONS.contains(&name.as_str());
        let safe = matches!(*self.method, Method::GET | Method::HEAD);
        let empty = matches!(self.content, Content::Nothing);
        match (self.system, named.as_slice()) {
            (Some(System::DataWorks), [first, rest @ ..]) => {
                let one = rest.iter().all(|other| other == first);
                let to_operations = self.is_for_operations();
                one && to_operations
                    && reading(first)
                    && (safe && empty || *self.method == Method::POST)
            }
            (Some(System::DataWorks), []) => false,
            // The others know no such parameter, so it is there to mislead somebody.
            (Some(_), [_, ..]) => false,
            (Some(system), []) => self.is_listed(system) && (!safe || empty),
            (None, [only]) => reading(only) && safe && empty,
            (None, []) => safe && empty,
            (None, _) => false,
        }
    }

    /// All operations of DataWorks have one address; below it are published APIs, which do whatever
    /// they were made for.
    fn is_for_operations(&self) -> bool {
        let path = self.url.path();
        let path = path.strip_prefix(self.below).unwrap_or(path);
        matches!(path.trim_end_matches('/'), "" | "/dataworks")
    }

    fn is_listed(&self, system: System) -> bool {
        let path = self.url.path();
        let Some(path) = segments(path.strip_suffix('/').unwrap_or(path)) else {
            return false;
        };
        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        READING.iter().any(|(of, method, pattern)| {
            let same =
                method == self.method || *method == Method::GET && *self.method == Method::HEAD;
            *of == system && same && ends_with(&path, pattern)
        })
    }

    /// Of the query and of a form, decoded. None where they may be read in more than one way.
    fn parameters(&self) -> Option<Vec<(String, String)>> {
        let query = self.url.query().unwrap_or_default();
        let mut all = pairs(query.as_bytes())?;
        match self.content {
            Content::Nothing => {}
            Content::Unread => return None,
            Content::Whole([]) => {}
            Content::Whole(body) if self.system == Some(System::DataWorks) => {
                all.extend(self.is_form().then(|| pairs(body)).flatten()?);
            }
            // A body of the others is data, for operations that their path names.
            Content::Whole(_) => {}
        }
        Some(all)
    }

    fn is_form(&self) -> bool {
        let mut kinds = self.headers.get_all(header::CONTENT_TYPE).iter();
        let form = kinds.next().is_some_and(|kind| {
            let kind = kind.to_str().unwrap_or_default();
            let kind = kind.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        });
        form && kinds.next().is_none()
    }

    fn header_actions(&self) -> Vec<String> {
        let values = self.headers.get_all(ACTION_HEADER).iter();
        values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    }
}

/// The segments of a path, decoded. None where somebody could cut it elsewhere: an upstream, or what
/// stands in front of it, may decode it first, or end it before what is behind a `;`.
fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let odd = |c: char| matches!(c, '/' | '\\' | '?' | '#' | ';') || c.is_control();
    let parts = path.strip_prefix('/')?.split('/');
    let plain = parts.map(|part| {
        let part = decoded(part)?;
        (!part.is_empty() && !part.contains(odd)).then_some(part)
    });
    plain.collect()
}

/// Whether the path ends in the pattern; its `*` in the middle is one segment, at the end any
/// number from one.
fn ends_with(path: &[&str], pattern: &[&str]) -> bool {
    let fits = |path: &[&str], pattern: &[&str]| {
        let pairs = path.iter().zip(pattern);
        path.len() == pattern.len() && pairs.into_iter().all(|(part, p)| *p == "*" || part == p)
    };
    match pattern {
        [start @ .., "*"] => (0..path.len())
            .filter_map(|from| path.get(from..from + start.len() + 1))
            .any(|part| fits(&part[..start.len()], start)),
        _ => path
            .len()
            .checked_sub(pattern.len())
            .is_some_and(|from| fits(&path[from..], pattern)),
    }
}

/// The name as somebody lenient reads it.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_ascii_alphanumeric());
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

fn tells(name: &str) -> bool {
    if HARMLESS.contains(&name) {
        return false;
    }
    let lenient = plain(&decoded(name).unwrap_or(Cow::Borrowed(name)));
    // A letter that only looks like one of ours is none of a known parameter.
    !name.is_ascii() || TELLING.iter().any(|word| lenient.contains(word))
}

/// Some servers take `;` for a separator, too, and some end texts at a zero byte.
fn pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs = form(text);
    let odd = |text: &str| text.contains([';', '\0', '\u{fffd}']);
    let ambiguous = text.contains(&b';') || pairs.iter().any(|(name, _)| odd(name));
    (!ambiguous).then_some(pairs)
}

/// Decoded until nothing is left to decode; None where there is no end to it.
fn decoded(text: &str) -> Option<Cow<'_, str>> {
    const ROUNDS: usize = 4;
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        let next = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if next == text {
            return Some(text);
        }
        text = Cow::Owned(next);
    }
    None
}

/// Whether a path stays below the upstream's prefix, however it is decoded on its way.
pub(super) fn stays_inside(path: &str) -> bool {
    decoded(path).is_some_and(|path| {
        let leaves = |segment: &str| {
            // `..;x` is `..` for servers that know parameters of segments.
            let name = segment.split(';').next().unwrap_or_default().trim();
            matches!(name, "." | "..")
        };
        !path.chars().any(char::is_control) && !path.split(['/', '\\']).any(leaves)
    })
}

/// A header that makes an upstream take the call for another than it is.
pub(super) fn overrides(name: &HeaderName) -> bool {
    let lenient = plain(name.as_str());
    [
        "method",
        "originalurl",
        "rewriteurl",
        "originaluri",
        "forwardeduri",
        "originalhost",
    ]
    .iter()
    .any(|word| lenient.contains(word))
        && !lenient.starts_with("accesscontrol")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reads(system: Option<System>, method: Method, url: &str, content: Content) -> bool {
        let mut headers = HeaderMap::new();
        let kind = "application/x-www-form-urlencoded".parse().expect("value");
        headers.insert(header::CONTENT_TYPE, kind);
        Outgoing {
            system,
            method: &method,
            below: "",
            url: &format!("http://a.example{url}").parse().expect("URL"),
            headers: &headers,
            content,
        }
        .reads()
    }

    #[test]
    fn only_known_actions_read() {
        let get = |query: &str| {
            reads(
                Some(System::DataWorks),
                Method::GET,
                &format!("/?{query}"),
                Content::Nothing,
            )
        };
        assert!(get(
            "Action=ListDataServiceGroups&PageNumber=1&SignatureMethod=HMAC-SHA1"
        ));
        assert!(
            get("%41ction=ListDataServiceGroups"),
            "it is what it says once decoded"
        );
        for changes in [
            "",
            "Action=DeleteDataServiceApi",
            "%41ction=DeleteDataServiceApi",
            "%2541ction=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&Action=DeleteDataServiceApi",
            "Action=DeleteDataServiceApi&Action=ListDataServiceGroups",
            "Action=ListDataServiceGroups&action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&ACTION=DeleteDataServiceApi",
            "Action=ListDataServiceGroups;Action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&x=1;Action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&%20Action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&Action%00=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&Action%5B%5D=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&_method=DELETE",
            "Action=ListDataServiceGroups&X-HTTP-Method-Override=DELETE",
            "Action=GetOrDelete",
            "Action=Get",
            "Action=listDataServiceGroups",
            "Action=ListDataServiceGroups%20",
        ] {
            assert!(!get(changes), "{changes}");
        }
        // Published APIs are below, and do not care for an action.
        for elsewhere in ["/api/x", "/x/", "/dataworks/api/x", "/dataworksx", "/%2e"] {
            let url = format!("{elsewhere}?Action=ListDataServiceGroups");
            let read = reads(Some(System::DataWorks), Method::GET, &url, Content::Nothing);
            assert!(!read, "{elsewhere}");
        }
        let url = "/dataworks/?Action=ListDataServiceGroups";
        assert!(reads(
            Some(System::DataWorks),
            Method::GET,
            url,
            Content::Nothing
        ));
    }

    #[test]
    fn the_body_is_read_too() {
        let post = |body: &str| {
            let url = "/?Action=ListDataServiceGroups";
            let body = Content::Whole(body.as_bytes());
            reads(Some(System::DataWorks), Method::POST, url, body)
        };
        assert!(post("") && post("PageNumber=1") && post("Action=ListDataServiceGroups"));
        assert!(!post("Action=DeleteDataServiceApi") && !post("%61ction=DeleteDataServiceApi"));
        let unread = |method| {
            let url = "/?Action=ListDataServiceGroups";
            reads(Some(System::DataWorks), method, url, Content::Unread)
        };
        assert!(!unread(Method::POST) && !unread(Method::GET));
    }

    #[test]
    fn elsewhere_the_path_tells() {
        let timeplus = Some(System::Timeplus);
        let streams = "/default/api/v1beta2/streams/payroll";
        assert!(reads(timeplus, Method::GET, streams, Content::Nothing));
        assert!(reads(timeplus, Method::HEAD, streams, Content::Nothing));
        assert!(reads(
            timeplus,
            Method::POST,
            "/a/api/v1beta2/sqlanalyze",
            Content::Whole(b"{}")
        ));
        for (method, url) in [
            (Method::GET, "/signin?token=1"),
            (
                Method::GET,
                "/default/api/v1beta2/streams?Action=ListDataServiceGroups",
            ),
            (Method::DELETE, streams),
            (
                Method::DELETE,
                "/default/api/v1beta2/streams/payroll?Action=Get",
            ),
            (Method::POST, "/default/api/v1beta2/queries"),
            (Method::POST, "/default/api/v1beta2/streams/sqlanalyze"),
            (Method::TRACE, streams),
            (Method::GET, "/admin/delete%3F/api/v1beta2/streams"),
            (Method::GET, "/admin/delete%253F/api/v1beta2/streams"),
            (Method::GET, "/admin/delete%23/api/v1beta2/streams"),
            (Method::GET, "/admin/delete;/api/v1beta2/streams"),
            (Method::GET, "/admin/delete%3b/api/v1beta2/streams"),
            (Method::GET, "/admin%2Fdelete/api/v1beta2/streams"),
            (Method::GET, "/default%2Fapi%2Fv1beta2%2Fstreams"),
            (Method::GET, "//default/api/v1beta2/streams"),
            (Method::GET, "/default/api//v1beta2/streams"),
            (Method::from_bytes(b"get").expect("method"), streams),
        ] {
            assert!(
                !reads(timeplus, method.clone(), url, Content::Nothing),
                "{method} {url}"
            );
        }
        let secmaster =
            |method, url| reads(Some(System::SecMaster), method, url, Content::Whole(b"{}"));
        let search = "/v1/p/workspaces/w/soc/alerts/search";
        assert!(secmaster(Method::POST, search));
        assert!(!secmaster(Method::POST, "/v1/p/workspaces/w/soc/alerts"));
        assert!(
            !secmaster(Method::GET, "/v1/p/workspaces/w/soc/alerts"),
            "with a body"
        );
    }

    #[test]
    fn paths_stay_below_the_prefix() {
        for leaves in [
            "/../x",
            "/a/../../x",
            "/%2e%2e/x",
            "/a/.%2E/x",
            "/..%2fx",
            "/%252e%252e/x",
            "/..;/x",
            "/a\\..\\x",
            "/%5c..%5cx",
            "/./x",
            "/..",
            "/%00",
            "/%25252525252e",
        ] {
            assert!(!stays_inside(leaves), "{leaves}");
        }
        for stays in ["", "/", "/a..b/c", "/a%2Fb", "/...", "/50%25"] {
            assert!(stays_inside(stays), "{stays}");
        }
    }
}
