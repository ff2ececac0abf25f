use axum::{
    Json as Answer, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use weir_api::secmaster::{
    data_class::DataClass,
    data_object::{BatchForm, BatchIds, Created, DataObject, Deleted, Form, Update},
    search::Search,
};

use super::{
    super::{Json, Rest, Workspace, classes, refusal::Refusal},
    order, relations, transfer,
};
use crate::{Services, audit::Change};

pub(super) const KIND: &str = "data_object";

pub(crate) fn routes(at: impl Fn(&str) -> String) -> Router<Services> {
    let panel = |rest: &str| at(&format!("/soc/datapanel/{{class}}/data-objects{rest}"));
    Router::new()
        .route(&panel("/batch-create"), post(batch_create))
        .route(&panel("/search"), post(search))
        .route(&panel("/{id}"), get(show))
        .route(&at("/soc/{class}"), post(create).delete(delete))
        .route(&at("/soc/{class}/search"), post(search_named))
        .route(&at("/soc/{class}/batch-update"), post(update_many))
        .route(&at("/soc/{class}/batch-delete"), post(delete))
        .route(&at("/soc/{class}/batch-order"), post(order::create))
        .route(
            &at("/soc/{class}/template/download"),
            get(transfer::template),
        )
        .route(&at("/soc/{class}/export"), post(transfer::export))
        .route(&at("/soc/{class}/import"), post(transfer::import))
        .route(&at("/soc/{class}/{id}"), get(show_named).put(update))
        .route(
            &at("/soc/{class}/{id}/batch-create"),
            post(relations::create_many),
        )
        .route(
            &at("/soc/{class}/{id}/{related}"),
            post(relations::create).delete(relations::delete),
        )
        .route(
            &at("/soc/{class}/{id}/{related}/search"),
            post(relations::search),
        )
}

/// `{code, message, success, data}`
pub(super) fn answered(data: impl serde::Serialize) -> Answer<Value> {
    Answer(json!({"code": "00000000", "message": "", "success": true, "data": data}))
}

fn made(class: &DataClass, ids: &[String]) -> Change {
    let name = match ids {
        [id] => format!("{} {id}", class.name),
        ids => format!("{} {}", ids.len(), class.plural()),
    };
    Change::made("create", KIND, name)
}

fn created(id: String) -> Created {
    Created {
        event_id: id.clone(),
        id,
    }
}

async fn batch_create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(form): Json<BatchForm>,
) -> Result<Response, Refusal> {
    let class = classes::by_id(rest.part(0))?;
    let format = form.format_version.unwrap_or(1);
    let objects = &app.secmaster.objects;
    let ids = objects
        .create(&class, &workspace, format, form.data_object_list)
        .await?;
    let change = made(&class, &ids);
    let list: Vec<Created> = ids.into_iter().map(created).collect();
    Ok(change.on(Answer(list).into_response()))
}

async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(form): Json<Form>,
) -> Result<Response, Refusal> {
    let class = classes::by_plural(rest.part(0))?;
    let format = form.format_version.unwrap_or(1);
    let objects = &app.secmaster.objects;
    let ids = objects
        .create(&class, &workspace, format, vec![form.data_object])
        .await?;
    let change = made(&class, &ids);
    let first = ids.into_iter().next().unwrap_or_default();
    // The whole object, as the vendor's clients of alerts and the like read it.
    let mut whole = json!(read(&app, &workspace, &class, &first).await?);
    whole["event_id"] = first.into();
    Ok(change.on(answered(whole).into_response()))
}

async fn look(
    app: &Services,
    workspace: &str,
    class: DataClass,
    search: Search,
) -> Result<Answer<Value>, Refusal> {
    let objects = &app.secmaster.objects;
    let (data, total) = objects.search(class, workspace, search.clone()).await?;
    Ok(found_page(&search, &json!(data), total))
}

