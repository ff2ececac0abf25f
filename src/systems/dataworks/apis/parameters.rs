//! Request and response parameters as tables to edit: one row each, more of it folded below.

use leptos::prelude::*;
use weir_api::dataworks::{codes, rules};

use super::{
    super::pick,
    draft::{Draft, RequestDraft, ResponseDraft},
};
use crate::ui::{
    Button, Icon, IconName,
    field::{Checkbox, Choice, Row, Select, TextField},
};

fn mode(draft: RwSignal<Draft>) -> Memo<i32> {
    Memo::new(move |_| draft.with(Draft::mode))
}

#[component]
pub fn AskedRows(draft: RwSignal<Draft>) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.request_parameters.len()));
    let path = Memo::new(move |_| draft.with(Draft::asked_path));
    let mode = mode(draft);
    let rows = move || {
        // Paths of errors and the columns that there are depend on the mode.
        let (path, mode) = (path.get(), mode.get());
        (0..count.get())
            .map(|at| asked_row(draft, at, count, path, mode))
            .collect_view()
    };
    let add = move || {
        draft.update(|draft| {
            let position = rules::positions(draft.mode(), 0)
                .first()
                .copied()
                .unwrap_or_default();
            draft
                .request_parameters
                .push(RequestDraft::new("", position));
        });
    };
    view! {
        <div class="parameters" role="group" aria-label="Request parameters">{rows}</div>
        <div class="actions">
            <Button on_click=add><Icon name=IconName::Plus /> "Add request parameter"</Button>
            {move || {
                (mode.get() == codes::SCRIPT).then(|| view! {
                    <Button on_click=move || draft.update(Draft::take_parameters)>"Copy from script"</Button>
                })
            }}
        </div>
    }
    .into_any()
}

fn asked_row(
    draft: RwSignal<Draft>,
    at: usize,
    count: Memo<usize>,
    path: &'static str,
    mode: i32,
) -> AnyView {
    let row = Row::new(draft, |draft| &mut draft.request_parameters, at);
    let number = at + 1;
    let field = |part: &str| format!("{path}[{at}].{part}");
    let label = |part: &str| format!("Request parameter {number} {part}");
    let wizard = mode == codes::WIZARD;
    let operators = rules::operators(mode);
    let positions = Signal::derive(move || {
        let method = draft.with(|draft| draft.method.parse().unwrap_or_default());
        let mut all = pick::coded(codes::POSITIONS, rules::positions(mode, method));
        let chosen = draft.with(|draft| {
            draft
                .request_parameters
                .get(at)
                .map(|request_parameters| request_parameters.position.clone())
        });
        // As the vendor's own example for wizards has it.
        if let Some(chosen) = chosen
            && all.iter().all(|choice| choice.value != chosen)
        {
            let word = codes::word(codes::POSITIONS, chosen.parse().unwrap_or(-1));
            all.push(Choice::new(chosen, word));
        }
        all
    });
    view! {
        <div class="parameter" class:with-column=wizard>
            <TextField bare=true label=label("name") name=field("parameterName") mono=true placeholder="name" value=row.part(|p| &mut p.name) />
            {wizard.then(|| view! {
                <TextField bare=true label=label("column") name=field("columnName") mono=true list=super::form::COLUMNS placeholder="column" value=row.part(|p| &mut p.column) />
            })}
            <Select bare=true label=label("type") name=field("parameterDataType") value=row.part(|p| &mut p.kind) choices=Signal::stored(pick::all_coded(codes::DATA_TYPES)) />
            <Select
                bare=true
                label=label("operator")
                name=field("parameterOperator")
                value=row.part(|p| &mut p.operator)
                choices=Signal::stored(pick::coded(codes::OPERATORS, operators))
                disabled=operators.len() == 1
            />
            <Select bare=true label=label("position") name=field("parameterPosition") value=row.part(|p| &mut p.position) choices=positions />
            <TextField bare=true label=label("default") name=field("defaultValue") mono=true placeholder="default" value=row.part(|p| &mut p.default) />
            <Checkbox label="required" value=row.part(|p| &mut p.required) />
            {row.buttons(count, "request parameter")}
            <details class="column-more">
                <summary>{format!("More of request parameter {number}")}</summary>
                <div class="column-more-fields">
                    <TextField label=label("example") name=field("exampleValue") mono=true value=row.part(|p| &mut p.example) />
                    <TextField label=label("description") name=field("parameterDescription") value=row.part(|p| &mut p.description) />
                </div>
            </details>
        </div>
    }
    .into_any()
}

