//! Layouts of the vendor's pages: kept as they are sent and told again. This console has pages of
//! its own.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use weir_platform::operations::Operations;

use super::{
    DATA_OBJECT, IN_WORKSPACE,
    vendor_error::VendorError,
    wire::{DEFAULT, Json, Rest, Workspace},
};
use crate::{Services, audit::Change, auth::Actor, clock, random};

type Layout = Map<String, Value>;

/// What it holds, which is an object when it is sent and a text when it is told.
const CONTENT: &str = "layout_json";
const MOST: usize = 100;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DATA_OBJECT)
        .audited_as("layout")
        .below(IN_WORKSPACE)
        .post("/soc/layouts", create)
        .delete("/soc/layouts", delete)
        .post("/soc/layouts/search", search)
        .only_reads()
        .get("/soc/layouts/{id}", show)
        .put("/soc/layouts/{id}", update)
}

fn text<'a>(layout: &'a Layout, key: &str) -> &'a str {
    layout.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn find(app: &Services, workspace: &str, id: &str) -> Result<Layout, VendorError> {
    let found = app.secmaster.layouts.get(id);
    let found = found.filter(|layout| text(layout, "workspace_id") == workspace);
    found.ok_or_else(|| VendorError::missing(format!("layout '{id}'")))
}

/// What is sent over what is there; what is not sent stays.
fn over(mut layout: Layout, sent: Layout) -> Layout {
    for (key, value) in sent {
        match value {
            Value::Null => {}
            Value::String(_) => drop(layout.insert(key, value)),
            content if key == CONTENT => drop(layout.insert(key, content.to_string().into())),
            other => drop(layout.insert(key, other)),
        }
    }
    layout
}

fn answered(layout: &Layout) -> Answer<Value> {
    Answer(json!({"code": "00000000", "message": "", "success": true, "data": layout}))
}

async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<Layout>,
) -> Result<Response, VendorError> {
    if text(&sent, "name").trim().is_empty() {
        return Err(VendorError::field("name", "is needed"));
    }
    let (id, now) = (random::uuid(), clock::iso(clock::now_ms()));
    let own = json!({
        "id": id, "workspace_id": workspace, "project_id": DEFAULT, "domain_id": DEFAULT,
        "region_id": DEFAULT, "creator_name": actor.user, "create_time": now, "update_time": now,
        "is_built_in": false, "is_template": false, "version": "1",
    });
    let mut layout = over(Layout::new(), sent);
    layout.extend(own.as_object().cloned().unwrap_or_default());
    app.secmaster.layouts.put(&id, layout.clone()).await?;
    let change = Change::named(text(&layout, "name"));
    Ok(change.on(answered(&layout).into_response()))
}

async fn show(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, VendorError> {
    Ok(answered(&find(&app, &workspace, rest.part(0))?))
}

async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(mut sent): Json<Layout>,
) -> Result<Response, VendorError> {
    let old = find(&app, &workspace, rest.part(0))?;
    sent.retain(|key, _| !matches!(key.as_str(), "id" | "workspace_id"));
    let mut layout = over(old, sent);
    let now = clock::iso(clock::now_ms());
    layout.insert("update_time".into(), now.into());
    app.secmaster
        .layouts
        .put(rest.part(0), layout.clone())
        .await?;
    let change = Change::named(text(&layout, "name"));
    Ok(change.on(answered(&layout).into_response()))
}

#[derive(Deserialize)]
struct Delete {
    ids: Vec<String>,
}

async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Json(sent): Json<Delete>,
) -> Result<Response, VendorError> {
    for id in &sent.ids {
        find(&app, &workspace, id)?;
    }
    for id in &sent.ids {
        app.secmaster.layouts.remove(id).await?;
    }
    let answer = json!({"code": "00000000", "message": ""});
    let change = Change::named(sent.ids.join(", "));
    Ok(change.on(Answer(answer).into_response()))
}

/// What is null or empty asks for nothing.
async fn search(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Json(asked): Json<Layout>,
) -> Answer<Value> {
    let contains = |layout: &Layout, key: &str, asked_as: &str| {
        let wanted = text(&asked, asked_as).to_lowercase();
        text(layout, key).to_lowercase().contains(&wanted)
    };
    let same = |layout: &Layout, key: &str| match asked.get(key) {
        None | Some(Value::Null) => true,
        Some(Value::String(wanted)) => wanted.is_empty() || text(layout, key) == wanted,
        Some(wanted) => layout.get(key) == Some(wanted),
    };
    let mut all = app.secmaster.layouts.list();
    all.retain(|layout| {
        let exact = [
            "used_by",
            "binding_code",
            "layout_type",
            "is_built_in",
            "is_template",
        ];
        text(layout, "workspace_id") == workspace
            && contains(layout, "name", "name")
            && contains(layout, "name", "search_txt")
            && exact.iter().all(|key| same(layout, key))
    });
    let key = match text(&asked, "sort_key") {
        "" => "create_time",
        key => key,
    };
    all.sort_by(|a, b| text(a, key).cmp(text(b, key)));
    if !text(&asked, "sort_dir").eq_ignore_ascii_case("asc") {
        all.reverse();
    }
    let number = |key: &str| asked.get(key).and_then(Value::as_u64);
    let at = |key: &str| number(key).and_then(|it| usize::try_from(it).ok());
    let (offset, limit) = (
        at("offset").unwrap_or(0),
        at("limit").unwrap_or(10).min(MOST),
    );
    let total = all.len();
    let page: Vec<Layout> = all.into_iter().skip(offset).take(limit).collect();
    Answer(json!({
        "code": "00000000", "message": "", "success": true, "request_id": random::uuid(),
        "data": page, "offset": offset, "limit": limit, "total": total,
    }))
}
