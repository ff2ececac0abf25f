//! Business processes: groups of APIs. The vendor has no operation to change or delete one.

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    ApiError, ApiRequest, FieldError,
    capability::Capabilities,
    dataworks::{
        Paging,
        group::{self, Create, Group},
    },
};

use super::moment;
use crate::{
    kit::{Edited, FieldGroup, ResourceSpec, needed},
    ui::{
        Tab, Time,
        field::{Bound, TextArea, TextField},
        table::{Cell, Column},
    },
};

pub struct ApiGroups;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Model(Group);

impl ResourceSpec for ApiGroups {
    type Model = Model;
    type Draft = Create;

    const SEGMENT: &'static str = "api-groups";
    const KIND: &'static str = "api-group";
    const ONE: &'static str = "API group";
    const MANY: &'static str = "API groups";
    const TITLE: &'static str = "API groups";
    const HINT: &'static str = "A group (business process) holds APIs and belongs to a group of API Gateway. Every API is in one.";
    const NAME_FIELD: &'static str = "GroupName";

    fn list() -> ApiRequest {
        group::list("", Paging::first())
    }

    fn get(key: &str) -> ApiRequest {
        group::get(key)
    }

    fn read(answer: &[u8]) -> Result<Model, ApiError> {
        group::got(answer).map(Model)
    }

    fn more(answer: &[u8]) -> Option<ApiRequest> {
        let next = group::listed(answer).ok()?.next()?;
        Some(group::list("", next))
    }

    fn read_list(answer: &[u8]) -> Result<Vec<Model>, ApiError> {
        let page = group::listed(answer)?;
        Ok(page.items.into_iter().map(Model).collect())
    }

    fn key(model: &Model) -> &str {
        &model.0.group_id
    }

    fn name(model: &Model) -> &str {
        &model.0.group_name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 180),
            Column::text("id", "Id", 110),
            Column::text("gateway", "API Gateway group", 200),
            Column::text("owner", "Creator", 110),
            Column::text("created", "Created", 96),
        ]
    }

    fn cells(model: &Model) -> Vec<Cell> {
        let group = &model.0;
        vec![
            Cell::Text(group.group_name.clone()),
            Cell::Mono(group.group_id.clone()),
            Cell::Mono(group.api_gateway_group_id.clone()),
            Cell::Text(group.creator_id.clone()),
            Cell::Time(moment(&group.created_time)),
        ]
    }

    fn search(model: &Model) -> String {
        model.0.description.clone()
    }

    fn draft(_model: &Model) -> Create {
        Create::default()
    }

    fn sections(draft: RwSignal<Create>, _edited: &Edited<Model>) -> Vec<FieldGroup> {
        vec![FieldGroup::new("", move || {
            view! {
                <TextField label="Name" name="GroupName" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
                <TextField
                    label="API Gateway group"
                    name="ApiGatewayGroupId"
                    required=true
                    mono=true
                    value=Bound::part(draft, |d| &mut d.gateway_group)
                    help="The id of a group of API Gateway. The embedded backend keeps it and has no gateway of its own."
                />
                <TextArea label="Description" name="Description" rows=2 value=Bound::part(draft, |d| &mut d.description) />
            }
            .into_any()
        })]
    }

    fn parse(
        draft: &Create,
        _edited: &Edited<Model>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let errors = needed([
            ("GroupName", &draft.name, "A name is needed"),
            ("ApiGatewayGroupId", &draft.gateway_group, "An id is needed"),
        ]);
        match errors.is_empty() {
            false => Err(errors),
            true => Ok(group::create(&Create {
                name: draft.name.trim().into(),
                gateway_group: draft.gateway_group.trim().into(),
                description: draft.description.trim().into(),
            })),
        }
    }

    fn made(_draft: &Create, answer: &[u8]) -> String {
        group::created(answer).unwrap_or_default()
    }

    fn facts(model: Signal<Model>) -> AnyView {
        let description = move || {
            let text = model.with(|model| model.0.description.clone());
            (!text.is_empty()).then(|| view! { <p>{text}</p> })
        };
        view! { {description} }.into_any()
    }

    fn tabs(_connection: &str, model: Signal<Model>) -> Vec<Tab> {
        vec![Tab::new("facts", "Facts", move || facts(model))]
    }
}

fn facts(model: Signal<Model>) -> AnyView {
    let rows = move || {
        let group = model.get().0;
        view! {
            <div><dt>"Id"</dt><dd class="mono">{group.group_id}</dd></div>
            <div><dt>"API Gateway group"</dt><dd class="mono">{group.api_gateway_group_id}</dd></div>
            <div><dt>"Workspace"</dt><dd class="mono">{group.project_id}</dd></div>
            <div><dt>"Created"</dt><dd><Time iso=moment(&group.created_time) /> " " {group.creator_id}</dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=moment(&group.modified_time) /></dd></div>
        }
    };
    view! {
        <dl class="settings across" aria-label="Facts">{rows}</dl>
        <p class="field-help">"DataWorks has no operation to change or delete a group."</p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let errors = ApiGroups::parse(&Create::default(), &Edited::New, Capabilities::all());
        let errors = errors.expect_err("errors");
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["GroupName", "ApiGatewayGroupId"]);
        assert_eq!(
            ApiGroups::cells(&Model::default()).len(),
            ApiGroups::columns().len()
        );
    }
}
