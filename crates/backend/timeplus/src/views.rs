use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::{
    materialized_view::{Create, Stats, Update},
    stream::StreamColumn,
    view::{CreateView, UpdateView, View as Body},
};
use weir_store::{StoreError, View};

use super::{
    materialized_views,
    statements::{kind_of, may_fill},
    streams::{History, history_days},
};
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    clock,
    error::HttpError,
    extract::{self, Name, Query},
};
use weir_platform::{operations::Operations, revision::Revision};
use weir_queries::run::planning;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("view")
        .get("/views", list)
        .post("/views", create)
        .only(Revision::Y2025)
        .get("/views/{name}", get)
        .patch("/views/{name}", update)
        .only(Revision::Y2025)
        .delete("/views/{name}", delete)
        .get("/views/{name}/stats", stats)
        .only(Revision::Y2025)
}

pub(super) fn create_query(view: &View) -> String {
    let kind = match view.materialized {
        true => "MATERIALIZED VIEW",
        false => "VIEW",
    };
    let into = match &view.target {
        Some(target) => format!(" INTO {target}"),
        None => String::new(),
    };
    format!("CREATE {kind} {}{into} AS {}", view.name, view.query)
}

fn body(app: &Services, view: &View) -> Body {
    let own = app.store.own_target(&view.name);
    let own = own.as_deref();
    let ttl = own.map_or_else(String::new, |own| own.ttl_expression.clone());
    Body {
        name: view.name.clone(),
        description: view.description.clone(),
        query: view.query.clone(),
        create_query: Some(create_query(view)),
        materialized: view.materialized,
        target_stream: view.target.clone().unwrap_or_default(),
        columns: columns(app, &view.query),
        logstore_retention_bytes: own.map_or(0, |own| own.logstore_retention_bytes),
        logstore_retention_ms: own.map_or(0, |own| own.logstore_retention_ms),
        ttl: ttl.clone(),
        ttl_expression: ttl,
        created_at: view.audit.created_at.clone(),
        created_by: view.audit.created_by.clone(),
        last_updated_at: view.audit.last_updated_at.clone(),
        last_updated_by: view.audit.last_updated_by.clone(),
    }
}

/// Empty when the view's query no longer fits the streams.
pub(super) fn columns(app: &Services, query: &str) -> Vec<StreamColumn> {
    let Ok(weir_engine::Statement::Select(select)) = planning::parse(query) else {
        return Vec::new();
    };
    let Ok(plan) = planning::plan_view(&select, &*app.store.catalog(), clock::now_ms()) else {
        return Vec::new();
    };
    let columns = plan.header.iter().map(|column| StreamColumn {
        name: column.name.clone(),
        data_type: column.data_type.to_string(),
        nullable: column.data_type.is_nullable(),
        ..StreamColumn::default()
    });
    columns.collect()
}

fn view(app: &Services, name: &str) -> Result<std::sync::Arc<View>, HttpError> {
    let view = app.store.view(name);
    Ok(view.ok_or_else(|| StoreError::NotFound(format!("view '{name}'")))?)
}

async fn list(State(app): State<Services>) -> Json<Vec<Body>> {
    let views = app.store.views();
    Json(views.iter().map(|view| body(&app, view)).collect())
}

async fn get(State(app): State<Services>, Name(name): Name) -> Result<Json<Body>, HttpError> {
    Ok(Json(body(&app, &*view(&app, &name)?)))
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreateView>,
) -> Response {
    let (name, materialized) = (request.name.clone(), request.materialized == Some(true));
    let made = if materialized {
        if let Err(refusal) = materializes(&app, request.target_stream.as_deref(), &actor) {
            return Change::made("create", "materialized_view", name).on(refusal.into_response());
        }
        let request = Create {
            name: request.name,
            query: request.query,
            description: request.description,
            target_stream: request.target_stream,
            logstore_retention_bytes: request.logstore_retention_bytes,
            logstore_retention_ms: request.logstore_retention_ms,
            ttl_expression: request.ttl_expression,
        };
        app.materialized.create(request, actor.owner()).await
    } else {
        plain(&app, request, &actor).await
    };
    let answer = made.and_then(|()| Ok(Json(body(&app, &*view(&app, &name)?))));
    let answer = answer.map(|body| (StatusCode::CREATED, body));
    let kind = if materialized {
        "materialized_view"
    } else {
        "view"
    };
    Change::made("create", kind, name).on(answer.into_response())
}

/// Views that are materialized are of a kind of their own, however they are reached.
fn materializes(app: &Services, target: Option<&str>, actor: &Actor) -> Result<(), HttpError> {
    actor.must_change("materialized_view")?;
    match target.filter(|target| !target.is_empty()) {
        Some(target) => may_fill(&app.store, target, actor),
        None => Ok(()),
    }
}

async fn plain(app: &Services, request: CreateView, actor: &Actor) -> Result<(), HttpError> {
    if request.query.trim().is_empty() {
        return Err(HttpError::field("query", "a SELECT is needed"));
    }
    let target = request.target_stream.filter(|target| !target.is_empty());
    let (bytes, ms) = (
        request.logstore_retention_bytes,
        request.logstore_retention_ms,
    );
    for (field, given) in [
        ("target_stream", target.is_some()),
        ("logstore_retention_bytes", bytes.is_some()),
        ("logstore_retention_ms", ms.is_some()),
        ("ttl_expression", request.ttl_expression.is_some()),
    ] {
        if given {
            return Err(HttpError::field(
                field,
                "only a materialized view has rows of its own",
            ));
        }
    }
    let view = View {
        name: request.name,
        query: request.query,
        description: request.description.unwrap_or_default(),
        ..View::default()
    };
    let made = app.store.create_view(view, false, actor.owner()).await;
    made.map(|_| ()).map_err(at_query)
}

fn at_query(error: StoreError) -> HttpError {
    match error {
        StoreError::Sql(error) => HttpError::from(error).at_field("query"),
        other => other.into(),
    }
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(name): Name,
    extract::Json(change): extract::Json<UpdateView>,
) -> Result<StatusCode, HttpError> {
    let UpdateView {
        description,
        query,
        logstore_retention_bytes,
        logstore_retention_ms,
        ttl_expression,
    } = change;
    if view(&app, &name)?.materialized {
        actor.must_change("materialized_view")?;
        let change = Update {
            description,
            query,
            logstore_retention_bytes,
            logstore_retention_ms,
            ttl_expression,
        };
        app.materialized
            .update(&name, change, actor.owner())
            .await?;
    } else {
        app.store
            .update_view(&name, description, query, actor.owner())
            .await
            .map_err(at_query)?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Fails with the names of the views that read it.
async fn delete(
    State(app): State<Services>,
    actor: Actor,
    Name(name): Name,
) -> Result<StatusCode, HttpError> {
    if let Some(kind) = kind_of(&app.store, &name) {
        actor.must_change(kind)?;
    }
    app.materialized.delete(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A view that is not materialized has no rows of its own.
async fn stats(
    State(app): State<Services>,
    Name(name): Name,
    Query(history): Query<History>,
) -> Result<Json<Stats>, HttpError> {
    let view = view(&app, &name)?;
    let days = history_days(&history)?;
    Ok(Json(if view.materialized {
        materialized_views::of_view(&app, &view, days).await?
    } else {
        Stats::default()
    }))
}
