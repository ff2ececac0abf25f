//! Whether each connection can be reached and who is signed in, learned from every call.

use std::collections::HashMap;

use leptos::prelude::*;
use weir_api::{
    ApiError, System,
    capability::{Capabilities, Capability},
    role::Role,
    session::Session,
};

/// Whether pages of a connection can be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Access {
    /// Not asked yet.
    #[default]
    Unknown,
    SignedOut,
    Open,
    /// Was open; the system now refuses the credential. Pages stay, with what was typed.
    Expired,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reach {
    #[default]
    Reachable,
    /// One call failed; to be checked.
    Suspect,
    Unreachable,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    pub access: Access,
    pub reach: Reach,
    /// Who is signed in, where the system says so.
    pub user: Option<String>,
    /// What people call them, where it is not `user`.
    pub name: Option<String>,
    /// Who signed them in, where it was not the system itself.
    pub provider: Option<String>,
    /// What that person may do, where it is known.
    pub role: Option<Role>,
    /// Grows when the system can be used again after it could not.
    pub returns: u32,
    /// Grows with each call that was refused for want of a credential since pages were open.
    pub refusals: u32,
    /// What its server is and can do; the last that is known.
    pub server: Option<Server>,
    /// Version 4 of Azion's API, and what stands behind the connection's base there.
    pub azion_v4: Option<&'static str>,
    /// Calls that wait because the system wants to be called less.
    pub waiting: u32,
    /// Seconds that the last of them waits.
    pub pause_s: u32,
    /// Calls whose answer is long in coming.
    pub late: u32,
    /// Another tab has signed out.
    pub elsewhere: bool,
    /// Whether `server` is of this sign-in and since the last break.
    pub asked: bool,
}

/// A server as it answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// For example `Timeplus Enterprise 2.9.0`; empty where it does not say.
    pub name: String,
    pub can: Capabilities,
}

impl Server {
    /// Of a system whose servers are all alike, but for the versions of Azion's API.
    pub fn of(system: System, azion_v4: bool) -> Self {
        let can = Capabilities::all();
        Self {
            name: system.words().into(),
            can: match azion_v4 {
                true => can.with(Capability::AzionParts),
                false => can,
            },
        }
    }
}

impl Status {
    /// What the outcome of a call means; `Ok` is any answer in 200–299.
    pub fn learn(&mut self, outcome: Result<(), &ApiError>) {
        match outcome {
            Err(ApiError::Network(_)) if self.reach == Reach::Reachable => {
                self.reach = Reach::Suspect;
            }
            Err(ApiError::Status(error)) if error.status == 401 => {
                self.answered();
                if matches!(self.access, Access::Open | Access::Expired) {
                    self.access = Access::Expired;
                    self.refusals += 1;
                }
            }
            Err(ApiError::Status(error)) => {
                // API keys do not tell whose they are: the role is learned from a refusal.
                if error.status == 403 && error.message.contains("role read_only") {
                    self.role = Some(Role::ReadOnly);
                }
                self.answered();
            }
            Ok(()) => self.answered(),
            Err(_) => {}
        }
    }

    /// A call waits so many seconds, or one waits no more.
    pub fn pause(&mut self, seconds: Option<u32>) {
        match seconds {
            Some(seconds) => {
                self.waiting += 1;
                self.pause_s = seconds;
            }
            None => self.waiting = self.waiting.saturating_sub(1),
        }
    }

    pub fn open(&mut self, user: Option<String>) {
        if self.access == Access::Expired {
            self.returns += 1;
        }
        if self.user != user {
            self.role = None;
            self.name = None;
            self.provider = None;
        }
        self.access = Access::Open;
        self.elsewhere = false;
        self.late = 0;
        self.user = user;
        self.asked = false;
    }

    /// By a session of the embedded backend, as far as it says whose it is.
    pub fn open_session(&mut self, who: Option<Session>) {
        self.open(who.as_ref().map(|who| who.user.clone()));
        let who = who.unwrap_or_default();
        self.role = who.role.as_deref().and_then(Role::named);
        self.name = who.name;
        self.provider = who.provider;
    }

