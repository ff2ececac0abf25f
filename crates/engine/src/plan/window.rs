//! `tumble(s, [time,] 5s)` and `hop(s, [time,] 1s, 5s)`: rows with the windows they are in.

use sqlparser::ast::{Expr, FunctionArg, FunctionArguments, Ident, Value};
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow, Window, span},
    factor::{plain_argument, simple},
    relation::{From, scope},
    scope::{Edge, Env, ScopeColumn},
    window_length::{Lengths, length},
};
use crate::{SqlError, parse::Policy, typed::quote_name};

/// A row can be in so many windows of `hop`.
const MAX_WINDOWS: i64 = 1000;

impl Compiler<'_> {
    pub(super) fn window_function(
        &mut self,
        function: &Ident,
        args: &[FunctionArg],
    ) -> Result<From, SqlError> {
        let at = |message: &str| SqlError::at(message.to_string(), function.span);
        self.anew = false;
        let lower = function.value.to_ascii_lowercase();
        let hop = match lower.as_str() {
            "tumble" => false,
            "hop" => true,
            "session" | "dedup" | "changelog" | "rowify" => {
                let args: Option<Vec<&Expr>> = args.iter().map(plain_argument).collect();
                let wrong = || at("takes a stream, a view or a WITH expression first");
                let args = args.ok_or_else(wrong)?;
                let (source, args) = args.split_first().ok_or_else(wrong)?;
                if lower == "changelog" && std::mem::take(&mut self.takes_back) {
                    self.anew = true;
                    let source = self.windowed_source(source)?;
                    return Ok(self.taken_back(source));
                }
                let source = self.windowed_source(source)?;
                return match lower.as_str() {
                    "session" => self.session(source, args, function),
                    "dedup" => self.dedup(source, args, function),
                    "rowify" if args.is_empty() => {
                        // Each row is a batch of its own, and so has a result.
                        if let Some(Policy::Updates(_)) = self.emit.policy {
                            self.emit.policy = Some(Policy::PerEvent);
                        }
                        Ok(source)
                    }
                    "rowify" => Err(at("takes a stream, a view or a WITH expression alone")),
                    _ => self.changelog(source, args, function),
                };
            }
            "values" => return self.values(args, function),
            "numbers" | "numbers_mt" => return self.numbers(args, function),
            "zeros" | "zeros_mt" => return self.zeros(args, function),
            other => {
                return Err(SqlError::unsupported(
                    format!(
                        "'{other}()' in FROM; use table, tumble, hop, session, dedup, changelog, \
                         rowify, values, numbers or zeros"
                    ),
                    function.span,
                ));
            }
        };
        let usage = if hop {
            "hop takes a stream, perhaps its time column, a step and a length: hop(s, 1s, 5s)"
        } else {
            "tumble takes a stream, perhaps its time column, and a length: tumble(s, 5s)"
        };
        let args: Option<Vec<&Expr>> = args.iter().map(plain_argument).collect();
        let args = args.ok_or_else(|| at(usage))?;
        let intervals = if hop { 2 } else { 1 };
        // The zone in which days are cut, last.
        let (args, zone) = match args.as_slice() {
            [args @ .., Expr::Value(zone)] if args.len() > intervals => match &zone.value {
                Value::SingleQuotedString(zone) => (args.to_vec(), Some(zone.as_str())),
                _ => (args.to_vec(), None),
            },
            _ => (args, None),
        };
        let (source, time, lengths) = match args.as_slice() {
            [source, lengths @ ..] if lengths.len() == intervals => (*source, None, lengths),
            [source, time, lengths @ ..] if lengths.len() == intervals => {
                (*source, Some(*time), lengths)
            }
            _ => return Err(at(usage)),
        };
        let mut given = [(0, false); 2];
        for (slot, expr) in given.iter_mut().zip(lengths) {
            let wrong = |message| SqlError::at(message, span(*expr));
            *slot = match expr {
                Expr::Interval(interval) => length(interval).map_err(wrong)?,
                other => {
                    let words = format!("expected a length of time like 5s, found {other}");
                    return Err(wrong(words));
                }
            };
        }
        let [(step, months), last] = given;
        let size = if hop { last.0 } else { step };
        if hop && last.1 != months {
            return Err(at("hop takes two lengths in months or years, or none"));
        }
        if size < step || size / step > MAX_WINDOWS {
            return Err(at(&format!(
                "hop's length is from 1 to {MAX_WINDOWS} times its step"
            )));
        }
        let lengths = Lengths::new((step, size), months, zone).map_err(|words| at(&words))?;
        let source = self.windowed_source(source)?;
        self.windows(source, time, &lengths, function)
    }

    fn windowed_source(&mut self, source: &Expr) -> Result<From, SqlError> {
        match source {
            Expr::Identifier(name) => self.named(name),
            Expr::Function(function) if function.name.to_string().eq_ignore_ascii_case("table") => {
                let FunctionArguments::List(list) = &function.args else {
                    return Err(SqlError::at("table() takes a name", span(source)));
                };
                match list.args.as_slice() {
                    [arg] => match plain_argument(arg) {
                        Some(expr) => Ok(self.table(expr)?.0),
                        None => Err(SqlError::at("table() takes a name", span(source))),
                    },
                    _ => Err(SqlError::at("table() takes a name", span(source))),
                }
            }
            // `tumble(dedup(s, id), 5s)`
            Expr::Function(function) => {
                let (name, args) = (simple(&function.name)?, &function.args);
                match (name.value.to_ascii_lowercase().as_str(), args) {
                    ("dedup" | "changelog", FunctionArguments::List(list)) => {
                        self.window_function(name, &list.args)
                    }
                    _ => Err(SqlError::unsupported(
                        format!(
                            "'{}()' inside this call; use table, dedup or changelog",
                            name.value
                        ),
                        name.span,
                    )),
                }
            }
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                // The workspace's database may stand before a name.
                [database, name] if database.value == "default" => self.named(name),
                _ => Err(SqlError::at("expected a stream or a view", span(source))),
            },
            Expr::Subquery(query) => {
                self.analysis.has_subquery = true;
                self.wants_time = true;
                let relation = self.query(query, false)?;
                Ok(self.derived(relation))
            }
            other => Err(SqlError::at(
                "expected a stream, a view or table(…)",
                span(other),
            )),
        }
    }

    /// SQLite text of a row's time in Unix ms: of `time`, or `_tp_time`.
    pub(super) fn window_time(
        &mut self,
        source: &From,
        time: Option<&Expr>,
        function: &Ident,
    ) -> Result<String, SqlError> {
        let default = Expr::Identifier(Ident::with_span(function.span, "_tp_time"));
        let time = time.unwrap_or(&default);
        let value = self.value(time, Env::rows(&source.scope, &[]))?;
        match value.data_type.inner() {
            DataType::DateTime64 { precision: 3, .. } => Ok(value.sql),
            DataType::DateTime { .. } | DataType::DateTime64 { .. } | DataType::Date => {
                let to = DataType::DateTime64 {
                    precision: 3,
                    zone: None,
                };
                let time_text = value.cast(&to);
                Ok(time_text.map_err(|m| SqlError::at(m, span(time)))?.sql)
            }
            other => Err(SqlError::at(
                format!("a window's time column is a time, not {other}"),
                span(time),
            )),
        }
    }

    fn windows(
        &mut self,
        source: From,
        time: Option<&Expr>,
        lengths: &Lengths,
        function: &Ident,
    ) -> Result<From, SqlError> {
        let Lengths { step, size, .. } = *lengths;
        if source.flow == Flow::Groups && !self.rows_stay() {
            return Err(SqlError::unsupported(
                "a window over an aggregation without windows that follows a stream",
                function.span,
            ));
        }
        let millis = self.window_time(&source, time, function)?;
        let inner = &source.sql;
        let alias = self.alias();
        let columns: Vec<&ScopeColumn> = source
            .scope
            .sources
            .iter()
            .flat_map(|s| &s.columns)
            .collect();
        if source.flow != Flow::Bounded {
            self.window = Some(Window {
                watermark_sql: format!("SELECT max({millis}) FROM {inner}"),
                time_sql: format!("{alias}.c{}", columns.len() + 2),
                size_ms: lengths.calendar.is_none().then_some(size),
                session: None,
            });
        }
        let mut list: String = columns
            .iter()
            .enumerate()
            .map(|(i, column)| format!("{} AS c{i}, ", column.sql))
            .collect();
        let count = columns.len();
        let mut edges = |back: Option<&str>| -> Result<(String, String), SqlError> {
            let edges = self.edges(&millis, lengths, back);
            let (start, end) = edges.map_err(|message| SqlError::at(message, function.span))?;
            list.push_str(&format!(
                "{start} AS c{count}, {end} AS c{}, {millis} AS c{}",
                count + 1,
                count + 2
            ));
            Ok((start, end))
        };
        let sql = if size == step {
            edges(None)?;
            format!("(SELECT {list} FROM {inner}) AS {alias}")
        } else {
            let hops = quote_name("hops");
            let (_, end) = edges(Some(&format!("{hops}.column1")))?;
            let back: Vec<_> = (0..(size + step - 1) / step)
                .map(|n| format!("({})", n * step))
                .collect();
            format!(
                "(SELECT {list} FROM {inner} CROSS JOIN (VALUES {}) AS {hops} WHERE {end} > {millis}) AS {alias}",
                back.join(", "),
            )
        };
        let mut out: Vec<ScopeColumn> = columns
            .into_iter()
            .enumerate()
            .map(|(i, column)| ScopeColumn {
                sql: format!("{alias}.c{i}"),
                ..column.clone()
            })
            .collect();
        for (offset, (name, edge)) in [("window_start", Edge::Start), ("window_end", Edge::End)]
            .into_iter()
            .enumerate()
        {
            out.push(ScopeColumn {
                name: name.to_string(),
                sql: format!("{alias}.c{}", count + offset),
                data_type: DataType::DateTime64 {
                    precision: 3,
                    zone: None,
                },
                edge: Some(edge),
                event_time: None,
                size: 0,
                stream: None,
                hidden: false,
            });
        }
        Ok(From {
            sql,
            scope: scope(out),
            flow: source.flow,
        })
    }
}
