use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::json;
use weir_api::secmaster::shipper::{Filter, Ids, Shipper, ShipperDef, status};

use super::{
    super::{Json, Part, Query, Rest, Workspace, done, nothing, refusal::Refusal},
    Record, authorizations, params,
};
use crate::{access::Change, app::App};

const KIND: &str = "delivery";

pub(crate) fn routes(at: impl Fn(&str) -> String) -> Router<App> {
    Router::new()
        .route(&at("/siem/shippers"), get(list).post(create).delete(delete))
        .route(
            &at("/siem/shippers/authorizations"),
            get(authorizations::list),
        )
        .route(
            &at("/siem/shippers/authorizations/handle"),
            post(authorizations::handle),
        )
        .route(&at("/siem/shippers/params/{kind}"), get(params::list))
        .route(&at("/siem/shippers/{id}"), get(show))
        .route(&at("/siem/shippers/{id}/pause"), post(pause))
        .route(&at("/siem/shippers/{id}/resume"), post(resume))
        .route(&at("/siem/shippers/{id}/retry"), post(retry))
        .route(
            &at("/siem/shippers/{id}/authorization/retry"),
            post(authorize_again),
        )
}

async fn list(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Result<Response, Refusal> {
    let mut all = app.secmaster.shippers.list(&workspace);
    let filter = Wanted::read(&filter)?;
    all.retain(|shipper| filter.lets(shipper));
    let (data, total) = part.of(all);
    let page = json!({"data": data, "limit": part.limit, "offset": part.offset, "total": total});
    Ok(done(page).into_response())
}

/// A filter whose numbers are read.
struct Wanted<'a> {
    texts: &'a Filter,
    consumption: Option<i64>,
    destination: Option<i64>,
    status: Option<i64>,
    since: Option<i64>,
}

impl<'a> Wanted<'a> {
    fn read(texts: &'a Filter) -> Result<Self, Refusal> {
        let number = |name: &str, text: &str| match text {
            "" => Ok(None),
            text => match text.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(Refusal::field(name, format!("'{text}' is not a number"))),
            },
        };
        Ok(Self {
            texts,
            consumption: number("shipper_consumption_type", &texts.shipper_consumption_type)?,
            destination: number("destination_shipper_type", &texts.destination_shipper_type)?,
            status: number("shipper_status", &texts.shipper_status)?,
            since: number("create_time", &texts.create_time)?,
        })
    }

    fn lets(&self, shipper: &Shipper) -> bool {
        let text = |wanted: &str, has: &str| wanted.is_empty() || wanted == has;
        let number = |wanted: Option<i64>, has: i64| wanted.is_none_or(|wanted| wanted == has);
        let (texts, source) = (self.texts, &shipper.shipper_source);
        shipper.shipper_name.contains(&texts.shipper_name)
            && text(&texts.dataspace_id, &shipper.dataspace_id)
            && text(&texts.pipe_id, &shipper.pipe_id)
            && text(&texts.shipper_source_region, &source.region)
            && text(&texts.shipper_source_strategy, &source.identity)
            && number(self.consumption, shipper.consumption_type)
            && number(self.destination, shipper.shipper_destination.data_type)
            && number(self.status, shipper.status)
            && self.since.is_none_or(|since| shipper.create_time >= since)
    }
}

async fn create(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    Json(sent): Json<ShipperDef>,
) -> Result<Response, Refusal> {
    let change = Change::made("create", KIND, &sent.shipper_name);
    let made = app.secmaster.shippers.create(&app, &workspace, sent).await;
    Ok(change.on(match made {
        Ok(record) => done(record.serial).into_response(),
        Err(refusal) => refusal.into_response(),
    }))
}

async fn show(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let shippers = &app.secmaster.shippers;
    let record = shippers.record(&workspace, rest.part(0))?;
    Ok(done(shippers.shown(&record)).into_response())
}

async fn delete(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    Json(Ids { ids }): Json<Ids>,
) -> Result<Response, Refusal> {
    if ids.is_empty() {
        return Err(Refusal::field("ids", "is needed"));
    }
    let names = app.secmaster.shippers.delete(&workspace, &ids).await?;
    let change = Change::made("delete", KIND, names.join(", "));
    Ok(change.on(nothing().into_response()))
}

fn changed(action: &'static str, record: &Record, answer: Response) -> Response {
    Change::made(action, KIND, record.name()).on(answer)
}

async fn pause(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let shippers = &app.secmaster.shippers;
    let from = [status::DELIVERING];
    let record = shippers
        .change(&workspace, rest.part(0), &from, status::SUSPENDED, "paused")
        .await?;
    Ok(changed("pause", &record, nothing().into_response()))
}

async fn resume(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let shippers = &app.secmaster.shippers;
    let from = [status::SUSPENDED];
    let record = shippers
        .change(
            &workspace,
            rest.part(0),
            &from,
            status::DELIVERING,
            "resumed",
        )
        .await?;
    Ok(changed("resume", &record, nothing().into_response()))
}

/// After the authorisation was cancelled: it is asked for again.
async fn retry(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let shippers = &app.secmaster.shippers;
    let from = [status::CANCELED];
    let record = shippers
        .change(&workspace, rest.part(0), &from, status::PENDING, "retried")
        .await?;
    let answer = done([&record.id]).into_response();
    Ok(changed("retry", &record, answer))
}

async fn authorize_again(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let shippers = &app.secmaster.shippers;
    let from = [status::REFUSED, status::CANCELED, status::PENDING];
    let what = "asked for again";
    let record = shippers
        .change(&workspace, rest.part(0), &from, status::PENDING, what)
        .await?;
    let answer = done([&record.id]).into_response();
    Ok(changed("retry", &record, answer))
}
