//! The page of one pipeline: its steps, oldest first.

use leptos::prelude::*;
use weir_api::timeplus::pipeline::{self, Pipeline, Step};

use crate::{
    paths,
    ui::{Empty, Time},
};

pub fn steps(connection: &str, model: Signal<Pipeline>) -> AnyView {
    let connection = connection.to_string();
    let steps = move || {
        let all = model.with(|pipeline| pipeline.nodes_history.clone());
        let all = all.unwrap_or_default();
        if all.is_empty() {
            return view! { <Empty title="No steps yet" /> }.into_any();
        }
        let all: Vec<_> = all.into_iter().map(|one| step(&connection, one)).collect();
        view! { <ol class="pipeline-steps">{all}</ol> }.into_any()
    };
    steps.into_any()
}

fn step(connection: &str, step: Step) -> AnyView {
    let nodes: Vec<_> = step
        .nodes
        .unwrap_or_default()
        .iter()
        .map(|node| match pipeline::statement(node) {
            Some(sql) => view! {
                <div class="pipeline-node">
                    <pre tabindex="0">{sql.to_string()}</pre>
                    <a class="button quiet" href=paths::workspace_with(connection, sql)>"Open in SQL workspace"</a>
                </div>
            }
            .into_any(),
            None => {
                let json = serde_json::to_string_pretty(node).unwrap_or_default();
                view! { <div class="pipeline-node"><pre tabindex="0">{json}</pre></div> }.into_any()
            }
        })
        .collect();
    let time = step.update_time.map(|iso| view! { <h2><Time iso /></h2> });
    view! { <li>{time}{nodes}</li> }.into_any()
}
