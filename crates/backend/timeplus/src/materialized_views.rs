use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::{
    materialized_view::{Create, Lagging, MaterializedView, Node, Stats, Status, Transfer, Update},
    stream::Stream,
};
use weir_engine::Control;
use weir_store::{StoreError, View};

use super::{
    statements::may_fill,
    streams::{History, history_days},
    views::{columns, create_query},
};
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name, Query},
    materialized::State as Running,
};
use weir_platform::{operations::Operations, revision::Revision};

/// There is one node.
const NODE: i64 = 1;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("materialized_view")
        .get("/materialized_views", list)
        .post("/materialized_views", create)
        .only(Revision::Y2025)
        .get("/materialized_views/{name}", get)
        .patch("/materialized_views/{name}", update)
        .only(Revision::Y2025)
        .delete("/materialized_views/{name}", delete)
        .get("/materialized_views/{name}/stats", stats)
        .post("/materialized_views/{name}/pause", pause)
        .called("pause")
        .only(Revision::Y2026)
        .post("/materialized_views/{name}/resume", resume)
        .called("resume")
        .only(Revision::Y2026)
        .post("/materialized_views/{name}/recover", recover)
        .called("recover")
        .only(Revision::Y2026)
        .post("/materialized_views/{name}/transfer", transfer)
        .called("transfer")
        .only(Revision::Y2026)
}

/// The stream that holds the rows, by another name only where the view has a target.
fn target(app: &Services, view: &View) -> Option<std::sync::Arc<Stream>> {
    match &view.target {
        Some(target) => app.store.stream(target),
        None => app.store.own_target(&view.name),
    }
}

fn body(app: &Services, view: &View) -> MaterializedView {
    let state = app.materialized.state(&view.name).unwrap_or_default();
    let stream = target(app, view);
    let stream = stream.as_deref();
    let (status, lagging) = (state.status, lagging(app, &state));
    MaterializedView {
        name: view.name.clone(),
        description: view.description.clone(),
        query: view.query.clone(),
        create_query: Some(create_query(view)),
        columns: match stream {
            Some(stream) => stream.columns.clone(),
            None => columns(app, &view.query),
        },
        target_stream: view.target.clone().unwrap_or_default(),
        logstore_retention_bytes: stream.map_or(0, |s| s.logstore_retention_bytes),
        logstore_retention_ms: stream.map_or(0, |s| s.logstore_retention_ms),
        ttl_expression: stream.map_or_else(String::new, |s| s.ttl_expression.clone()),
        status: Some(status),
        status_ts: Some(state.since_ms),
        lagging: lagging.map(|lagging| lagging.rows()),
        memory: None,
        leader_node: Some(NODE),
        last_error_message: (!state.error.is_empty()).then_some(state.error),
        created_at: view.audit.created_at.clone(),
        created_by: view.audit.created_by.clone(),
        last_updated_at: view.audit.last_updated_at.clone(),
        last_updated_by: view.audit.last_updated_by.clone(),
    }
}

fn lagging(app: &Services, state: &Running) -> Option<Lagging> {
    let newest = app.store.watch(state.followed.as_deref()?)?;
    let read = state.stats.last_event_time;
    Some(Lagging {
        end_sn: *newest.borrow(),
        processed_sn: state.position,
        ckpt_sn: state.position,
        processed_record_ts: (read > 0).then_some(read),
    })
}

async fn list(State(app): State<Services>) -> Json<Vec<MaterializedView>> {
    let views = app.store.views();
    let views = views.iter().filter(|view| view.materialized);
    Json(views.map(|view| body(&app, view)).collect())
}

