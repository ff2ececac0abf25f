//! What one uses of what there is.

use leptos::prelude::*;
use weir_api::session::{self, Usage};

use crate::{
    connections::{Connection, backend::backend},
    http,
    kit::use_call,
    ui::{
        ErrorBanner,
        number::{bytes, count},
        table::{Head, ShortTable},
    },
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
            <ShortTable label="Usage" heads=&[Head::Text("Resource"), Head::Text("You"), Head::Text("Your limit"), Head::Text("All users"), Head::Text("Total limit")]>
                {move || usage.get().map(|usage| figures(&usage).into_iter().map(row).collect_view())}
            </ShortTable>
        </section>
    }
    .into_any()
}

/// What it is, one's own and the bound of that, everybody's and the bound of that; empty where
/// there is none.
type Figures = (&'static str, [String; 4]);

fn figures(usage: &Usage) -> [Figures; 4] {
    let rows_limit = match usage.rows_limit {
        0 => "unlimited".to_string(),
        limit => count(limit),
    };
    [
        (
            "Running queries",
            [
                count(usage.queries),
                count(usage.queries_limit),
                count(usage.all_queries),
                count(usage.all_queries_limit),
            ],
        ),
        (
            "Query memory",
            [
                bytes(usage.memory),
                bytes(usage.memory_limit),
                bytes(usage.all_memory),
                bytes(usage.all_memory_limit),
            ],
        ),
        (
            "Rows sent this hour",
            [count(usage.rows), rows_limit, String::new(), String::new()],
        ),
        (
            "Open connections",
            [
                count(usage.connections),
                count(usage.connections_limit),
                String::new(),
                String::new(),
            ],
        ),
    ]
}

fn row((what, figures): Figures) -> AnyView {
    view! {
        <tr>
            <th scope="row">{what}</th>
            {figures.map(|figure| view! { <td>{figure}</td> })}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_beside_their_limits() {
        let usage = Usage {
            queries: 1,
            queries_limit: 50,
            rows: 12,
            ..Usage::default()
        };
        let [queries, memory, rows, _] = figures(&usage);
        assert_eq!(queries.1[..2], ["1", "50"]);
        assert!(memory.1.iter().all(|figure| !figure.is_empty()));
        assert_eq!(rows.1, ["12", "unlimited", "", ""]);
    }
}
