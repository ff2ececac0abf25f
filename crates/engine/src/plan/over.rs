//! `f(…) OVER (…)` over history: SQLite's own window functions.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, Ident, NamedWindowExpr, Select, Value, WindowFrame, WindowFrameBound,
    WindowFrameUnits, WindowSpec, WindowType,
};
use weir_api::DataType;

use super::{
    call::{arguments, count},
    compiler::{Compiler, Flow, span},
    scope::Env,
    shape::order_term,
};
use crate::{SqlError, functions::aggregate, typed::Typed, types};

/// Name here, name in SQLite, arguments, and what comes out.
const FUNCTIONS: &[(&str, &str, (usize, usize), Outcome)] = &[
    ("row_number", "row_number", (0, 0), Outcome::Number),
    ("rank", "rank", (0, 0), Outcome::Number),
    ("dense_rank", "dense_rank", (0, 0), Outcome::Number),
    ("ntile", "ntile", (1, 1), Outcome::Number),
    ("percent_rank", "percent_rank", (0, 0), Outcome::Float),
    ("cume_dist", "cume_dist", (0, 0), Outcome::Float),
    ("lag", "lag", (1, 3), Outcome::Neighbour),
    ("lead", "lead", (1, 3), Outcome::Neighbour),
    ("lag_in_frame", "lag", (1, 3), Outcome::Neighbour),
    ("lead_in_frame", "lead", (1, 3), Outcome::Neighbour),
    ("first_value", "first_value", (1, 1), Outcome::Value),
    ("last_value", "last_value", (1, 1), Outcome::Value),
    ("nth_value", "nth_value", (2, 2), Outcome::Value),
    ("count", "count", (0, 1), Outcome::Number),
    ("sum", "sum", (1, 1), Outcome::Sum),
    ("avg", "avg", (1, 1), Outcome::Average),
    ("min", "min", (1, 1), Outcome::Extreme),
    ("max", "max", (1, 1), Outcome::Extreme),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Number,
    Float,
    /// Of another row, which may not be there.
    Value,
    /// The same, or the third argument.
    Neighbour,
    Sum,
    Average,
    Extreme,
}

fn unknown_window(name: &Ident) -> SqlError {
    SqlError::at(
        format!("WINDOW does not say what '{}' is", name.value),
        name.span,
    )
}

/// The SELECT with what `WINDOW w AS (…)` says in the place of each `OVER w`.
pub(super) fn without_names(select: &Select) -> Result<Select, SqlError> {
    let mut select = select.clone();
    let windows = std::mem::take(&mut select.named_window);
    let mut unknown = None;
    for item in &mut select.projection {
        let _ = sqlparser::ast::visit_expressions_mut(item, |expr| {
            if let Expr::Function(function) = expr
                && let Some(WindowType::NamedWindow(name)) = &function.over
            {
                let known = windows.iter().find(|window| window.0 == *name);
                match known.map(|window| &window.1) {
                    Some(NamedWindowExpr::WindowSpec(window)) => {
                        function.over = Some(WindowType::WindowSpec(window.clone()));
                    }
                    _ => unknown = Some(name.clone()),
                }
            }
            ControlFlow::<()>::Continue(())
        });
    }
    match unknown {
        Some(name) => Err(unknown_window(&name)),
        None => Ok(select),
    }
}

