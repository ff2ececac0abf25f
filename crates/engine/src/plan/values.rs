//! `values('a string, b int', ('x', 1), …)` and `numbers(10)` in FROM, and `date_diff_within`.

use sqlparser::ast::{Expr, Function, FunctionArg, Ident, Value};
use weir_api::DataType;

use super::{
    call::arguments,
    carry::relation,
    compiler::{Compiler, Flow},
    factor::plain_argument,
    relation::{EVENT_TIME, From},
    scope::{Env, Scope, ScopeColumn},
};
use crate::{SqlError, functions, parse::interval, typed::Typed, types};

/// `numbers(n)` gives at most so many.
const MOST_NUMBERS: u64 = 100_000_000;
/// Of `system.numbers`, which a filter reads whole.
const LAST_NUMBER: u64 = 10_000_000;

impl Compiler<'_> {
    pub(super) fn values(
        &mut self,
        args: &[FunctionArg],
        function: &Ident,
    ) -> Result<From, SqlError> {
        let usage = || {
            SqlError::at(
                "values takes rows, perhaps after their structure: values('a string', ('x'), ('y'))",
                function.span,
            )
        };
        let args: Option<Vec<&Expr>> = args.iter().map(plain_argument).collect();
        let args = args.ok_or_else(usage)?;
        let structure = args.first().and_then(|first| structure(first));
        let rows = &args[usize::from(structure.is_some())..];
        let mut table: Vec<Vec<Typed>> = Vec::with_capacity(rows.len());
        for row in rows {
            let cells: Vec<&Expr> = match row {
                Expr::Tuple(cells) => cells.iter().collect(),
                Expr::Nested(only) => vec![only.as_ref()],
                only => vec![*only],
            };
            let mut values = Vec::with_capacity(cells.len());
            for cell in cells {
                values.push(self.value(cell, Env::rows(&Scope::default(), &[]))?);
            }
            table.push(values);
        }
        let width = table.first().map(Vec::len).ok_or_else(usage)?;
        let columns = match structure {
            Some(columns) => columns,
            None => (0..width)
                .map(|index| {
                    let mut cells = table.iter().filter_map(|row| row.get(index));
                    let first = cells
                        .next()
                        .map_or(DataType::String, |cell| cell.data_type.clone());
                    let common =
                        cells.try_fold(first, |known, cell| types::common(&known, &cell.data_type));
                    let common = common.map_err(|message| SqlError::at(message, function.span))?;
                    Ok((format!("c{}", index + 1), common))
                })
                .collect::<Result<Vec<_>, SqlError>>()?,
        };
        let mut lines = Vec::with_capacity(table.len());
        for row in &table {
            if row.len() != columns.len() {
                return Err(SqlError::at(
                    format!(
                        "a row of values() has {} values, not {}",
                        row.len(),
                        columns.len()
                    ),
                    function.span,
                ));
            }
            let cells = row
                .iter()
                .zip(&columns)
                .map(|(cell, (_, to))| cell.cast(to));
            let cells: Result<Vec<_>, String> =
                cells.map(|cell| cell.map(|cell| cell.sql)).collect();
            let cells = cells.map_err(|message| SqlError::at(message, function.span))?;
            lines.push(format!("({})", cells.join(", ")));
        }
        let alias = self.alias();
        let sql = format!("(VALUES {}) AS {alias}", lines.join(", "));
        let columns = columns
            .into_iter()
            .zip(1..)
            .map(|((name, data_type), number)| {
                plain_column(name, format!("{alias}.column{number}"), data_type)
            });
        Ok(relation(sql, columns.collect(), Flow::Bounded))
    }

    /// `numbers(n)` and `numbers(first, n)`.
    pub(super) fn numbers(
        &mut self,
        args: &[FunctionArg],
        function: &Ident,
    ) -> Result<From, SqlError> {
        let numbers: Option<Vec<u64>> = args
            .iter()
            .map(|arg| plain_argument(arg)?.to_string().parse().ok())
            .collect();
        let (first, count) = match numbers.as_deref() {
            Some([count]) => (0, *count),
            Some([first, count]) => (*first, *count),
            _ => {
                let words = "numbers takes how many: numbers(10) or numbers(first, 10)";
                return Err(SqlError::at(words, function.span));
            }
        };
        if count > MOST_NUMBERS || first > i64::MAX as u64 - MOST_NUMBERS {
            return Err(SqlError::at(
                format!("numbers gives at most {MOST_NUMBERS}"),
                function.span,
            ));
        }
        Ok(self.numbers_from(first, count))
    }

    /// `system.numbers`, which here has an end.
    pub(super) fn all_numbers(&mut self) -> From {
        self.notices
            .push(format!("system.numbers ends at {LAST_NUMBER} here"));
        self.numbers_from(0, LAST_NUMBER)
    }

    fn numbers_from(&mut self, first: u64, count: u64) -> From {
        let alias = self.alias();
        let sql = format!(
            "(WITH RECURSIVE _n(n) AS (SELECT {first} WHERE {count} > 0 UNION ALL \
             SELECT n + 1 FROM _n WHERE n + 1 < {first} + {count}) SELECT n FROM _n) AS {alias}"
        );
        let column = plain_column("number".into(), format!("{alias}.n"), DataType::UInt(64));
        relation(sql, vec![column], Flow::Bounded)
    }

    /// `zeros(n)`: so many rows of 0.
    pub(super) fn zeros(
        &mut self,
        args: &[FunctionArg],
        function: &Ident,
    ) -> Result<From, SqlError> {
        let mut rows = self.numbers(args, function)?;
        let columns = rows.scope.sources.iter_mut().flat_map(|s| &mut s.columns);
        for column in columns {
            column.name = "zero".into();
            column.sql = format!("(0 * {})", column.sql);
            column.data_type = DataType::UInt(8);
        }
        Ok(rows)
    }

    /// `date_diff_within(2m [, left, right])`: whether two times, `_tp_time` of both sides of a join
    /// unless named, are so close.
    pub(super) fn date_diff_within(
        &mut self,
        function: &Function,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let usage = || {
            SqlError::at(
                "date_diff_within takes a length of time and perhaps two times: \
                 date_diff_within(2m, l.time, r.time)",
                name.span,
            )
        };
        let (args, _) = arguments(function, name)?;
        let [Expr::Interval(length), times @ ..] = args.as_slice() else {
            return Err(usage());
        };
        let ms = interval::millis(length).map_err(|message| SqlError::at(message, name.span))?;
        let times = match times {
            [left, right] => [self.value(left, env)?, self.value(right, env)?],
            [] => {
                let mut found = env.scope.sources.iter().filter_map(|source| {
                    source
                        .columns
                        .iter()
                        .find(|column| column.name == EVENT_TIME)
                });
                let (Some(left), Some(right)) = (found.next(), found.next_back()) else {
                    return Err(SqlError::at(
                        "date_diff_within without times belongs in the ON of a join of two streams",
                        name.span,
                    ));
                };
                let (left, right) = (left.clone(), right.clone());
                [self.column(&left), self.column(&right)]
            }
            _ => return Err(usage()),
        };
        let to = DataType::DateTime64 {
            precision: 3,
            zone: None,
        };
        let cast = |time: &Typed| time.cast(&to).map_err(|m| SqlError::at(m, name.span));
        let (left, right) = (cast(&times[0])?, cast(&times[1])?);
        let null = left.data_type.is_nullable() || right.data_type.is_nullable();
        let sql = format!("(abs({} - {}) <= {ms})", left.sql, right.sql);
        Ok(Typed::new(sql, types::nullable_if(DataType::Bool, null)))
    }
}

fn plain_column(name: String, sql: String, data_type: DataType) -> ScopeColumn {
    ScopeColumn {
        name,
        sql,
        data_type,
        edge: None,
        event_time: None,
        size: 0,
        stream: None,
        hidden: false,
    }
}

/// `'a string, b int'`: names and types.
fn structure(expr: &Expr) -> Option<Vec<(String, DataType)>> {
    let Expr::Value(value) = expr else {
        return None;
    };
    let Value::SingleQuotedString(text) = &value.value else {
        return None;
    };
    let mut columns = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once(char::is_whitespace)?;
        let mut depth = 0usize;
        let end = after.find(|c: char| {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            c == ',' && depth == 0
        });
        let (data_type, next) = match end {
            Some(end) => (&after[..end], &after[end + 1..]),
            None => (after, ""),
        };
        columns.push((
            name.to_string(),
            functions::data_type(data_type.trim()).ok()?,
        ));
        rest = next.trim();
    }
    (!columns.is_empty()).then_some(columns)
}
