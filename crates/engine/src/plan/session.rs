//! `session(s, [time,] 5s [, 30m] [, start, end])`: rows of a key without a gap between them.

use sqlparser::ast::{Expr, Ident, Value};
use weir_api::DataType;

use super::{
    carry::{relation, renamed_columns},
    compiler::{Compiler, Session, Window, span},
    past_sessions::Parts,
    relation::From,
    scope::{Edge, Env, ScopeColumn},
};
use crate::{SqlError, parse::interval};

const USAGE: &str = "session takes a stream, perhaps its time column, the gap that ends a session, \
                     perhaps how long one lasts at most, and perhaps what starts and what ends one: \
                     session(s, 5s) or session(s, time, 5s, 1h, [action = 'in', action = 'out'])";

impl Compiler<'_> {
    /// `args`: all but the stream.
    pub(super) fn session(
        &mut self,
        source: From,
        args: &[&Expr],
        function: &Ident,
    ) -> Result<From, SqlError> {
        Self::only_rows(source.flow, "session", function)?;
        let (time, args) = match args {
            [Expr::Interval(_), ..] => (None, args),
            [time, rest @ ..] => (Some(*time), rest),
            [] => return Err(SqlError::at(USAGE, function.span)),
        };
        let length = |expr: &Expr| match expr {
            Expr::Interval(interval) => {
                let ms = interval::millis(interval);
                ms.map_err(|message| SqlError::at(message, span(expr)))
            }
            _ => Err(SqlError::at(USAGE, span(expr))),
        };
        let [gap, rest @ ..] = args else {
            return Err(SqlError::at(USAGE, function.span));
        };
        let gap_ms = length(gap)?;
        let (max_ms, conditions) = match rest {
            [most @ Expr::Interval(_), conditions @ ..] => (length(most)?, conditions),
            // As long as the vendor's.
            conditions => (gap_ms.saturating_mul(5), conditions),
        };
        let time_sql = self.window_time(&source, time, function)?;
        let env = Env::rows(&source.scope, &[]);
        let (conditions, include_end) = match conditions {
            [conditions @ .., Expr::Value(last)] if last.value == Value::Boolean(false) => {
                (conditions, false)
            }
            conditions => (conditions, true),
        };
        let (starts_sql, ends_sql) = match conditions {
            [] => ("1".to_string(), "0".to_string()),
            [start, end] => (self.condition(start, env)?, self.condition(end, env)?),
            _ => return Err(SqlError::at(USAGE, function.span)),
        };
        let alias = self.alias();
        if Self::is_past(&source) {
            let parts = Parts {
                time: time_sql,
                starts: starts_sql,
                ends: ends_sql,
                gap_ms,
                max_ms,
                include_end,
            };
            let sql = self.past_sessions(&source, &parts, &alias)?;
            let mut out = renamed_columns(&source, &alias);
            let width = out.len();
            out.push(edge(
                "window_start",
                Edge::Start,
                format!("{alias}.c{width}"),
            ));
            out.push(edge(
                "window_end",
                Edge::End,
                format!("{alias}.c{}", width + 1),
            ));
            return Ok(relation(sql, out, source.flow));
        }
        let columns: Vec<&ScopeColumn> = source
            .scope
            .sources
            .iter()
            .flat_map(|s| &s.columns)
            .collect();
        let mut list: Vec<String> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| format!("{} AS c{index}", column.sql))
            .collect();
        let width = columns.len();
        for (offset, sql) in [&time_sql, &starts_sql, &ends_sql].into_iter().enumerate() {
            list.push(format!("{sql} AS c{}", width + offset));
        }
        let sql = format!(
            "(SELECT {} FROM {}) AS {alias}",
            list.join(", "),
            source.sql
        );
        self.window = Some(Window {
            watermark_sql: format!("SELECT max({time_sql}) FROM {}", source.sql),
            time_sql: format!("{alias}.c{width}"),
            size_ms: Some(gap_ms),
            session: Some(Session {
                gap_ms,
                max_ms,
                include_end,
                starts_sql: format!("coalesce({alias}.c{}, 0)", width + 1),
                ends_sql: format!("coalesce({alias}.c{}, 0)", width + 2),
            }),
        });
        let mut out = renamed_columns(&source, &alias);
        // Known when a session ends; until then its row's time stands in both places, told apart
        // by how it is written.
        let start = format!("(0 + {alias}.c{width})");
        out.push(edge("window_start", Edge::Start, start));
        let end = format!("(1 * {alias}.c{width})");
        out.push(edge("window_end", Edge::End, end));
        Ok(relation(sql, out, source.flow))
    }
}

fn edge(name: &str, edge: Edge, sql: String) -> ScopeColumn {
    ScopeColumn {
        name: name.to_string(),
        sql,
        data_type: DataType::DateTime64 {
            precision: 3,
            zone: None,
        },
        edge: Some(edge),
        event_time: None,
        size: 0,
        stream: None,
        hidden: false,
    }
}
