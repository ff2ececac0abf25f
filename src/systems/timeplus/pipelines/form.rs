//! The forms that record a pipeline and add to it.

use leptos::prelude::*;
use weir_api::{
    ApiError, json_response,
    timeplus::pipeline::{self, Parsed},
};

use super::draft::Draft;
use crate::{
    http::{self, Endpoint},
    kit::{FieldGroup, use_call},
    ui::{
        Button,
        field::{Bound, Checkbox, TextArea, TextField},
    },
};

pub fn sections(draft: RwSignal<Draft>, new: bool) -> Vec<FieldGroup> {
    let mut all = Vec::new();
    if new {
        all.push(FieldGroup::new("", move || general(draft)));
    }
    all.push(FieldGroup::new("Statements", move || statements(draft)));
    all
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
        <TextArea label="Description" name="description" rows=2 value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}

fn statements(draft: RwSignal<Draft>) -> AnyView {
    let run = Bound::part(draft, |draft| &mut draft.run);
    view! {
        <TextArea
            label="SQL"
            name="nodes"
            rows=12
            mono=true
            required=true
            value=Bound::part(draft, |d| &mut d.sql)
            placeholder="CREATE STREAM …;\nCREATE MATERIALIZED VIEW …;"
            help="Separate statements with semicolons."
        />
        <Checkbox
            label="Run the statements"
            value=run
            help="In order, until one fails; the pipeline is saved after all have run."
        />
        <Check draft />
    }
    .into_any()
}

/// Asks the server what each statement defines, without running it.
#[component]
fn Check(draft: RwSignal<Draft>) -> impl IntoView {
    let call = use_call();
    let found = RwSignal::new(Vec::<String>::new());
    let check = move || {
        found.set(Vec::new());
        let statements = draft.with_untracked(Draft::statements);
        let parse = move |endpoint: Endpoint| async move {
            let mut lines = Vec::new();
            for (at, statement) in statements.iter().enumerate() {
                let answer = match pipeline::parse_ddl(statement) {
                    Ok(request) => http::send(&endpoint, request).await,
                    Err(error) => Err(error),
                };
                let parsed = answer.and_then(|body| json_response(&body));
                lines.push(format!("{}. {}", at + 1, words(parsed)));
            }
            Ok(lines)
        };
        call.run(parse, move |lines| found.set(lines));
    };
    view! {
        <div class="actions"><Button on_click=check busy=call.busy>"Check statements"</Button></div>
        <ul class="statement-checks" aria-live="polite" aria-label="Resources created by the statements">
            {move || found.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
        </ul>
    }
    .into_any()
}

fn words(parsed: Result<Parsed, ApiError>) -> String {
    match parsed {
        Ok(parsed) if parsed.parsed => {
            let kind = parsed.resource_type.replace('_', " ").to_lowercase();
            format!("{kind} {}", parsed.resource_name)
        }
        Ok(_) => "not recognized as a definition".into(),
        Err(error) => crate::errors::words(&error).sentence(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_named_and_anything_else_is_not() {
        let parsed = Parsed {
            parsed: true,
            resource_name: "v".into(),
            resource_type: "materialized_view".into(),
            ..Parsed::default()
        };
        assert_eq!(words(Ok(parsed)), "materialized view v");
        assert!(words(Ok(Parsed::default())).starts_with("not recognized"));
    }
}
