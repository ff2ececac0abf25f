//! Types of a data class, in two levels such as attack and scan.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_platform::operations::Operations;

use super::{
    DATA_OBJECT, IN_WORKSPACE, classes,
    records::class_types::ClassType,
    vendor_error::VendorError,
    wire::{DEFAULT, Json, Listed, Part, Query, Rest, Workspace},
};
use crate::{Services, audit::Change, auth::Actor, clock, random};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DATA_OBJECT)
        .audited_as("class_type")
        .below(IN_WORKSPACE)
        .get("/soc/dataclasses/{id}/types", list)
        .post("/soc/dataclasses/{id}/types", create)
        .delete("/soc/dataclasses/{id}/types", delete)
        .post("/soc/dataclasses/{id}/types/enable", enable)
        .called("update")
        .post("/soc/dataclasses/{id}/types/layout", lay_out)
        .called("update")
}

/// What is empty filters nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filter {
    enabled: Option<bool>,
    is_built_in: Option<bool>,
    level: Option<i64>,
    name: String,
    category_code: String,
    sub_category: String,
    layout_name: String,
    sortby: String,
    order: String,
}

impl Filter {
    fn lets(&self, one: &ClassType) -> bool {
        let same = |wanted: &str, has: &str| wanted.is_empty() || wanted == has;
        self.enabled.is_none_or(|wanted| wanted == one.enabled)
            && self
                .is_built_in
                .is_none_or(|wanted| wanted == one.is_built_in)
            && self.level.is_none_or(|wanted| wanted == one.level)
            && (one.category.contains(&self.name) || one.sub_category.contains(&self.name))
            && one.sub_category.contains(&self.sub_category)
            && same(&self.category_code, &one.category_code)
            && same(&self.layout_name, &one.layout_name)
    }
}

async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Result<Answer<Value>, VendorError> {
    let class = classes::by_id(rest.part(0))?;
    let mut all = app.secmaster.class_types.0.list();
    all.retain(|one| {
        one.dataclass_id == class.id && one.workspace_id == workspace && filter.lets(one)
    });
    let listed = Listed {
        offset: part.offset,
        limit: part.limit,
        sort_key: filter.sortby,
        sort_dir: filter.order,
    };
    let (types, total) = listed.part_of(all.iter().map(|one| json!(one)).collect())?;
    Ok(Answer(
        json!({"dataclass_type_details": types, "total": total}),
    ))
}

#[derive(Deserialize)]
struct LayOut {
    id: String,
    #[serde(default)]
    layout_id: String,
    #[serde(default)]
    layout_name: String,
}

/// How objects of a type are laid out.
async fn lay_out(
    State(app): State<Services>,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<LayOut>,
) -> Result<Response, VendorError> {
    let types = &app.secmaster.class_types;
    let mut one = types.get(rest.part(0), &sent.id)?;
    one.layout_id = sent.layout_id;
    one.layout_name = sent.layout_name;
    one.modifier_name = actor.user;
    one.update_time = clock::iso(clock::now_ms());
    types.0.put(&sent.id, one.clone()).await?;
    let change = Change::named(&one.sub_category);
    Ok(change.on(Answer(one).into_response()))
}

async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<ClassType>,
) -> Result<Response, VendorError> {
    let class = classes::by_id(rest.part(0))?;
    if sent.category.trim().is_empty() && sent.sub_category.trim().is_empty() {
        return Err(VendorError::field("category", "is needed"));
    }
    let now = clock::iso(clock::now_ms());
    let made = ClassType {
        id: random::uuid(),
        dataclass_id: class.id,
        dataclass_business_code: class.business_code,
        domain_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        region_id: DEFAULT.into(),
        workspace_id: workspace,
        is_built_in: false,
        sub_count: 0,
        creator_name: actor.user.clone(),
        modifier_name: actor.user,
        create_time: now.clone(),
        update_time: now,
        ..sent
    };
    app.secmaster
        .class_types
        .0
        .put(&made.id, made.clone())
        .await?;
    let change = Change::named(&made.sub_category);
    Ok(change.on(Answer(made).into_response()))
}

#[derive(Deserialize)]
struct Enable {
    enable: bool,
    ids: Vec<String>,
}

async fn enable(
    State(app): State<Services>,
    rest: Rest,
    Json(sent): Json<Enable>,
) -> Result<Response, VendorError> {
    let types = &app.secmaster.class_types;
    let found = sent.ids.iter().map(|id| types.get(rest.part(0), id));
    for mut one in found.collect::<Result<Vec<_>, _>>()? {
        one.enabled = sent.enable;
        one.update_time = clock::iso(clock::now_ms());
        types.0.put(&one.id.clone(), one).await?;
    }
    let answer = json!({"code": "00000000", "message": "", "success": true, "data": ""});
    let change = Change::named(sent.ids.join(", "));
    Ok(change.on(Answer(answer).into_response()))
}

#[derive(Deserialize)]
struct Delete {
    ids: Vec<String>,
}

/// Answers what stands in the way: nothing does.
async fn delete(
    State(app): State<Services>,
    rest: Rest,
    Json(sent): Json<Delete>,
) -> Result<Response, VendorError> {
    let types = &app.secmaster.class_types;
    let found = sent.ids.iter().map(|id| types.get(rest.part(0), id));
    for one in found.collect::<Result<Vec<_>, _>>()? {
        types.0.remove(&one.id).await?;
    }
    let change = Change::named(sent.ids.join(", "));
    Ok(change.on(Answer(json!([])).into_response()))
}
