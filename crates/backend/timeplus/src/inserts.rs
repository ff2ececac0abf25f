//! `INSERT`, of values and of what a query answers.

use std::{ops::ControlFlow, time::Duration};

use weir_api::DataType;
use weir_engine::{Insert, Select, codec};
use weir_queries::run::{
    bounded::{self, Ended},
    planning,
};
use weir_store::{Store, StoreError, ingest};

use crate::{Services, auth::Actor, clock, error::HttpError};

/// Bytes that one `INSERT … SELECT` inserts at most.
const LARGEST_INSERT: usize = 64 << 20;
const INSERT_TIMEOUT: Duration = Duration::from_secs(60);

/// How many rows; 403 where the actor may not.
pub(crate) async fn insert(
    app: &Services,
    insert: Insert,
    actor: &Actor,
) -> Result<usize, HttpError> {
    let store = &app.store;
    actor.must_change("stream")?;
    let stream = store.catalog().stream(&insert.stream);
    let stream = stream.ok_or_else(|| {
        let missing = StoreError::NotFound(format!("stream '{}'", insert.stream));
        HttpError::from(missing).inside_sql()
    })?;
    let rows = match insert.select() {
        Some(select) => {
            let _permit = app.queries.permit(&actor.owner())?;
            selected(store, select).await?
        }
        None => planning::insert_rows(&insert)?,
    };
    let rows = ingest::values(&stream, &insert.columns, &rows)?;
    let count = rows.len();
    store.append(&insert.stream, rows).await?;
    Ok(count)
}

/// The rows of a query, each value as JSON. They are inserted together or not at all.
async fn selected(store: &Store, select: &Select) -> Result<Vec<Vec<String>>, HttpError> {
    let plan = planning::plan(select, &*store.catalog(), clock::now_ms())?;
    if plan.streaming {
        return Err(HttpError::bad_request(
            "INSERT … SELECT takes a query that ends: wrap its stream in table(…), or make a \
             materialized view, which inserts for ever",
        ));
    }
    let header = plan.header.iter();
    let types: Vec<DataType> = header.map(|column| column.data_type.clone()).collect();
    let gathered = (Vec::new(), 0usize);
    let read = bounded::run(
        store,
        plan,
        INSERT_TIMEOUT,
        gathered,
        move |state, values| {
            let (rows, bytes) = state;
            let row: Vec<String> = types
                .iter()
                .zip(values)
                .map(|(data_type, value)| codec::value_text(data_type, *value))
                .collect();
            *bytes += row.iter().map(String::len).sum::<usize>();
            rows.push(row);
            match *bytes > LARGEST_INSERT {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        },
    );
    let (rows, bytes) = read.await.map_err(|ended| match ended {
        Ended::Late => HttpError::bad_request(format!(
            "the query took longer than {} seconds; nothing was inserted",
            INSERT_TIMEOUT.as_secs()
        )),
        Ended::Failed(failure) => failure,
    })?;
    if bytes > LARGEST_INSERT {
        return Err(HttpError::bad_request(format!(
            "more than {} MiB at once; nothing was inserted: insert in parts",
            LARGEST_INSERT >> 20
        )));
    }
    Ok(rows)
}
