//! `lag` and `lags` over history without OVER: rows in the order in which they came, as where a
//! stream is followed.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Array, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, ObjectName,
    Select, Value, WindowSpec, WindowType, visit_expressions_mut,
};

use super::{carry::looks_back, compiler::span};
use crate::SqlError;

/// `lags` gives at most so many values.
const MOST: u64 = 1000;

/// The SELECT with OVER behind each such call; `None` where there is none.
pub(super) fn past_lag(select: &Select) -> Result<Option<Select>, SqlError> {
    let mut rewritten = select.clone();
    let mut found = false;
    for item in &mut rewritten.projection {
        let flow = visit_expressions_mut(item, |expr| match expr {
            Expr::Function(function) if function.over.is_none() && looks_back(function) => {
                found = true;
                match over_all(function, &select.cluster_by) {
                    Ok(other) => *expr = other,
                    Err(error) => return ControlFlow::Break(error),
                }
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Continue(()),
        });
        if let ControlFlow::Break(error) = flow {
            return Err(error);
        }
    }
    if !found {
        return Ok(None);
    }
    rewritten.cluster_by = Vec::new();
    Ok(Some(rewritten))
}

fn over_all(function: &Function, keys: &[Expr]) -> Result<Expr, SqlError> {
    let name = function.name.to_string();
    let at = span(function);
    let usage = || {
        let words = format!("{name} takes a value, whole numbers of rows, and perhaps a value");
        SqlError::at(words, at)
    };
    let args = arguments(function).ok_or_else(usage)?;
    let (value, rest) = args.split_first().ok_or_else(usage)?;
    let several = name.eq_ignore_ascii_case("lags");
    let (from, to, otherwise) = match (several, rest) {
        (false, []) => (1, 1, None),
        (false, [n]) => (number(n).ok_or_else(usage)?, 0, None),
        (false, [n, otherwise]) => (number(n).ok_or_else(usage)?, 0, Some(*otherwise)),
        (true, [from, to]) => (
            number(from).ok_or_else(usage)?,
            number(to).ok_or_else(usage)?,
            None,
        ),
        (true, [from, to, otherwise]) => (
            number(from).ok_or_else(usage)?,
            number(to).ok_or_else(usage)?,
            Some(*otherwise),
        ),
        _ => return Err(usage()),
    };
    let otherwise = match otherwise {
        Some(expr) => expr.clone(),
        None => call(
            "default_value_of_argument_type",
            vec![(*value).clone()],
            None,
        ),
    };
    let one = |n: u64| {
        let rows = Expr::value(Value::Number(n.to_string(), false));
        call(
            "lag",
            vec![(*value).clone(), rows, otherwise.clone()],
            Some(keys),
        )
    };
    if !several {
        return Ok(one(from));
    }
    if from > to || to - from >= MOST {
        let words = "lags: the second offset is from the first on, 1,000 at most";
        return Err(SqlError::at(words, at));
    }
    Ok(Expr::Array(Array {
        elem: (from..=to).map(one).collect(),
        named: false,
    }))
}

fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let plain = list.args.iter().map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    plain.collect()
}

fn number(expr: &Expr) -> Option<u64> {
    expr.to_string().parse().ok()
}

fn call(name: &str, args: Vec<Expr>, keys: Option<&[Expr]>) -> Expr {
    let args = args.into_iter();
    let args = args.map(|arg| FunctionArg::Unnamed(FunctionArgExpr::Expr(arg)));
    Expr::Function(Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(sqlparser::ast::FunctionArgumentList {
            duplicate_treatment: None,
            args: args.collect(),
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: keys.map(|keys| {
            WindowType::WindowSpec(WindowSpec {
                window_name: None,
                partition_by: keys.to_vec(),
                order_by: Vec::new(),
                window_frame: None,
            })
        }),
        within_group: Vec::new(),
    })
}