async fn get(
    State(app): State<Services>,
    Name(name): Name,
) -> Result<Json<MaterializedView>, HttpError> {
    let view = app.materialized.view(&name)?;
    Ok(Json(body(&app, &view)))
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<Create>,
) -> Response {
    let name = request.name.clone();
    let target = request.target_stream.as_deref().unwrap_or_default();
    if !target.is_empty()
        && let Err(refusal) = may_fill(&app.store, target, &actor)
    {
        return Change::named(name).on(refusal.into_response());
    }
    let made = app.materialized.create(request, actor.owner()).await;
    let answer = made.and_then(|()| Ok(Json(body(&app, &*app.materialized.view(&name)?))));
    let answer = answer.map(|body| (StatusCode::CREATED, body));
    Change::named(name).on(answer.into_response())
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(name): Name,
    extract::Json(change): extract::Json<Update>,
) -> Result<StatusCode, HttpError> {
    let updated = app.materialized.update(&name, change, actor.owner());
    updated.await.map(|()| StatusCode::NO_CONTENT)
}

/// Fails with the names of the views that read it.
async fn delete(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    app.materialized.view(&name)?;
    let deleted = app.materialized.delete(&name);
    deleted.await.map(|()| StatusCode::NO_CONTENT)
}

async fn control(app: Services, name: String, control: Control) -> Result<StatusCode, HttpError> {
    let done = app.materialized.control(&name, control);
    done.await.map(|()| StatusCode::OK)
}

async fn pause(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    control(app, name, Control::Pause).await
}

async fn resume(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    control(app, name, Control::Resume).await
}

async fn recover(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    control(app, name, Control::Recover).await
}

/// There is nobody else to lead, so only a transfer to the node itself is possible.
async fn transfer(
    State(app): State<Services>,
    Name(name): Name,
    extract::Json(Transfer { from, to, .. }): extract::Json<Transfer>,
) -> Result<StatusCode, HttpError> {
    app.materialized.view(&name)?;
    let (field, words) = match (from, to) {
        (NODE, NODE) => return Ok(StatusCode::OK),
        (NODE, _) => ("to", format!("there is no node {to}")),
        _ => ("from", format!("node {from} does not lead")),
    };
    let words = format!("{words}: the embedded backend is node {NODE}");
    Err(HttpError::field(field, words))
}

async fn stats(
    State(app): State<Services>,
    Name(name): Name,
    Query(history): Query<History>,
) -> Result<Json<Stats>, HttpError> {
    let view = app.materialized.view(&name)?;
    of_view(&app, &view, history_days(&history)?)
        .await
        .map(Json)
}

/// What it has written, and what it is doing.
pub(super) async fn of_view(
    app: &Services,
    view: &View,
    days: Option<u8>,
) -> Result<Stats, HttpError> {
    let (store, name) = (app.store.clone(), view.name.clone());
    let target = tokio::task::spawn_blocking(move || store.stats(&name, days))
        .await
        .map_err(HttpError::internal)??;
    let state = app.materialized.state(&view.name);
    let state = state.ok_or_else(|| StoreError::NotFound(format!("view '{}'", view.name)))?;
    let lagging = lagging(app, &state);
    let error = (!state.error.is_empty()).then(|| state.error.clone());
    let word = match &state.status {
        Status::ExecutingPipeline => "running",
        other => other.words(),
    };
    Ok(Stats {
        target,
        status: Some(state.status),
        status_ts: Some(state.since_ms),
        lagging: lagging.map(|lagging| lagging.rows()),
        leader_node: Some(NODE),
        last_error_message: error.clone(),
        pipeline: Some(weir_queries::run::pipeline(&state.stats.nodes, word)),
        nodes: vec![Node {
            node_id: NODE,
            status: state.status,
            status_ts: Some(state.since_ms),
            last_error_message: error.unwrap_or_default(),
            last_error_message_ts: (state.error_ms > 0).then_some(state.error_ms),
            checkpoint_size: i64::try_from(state.checkpoint_bytes).unwrap_or(i64::MAX),
            checkpoint_ts: (state.checkpoint_ms > 0).then_some(state.checkpoint_ms),
            memory: 0,
            replication_status: Default::default(),
            lagging_status: state.followed.clone().zip(lagging).into_iter().collect(),
            read_rows: Some(state.stats.scanned_rows),
            written_rows: Some(state.stats.emitted_rows),
            late_rows: Some(state.stats.late_rows),
            watermark: (state.stats.watermark > 0).then_some(state.stats.watermark),
        }],
    })
}
