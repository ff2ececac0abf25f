//! Ending a query on the server.

use leptos::prelude::*;
use weir_api::timeplus::query::{self, Query};

use crate::{
    connections::use_connection,
    kit::use_call_with_toast,
    text::one_line,
    ui::{Confirm, use_confirm, use_toasts},
};

/// Characters of a statement in a question.
const SHOWN: usize = 160;

/// Asks first on a production system; `then` runs after the server has ended it.
pub fn use_cancel(then: impl Fn() + Copy + Send + Sync + 'static) -> Callback<Query> {
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let (connection, call) = (use_connection(), use_call_with_toast());
    let send = move |id: String| {
        call.send(Ok(query::cancel(&id)), move |_| {
            toasts.success("Query canceled");
            then();
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
                    format!("It stops on the server for all users: {sql}"),
                    "You can run it again, but results not yet sent are lost.".into(),
                ],
                action: "Cancel query".into(),
                danger: true,
                type_name: None,
            },
            move || send(query.id.clone()),
        );
    })
}