#[component]
pub fn ToldRows(draft: RwSignal<Draft>) -> impl IntoView {
    let count = Memo::new(move |_| draft.with(|draft| draft.response_parameters.len()));
    let path = Memo::new(move |_| draft.with(Draft::told_path));
    let mode = mode(draft);
    let rows = move || {
        let (path, mode) = (path.get(), mode.get());
        (0..count.get())
            .map(|at| told_row(draft, at, count, path, mode))
            .collect_view()
    };
    view! {
        <div class="parameters" role="group" aria-label="Response parameters">{rows}</div>
        <div class="actions">
            <Button on_click=move || draft.update(|draft| draft.response_parameters.push(ResponseDraft::new("")))>
                <Icon name=IconName::Plus />
                "Add response parameter"
            </Button>
        </div>
    }
    .into_any()
}

fn told_row(
    draft: RwSignal<Draft>,
    at: usize,
    count: Memo<usize>,
    path: &'static str,
    mode: i32,
) -> AnyView {
    let row = Row::new(draft, |draft| &mut draft.response_parameters, at);
    let number = at + 1;
    let field = |part: &str| format!("{path}[{at}].{part}");
    let label = |part: &str| format!("Response parameter {number} {part}");
    let wizard = mode == codes::WIZARD;
    view! {
        <div class="parameter response_parameters" class:with-column=wizard>
            <TextField bare=true label=label("name") name=field("parameterName") mono=true placeholder="name" value=row.part(|p| &mut p.name) />
            {wizard.then(|| view! {
                <TextField bare=true label=label("column") name=field("columnName") mono=true list=super::form::COLUMNS placeholder="column" value=row.part(|p| &mut p.column) />
            })}
            <Select bare=true label=label("type") name=field("parameterDataType") value=row.part(|p| &mut p.kind) choices=Signal::stored(pick::all_coded(codes::DATA_TYPES)) />
            <TextField bare=true label=label("description") name=field("parameterDescription") placeholder="description" value=row.part(|p| &mut p.description) />
            {row.buttons(count, "response parameter")}
            <details class="column-more">
                <summary>{format!("More of response parameter {number}")}</summary>
                <div class="column-more-fields">
                    <TextField label=label("example") name=field("exampleValue") mono=true value=row.part(|p| &mut p.example) />
                </div>
            </details>
        </div>
    }
    .into_any()
}

/// Codes that a registered service answers with.
#[component]
pub fn ErrorRows(draft: RwSignal<Draft>) -> impl IntoView {
    use weir_api::dataworks::details::ErrorCode;
    let count = Memo::new(move |_| draft.with(|draft| draft.errors.len()));
    let row = move |at: usize| {
        let row = Row::new(draft, |draft| &mut draft.errors, at);
        let label = |part: &str| format!("Error code {} {part}", at + 1);
        view! {
            <div class="parameter error-code">
                <TextField bare=true label=label("code") mono=true placeholder="code" value=row.part(|e| &mut e.error_code) />
                <TextField bare=true label=label("message") placeholder="message" value=row.part(|e| &mut e.error_message) />
                <TextField bare=true label=label("solution") placeholder="solution" value=row.part(|e| &mut e.error_solution) />
                {row.buttons(count, "error code")}
            </div>
        }
    };
    let rows = move || (0..count.get()).map(row).collect_view();
    view! {
        <div class="parameters" role="group" aria-label="Error codes">{rows}</div>
        <div class="actions">
            <Button on_click=move || draft.update(|draft| draft.errors.push(ErrorCode::default()))>
                <Icon name=IconName::Plus />
                "Add error code"
            </Button>
        </div>
    }
    .into_any()
}
