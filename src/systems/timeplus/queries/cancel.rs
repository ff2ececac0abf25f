//! Ending a query on the server.

use leptos::prelude::*;
use weir_api::timeplus::query::{self, Query};

use super::facts::one_line;
use crate::{
    connections::{use_connection, use_endpoint},
    http,
    ui::{Confirm, use_confirm, use_toasts},
};

/// Characters of a statement in a question.
const SHOWN: usize = 160;

/// Asks first on a production system; `then` runs after the server has ended it.
pub fn use_cancel(then: impl Fn() + Copy + Send + Sync + 'static) -> Callback<Query> {
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let (connection, endpoint) = (use_connection(), use_endpoint());
    let send = move |id: String| {
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        leptos::task::spawn_local(async move {
            match http::send(&endpoint, query::cancel(&id)).await {
                Ok(_) => {
                    toasts.success("Query canceled");
                    then();
                }
                Err(error) => toasts.api_error(&error),
            }
        });
    };
    Callback::new(move |query: Query| {
        let production = connection
            .get_untracked()
            .is_some_and(|connection| connection.production);
        if !production {
            return send(query.id);
        }
        let sql: String = one_line(&query.sql).chars().take(SHOWN).collect();
        confirm.ask(
            Confirm {
                title: "Cancel this query?".into(),
                consequences: vec![
                    format!("It ends on the server for everybody: {sql}"),
                    "It can be run again, but what it has not sent yet is lost.".into(),
                ],
                action: "Cancel query".into(),
                danger: true,
                type_name: None,
            },
            move || send(query.id.clone()),
        );
    })
}
