//! Which objects belong together. A relation has no direction.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::secmaster::{
    data_class::DataClass,
    data_object::{DataObject, Deleted},
    search::Search,
};

use super::{
    super::{
        classes,
        vendor_error::VendorError,
        wire::{Json, Rest, Workspace},
    },
    relation::{Relation, side},
    routes::{answered, found_page},
};
use crate::{Services, audit::Change};

#[derive(Deserialize)]
pub(super) struct Ids {
    ids: Vec<String>,
}

/// Relates each of `ones` to each of `others`; ids of `others` that were and that do not exist.
pub(super) async fn relate(
    app: &Services,
    workspace: &str,
    (class, ones): (&DataClass, &[String]),
    (related, others): (&DataClass, Vec<String>),
) -> Result<Deleted, VendorError> {
    let objects = &app.secmaster.objects;
    for id in ones {
        objects.get(class, workspace, id).await?;
    }
    let found = objects
        .find(related, workspace, others.clone(), false)
        .await?;
    let is_there = |id: &String| found.iter().any(|object| object.id == *id);
    let (success_ids, error_ids): (Vec<_>, Vec<_>) = others.into_iter().partition(is_there);
    for other in &success_ids {
        for one in ones {
            let relation = Relation::new(workspace, side(class, one), side(related, other));
            objects
                .relations
                .put(&relation.key(), relation.clone())
                .await?;
        }
    }
    Ok(Deleted {
        success_ids,
        error_ids,
    })
}

pub(super) async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(Ids { ids }): Json<Ids>,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let related = classes::by_plural(rest.part(2))?;
    let one = [rest.part(1).to_owned()];
    let done = relate(&app, &workspace, (&class, &one), (&related, ids)).await?;
    Ok(changed(&class, &one, done))
}

#[derive(Deserialize)]
pub(super) struct Many {
    dataobject_ids: Vec<String>,
    related_dataobject_ids: Vec<String>,
}

pub(super) async fn create_many(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(many): Json<Many>,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let related = classes::by_plural(rest.part(1))?;
    let ones = many.dataobject_ids;
    let others = many.related_dataobject_ids;
    let done = relate(&app, &workspace, (&class, &ones), (&related, others)).await?;
    Ok(changed(&class, &ones, done))
}

fn changed(class: &DataClass, ids: &[String], done: Deleted) -> Response {
    let name = format!("relations of {} {}", class.name, ids.join(", "));
    Change::named(name).on(answered(done).into_response())
}

pub(super) async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(Ids { ids }): Json<Ids>,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let related = classes::by_plural(rest.part(2))?;
    let relations = &app.secmaster.objects.relations;
    let mut done = Deleted::default();
    for id in ids {
        let one = side(&class, rest.part(1));
        let key = Relation::new(&workspace, one, side(&related, &id)).key();
        if relations.get(&key).is_some() {
            relations.remove(&key).await?;
            done.success_ids.push(id);
        } else {
            done.error_ids.push(id);
        }
    }
    Ok(changed(&class, &[rest.part(1).to_owned()], done))
}

/// Objects that were deleted meanwhile are left out.
pub(super) async fn search(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(search): Json<Search>,
) -> Result<Answer<Value>, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let related = classes::by_plural(rest.part(2))?;
    let objects = &app.secmaster.objects;
    let one = side(&class, rest.part(1));
    let all = objects.relations.list();
    let ids = all
        .iter()
        .filter(|relation| relation.workspace == workspace)
        .filter_map(|relation| relation.other(&one))
        .filter(|other| other.class == related.id)
        .map(|other| other.id.clone());
    let found = objects
        .find(&related, &workspace, ids.collect(), false)
        .await?;
    let total = found.len();
    let (offset, limit) = (search.offset as usize, search.limit as usize);
    let part: Vec<DataObject> = found
        .iter()
        .skip(offset)
        .take(limit)
        .map(|stored| stored.shown(&related))
        .collect();
    Ok(found_page(&search, &json!(part), total))
}
