//! The router of a table: before an operation runs it is known who calls and that they may, and
//! after it the audit log is told.

use std::{collections::HashMap, convert::Infallible, sync::Arc};

use axum::{
    Router,
    extract::{RawPathParams, Request, State, rejection::RawPathParamsRejection},
    http::Method,
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};

use super::{
    Operations, definitions,
    row::{Access, Operation},
};
use crate::{audit::Change, auth::Actor, error::HttpError, revision::Revision};

impl<S: Clone + Send + Sync + 'static> Operations<S> {
    /// In every revision, where what stands around the router finds out who is calling, or the rows
    /// are public.
    pub fn inner_router(self, refuse: Refuse, state: &S) -> Router<S> {
        self.router(Revision::Both, |handler| handler, refuse, state)
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
            let permitted = match row.access {
                Access::Public => handler,
                _ => {
                    identify(handler.route_layer(from_fn_with_state((row.clone(), refuse), permit)))
                }
            };
            let recorded = permitted.route_layer(from_fn_with_state(row.clone(), record));
            router.route(&row.path, recorded)
        })
    }
}

/// How a system words a refusal.
type Refuse = fn(HttpError) -> Response;

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
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Change>() {
        Some(Change::Named(name)) => return row.recorded(&name, response),
        Some(change) => return change.on(response),
        None => {}
    }
    let name = match (&params, row.named) {
        (Ok(params), true) => params.iter().last().map_or("", |(_, value)| value),
        _ => "",
    };
    row.recorded(name, response)
}

/// The refusal of systems whose errors are those of the platform.
pub fn plainly(failure: HttpError) -> Response {
    failure.into_response()
}
