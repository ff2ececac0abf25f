//! Formatting every statement of a text where it stands.

use std::ops::Range;

use leptos::prelude::*;
use weir_api::{ApiError, timeplus::sql};

use super::{run::Runner, slots::Statement};
use crate::{
    dashboards::variables,
    http::{self, Endpoint},
    statements,
};

impl Runner {
    /// Formats every statement where it stands.
    pub fn format(self) {
        let Some(endpoint) = self.endpoint.get_untracked() else {
            return;
        };
        let text = self.text.get_untracked();
        self.formatting.set(true);
        leptos::task::spawn_local(async move {
            let done = formatted(&endpoint, &text).await;
            if self.formatting.try_set(false).is_some() {
                return;
            }
            match done {
                // What was typed meanwhile is worth more than the format.
                Ok(new) if self.text.get_untracked() == text => self.text.set(new),
                Ok(_) => {}
                Err((part, mut error)) => {
                    let statement = Statement {
                        text,
                        start: part.start,
                        ..Statement::default()
                    };
                    self.mark(&statement, &mut error);
                    if let Some(slot) = untrack(|| self.slots.current()) {
                        slot.session.problem.set(Some(error));
                    }
                }
            }
        });
    }
}

async fn formatted(endpoint: &Endpoint, text: &str) -> Result<String, (Range<usize>, ApiError)> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for part in statements::split(text) {
        let failed = |error| (part.clone(), error);
        // Parameters have their values when it runs, not now.
        let (plain, words) = variables::masked(&text[part.clone()]);
        let request = sql::format(&plain).map_err(failed)?;
        let body = http::send(endpoint, request).await.map_err(failed)?;
        let answer: sql::Sql = weir_api::json_response(&body).map_err(failed)?;
        out.push_str(&text[done..part.start]);
        let new = answer.sql.trim().trim_end_matches(';').to_string();
        out.push_str(&variables::unmasked(new, &words));
        done = part.end;
    }
    out.push_str(&text[done..]);
    Ok(out)
}
