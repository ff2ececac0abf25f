//! Business processes: groups of APIs. The vendor has no operation to change or delete one.

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    dataworks::{
        Paging,
        answer::part,
        group::{self, Create, Group},
    },
};

use super::{
    moment,
    pick::{self, SuggestField},
};
use crate::{
    kit::{
        Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit, UsedBy,
        described, needed,
    },
    ui::{
        Tab, Time,
        field::{Bound, TextArea, TextField},
    },
};

pub struct ApiGroups;

#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Model(Group);

const NAMES: Names = Names {
    segment: "api-groups",
    kind: "api-group",
    one: "API group",
    many: "API groups",
    title: "API groups",
    hint: "A group (business process) contains APIs and belongs to an API Gateway group. Every API is in one group.",
};

const COLUMNS: &[Column<Model>] = &[
    Column::text("name", "Name", 180, |it| it.0.group_name.clone()),
    Column::mono("id", "Id", 110, |it| it.0.group_id.clone()),
    Column::mono("gateway", "API Gateway group", 200, |it| {
        it.0.api_gateway_group_id.clone()
    }),
    Column::text("owner", "Creator", 110, |it| it.0.creator_id.clone()),
    Column::time("created", "Created", 96, |it| moment(&it.0.created_time)),
];

impl Resource for ApiGroups {
    type Model = Model;
    type Draft = Create;

    const SPEC: ResourceSpec<Model, Create> = ResourceSpec {
        read: |answer| group::got(answer).map(Model),
        read_list: |answer| {
            let page = group::listed(answer)?;
            Ok(page.items.into_iter().map(Model).collect())
        },
        more: |_, answer| part(group::listed(answer), |next| group::list("", next)),
        name: Some(|model| &model.0.group_name),
        search: |model| model.0.description.clone(),
        name_field: "GroupName",
        draft: |_| Create::default(),
        fields: sections,
        submit: Submit::One(parse),
        made: Some(|_, answer| group::created(answer).unwrap_or_default()),
        facts: |model| {
            let description = move || model.with(|model| described(&model.0.description));
            view! { {description} }.into_any()
        },
        tabs: |_, model| vec![Tab::new("facts", "Details", move || facts(model))],
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || group::list("", Paging::first()),
                get: group::get,
                delete: None,
            },
            |model| &model.0.group_id,
            COLUMNS,
        )
    };
}

fn sections(draft: RwSignal<Create>, _edited: &Edited<Model>) -> Vec<FieldGroup> {
    vec![FieldGroup::new("", move || {
        view! {
        <TextField label="Name" name="GroupName" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
        <SuggestField
            label="API Gateway group"
            name="ApiGatewayGroupId"
            required=true
            picked=pick::gateway_groups()
            value=Bound::part(draft, |d| &mut d.gateway_group)
            help="The id of an API Gateway group. The embedded backend stores it without using it."
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
        ("GroupName", &draft.name, "Enter a name"),
        ("ApiGatewayGroupId", &draft.gateway_group, "Enter an id"),
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
    let key = Signal::derive(move || model.with(|model| model.0.group_id.clone()));
    view! {
        <dl class="settings across" aria-label="Details">{rows}</dl>
        <p class="field-help">"DataWorks cannot change or delete groups."</p>
        <UsedBy one=NAMES.one key />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let errors = parse(&Create::default(), &Edited::New, Capabilities::all());
        let errors = errors.expect_err("errors");
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["GroupName", "ApiGatewayGroupId"]);
    }
}
