//! `/dictionaries`: made with `CREATE DICTIONARY`.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::dictionary::Dictionary;
use weir_engine::dictionary_statement;
use weir_store::{StoreError, View};

use crate::{Services, audit::Change, error::HttpError, extract::Name};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("dictionary")
        .all_only(Revision::Y2026)
        .get("/dictionaries", list)
        .get("/dictionaries/{name}", get)
        .delete("/dictionaries/{name}", delete)
}

fn body(view: &View) -> Dictionary {
    let info = view.dictionary.as_ref();
    Dictionary {
        name: view.name.clone(),
        description: view.description.clone(),
        query: info.map_or_else(String::new, |info| {
            dictionary_statement(&view.name, info, &view.description)
        }),
        audit: view.audit.clone(),
    }
}

async fn list(State(app): State<Services>) -> Json<Vec<Dictionary>> {
    let all = app.store.dictionaries();
    Json(all.iter().map(|view| body(view)).collect())
}

async fn get(State(app): State<Services>, Name(name): Name) -> Result<Json<Dictionary>, HttpError> {
    let view = app.store.dictionary(&name);
    let view = view.ok_or_else(|| StoreError::NotFound(format!("dictionary '{name}'")))?;
    Ok(Json(body(&view)))
}

/// Fails with the names of the views that use it.
async fn delete(State(app): State<Services>, Name(name): Name) -> Response {
    let dropped = app.store.drop_dictionary(&name).await;
    Change::named(&name).on(match dropped {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => HttpError::from(error).into_response(),
    })
}