impl Compiler<'_> {
    pub(super) fn over(
        &mut self,
        function: &Function,
        name: &Ident,
        window: &WindowType,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let unsupported = |what: &str| Err(SqlError::unsupported(what, name.span));
        let window = match window {
            WindowType::WindowSpec(window) => window,
            WindowType::NamedWindow(name) => return Err(unknown_window(name)),
        };
        if function.filter.is_some() || window.window_name.is_some() {
            return unsupported("this form of OVER");
        }
        let known = FUNCTIONS
            .iter()
            .find(|(known, ..)| name.value.eq_ignore_ascii_case(known));
        let Some((_, sqlite, least_most, result)) = known else {
            let names: Vec<_> = FUNCTIONS.iter().map(|(name, ..)| *name).collect();
            let what = format!("{}() OVER; use one of {}", name.value, names.join(", "));
            return Err(SqlError::unsupported(what, name.span));
        };
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        in_frame(name, window)?;
        let (args, distinct) = arguments(function, name)?;
        if distinct {
            return unsupported("DISTINCT with OVER");
        }
        count(&name.value, args.len(), *least_most).map_err(at)?;
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.value(arg, env)?);
        }
        let wide = values.first().is_some_and(|value| {
            types::is_wide(&value.data_type) || types::is_nested(&value.data_type)
        });
        let data_type = match (result, values.as_mut_slice()) {
            (Outcome::Number, _) => DataType::UInt(64),
            (Outcome::Float, _) => DataType::Float64,
            (Outcome::Sum | Outcome::Average | Outcome::Extreme, [value]) if wide => {
                let what = format!("{}() OVER of {}", name.value, value.data_type);
                return Err(SqlError::unsupported(what, name.span));
            }
            (Outcome::Sum, [value]) => {
                let sum = aggregate::find("sum").ok_or_else(|| at("no sum".to_string()))?;
                let (spec, _) = sum.spec(std::slice::from_ref(value)).map_err(at)?;
                types::nullable(spec.result)
            }
            (Outcome::Average, [value]) => {
                *value = value.cast(&DataType::Float64).map_err(at)?;
                types::nullable(DataType::Float64)
            }
            (Outcome::Neighbour, [value, _, otherwise]) => {
                *otherwise = otherwise.cast(value.data_type.inner()).map_err(at)?;
                value.data_type.clone()
            }
            (_, [value, ..]) => types::nullable(value.data_type.clone()),
            (_, []) => return Err(at("takes an argument".to_string())),
        };
        let list: Vec<_> = values.iter().map(|value| value.sql.as_str()).collect();
        let list = match (list.is_empty(), *sqlite) {
            (true, "count") => "*".to_string(),
            _ => list.join(", "),
        };
        let window = self.window_sql(window, env)?;
        self.over.get_or_insert(name.span);
        Ok(Typed::new(
            format!("({sqlite}({list}) OVER ({window}))"),
            data_type,
        ))
    }

    fn window_sql(&mut self, window: &WindowSpec, env: Env<'_>) -> Result<String, SqlError> {
        let mut parts = Vec::new();
        if !window.partition_by.is_empty() {
            let mut keys = Vec::with_capacity(window.partition_by.len());
            for key in &window.partition_by {
                keys.push(self.value(key, env)?.ordered());
            }
            parts.push(format!("PARTITION BY {}", keys.join(", ")));
        }
        if !window.order_by.is_empty() {
            let mut terms = Vec::with_capacity(window.order_by.len());
            for term in &window.order_by {
                if term.with_fill.is_some() {
                    let what = "WITH FILL inside OVER";
                    return Err(SqlError::unsupported(what, span(&term.expr)));
                }
                let value = self.value(&term.expr, env)?;
                terms.push(order_term(&value, term));
            }
            parts.push(format!("ORDER BY {}", terms.join(", ")));
        }
        if let Some(frame) = &window.window_frame {
            parts.push(frame_sql(frame)?);
        }
        Ok(parts.join(" "))
    }

    /// Rows of a stream come one by one: there is no whole to look over.
    pub(super) fn check_over(&mut self, flow: Flow) -> Result<(), SqlError> {
        match self.over.take() {
            Some(place) if flow != Flow::Bounded => Err(SqlError::at(
                "OVER over a followed stream is not supported: wrap the stream in table(…)",
                place,
            )),
            _ => Ok(()),
        }
    }
}

/// `lag_in_frame` and `lead_in_frame` look at rows of the frame only: they are lag and lead where
/// the frame has all rows before, and all behind.
fn in_frame(name: &Ident, window: &WindowSpec) -> Result<(), SqlError> {
    let frame = window.window_frame.as_ref();
    let open = |bound: &WindowFrameBound| {
        matches!(
            bound,
            WindowFrameBound::Preceding(None) | WindowFrameBound::Following(None)
        )
    };
    let whole = match name.value.to_ascii_lowercase().as_str() {
        "lag_in_frame" => frame.is_none_or(|frame| open(&frame.start_bound)),
        "lead_in_frame" => frame.is_some_and(|frame| frame.end_bound.as_ref().is_some_and(open)),
        _ => true,
    };
    match whole {
        true => Ok(()),
        false => Err(SqlError::unsupported(
            format!(
                "{} over a part of the rows; use ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED \
                 FOLLOWING, or lag and lead",
                name.value
            ),
            name.span,
        )),
    }
}

fn frame_sql(frame: &WindowFrame) -> Result<String, SqlError> {
    let units = match frame.units {
        WindowFrameUnits::Rows => "ROWS",
        WindowFrameUnits::Range => "RANGE",
        WindowFrameUnits::Groups => "GROUPS",
    };
    let bound = |bound: &WindowFrameBound| -> Result<String, SqlError> {
        let (distance, word) = match bound {
            WindowFrameBound::CurrentRow => return Ok("CURRENT ROW".to_string()),
            WindowFrameBound::Preceding(distance) => (distance, "PRECEDING"),
            WindowFrameBound::Following(distance) => (distance, "FOLLOWING"),
        };
        match distance.as_deref() {
            None => Ok(format!("UNBOUNDED {word}")),
            Some(Expr::Value(value)) => match &value.value {
                Value::Number(text, _) if text.bytes().all(|b| b.is_ascii_digit()) => {
                    Ok(format!("{text} {word}"))
                }
                _ => Err(SqlError::at("a frame takes whole numbers", value.span)),
            },
            Some(other) => Err(SqlError::at("a frame takes whole numbers", span(other))),
        }
    };
    let start = bound(&frame.start_bound)?;
    let end = match &frame.end_bound {
        Some(end) => bound(end)?,
        None => "CURRENT ROW".to_string(),
    };
    Ok(format!("{units} BETWEEN {start} AND {end}"))
}
