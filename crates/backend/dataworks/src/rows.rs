//! Rows as JSON objects, every value as exact as it is stored, in pages where that is asked for.

use std::ops::ControlFlow;

use axum::http::StatusCode;
use rusqlite::types::ValueRef;
use weir_api::DataType;
use weir_engine::codec;

use super::{
    outcome::{Outcome, RunError},
    statement::Out,
    values::{Input, ParameterError},
};

/// Rows of an answer that does not come in pages, and of a page.
const MOST_ROWS: u64 = 2000;
/// Bytes of an answer.
pub(super) const LARGEST: usize = 16 << 20;

/// `pageNum`, `pageSize` and `returnTotalNum` of a caller.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pages {
    number: u64,
    size: u64,
    total: bool,
}

impl Pages {
    pub(super) fn of(input: &Input) -> Result<Self, RunError> {
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
pub(super) struct Rows {
    pub types: Vec<DataType>,
    pub out: Vec<Out>,
    pub pages: Option<Pages>,
    /// Rows of the query.
    pub seen: u64,
    /// Rows of the answer.
    pub told: u64,
    pub body: Vec<u8>,
    pub too_large: bool,
}

impl Rows {
    pub(super) fn row(&mut self, values: &[ValueRef<'_>]) -> ControlFlow<()> {
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

    pub(super) fn into_outcome(self, request_id: &str) -> Outcome {
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
