//! `lag`, `lags`, `row_number` and `emit_version` over what a query that follows a stream gives row
//! by row: in the order of arrival, for each PARTITION BY by itself.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Function, Ident, WindowType};
use weir_api::DataType;

use super::{
    call::{arguments, count},
    compiler::{Compiler, Flow, span},
    relation::{From, scope},
    scope::{Env, ScopeColumn},
    stage::{Carries, CarryCall, CarryKind, Passing, VERSION, Work},
};
use crate::{
    SqlError, codec, functions,
    typed::{Typed, sql_literal},
};

/// `lags` gives at most so many values, and `lag` looks back so far.
const MOST: usize = 10_000;

/// Whether a call looks back at the rows before.
pub(super) fn looks_back(function: &Function) -> bool {
    let name = function.name.to_string().to_ascii_lowercase();
    matches!(name.as_str(), "lag" | "lags") || (name == "row_number" && function.over.is_some())
}

/// Whether such a call stands in the expression.
pub(super) fn looks_back_inside(expr: &Expr) -> bool {
    let found = sqlparser::ast::visit_expressions(expr, |expr| match expr {
        Expr::Function(function) if looks_back(function) => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    });
    found.is_break()
}

impl Compiler<'_> {
    /// Opens a relation for the results of functions that look back.
    pub(super) fn open_carries(&mut self, alias: String, partition: Vec<String>) {
        self.carries = Some(Carries {
            alias,
            partition,
            calls: Vec::new(),
        });
    }

    /// `None` where it is none of these functions, or stands over history.
    pub(super) fn carried(
        &mut self,
        function: &Function,
        name: &Ident,
        env: Env<'_>,
    ) -> Option<Result<Typed, SqlError>> {
        if name.value.eq_ignore_ascii_case("emit_version") && function.over.is_none() {
            let version = Typed::new(format!("CAST({VERSION} AS INTEGER)"), DataType::Int(64));
            return Some(Ok(version));
        }
        if !looks_back(function) || self.carries.is_none() {
            return None;
        }
        Some(self.carry(function, name, env))
    }

    fn carry(
        &mut self,
        function: &Function,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let (args, distinct) = arguments(function, name)?;
        if distinct || function.filter.is_some() {
            return Err(SqlError::unsupported("this form of call", name.span));
        }
        let keys = match &function.over {
            None => None,
            Some(window) => Some(self.partition_of(window, name, env)?),
        };
        let mut args_typed = Vec::with_capacity(args.len());
        let lower = name.value.to_ascii_lowercase();
        let (offsets, otherwise) = match lower.as_str() {
            "row_number" => {
                count(&name.value, args.len(), (0, 0)).map_err(at)?;
                (vec![None], None)
            }
            "lag" => {
                count(&name.value, args.len(), (1, 3)).map_err(at)?;
                let offset = args.get(1).map_or(Ok(1), |arg| whole(arg))?;
                (vec![Some(offset)], args.get(2).copied())
            }
            _ => {
                count(&name.value, args.len(), (3, 4)).map_err(at)?;
                let (from, to) = (whole(args[1])?, whole(args[2])?);
                if from > to || to - from >= 1000 {
                    return Err(at(
                        "the second offset is from the first on, 1,000 at most".into()
                    ));
                }
                ((from..=to).map(Some).collect(), args.get(3).copied())
            }
        };
        if let Some(value) = args.first() {
            args_typed.push(self.value(value, env)?);
        }
        let value = args_typed.first().cloned();
        let otherwise = match (otherwise, &value) {
            (Some(expr), Some(value)) => {
                let given = self.value(expr, env)?;
                given.cast(value.data_type.inner()).map_err(at)?.sql
            }
            (None, Some(value)) => sql_literal(&codec::default_value(&value.data_type)),
            (_, None) => "NULL".to_string(),
        };
        let mut results = Vec::with_capacity(offsets.len());
        for offset in offsets {
            let kind = offset.map_or(CarryKind::RowNumber, CarryKind::Lag);
            let sql = value.as_ref().map_or("NULL", |value| value.sql.as_str());
            let result = self.push_carry(kind, sql, &otherwise, keys.as_deref());
            let data_type = match &value {
                Some(value) => value.data_type.clone(),
                None => DataType::UInt(64),
            };
            results.push(Typed::new(result, data_type));
        }
        match (lower.as_str(), results.pop()) {
            ("lags", Some(last)) => {
                results.push(last);
                functions::array(&results).map_err(at)
            }
            (_, Some(only)) => Ok(only),
            (_, None) => Err(at("takes an argument".into())),
        }
    }

    /// The column of a call's results.
    fn push_carry(
        &mut self,
        kind: CarryKind,
        value: &str,
        otherwise: &str,
        keys: Option<&[String]>,
    ) -> String {
        let Some(carries) = &mut self.carries else {
            return "NULL".to_string();
        };
        let keys = keys.unwrap_or(&carries.partition);
        let call = CarryCall {
            kind,
            keys: keys.len(),
        };
        let mut args = vec![value.to_string(), otherwise.to_string()];
        args.extend_from_slice(keys);
        let same =
            |(known, known_args): &(CarryCall, Vec<String>)| *known == call && *known_args == args;
        let index = carries.calls.iter().position(same).unwrap_or_else(|| {
            carries.calls.push((call, args));
            carries.calls.len() - 1
        });
        format!("{}.l{index}", carries.alias)
    }

    fn partition_of(
        &mut self,
        window: &WindowType,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Vec<String>, SqlError> {
        let WindowType::WindowSpec(window) = window else {
            return Err(SqlError::unsupported("OVER with a name", name.span));
        };
        let other = window.window_frame.is_some() || window.window_name.is_some();
        let by_time = |expr: &Expr| expr.to_string().ends_with("_tp_time");
        if other || !window.order_by.iter().all(|term| by_time(&term.expr)) {
            return Err(SqlError::at(
                format!(
                    "{}() over a followed stream looks at rows in the order in which they come: \
                     OVER (PARTITION BY …) without ORDER BY, or wrap the stream in table(…)",
                    name.value
                ),
                name.span,
            ));
        }
        let keys = window.partition_by.iter();
        keys.map(|key| Ok(self.value(key, env)?.ordered()))
            .collect()
    }

    /// Whether SQLite text refers to a result.
    pub(super) fn refers_to_carries(&self, sql: &str) -> bool {
        self.carries.as_ref().is_some_and(|carries| {
            let mut places = 0..carries.calls.len();
            places.any(|index| sql.contains(&format!("{}.l{index}", carries.alias)))
        })
    }

    /// SQLite text of the relation in which the results stand beside `columns`, for the FROM of what
    /// uses them. `rest`: from FROM on, what gives the rows.
    pub(super) fn close_carries(
        &mut self,
        columns: &[(String, String)],
        rest: &str,
    ) -> Option<String> {
        let carries = self.carries.take()?;
        if carries.calls.is_empty() {
            return None;
        }
        let mut list: Vec<String> = columns.iter().map(|(sql, _)| sql.clone()).collect();
        for (_, args) in &carries.calls {
            list.extend_from_slice(args);
        }
        let results = carries.calls.len();
        let mut names: Vec<String> = columns.iter().map(|(_, name)| name.clone()).collect();
        names.extend((0..results).map(|index| format!("l{index}")));
        let work = Work::Rows(Passing::Carry {
            columns: columns.len(),
            calls: carries.calls.into_iter().map(|(call, _)| call).collect(),
        });
        let sql = format!("SELECT {}{rest}", list.join(", "));
        Some(self.push_stage(sql, names.len(), work, &names, &carries.alias))
    }

    /// A relation whose columns are c0, c1, … of all there is in `from`.
    pub(super) fn flattened(&mut self, from: &From, selection: &str) -> From {
        let alias = self.alias();
        let columns: Vec<&ScopeColumn> =
            from.scope.sources.iter().flat_map(|s| &s.columns).collect();
        let list: Vec<_> = columns
            .iter()
            .enumerate()
            .map(|(index, column)| format!("{} AS c{index}", column.sql))
            .collect();
        let sql = format!(
            "(SELECT {} FROM {}{selection}) AS {alias}",
            list.join(", "),
            from.sql
        );
        let mut flat = from.scope.clone();
        for source in &mut flat.sources {
            (source.time, source.number) = (None, None);
        }
        let columns = flat.sources.iter_mut().flat_map(|s| &mut s.columns);
        for (index, column) in columns.enumerate() {
            column.sql = format!("{alias}.c{index}");
            column.size = 0;
        }
        From {
            sql,
            scope: flat,
            flow: from.flow,
        }
    }
}

