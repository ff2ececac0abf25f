//! Which relayed calls only read. Decided from the call as it will be sent, signed and with the
//! settings' headers: only what is known to read counts, all else changes.

mod name;
mod path;
mod table;
#[cfg(test)]
mod tests;

use axum::http::{HeaderMap, Method, Uri, header};
use weir_api::{System, dataworks::READING_ACTIONS};

pub use self::table::Reading;
pub(super) use self::{name::overrides, path::stays_inside};
use self::{
    name::{pairs, plain, tells},
    path::segments,
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

/// Headers that name the operation.
const ACTION_HEADER: &str = "x-acs-action";

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

    pub(super) fn reads(&self, table: &Reading) -> bool {
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
            (Some(system), []) => self.is_listed(system, table) && (!safe || empty),
            // Nothing is known of what it does.
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

    fn is_listed(&self, system: System, table: &Reading) -> bool {
        let path = self.url.path();
        let path = path.strip_prefix(self.below).unwrap_or(path);
        let Some(path) = segments(path.strip_suffix('/').unwrap_or(path)) else {
            return false;
        };
        let path: Vec<&str> = path.iter().map(AsRef::as_ref).collect();
        table.has(system, self.method, &path)
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
            let mut parts = kind.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            // In another charset it says something else.
            name.eq_ignore_ascii_case("application/x-www-form-urlencoded")
                && parts.all(|part| part.is_empty() || part.eq_ignore_ascii_case("charset=utf-8"))
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
