//! Names of expressions, and where in a statement they are known.

use std::sync::Arc;

use sqlparser::{
    ast::Expr,
    tokenizer::{Location, Span},
};

/// What a name stands for: `WITH 5 AS n SELECT n + 1` in the whole statement, `f(x AS n)` in its
/// query.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) expr: Arc<Expr>,
    query: Option<(Arc<Queries>, usize)>,
}

impl Named {
    pub(super) fn everywhere(name: &str, expr: Expr) -> Self {
        Self {
            name: name.to_string(),
            expr: Arc::new(expr),
            query: None,
        }
    }

    pub(super) fn inside(name: String, expr: Expr, queries: &Arc<Queries>, query: usize) -> Self {
        Self {
            name,
            expr: Arc::new(expr),
            query: Some((queries.clone(), query)),
        }
    }

    /// Whether it is known at a place.
    pub(crate) fn is_known(&self, at: Span) -> bool {
        let query = self.query.as_ref();
        query.is_none_or(|(queries, query)| queries.innermost(at.start) == Some(*query))
    }
}

/// Where each query of a statement begins and ends, in the order in which they begin.
#[derive(Debug, Default)]
pub(crate) struct Queries(Vec<(Location, Location)>);

impl Queries {
    /// Its number.
    pub(super) fn begin(&mut self, at: Location) -> usize {
        let open = Location::new(u64::MAX, u64::MAX);
        self.0.push((at, open));
        self.0.len() - 1
    }

    pub(super) fn end(&mut self, query: usize, at: Location) {
        if let Some((_, end)) = self.0.get_mut(query) {
            *end = at;
        }
    }

    fn innermost(&self, at: Location) -> Option<usize> {
        let inside = |(begin, end): &(Location, Location)| *begin <= at && at < *end;
        self.0.iter().rposition(inside)
    }
}
