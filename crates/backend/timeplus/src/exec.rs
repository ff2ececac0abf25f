//! `POST /exec`: DDL, or a query that ends, in one call.

use std::{ops::ControlFlow, time::Duration};

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use weir_api::{
    DataType,
    timeplus::exec::{Kind, Request},
};
use weir_engine::{Plan, Select, Statement, codec};

use crate::{Services, auth::Actor, clock, error::HttpError, extract, statements};
use weir_platform::{operations::Operations, revision::Revision};
use weir_queries::run::{
    self,
    bounded::{self, Ended},
    planning,
};

const TIMEOUT_MS: i64 = 30_000;
const LONGEST_MS: i64 = 600_000;
/// Bytes of an answer; larger results are read as a stream from `/queries`.
const LARGEST: usize = 64 << 20;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("query")
        .post("/exec", exec)
        .by_its_statement()
        .only(Revision::Y2026)
}

async fn exec(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<Request>,
) -> Result<Response, HttpError> {
    if request.sql.trim().is_empty() {
        return Err(HttpError::field("sql", "a statement is needed"));
    }
    let timeout = timeout(request.timeout_ms)?;
    let statement = planning::parse(&request.sql)?;
    if let Some(refused) = statements::more_than_reading(request.read_only, &statement) {
        return Ok(refused);
    }
    match (statement, request.kind) {
        (Statement::Ddl(ddl, notices), Kind::Ddl) => {
            Ok(statements::define(&app, &actor, *ddl, &notices).await)
        }
        (Statement::Select(select), Kind::Historical) => {
            let _permit = app.queries.permit(&actor.owner())?;
            history(&app, &select, timeout).await
        }
        (Statement::Ddl(..), Kind::Historical) => Err(HttpError::field(
            "type",
            "the statement defines something: its type is 'ddl'",
        )),
        (Statement::Select(_), Kind::Ddl) => Err(HttpError::field(
            "type",
            "the statement reads something: its type is 'historical'",
        )),
        (Statement::Insert(_), _) => Err(HttpError::field(
            "sql",
            "INSERT is neither a definition nor a query; rows go to /streams/{name}/ingest, and \
             INSERT to /queries",
        )),
    }
}

fn timeout(ms: Option<i64>) -> Result<Duration, HttpError> {
    let ms = ms.unwrap_or(TIMEOUT_MS);
    if !(1..=LONGEST_MS).contains(&ms) {
        let words = format!("a number from 1 to {LONGEST_MS} is needed");
        return Err(HttpError::field("timeout_ms", words));
    }
    Ok(Duration::from_millis(ms.unsigned_abs()))
}

async fn history(
    app: &Services,
    select: &Select,
    timeout: Duration,
) -> Result<Response, HttpError> {
    let plan = planning::plan(select, &*app.store.catalog(), clock::now_ms())?;
    if plan.streaming {
        return Err(HttpError::field(
            "sql",
            "this query follows its stream and never ends; read history with table(…), or send \
             it to /queries",
        ));
    }
    let answer = Answer::new(&plan)?;
    let read = bounded::run(&app.store, plan, timeout, answer, Answer::row);
    let answer = read.await.map_err(|ended| match ended {
        Ended::Late => HttpError::field(
            "timeout_ms",
            format!(
                "the query took longer than {} ms and was stopped; timeout_ms allows up to \
                 {LONGEST_MS}",
                timeout.as_millis()
            ),
        ),
        Ended::Failed(failure) => failure,
    })?;
    if answer.too_large {
        let words = format!(
            "the result is larger than {} MiB; add a LIMIT, or read it as a stream from /queries",
            LARGEST >> 20
        );
        return Err(HttpError::field("sql", words));
    }
    let mut body = answer.body;
    body.extend_from_slice(b"]}");
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok((StatusCode::OK, json, body).into_response())
}

/// The answer's JSON, written as the rows come so that every value stays exact.
struct Answer {
    types: Vec<DataType>,
    body: Vec<u8>,
    first: bool,
    too_large: bool,
}

impl Answer {
    fn new(plan: &Plan) -> Result<Self, HttpError> {
        let columns = serde_json::to_vec(&run::columns(plan)).map_err(HttpError::internal)?;
        Ok(Self {
            types: plan.header.iter().map(|c| c.data_type.clone()).collect(),
            body: [b"{\"columns\":".as_slice(), &columns, b",\"data\":["].concat(),
            first: true,
            too_large: false,
        })
    }

    fn row(&mut self, values: &[rusqlite::types::ValueRef<'_>]) -> ControlFlow<()> {
        if !std::mem::take(&mut self.first) {
            self.body.push(b',');
        }
        codec::encode_row(&mut self.body, &self.types, values);
        self.too_large = self.body.len() > LARGEST;
        match self.too_large {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}
