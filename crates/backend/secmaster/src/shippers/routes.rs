use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use weir_api::secmaster::shipper::{Filter, Ids, Shipper, ShipperDef, status};
use weir_platform::operations::Operations;

use super::{
    super::{
        DELIVERY, IN_WORKSPACE,
        vendor_error::VendorError,
        wire::{Json, Part, Query, Rest, Workspace, done, nothing},
    },
    authorizations, params,
};
use crate::{Services, audit::Change};

pub(crate) fn operations() -> Operations<Services> {
    let deliveries = Operations::of(DELIVERY)
        .below(IN_WORKSPACE)
        .get("/siem/shippers", list)
        .post("/siem/shippers", create)
        .delete("/siem/shippers", delete)
        .get("/siem/shippers/params/{kind}", params::list)
        .get("/siem/shippers/{id}", show);
    let deliveries = STEPS.iter().fold(deliveries, |rows, what| {
        let handler =
            |State(app), Workspace(workspace), rest: Rest| step(app, workspace, rest, what);
        rows.post(what.path, handler).called(what.action)
    });
    let authorizations = Operations::of(DELIVERY)
        .audited_as("delivery_authorization")
        .below(IN_WORKSPACE)
        .get("/siem/shippers/authorizations", authorizations::list)
        .post(
            "/siem/shippers/authorizations/handle",
            authorizations::handle,
        )
        .called("update");
    Operations::all([deliveries, authorizations])
}

async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Result<Response, VendorError> {
    let mut all = app.secmaster.shippers.list(&workspace);
    let filter = Criteria::read(&filter)?;
    all.retain(|shipper| filter.lets(shipper));
    let (data, total) = part.of(all);
    let page = json!({"data": data, "limit": part.limit, "offset": part.offset, "total": total});
    Ok(done(page).into_response())
}

/// A filter whose numbers are read.
struct Criteria<'a> {
    texts: &'a Filter,
    consumption: Option<i64>,
    destination: Option<i64>,
    status: Option<i64>,
    since: Option<i64>,
}

impl<'a> Criteria<'a> {
    fn read(texts: &'a Filter) -> Result<Self, VendorError> {
        let number = |name: &str, text: &str| match text {
            "" => Ok(None),
            text => match text.parse() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(VendorError::field(
                    name,
                    format!("'{text}' is not a number"),
                )),
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
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Json(sent): Json<ShipperDef>,
) -> Result<Response, VendorError> {
    let change = Change::named(&sent.shipper_name);
    let made = app.secmaster.shippers.create(&app, &workspace, sent).await;
    Ok(change.on(match made {
        Ok(record) => done(record.serial).into_response(),
        Err(refusal) => refusal.into_response(),
    }))
}

async fn show(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, VendorError> {
    let shippers = &app.secmaster.shippers;
    let record = shippers.record(&workspace, rest.part(0))?;
    Ok(done(shippers.shown(&record)).into_response())
}

async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Json(Ids { ids }): Json<Ids>,
) -> Result<Response, VendorError> {
    if ids.is_empty() {
        return Err(VendorError::field("ids", "is needed"));
    }
    let names = app.secmaster.shippers.delete(&workspace, &ids).await?;
    let change = Change::named(names.join(", "));
    Ok(change.on(nothing().into_response()))
}

/// What a person does to a delivery: from which states into which.
struct Step {
    path: &'static str,
    /// As the log of changes has it.
    action: &'static str,
    from: &'static [i64],
    to: i64,
    /// As a refusal has it.
    told: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        path: "/siem/shippers/{id}/pause",
        action: "pause",
        from: &[status::DELIVERING],
        to: status::SUSPENDED,
        told: "paused",
    },
    Step {
        path: "/siem/shippers/{id}/resume",
        action: "resume",
        from: &[status::SUSPENDED],
        to: status::DELIVERING,
        told: "resumed",
    },
    // After the authorisation was cancelled: it is asked for again.
    Step {
        path: "/siem/shippers/{id}/retry",
        action: "retry",
        from: &[status::CANCELED],
        to: status::PENDING,
        told: "retried",
    },
    Step {
        path: "/siem/shippers/{id}/authorization/retry",
        action: "retry",
        from: &[status::REFUSED, status::CANCELED, status::PENDING],
        to: status::PENDING,
        told: "asked for again",
    },
];

/// Answers the id where an authorisation is asked for, otherwise nothing.
async fn step(
    app: Services,
    workspace: String,
    rest: Rest,
    step: &Step,
) -> Result<Response, VendorError> {
    let shippers = &app.secmaster.shippers;
    let record = shippers
        .change(&workspace, rest.part(0), step.from, step.to, step.told)
        .await?;
    let answer = match step.to {
        status::PENDING => done([&record.id]).into_response(),
        _ => nothing().into_response(),
    };
    Ok(Change::named(record.name()).on(answer))
}
