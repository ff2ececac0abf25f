//! Runs an API once: for a test, or for a caller of what is published.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::json;
use weir_api::{Owner, dataworks::api::Api};

use super::{
    outcome::{Outcome, QUERY, RATE_LIMIT, RunError, TIMEOUT},
    proxy,
    records::api::ApiRecord,
    rows::{LARGEST, Pages, Rows},
    statement,
    values::{self, Input},
};
use crate::{
    Services,
    queries::bounded::{self, Ended},
};

/// `api` is the version of `kept` to run. A query counts as one of the `caller`'s.
pub(super) async fn run(
    app: &Services,
    caller: &Owner,
    (kept, api): (&ApiRecord, &Api),
    input: &Input,
    request_id: &str,
) -> Outcome {
    let outcome = match api.registration_details {
        Some(_) => proxy::call(app, kept, api, input).await,
        None => match app.queries.permit(caller) {
            Ok(_permit) => select(app, kept, api, input, request_id).await,
            Err(full) => Err(RunError::new(full.status(), RATE_LIMIT, full.message())),
        },
    };
    outcome.unwrap_or_else(|error| error.into_outcome(request_id))
}

fn timeout(api: &Api) -> Duration {
    Duration::from_millis(u64::try_from(api.timeout).unwrap_or(1))
}

async fn select(
    app: &Services,
    kept: &ApiRecord,
    api: &Api,
    input: &Input,
    request_id: &str,
) -> Result<Outcome, RunError> {
    let failed = |words: String| {
        let words = format!("datasource query error: {words}");
        RunError::new(StatusCode::BAD_REQUEST, QUERY, words)
    };
    statement::check(&app.store, api, kept.sql_mode)
        .map_err(|error| failed(format!("{}: {}", error.field, error.message)))?;
    let mut given = Vec::new();
    for parameter in api.request_parameters() {
        let value = values::value(parameter, input)?;
        given.push((parameter.parameter_name.clone(), value));
    }
    let plan = statement::plan(&app.store, api, kept.sql_mode, &given);
    let plan = plan.map_err(|error| failed(error.to_string()))?;
    let out = statement::output(api, &plan).map_err(failed)?;
    let pages = api.is_paged().then(|| Pages::of(input)).transpose()?;
    let rows = Rows {
        types: plan
            .header
            .iter()
            .map(|column| column.data_type.clone())
            .collect(),
        out,
        pages,
        seen: 0,
        told: 0,
        body: Vec::new(),
        too_large: false,
    };
    let limit = timeout(api);
    let rows = bounded::run(&app.store, plan, limit, rows, Rows::row).await;
    let rows = rows.map_err(|ended| match ended {
        Ended::Late => RunError::new(
            StatusCode::GATEWAY_TIMEOUT,
            TIMEOUT,
            format!(
                "query timeout: it took longer than {} ms",
                limit.as_millis()
            ),
        ),
        Ended::Failed(failure) => failed(failure.message().to_string()),
    })?;
    if rows.too_large {
        return Err(failed(format!(
            "the answer is larger than {} MiB",
            LARGEST >> 20
        )));
    }
    Ok(rows.into_outcome(request_id))
}

/// The values that a test was given, as JSON.
pub(super) fn shown(api: &Api, input: &Input) -> String {
    let texts = api.request_parameters().iter().filter_map(|parameter| {
        let text = values::text(parameter, input).ok()??;
        Some((parameter.parameter_name.clone(), json!(text)))
    });
    serde_json::Value::Object(texts.collect()).to_string()
}
