//! The table of operations of a system: what there is at which address, who may, since and until
//! when, and what the audit log calls it. The router is built from the table and from nothing
//! else, so that nothing is served without a row; permissions, revisions and the audit log read
//! the same row.

mod definitions;

use std::{collections::HashMap, convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::{RawPathParams, Request, State},
    handler::Handler,
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use weir_api::role::Role;

use crate::{
    audit::Change,
    auth::{Actor, permission::Verb},
    error::Failure,
    revision::Revision,
};

/// Who may call an operation. People who are not signed in may call none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
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
    named: bool,
    /// Kind of resource, as permissions of API keys name it.
    pub kind: &'static str,
    pub access: Access,
    /// The only revision that has it.
    pub only: Option<Revision>,
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
            audit: audit.map(|action| (action, kind)),
            only: None,
            named: path.contains('{'),
            method,
            path,
            kind,
            handler,
        }
    }

    fn split(self) -> (Operation, H) {
        let row = Operation {
            method: self.method,
            path: self.path,
            named: self.named,
            kind: self.kind,
            access: self.access,
            only: self.only,
            audit: self.audit,
            handler: (),
        };
        (row, self.handler)
    }

    pub fn is_in(&self, revision: Revision) -> bool {
        revision == Revision::Both || self.only.is_none_or(|only| only == revision)
    }

    /// Refuses whom the row does not name.
    pub fn permit(&self, actor: &Actor) -> Result<(), Failure> {
        if self.access == Access::Admin && actor.role != Role::Admin {
            let (method, path) = (&self.method, &self.path);
            return Err(actor.refusal(&format!("{method} {path} needs role admin")));
        }
        match self.access {
            Access::Everybody => Ok(()),
            Access::Read => actor.must_have(Verb::Read, self.kind),
            Access::Own | Access::Admin => actor.must_have(Verb::Write, self.kind),
        }
    }
}

/// Rows of one kind of resource, or of all of a system. `S` is the state of their handlers.
pub struct Operations<S> {
    kind: &'static str,
    audited_as: &'static str,
    only: Option<Revision>,
    below: &'static str,
    rows: Vec<Operation<MethodRouter<S>>>,
}

