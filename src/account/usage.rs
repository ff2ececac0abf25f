//! What one uses of what there is.

use leptos::prelude::*;
use weir_api::session::{self, Usage};

use crate::{
    connections::{Connection, backend::backend},
    http,
    kit::use_call,
    ui::{ErrorBanner, number::plural},
};

#[component]
pub fn UsageFigures(connection: Connection) -> impl IntoView {
    let usage = RwSignal::new(None::<Usage>);
    let call = use_call();
    let server = backend(&connection);
    call.run(
        move |_| async move {
            weir_api::json_response(&http::send(&server, session::usage()).await?)
        },
        move |answer| usage.set(Some(answer)),
    );
    view! {
        <section aria-label="Usage">
            <h2>"Usage"</h2>
            <ErrorBanner error=call.error />
            <p>{move || usage.get().map(words)}</p>
        </section>
    }
    .into_any()
}

fn words(usage: Usage) -> String {
    let running = plural(usage.queries, "query", "queries");
    format!(
        "{running} of yours running, of at most {}; {} of {} for all users together.",
        usage.queries_limit, usage.all_queries, usage.all_queries_limit
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_beside_their_limits() {
        let usage = Usage {
            queries: 1,
            queries_limit: 50,
            all_queries: 7,
            all_queries_limit: 500,
        };
        let expected = "1 query of yours running, of at most 50; 7 of 500 for all users together.";
        assert_eq!(words(usage), expected);
    }
}