pub(super) fn found_page(search: &Search, data: &Value, total: usize) -> Answer<Value> {
    let size = search.limit;
    let page = search.offset.checked_div(size).unwrap_or_default() + 1;
    Answer(json!({
        "code": "00000000", "message": "", "success": true,
        "total": total, "size": size, "page": page, "data": data,
    }))
}

async fn search(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(search): Json<Search>,
) -> Result<Answer<Value>, Refusal> {
    look(&app, &workspace, classes::by_id(rest.part(0))?, search).await
}

async fn search_named(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(search): Json<Search>,
) -> Result<Answer<Value>, Refusal> {
    look(&app, &workspace, classes::by_plural(rest.part(0))?, search).await
}

async fn read(
    app: &Services,
    workspace: &str,
    class: &DataClass,
    id: &str,
) -> Result<DataObject, Refusal> {
    let stored = app.secmaster.objects.get(class, workspace, id).await?;
    Ok(stored.shown(class))
}

async fn show(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, Refusal> {
    let class = classes::by_id(rest.part(0))?;
    let object = read(&app, &workspace, &class, rest.part(1)).await?;
    Ok(answered(object))
}

async fn show_named(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, Refusal> {
    let class = classes::by_plural(rest.part(0))?;
    let object = read(&app, &workspace, &class, rest.part(1)).await?;
    Ok(answered(object))
}

async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(sent): Json<Update>,
) -> Result<Response, Refusal> {
    let class = classes::by_plural(rest.part(0))?;
    let id = rest.part(1).to_owned();
    let mut ids = sent.batch_ids;
    if !ids.contains(&id) {
        ids.push(id.clone());
    }
    let objects = &app.secmaster.objects;
    objects
        .update(&class, &workspace, ids, &sent.data_object)
        .await?;
    let object = read(&app, &workspace, &class, &id).await?;
    let change = Change::made("update", KIND, format!("{} {id}", class.name));
    Ok(change.on(answered(object).into_response()))
}

/// `batch_ids`, each changed in the same way. The vendor's client reads one object here; which ones
/// there were is said beside it.
async fn update_many(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(sent): Json<Update>,
) -> Result<Response, Refusal> {
    let class = classes::by_plural(rest.part(0))?;
    let objects = &app.secmaster.objects;
    let batch = sent.batch_ids;
    let found = objects
        .find(&class, &workspace, batch.clone(), false)
        .await?;
    let is_there = |id: &String| found.iter().any(|object| object.id == *id);
    let (success_ids, error_ids): (Vec<_>, Vec<_>) = batch.into_iter().partition(is_there);
    let Some(first) = success_ids.first() else {
        return Err(Refusal::missing(format!(
            "data object '{}'",
            error_ids.join("', '")
        )));
    };
    objects
        .update(&class, &workspace, success_ids.clone(), &sent.data_object)
        .await?;
    let mut whole = json!(read(&app, &workspace, &class, first).await?);
    let name = format!("{} {}", class.name, success_ids.join(", "));
    whole["success_ids"] = success_ids.into();
    whole["error_ids"] = error_ids.into();
    Ok(Change::made("update", KIND, name).on(answered(whole).into_response()))
}

async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(BatchIds { batch_ids }): Json<BatchIds>,
) -> Result<Response, Refusal> {
    let class = classes::by_plural(rest.part(0))?;
    let objects = &app.secmaster.objects;
    let (success_ids, error_ids) = objects.delete(&class, &workspace, batch_ids).await?;
    let name = format!("{} {}", class.name, success_ids.join(", "));
    let change = Change::made("delete", KIND, name);
    let done = Deleted {
        success_ids,
        error_ids,
    };
    // The vendor's client has both shapes at this address.
    let mut answer = json!({"code": "00000000", "message": "", "success": true, "data": done});
    answer["success_ids"] = json!(done.success_ids);
    answer["error_ids"] = json!(done.error_ids);
    Ok(change.on(Answer(answer).into_response()))
}