/// Number of rows to look back.
fn whole(expr: &Expr) -> Result<usize, SqlError> {
    let number = expr.to_string().parse().ok();
    number
        .filter(|number| *number <= MOST)
        .ok_or_else(|| SqlError::at(format!("a number of rows from 0 to {MOST}"), span(expr)))
}

impl Compiler<'_> {
    /// The relation of the rows that a stage gives, its columns under these names.
    pub(super) fn push_stage(
        &mut self,
        sql: String,
        width: usize,
        work: Work,
        names: &[String],
        alias: &str,
    ) -> String {
        let table = format!("_weir_rows_{}_{width}", self.stages.len());
        let list: Vec<_> = names
            .iter()
            .enumerate()
            .map(|(index, name)| format!("c{index} AS {name}"))
            .collect();
        let relation = format!("(SELECT {} FROM temp.{table}) AS {alias}", list.join(", "));
        self.stages.push(super::stage::Stage {
            sql,
            table,
            width,
            work,
        });
        relation
    }

    /// Makes an error of what cannot stand here.
    pub(super) fn only_rows(flow: Flow, what: &str, name: &Ident) -> Result<(), SqlError> {
        match flow {
            Flow::Groups => Err(SqlError::unsupported(
                format!("{what} over an aggregation that follows a stream"),
                name.span,
            )),
            _ => Ok(()),
        }
    }
}

/// Columns of a derived relation, as [`scope`] takes them.
pub(super) fn renamed_columns(from: &From, alias: &str) -> Vec<ScopeColumn> {
    let columns = from.scope.sources.iter().flat_map(|source| &source.columns);
    columns
        .enumerate()
        .map(|(index, column)| ScopeColumn {
            sql: format!("{alias}.c{index}"),
            size: 0,
            hidden: false,
            ..column.clone()
        })
        .collect()
}

/// A relation of such columns.
pub(super) fn relation(sql: String, columns: Vec<ScopeColumn>, flow: Flow) -> From {
    From {
        sql,
        scope: scope(columns),
        flow,
    }
}
