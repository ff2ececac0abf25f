//! Runs an API once: for a test, or for a caller of what is published.

use std::{ops::ControlFlow, time::Duration};

use axum::http::StatusCode;
use rusqlite::types::ValueRef;
use serde_json::json;
use weir_api::{DataType, dataworks::api::Api};
use weir_engine::codec;

use super::{
    proxy,
    records::api::ApiRecord,
    statement::{self, Out},
    values::{self, Input, ParameterError},
};
use crate::{
    Services,
    queries::bounded::{self, Ended},
};

/// Codes of published APIs.
pub(super) const TIMEOUT: i64 = 1_108_110_583;
pub(super) const PARAMETER: i64 = 1_108_110_519;
pub(super) const QUERY: i64 = 1_108_110_622;
pub(super) const CONNECTION: i64 = 1_108_110_703;
pub(super) const RATE_LIMIT: i64 = 1_108_113_002;

/// Rows of an answer that does not come in pages, and of a page.
const MOST_ROWS: u64 = 2000;
/// Bytes of an answer.
const LARGEST: usize = 16 << 20;

/// What a caller gets.
#[derive(Debug)]
pub(super) struct Outcome {
    pub status: StatusCode,
    /// 0 is a success.
    pub code: i64,
    pub content_type: String,
    pub body: Vec<u8>,
    /// What happened, for those who test.
    pub log: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct RunError {
    pub status: StatusCode,
    pub code: i64,
    pub words: String,
}

impl RunError {
    pub(super) fn new(status: StatusCode, code: i64, words: impl Into<String>) -> Self {
        Self {
            status,
            code,
            words: words.into(),
        }
    }

    pub(super) fn into_outcome(self, request_id: &str) -> Outcome {
        let body = json!({
            "data": null, "errCode": self.code, "errMsg": self.words, "requestId": request_id,
            "apiLog": null,
        });
        Outcome {
            status: self.status,
            code: self.code,
            content_type: "application/json".into(),
            body: body.to_string().into_bytes(),
            log: vec![self.words],
        }
    }
}

impl From<ParameterError> for RunError {
    fn from(wrong: ParameterError) -> Self {
        let words = match wrong {
            ParameterError::Missing(name) => format!("param miss: {name} is needed"),
            ParameterError::Invalid(words) => format!("param wrong: {words}"),
        };
        Self::new(StatusCode::BAD_REQUEST, PARAMETER, words)
    }
}

/// `api` is the version of `kept` to run.
pub(super) async fn run(
    app: &Services,
    kept: &ApiRecord,
    api: &Api,
    input: &Input,
    request_id: &str,
) -> Outcome {
    let outcome = match api.registration_details {
        Some(_) => proxy::call(app, kept, api, input).await,
        None => select(app, kept, api, input, request_id).await,
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

/// `pageNum`, `pageSize` and `returnTotalNum` of a caller.
#[derive(Debug, Clone, Copy)]
struct Pages {
    number: u64,
    size: u64,
    total: bool,
}

impl Pages {
    fn of(input: &Input) -> Result<Self, RunError> {
        let find = |name: &str| {
            let all = input.query.iter().chain(&input.body);
            let mut found = all.filter(|(known, _)| known == name);
            found.next().map(|(_, value)| value.trim())
        };
        let number = |name: &str, default: u64, largest: u64| match find(name) {
            None => Ok(default),
            Some(text) => match text.parse() {
                Ok(number) if (1..=largest).contains(&number) => Ok(number),
                _ => Err(ParameterError::Invalid(format!(
                    "{name}: from 1 to {largest} is needed"
                ))),
            },
        };
        Ok(Self {
            number: number("pageNum", 1, 1_000_000_000)?,
            size: number("pageSize", 10, MOST_ROWS)?,
            total: find("returnTotalNum") != Some("false"),
        })
    }
}

/// Rows as JSON objects, every value as exact as it is stored.
struct Rows {
    types: Vec<DataType>,
    out: Vec<Out>,
    pages: Option<Pages>,
    /// Rows of the query.
    seen: u64,
    /// Rows of the answer.
    told: u64,
    body: Vec<u8>,
    too_large: bool,
}

impl Rows {
    fn row(&mut self, values: &[ValueRef<'_>]) -> ControlFlow<()> {
        let (from, until, goes_on) = match self.pages {
            Some(pages) => {
                let from = (pages.number - 1) * pages.size;
                (from, from + pages.size, pages.total)
            }
            None => (0, MOST_ROWS, false),
        };
        let index = self.seen;
        self.seen += 1;
        if index >= until {
            return match goes_on {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            };
        }
        if index < from {
            return ControlFlow::Continue(());
        }
        self.tell(values);
        self.too_large = self.body.len() > LARGEST;
        match self.too_large {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    fn tell(&mut self, values: &[ValueRef<'_>]) {
        if self.told > 0 {
            self.body.push(b',');
        }
        self.told += 1;
        self.body.push(b'{');
        for (index, out) in self.out.iter().enumerate() {
            if index > 0 {
                self.body.push(b',');
            }
            let key = serde_json::Value::from(out.name.as_str()).to_string();
            self.body.extend_from_slice(key.as_bytes());
            self.body.push(b':');
            let mut cell = Vec::new();
            let at = out.column..=out.column;
            codec::encode_row(&mut cell, &self.types[at.clone()], &values[at]);
            // One value between the brackets of a row.
            let value = &cell[1..cell.len() - 1];
            if out.text && !value.starts_with(b"\"") && value != b"null" {
                let text = String::from_utf8_lossy(value);
                let quoted = serde_json::Value::from(text.as_ref()).to_string();
                self.body.extend_from_slice(quoted.as_bytes());
            } else {
                self.body.extend_from_slice(value);
            }
        }
        self.body.push(b'}');
    }

    fn into_outcome(self, request_id: &str) -> Outcome {
        let rows = String::from_utf8_lossy(&self.body);
        let data = match self.pages {
            None => format!("[{rows}]"),
            Some(pages) => {
                let total = match pages.total {
                    true => format!("\"totalNum\":{},", self.seen),
                    false => String::new(),
                };
                format!(
                    "{{{total}\"pageSize\":{},\"pageNum\":{},\"rows\":[{rows}]}}",
                    pages.size, pages.number
                )
            }
        };
        let id = serde_json::Value::from(request_id);
        let body = format!(
            "{{\"data\":{data},\"errCode\":0,\"errMsg\":\"success\",\"requestId\":{id},\
             \"apiLog\":null}}"
        );
        let mut log = vec![format!("{} rows answered", self.told)];
        if self.pages.is_none() && self.seen > MOST_ROWS {
            log.push(format!(
                "there are more rows: answers without pages end after {MOST_ROWS}"
            ));
        }
        Outcome {
            status: StatusCode::OK,
            code: 0,
            content_type: "application/json".into(),
            body: body.into_bytes(),
            log,
        }
    }
}

/// The values that a test was given, as JSON.
pub(super) fn shown(api: &Api, input: &Input) -> String {
    let texts = api.request_parameters().iter().filter_map(|parameter| {
        let text = values::text(parameter, input).ok()??;
        Some((parameter.parameter_name.clone(), json!(text)))
    });
    serde_json::Value::Object(texts.collect()).to_string()
}
