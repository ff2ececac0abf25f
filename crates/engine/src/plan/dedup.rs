//! `dedup(s, key, … [, 120s] [, limit])`, `changelog(s, key, …)`: table functions that look at the
//! row before with the same key; and DISTINCT over a followed stream.

use sqlparser::ast::{Expr, Ident, Value};
use weir_api::DataType;

use super::{
    carry::{relation, renamed_columns},
    compiler::{Compiler, Flow, span},
    relation::{EVENT_TIME, From},
    scope::{Edge, Env, ScopeColumn},
    stage::{Passing, Work},
};
use crate::{
    SqlError,
    parse::{Policy, interval},
};

/// Milliseconds between two looks at an aggregation for what has changed, unless told.
const PERIOD_MS: i64 = 2_000;

/// Keys that are remembered unless told.
const MOST_KEYS: usize = 1_000_000;

impl Compiler<'_> {
    /// `args`: all but the stream.
    pub(super) fn dedup(
        &mut self,
        source: From,
        args: &[&Expr],
        function: &Ident,
    ) -> Result<From, SqlError> {
        Self::only_rows(source.flow, "dedup", function)?;
        let (mut keys, mut keep_ms, mut most) = (Vec::new(), None, MOST_KEYS);
        for arg in args {
            match arg {
                // `0s` is as long as there are keys.
                Expr::Interval(length) if matches!(interval::count(length), Ok((0, _))) => {}
                Expr::Interval(length) => {
                    let ms = interval::millis(length);
                    keep_ms = Some(ms.map_err(|message| SqlError::at(message, span(*arg)))?);
                }
                Expr::Value(value) => {
                    let limit = match &value.value {
                        Value::Number(text, _) => text.parse().ok(),
                        _ => None,
                    };
                    let limit = limit.filter(|limit| (1..=MOST_KEYS).contains(limit));
                    most = limit.ok_or_else(|| {
                        let words = format!("dedup remembers from 1 to {MOST_KEYS} keys");
                        SqlError::at(words, value.span)
                    })?;
                }
                key => keys.push(self.value(key, Env::rows(&source.scope, &[]))?.ordered()),
            }
        }
        if keys.is_empty() {
            let words = "dedup takes a stream and at least one column: dedup(s, id)";
            return Err(SqlError::at(words, function.span));
        }
        let columns = source.scope.sources.iter().flat_map(|s| &s.columns);
        let columns: Vec<String> = columns.map(|column| column.sql.clone()).collect();
        let alias = self.alias();
        let scope_columns = renamed_columns(&source, &alias);
        let sql = match source.flow {
            Flow::Bounded => first_of_each(&columns, &keys, &source.sql, &alias),
            _ => {
                let sql = format!(
                    "SELECT {}, {} FROM {}",
                    columns.join(", "),
                    keys.join(", "),
                    source.sql
                );
                let work = Work::Rows(Passing::Dedup {
                    columns: columns.len(),
                    keep_ms,
                    most,
                    rows: 1,
                });
                let names: Vec<_> = (0..columns.len()).map(|i| format!("c{i}")).collect();
                self.push_stage(sql, columns.len(), work, &names, &alias)
            }
        };
        Ok(relation(sql, scope_columns, source.flow))
    }

    /// Each different row of `list` once, as it comes.
    pub(super) fn distinct_rows(&mut self, list: &[String], rest: &str) -> String {
        // Columns and keys are the same.
        self.first_rows(list, &list.join(", "), 1, rest)
    }

    /// The first `rows` rows of `list` for each value of `by`, as they come.
    pub(super) fn first_rows(
        &mut self,
        list: &[String],
        by: &str,
        rows: u64,
        rest: &str,
    ) -> String {
        let work = Work::Rows(Passing::Dedup {
            columns: list.len(),
            keep_ms: None,
            most: MOST_KEYS,
            rows,
        });
        let names: Vec<_> = (0..list.len()).map(|index| format!("c{index}")).collect();
        let alias = self.alias();
        let sql = format!("SELECT {}, {by}{rest}", list.join(", "));
        let from = self.push_stage(sql, list.len(), work, &names, &alias);
        format!("SELECT {} FROM {from}", names.join(", "))
    }

    /// `args`: all but the stream.
    pub(super) fn changelog(
        &mut self,
        source: From,
        args: &[&Expr],
        function: &Ident,
    ) -> Result<From, SqlError> {
        match source.flow {
            Flow::Bounded => {
                let words = "changelog follows a stream and does not take table(…)";
                return Err(SqlError::at(words, function.span));
            }
            // Only groups that have changed are sent on.
            Flow::Groups if !self.rows_stay() => {
                self.emit.policy.get_or_insert(Policy::Updates(PERIOD_MS));
            }
            _ => {}
        }
        let columns = source.scope.sources.iter().flat_map(|s| &s.columns);
        let mut streams = columns.filter_map(|column| column.stream.as_deref());
        let keyed = |stream: &str| self.catalog.stream(stream).is_some_and(|s| s.keyed);
        if let Some(stream) = streams.find(|stream| keyed(stream)) {
            self.notices.push(format!(
                "a row of '{stream}' that is deleted is not taken back in this query: SELECT … FROM {stream} \
                 EMIT CHANGELOG takes it back"
            ));
        }
        let (args, drop_late) = match args {
            [args @ .., Expr::Value(last)] => match last.value {
                Value::Boolean(drop_late) => (args, drop_late),
                _ => return Err(wrong_changelog(function)),
            },
            args => (args, false),
        };
        let time = Expr::Identifier(Ident::with_span(function.span, EVENT_TIME));
        let (keys, version) = match (args, drop_late) {
            ([keys @ .., version], true) if !keys.is_empty() => (keys, Some(*version)),
            // The newest is the last in time where nothing else is said.
            (keys, true) => (keys, Some(&time)),
            (keys, false) => (keys, None),
        };
        let env = Env::rows(&source.scope, &[]);
        let mut extra = Vec::with_capacity(keys.len() + 1);
        for key in keys {
            extra.push(self.value(key, env)?.ordered());
        }
        if keys.is_empty() {
            // Those of the stream.
            let mut columns = source.scope.sources.iter().flat_map(|s| &s.columns);
            let stream = columns.find_map(|column| column.stream.clone());
            for key in stream.map_or_else(Vec::new, |name| self.catalog.key(&name)) {
                extra.push(self.name(&Ident::new(key), env)?.ordered());
            }
            if extra.is_empty() {
                return Err(wrong_changelog(function));
            }
        }
        if let Some(version) = version {
            extra.push(self.value(version, env)?.ordered());
        }
        let columns = source.scope.sources.iter().flat_map(|s| &s.columns);
        let columns: Vec<String> = columns.map(|column| column.sql.clone()).collect();
        let width = columns.len();
        let sql = format!(
            "SELECT {}, {} FROM {}",
            columns.join(", "),
            extra.join(", "),
            source.sql
        );
        let work = Work::Rows(Passing::Changelog {
            columns: width,
            keys: extra.len() - usize::from(version.is_some()),
            version: version.is_some(),
            drop_late,
        });
        let alias = self.alias();
        let names: Vec<_> = (0..=width).map(|index| format!("c{index}")).collect();
        let sql = self.push_stage(sql, width + 1, work, &names, &alias);
        let mut columns = renamed_columns(&source, &alias);
        columns.push(ScopeColumn {
            name: super::weigh::DELTA.to_string(),
            sql: format!("{alias}.c{width}"),
            data_type: DataType::Int(8),
            edge: Some(Edge::Delta),
            event_time: None,
            size: 0,
            stream: None,
            hidden: false,
        });
        Ok(relation(sql, columns, source.flow))
    }
}