impl<S: Clone + Send + Sync + 'static> Operations<S> {
    /// The rows that follow are of this kind.
    pub fn of(kind: &'static str) -> Self {
        Self {
            kind,
            audited_as: kind,
            only: None,
            below: "",
            rows: Vec::new(),
        }
    }

    pub fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let rows = parts.into_iter().flat_map(|part| part.rows).collect();
        Self {
            rows,
            ..Self::of("")
        }
    }

    /// The rows that follow lie below this address.
    #[must_use]
    pub fn below(mut self, address: &'static str) -> Self {
        self.below = address;
        self
    }

    /// Another kind in the audit log than in permissions.
    #[must_use]
    pub fn audited_as(mut self, kind: &'static str) -> Self {
        self.audited_as = kind;
        self
    }

    /// Only this revision has the rows that follow.
    #[must_use]
    pub fn all_only(mut self, revision: Revision) -> Self {
        self.only = Some(revision);
        self
    }

    #[must_use]
    pub fn get<T: 'static>(self, path: &str, handler: impl Handler<T, S>) -> Self {
        self.row(Method::GET, MethodFilter::GET, path, None, handler)
    }

    #[must_use]
    pub fn post<T: 'static>(self, path: &str, handler: impl Handler<T, S>) -> Self {
        let audit = Some("create");
        self.row(Method::POST, MethodFilter::POST, path, audit, handler)
    }

    #[must_use]
    pub fn put<T: 'static>(self, path: &str, handler: impl Handler<T, S>) -> Self {
        let audit = Some("update");
        self.row(Method::PUT, MethodFilter::PUT, path, audit, handler)
    }

    #[must_use]
    pub fn patch<T: 'static>(self, path: &str, handler: impl Handler<T, S>) -> Self {
        let audit = Some("update");
        self.row(Method::PATCH, MethodFilter::PATCH, path, audit, handler)
    }

    #[must_use]
    pub fn delete<T: 'static>(self, path: &str, handler: impl Handler<T, S>) -> Self {
        let audit = Some("delete");
        self.row(Method::DELETE, MethodFilter::DELETE, path, audit, handler)
    }

    fn row<T: 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &str,
        audit: Option<&'static str>,
        handler: impl Handler<T, S>,
    ) -> Self {
        let row = Operation::new(method, path, self.kind, audit, on(filter, handler));
        self.rows.push(Operation {
            path: format!("{}{path}", self.below),
            audit: audit.map(|action| (action, self.audited_as)),
            only: self.only,
            ..row
        });
        self
    }

    fn last(mut self, change: impl FnOnce(&mut Operation<MethodRouter<S>>)) -> Self {
        if let Some(row) = self.rows.last_mut() {
            change(row);
        }
        self
    }

    /// The last row is called so in the audit log.
    #[must_use]
    pub fn called(self, action: &'static str) -> Self {
        self.last(|row| {
            row.audit = row.audit.map(|(_, kind)| (action, kind));
        })
    }

    /// The last row changes nothing, although its method says so.
    #[must_use]
    pub fn only_reads(self) -> Self {
        self.last(|row| {
            row.access = Access::Read;
            row.audit = None;
        })
    }

    /// The last row is for everybody's own.
    #[must_use]
    pub fn own(self) -> Self {
        self.last(|row| row.access = Access::Own)
    }

    /// The last row is for everybody.
    #[must_use]
    pub fn everybody(self) -> Self {
        self.last(|row| row.access = Access::Everybody)
    }

    /// The last row is not in the audit log by itself; its handler may still put it there.
    #[must_use]
    pub fn not_audited(self) -> Self {
        self.last(|row| row.audit = None)
    }

    /// Only this revision has the last row.
    #[must_use]
    pub fn only(self, revision: Revision) -> Self {
        self.last(|row| row.only = Some(revision))
    }

    /// The rows without what runs them.
    pub fn rows(self) -> Vec<Operation> {
        self.rows.into_iter().map(|row| row.split().0).collect()
    }

    /// What `revision` has. `identify` is what stands in front of each operation and finds out who
    /// is calling; `refuse` writes a refusal as the system's clients know it. `state` is that of the
    /// handlers, which also read what a change is about before and after it.
    pub fn router(
        self,
        revision: Revision,
        identify: impl Fn(MethodRouter<S>) -> MethodRouter<S>,
        refuse: Refuse,
        state: &S,
    ) -> Router<S> {
        let rows = self.rows.into_iter().filter(|row| row.is_in(revision));
        let rows: Vec<_> = rows.collect();
        let reads = rows
            .iter()
            .filter(|row| row.method == Method::GET && row.named);
        let reads: HashMap<String, MethodRouter> = reads
            .map(|row| {
                (
                    row.path.clone(),
                    row.handler.clone().with_state(state.clone()),
                )
            })
            .collect();
        rows.into_iter().fold(Router::new(), |router, row| {
            let (row, handler): (_, MethodRouter<S, Infallible>) = row.split();
            let row = Arc::new(row);
            let handler = match row.audit {
                Some(_) => {
                    let around = (row.clone(), reads.get(&row.path).cloned());
                    handler.route_layer(from_fn_with_state(around, definitions::around))
                }
                None => handler,
            };
            let permitted = handler.route_layer(from_fn_with_state((row.clone(), refuse), permit));
            let recorded = identify(permitted).route_layer(from_fn_with_state(row.clone(), record));
            router.route(&row.path, recorded)
        })
    }
}

/// How a system words a refusal.
type Refuse = fn(Failure) -> Response;

async fn permit(
    State((row, refuse)): State<(Arc<Operation>, Refuse)>,
    actor: Actor,
    request: Request,
    next: Next,
) -> Response {
    match row.permit(&actor) {
        Ok(()) => next.run(request).await,
        Err(failure) => refuse(failure),
    }
}

/// What the audit log says, also of attempts that were refused, where the handler did not say it
/// in more detail: the name is the last variable part of the address.
async fn record(
    State(row): State<Arc<Operation>>,
    params: Result<RawPathParams, axum::extract::rejection::RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    let Some((action, kind)) = row.audit else {
        return response;
    };
    if response.extensions().get::<Change>().is_some() {
        return response;
    }
    let name = match (&params, row.named) {
        (Ok(params), true) => params.iter().last().map_or("", |(_, value)| value),
        _ => "",
    };
    Change::made(action, kind, name).on(response)
}

/// The refusal of systems whose errors are those of the platform.
pub fn plainly(failure: Failure) -> Response {
    failure.into_response()
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

    #[test]
    fn what_changes_nothing_is_not_audited() {
        let rows = Operations::<()>::of("stream")
            .get("/streams", async || ())
            .post("/streams/{name}/preview", async || ())
            .only_reads()
            .delete("/streams/{name}", async || ())
            .rows();
        let audit: Vec<_> = rows.iter().map(|row| (row.access, row.audit)).collect();
        assert_eq!(
            audit,
            [
                (Access::Read, None),
                (Access::Read, None),
                (Access::Admin, Some(("delete", "stream"))),
            ]
        );
    }
}