    pub fn close(&mut self) {
        self.access = Access::SignedOut;
        self.elsewhere = false;
        self.late = 0;
        self.user = None;
        self.role = None;
        self.name = None;
        self.provider = None;
    }

    fn answered(&mut self) {
        if self.reach == Reach::Unreachable {
            self.returns += 1;
            self.asked = false;
        }
        self.reach = Reach::Reachable;
    }
}

/// By connection id.
#[derive(Clone, Copy)]
pub struct Statuses(RwSignal<HashMap<String, Status>>);

impl Statuses {
    pub fn new() -> Self {
        Self(RwSignal::new(HashMap::new()))
    }

    pub fn get(self, id: &str) -> Status {
        self.0.with(|all| all.get(id).cloned().unwrap_or_default())
    }

    pub fn with<T>(self, id: &str, read: impl FnOnce(&Status) -> T) -> T {
        self.0.with(|all| match all.get(id) {
            Some(status) => read(status),
            None => read(&Status::default()),
        })
    }

    pub fn get_untracked(self, id: &str) -> Status {
        self.0
            .with_untracked(|all| all.get(id).cloned().unwrap_or_default())
    }

    /// Wakes readers only where something changed: this runs after every call.
    pub fn change(self, id: &str, change: impl FnOnce(&mut Status)) {
        let mut status = self.get_untracked(id);
        let before = status.clone();
        change(&mut status);
        if status != before {
            self.0.update(|all| {
                all.insert(id.to_string(), status);
            });
        }
    }
}

impl Default for Statuses {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused() -> ApiError {
        ApiError::with_status(401, "")
    }

    #[test]
    fn what_is_known_of_somebody_goes_with_them() {
        let mut status = Status::default();
        status.open_session(Some(Session {
            user: "https://id.example#17".into(),
            name: Some("ann (https://id.example)".into()),
            provider: Some("Example ID".into()),
            role: Some("admin".into()),
        }));
        assert_eq!(status.role, Some(Role::Admin));
        status.open(Some("https://id.example#17".into()));
        assert_eq!(status.provider.as_deref(), Some("Example ID"));
        status.open(Some("admin".into()));
        assert_eq!(
            (status.name, status.provider, status.role),
            (None, None, None)
        );
    }

    #[test]
    fn a_refused_credential_expires_only_what_was_open() {
        let mut status = Status::default();
        status.learn(Err(&refused()));
        assert_eq!((status.access, status.refusals), (Access::Unknown, 0));
        status.open(Some("admin".into()));
        status.learn(Err(&refused()));
        assert_eq!((status.access, status.refusals), (Access::Expired, 1));
        status.learn(Err(&refused()));
        assert_eq!(
            status.refusals, 2,
            "whoever closed the dialog is asked again"
        );
        assert_eq!(status.user.as_deref(), Some("admin"));
    }

    #[test]
    fn a_role_is_learned_from_a_refusal_and_forgotten_with_its_user() {
        let body = "your role read_only cannot change anything: no";
        let mut status = Status::default();
        status.open(None);
        status.learn(Err(&ApiError::with_status(403, "")));
        assert_eq!(status.role, None);
        status.learn(Err(&ApiError::with_status(403, body)));
        assert_eq!(status.role, Some(Role::ReadOnly));
        status.open(Some("admin".into()));
        assert_eq!(status.role, None);
    }

    #[test]
    fn pages_load_again_after_a_break_and_after_signing_in_again() {
        let mut status = Status::default();
        status.open(None);
        status.learn(Err(&ApiError::Network("refused".into())));
        assert_eq!((status.reach, status.returns), (Reach::Suspect, 0));
        status.learn(Ok(()));
        assert_eq!((status.reach, status.returns), (Reach::Reachable, 0));
        status.reach = Reach::Unreachable;
        status.learn(Err(&ApiError::Network("refused".into())));
        assert_eq!(status.reach, Reach::Unreachable);
        status.learn(Ok(()));
        assert_eq!((status.reach, status.returns), (Reach::Reachable, 1));
        status.learn(Err(&refused()));
        status.open(None);
        assert_eq!((status.access, status.returns), (Access::Open, 2));
    }
}