fn wrong_changelog(function: &Ident) -> SqlError {
    SqlError::at(
        "changelog takes a stream and its keys, perhaps a version and whether late rows are left \
         out: changelog(s, id) or changelog(s, id, _tp_time, true)",
        function.span,
    )
}

/// Over history, in the order in which the rows come.
fn first_of_each(columns: &[String], keys: &[String], from: &str, alias: &str) -> String {
    let width = columns.len();
    let named = |list: &[String], first: usize| -> Vec<String> {
        let list = list.iter().enumerate();
        list.map(|(index, sql)| format!("{sql} AS c{}", first + index))
            .collect()
    };
    let list = named(columns, 0).join(", ");
    let key_list = named(keys, width).join(", ");
    let names: Vec<_> = (0..width).map(|index| format!("c{index}")).collect();
    let key_names: Vec<_> = (width..width + keys.len())
        .map(|i| format!("c{i}"))
        .collect();
    let names = names.join(", ");
    format!(
        "(SELECT {names} FROM (SELECT *, row_number() OVER (PARTITION BY {} ORDER BY _n) AS _k \
         FROM (SELECT {list}, {key_list}, row_number() OVER () AS _n FROM {from})) \
         WHERE _k = 1 ORDER BY _n) AS {alias}",
        key_names.join(", ")
    )
}
