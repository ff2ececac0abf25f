//! `POST /exec`: DDL, or a query that ends, in one call.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use weir_api::{
    DataType,
    timeplus::exec::{Kind, Request},
};
use weir_engine::{Plan, Runner, Select, Statement, Step, codec};
use weir_store::Store;

use crate::{
    app::App,
    auth::Actor,
    clock,
    error::Failure,
    extract,
    queries::{self, statements},
};

const TIMEOUT_MS: i64 = 30_000;
const LONGEST_MS: i64 = 600_000;
/// Bytes of an answer; larger results are read as a stream from `/queries`.
const LARGEST: usize = 64 << 20;
/// A statement that began right after an interrupt did not see it.
const INTERRUPT_AGAIN: Duration = Duration::from_millis(50);

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/exec", axum::routing::post(exec))
}

async fn exec(
    State(app): State<App>,
    actor: Actor,
    extract::Json(request): extract::Json<Request>,
) -> Result<Response, Failure> {
    if request.sql.trim().is_empty() {
        return Err(Failure::field("sql", "a statement is needed"));
    }
    let timeout = timeout(request.timeout_ms)?;
    match (weir_engine::parse(&request.sql)?, request.kind) {
        (Statement::Ddl(ddl), Kind::Ddl) => Ok(statements::define(&app, &actor, *ddl).await),
        (Statement::Select(select), Kind::Historical) => history(&app, &select, timeout).await,
        (Statement::Ddl(_), Kind::Historical) => Err(Failure::field(
            "type",
            "the statement defines something: its type is 'ddl'",
        )),
        (Statement::Select(_), Kind::Ddl) => Err(Failure::field(
            "type",
            "the statement reads something: its type is 'historical'",
        )),
        (Statement::Insert(_), _) => Err(Failure::field(
            "sql",
            "INSERT is neither a definition nor a query; rows go to /streams/{name}/ingest, and \
             INSERT to /queries",
        )),
    }
}

fn timeout(ms: Option<i64>) -> Result<Duration, Failure> {
    let ms = ms.unwrap_or(TIMEOUT_MS);
    if !(1..=LONGEST_MS).contains(&ms) {
        let words = format!("a number from 1 to {LONGEST_MS} is needed");
        return Err(Failure::field("timeout_ms", words));
    }
    Ok(Duration::from_millis(ms.unsigned_abs()))
}

async fn history(app: &App, select: &Select, timeout: Duration) -> Result<Response, Failure> {
    let plan = weir_engine::plan(select, &*app.store.catalog(), clock::now_ms())?;
    if plan.streaming {
        return Err(Failure::field(
            "sql",
            "this query follows its stream and never ends; read history with table(…), or send \
             it to /queries",
        ));
    }
    let conn = app.store.reader()?;
    let interrupt = conn.get_interrupt_handle();
    let late = Arc::new(AtomicBool::new(false));
    let (store, stop) = (app.store.clone(), late.clone());
    let mut reading = tokio::task::spawn_blocking(move || read(&store, &conn, plan, &stop));
    let outcome = match tokio::time::timeout(timeout, &mut reading).await {
        Ok(outcome) => outcome,
        Err(_) => {
            late.store(true, Ordering::Relaxed);
            loop {
                interrupt.interrupt();
                if let Ok(outcome) = tokio::time::timeout(INTERRUPT_AGAIN, &mut reading).await {
                    break outcome;
                }
            }
        }
    };
    let body = outcome.map_err(Failure::internal)?;
    if late.load(Ordering::Relaxed) {
        let words = format!(
            "the query took longer than {} ms and was stopped; timeout_ms allows up to {LONGEST_MS}",
            timeout.as_millis()
        );
        return Err(Failure::field("timeout_ms", words));
    }
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((StatusCode::OK, json, body?).into_response())
}

/// The answer's JSON, written as the rows come so that every value stays exact.
fn read(
    store: &Store,
    conn: &rusqlite::Connection,
    plan: Plan,
    stop: &AtomicBool,
) -> Result<Vec<u8>, Failure> {
    let types: Vec<DataType> = plan.header.iter().map(|c| c.data_type.clone()).collect();
    let columns = serde_json::to_vec(&queries::columns(&plan)).map_err(Failure::internal)?;
    let sources = plan.sources.clone();
    let mut body = [b"{\"columns\":".as_slice(), &columns, b",\"data\":["].concat();
    let mut too_large = false;
    let mut runner = Runner::new(plan, conn, clock::now_ms())?;
    let mut first = true;
    let mut emit = |values: &[rusqlite::types::ValueRef<'_>]| {
        if !std::mem::take(&mut first) {
            body.push(b',');
        }
        codec::encode_row(&mut body, &types, values);
        too_large = body.len() > LARGEST;
        if too_large || stop.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    while runner.step(conn, clock::now_ms(), u32::MAX, &mut emit)? != Step::Done {}
    if too_large {
        let words = format!(
            "the result is larger than {} MiB; add a LIMIT, or read it as a stream from /queries",
            LARGEST >> 20
        );
        return Err(Failure::field("sql", words));
    }
    let stats = runner.stats();
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    for source in &sources {
        store.note_read(
            source,
            count(stats.scanned_rows),
            count(stats.scanned_bytes),
        );
    }
    body.extend_from_slice(b"]}");
    Ok(body)
}
