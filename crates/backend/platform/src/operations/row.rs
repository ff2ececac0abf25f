//! One row of a table of operations.

use axum::{
    http::{Method, StatusCode},
    response::Response,
};
use weir_api::role::Role;

use crate::{
    audit::Change,
    auth::{Actor, permission::Verb},
    error::HttpError,
    revision::Revision,
};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever asks, also without signing in: the handler finds out who that is and what they may,
    /// and tells the audit log.
    Public,
    /// Everybody, with any API key.
    Everybody,
    /// Everybody; an API key needs to read the kind.
    Read,
    /// Everybody, as far as the handler finds that what they change is their own; an API key needs
    /// to write the kind.
    Own,
    /// Admins; an API key needs to write the kind.
    Admin,
}

/// One row. `H` is what runs it.
#[derive(Debug, Clone)]
pub struct Operation<H = ()> {
    pub method: Method,
    /// Variable parts as `{name}`.
    pub path: String,
    /// The last variable part of the address names the resource.
    pub(super) named: bool,
    /// Kind of resource, as permissions of API keys name it.
    pub kind: &'static str,
    pub access: Access,
    /// The only revision that has it.
    pub only: Option<Revision>,
    /// Changes nothing, whatever is asked.
    pub reads: bool,
    /// Action and kind of resource in the audit log.
    pub audit: Option<(&'static str, &'static str)>,
    pub handler: H,
}

impl<H> Operation<H> {
    /// In every revision. What changes something is for admins, and `audit` is its action in the
    /// audit log; what changes nothing is for everybody.
    pub fn new(
        method: Method,
        path: impl Into<String>,
        kind: &'static str,
        audit: Option<&'static str>,
        handler: H,
    ) -> Self {
        let path = path.into();
        Self {
            access: match audit {
                Some(_) => Access::Admin,
                None => Access::Read,
            },
            reads: audit.is_none(),
            audit: audit.map(|action| (action, kind)),
            only: None,
            named: path.contains('{'),
            method,
            path,
            kind,
            handler,
        }
    }

    pub(super) fn split(self) -> (Operation, H) {
        let row = Operation {
            method: self.method,
            path: self.path,
            named: self.named,
            kind: self.kind,
            access: self.access,
            only: self.only,
            reads: self.reads,
            audit: self.audit,
            handler: (),
        };
        (row, self.handler)
    }

    pub fn is_in(&self, revision: Revision) -> bool {
        revision == Revision::Both || self.only.is_none_or(|only| only == revision)
    }

    /// What the audit log says of a call, also of one that was refused.
    pub fn recorded(&self, name: &str, response: Response) -> Response {
        let (action, kind) = match self.audit {
            Some(audit) => audit,
            None if response.status() == StatusCode::FORBIDDEN => {
                let action = match self.method {
                    Method::DELETE => "delete",
                    Method::PUT | Method::PATCH => "update",
                    _ => "read",
                };
                (action, self.kind)
            }
            None => return response,
        };
        Change::made(action, kind, name).on(response)
    }

    /// Refuses whom the row does not name.
    pub fn permit(&self, actor: &Actor) -> Result<(), HttpError> {
        if self.access == Access::Admin && actor.role != Role::Admin {
            let (method, path) = (&self.method, &self.path);
            return Err(actor.refusal(&format!("{method} {path} needs role admin")));
        }
        match self.access {
            Access::Public | Access::Everybody => Ok(()),
            Access::Read => actor.must_have(Verb::Read, self.kind),
            Access::Own | Access::Admin => actor.must_have(Verb::Write, self.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(access: Access) -> Operation {
        Operation {
            access,
            ..Operation::new(Method::POST, "/things", "stream", Some("create"), ())
        }
    }

    #[test]
    fn only_admins_do_what_is_for_admins() {
        let reader = Actor::user("reader", Role::ReadOnly);
        let admin = Actor::user("admin", Role::Admin);
        let refused = row(Access::Admin).permit(&reader).expect_err("403");
        assert!(refused.message().contains("POST /things"), "{refused:?}");
        assert!(row(Access::Admin).permit(&admin).is_ok());
        for access in [Access::Everybody, Access::Read, Access::Own] {
            assert!(row(access).permit(&reader).is_ok(), "{access:?}");
        }
    }

    #[test]
    fn a_revision_has_its_own_rows_and_those_of_all() {
        let always = row(Access::Read);
        let late = Operation {
            only: Some(Revision::Y2026),
            ..always.clone()
        };
        let had = |row: &Operation| {
            [Revision::Both, Revision::Y2025, Revision::Y2026].map(|one| row.is_in(one))
        };
        assert_eq!(had(&always), [true, true, true]);
        assert_eq!(had(&late), [true, false, true]);
    }
}
