//! The table of operations of a system: what there is at which address, who may, since and until
//! when, and what the audit log calls it. The router is built from the table and from nothing
//! else, so that nothing is served without a row; permissions, revisions and the audit log read
//! the same row.

mod definitions;
mod routing;
mod row;

use axum::{
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};

pub use self::{
    routing::plainly,
    row::{Access, Operation},
};
use crate::{extract::ROWS_LIMIT, revision::Revision};

/// Rows of one kind of resource, or of all of a system. `S` is the state of their handlers.
pub struct Operations<S> {
    kind: &'static str,
    audited_as: &'static str,
    only: Option<Revision>,
    public: bool,
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
            public: false,
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

    /// The rows that follow are for whoever asks: their handlers tell the audit log, too.
    #[must_use]
    pub fn public(mut self) -> Self {
        self.public = true;
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

    /// Public, with every method: the handler tells them apart.
    #[must_use]
    pub fn any<T: 'static>(self, path: &str, handler: impl Handler<T, S>) -> Self {
        self.public()
            .get(path, handler.clone())
            .post(path, handler.clone())
            .put(path, handler.clone())
            .patch(path, handler.clone())
            .delete(path, handler)
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
            audit: audit
                .filter(|_| !self.public)
                .map(|action| (action, self.audited_as)),
            only: self.only,
            access: match self.public {
                true => Access::Public,
                false => row.access,
            },
            reads: row.reads && !self.public,
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
            row.reads = true;
            row.audit = None;
        })
    }

    /// The last row does what the statement in its body says: its handler says who may, and tells
    /// the audit log.
    #[must_use]
    pub fn by_its_statement(self) -> Self {
        self.last(|row| {
            row.access = Access::Read;
            row.audit = None;
        })
    }

    /// The last row takes rows, which are more than a definition.
    #[must_use]
    pub fn takes_rows(self) -> Self {
        self.last(|row| {
            let limit = DefaultBodyLimit::max(ROWS_LIMIT);
            row.handler = std::mem::take(&mut row.handler).layer(limit);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_nothing_is_not_audited() {
        let rows = Operations::<()>::of("stream")
            .get("/streams", async || ())
            .post("/streams/{name}/preview", async || ())
            .only_reads()
            .post("/exec", async || ())
            .by_its_statement()
            .delete("/streams/{name}", async || ())
            .rows();
        let told = |row: &Operation| (row.access, row.reads, row.audit);
        let audit: Vec<_> = rows.iter().map(told).collect();
        assert_eq!(
            audit,
            [
                (Access::Read, true, None),
                (Access::Read, true, None),
                (Access::Read, false, None),
                (Access::Admin, false, Some(("delete", "stream"))),
            ]
        );
    }
}
