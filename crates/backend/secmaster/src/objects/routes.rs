use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use weir_api::secmaster::{
    data_class::DataClass,
    data_object::{BatchForm, BatchIds, Created, DataObject, Deleted, Form, Update},
    search::Search,
};
use weir_platform::operations::Operations;

use super::{
    super::{
        DATA_OBJECT, classes,
        vendor_error::VendorError,
        wire::{Json, Rest, Workspace},
    },
    change::Sent,
    order, relations, transfer,
};
use crate::{Services, audit::Change};

pub(crate) fn operations() -> Operations<Services> {
    let of_class = Operations::of(DATA_OBJECT)
        .below("/v1/{project}/workspaces/{workspace}/soc/datapanel/{class}/data-objects")
        .post("/batch-create", batch_create)
        .post("/search", search)
        .only_reads()
        .get("/{id}", show);
    let named = Operations::of(DATA_OBJECT)
        .below("/v1/{project}/workspaces/{workspace}/soc/{class}")
        .post("", create)
        .delete("", delete)
        .post("/search", search)
        .only_reads()
        .post("/batch-update", update_many)
        .called("update")
        .post("/batch-delete", delete)
        .called("delete")
        .post("/batch-order", order::create)
        .get("/template/download", transfer::template)
        .post("/export", transfer::export)
        .only_reads()
        .post("/import", transfer::import)
        .takes_rows()
        .get("/{id}", show)
        .put("/{id}", update)
        .post("/{id}/batch-create", relations::create_many)
        .post("/{id}/{related}", relations::create)
        .delete("/{id}/{related}", relations::delete)
        .post("/{id}/{related}/search", relations::search)
        .only_reads();
    Operations::all([of_class, named])
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
    Change::named(name)
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
) -> Result<Response, VendorError> {
    let class = classes::by_id(rest.part(0))?;
    let format = form.format_version.unwrap_or(1);
    let objects = &app.secmaster.objects;
    let ids = objects
        .create(
            &class,
            &workspace,
            format,
            Sent::Batch(form.data_object_list),
        )
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
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let format = form.format_version.unwrap_or(1);
    let objects = &app.secmaster.objects;
    let ids = objects
        .create(&class, &workspace, format, Sent::One(form.data_object))
        .await?;
    let change = made(&class, &ids);
    let first = ids.into_iter().next().unwrap_or_default();
    // The whole object, as the vendor's clients of alerts and the like read it.
    let mut whole = json!(read(&app, &workspace, &class, &first).await?);
    whole["event_id"] = first.into();
    Ok(change.on(answered(whole).into_response()))
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
) -> Result<Answer<Value>, VendorError> {
    let class = classes::by_any(rest.part(0))?;
    let objects = &app.secmaster.objects;
    let (data, total) = objects.search(class, &workspace, search.clone()).await?;
    Ok(found_page(&search, &json!(data), total))
}

async fn read(
    app: &Services,
    workspace: &str,
    class: &DataClass,
    id: &str,
) -> Result<DataObject, VendorError> {
    let stored = app.secmaster.objects.get(class, workspace, id).await?;
    Ok(stored.shown(class))
}

async fn show(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, VendorError> {
    let class = classes::by_any(rest.part(0))?;
    let object = read(&app, &workspace, &class, rest.part(1)).await?;
    Ok(answered(object))
}

async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(sent): Json<Update>,
) -> Result<Response, VendorError> {
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
    let change = Change::named(format!("{} {id}", class.name));
    Ok(change.on(answered(object).into_response()))
}

/// `batch_ids`, each changed in the same way. The vendor's client reads one object here; which ones
/// there were is said beside it.
async fn update_many(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(sent): Json<Update>,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let objects = &app.secmaster.objects;
    let batch = sent.batch_ids;
    let found = objects
        .find(&class, &workspace, batch.clone(), false)
        .await?;
    let is_there = |id: &String| found.iter().any(|object| object.id == *id);
    let (success_ids, error_ids): (Vec<_>, Vec<_>) = batch.into_iter().partition(is_there);
    let Some(first) = success_ids.first() else {
        return Err(VendorError::missing(format!(
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
    Ok(Change::named(name).on(answered(whole).into_response()))
}

async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(BatchIds { batch_ids }): Json<BatchIds>,
) -> Result<Response, VendorError> {
    let class = classes::by_plural(rest.part(0))?;
    let objects = &app.secmaster.objects;
    let (success_ids, error_ids) = objects.delete(&class, &workspace, batch_ids).await?;
    let name = format!("{} {}", class.name, success_ids.join(", "));
    let change = Change::named(name);
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
