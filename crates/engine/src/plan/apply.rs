//! `* APPLY(f)`: a call of `f` for each column.

use std::ops::ControlFlow;

use regex_lite::RegexBuilder;
use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident,
    ObjectName, Select, SelectItem, Value, visit_expressions_mut,
};

use super::{
    compiler::{Compiler, span},
    lambda,
    relation::From,
    scope::ScopeColumn,
};
use crate::{SqlError, error::quoted, parse::APPLY};

/// The arguments of such a call: what is applied, the pattern of the columns, those left out.
fn call(expr: &Expr) -> Option<(&Function, &Expr, Vec<&str>)> {
    let Expr::Function(function) = expr else {
        return None;
    };
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let args = list.args.iter().map(|arg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    });
    let args: Vec<&Expr> = args.collect::<Option<_>>()?;
    let (applied, names) = args.split_first()?;
    let names = names.iter().filter_map(|name| match name {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => Some(text.as_str()),
            _ => None,
        },
        _ => None,
    });
    is_apply(function).then(|| (function, *applied, names.collect()))
}

fn is_apply(function: &Function) -> bool {
    let name = match function.name.0.as_slice() {
        [name] => name.as_ident(),
        _ => None,
    };
    name.is_some_and(|name| name.value == APPLY)
}

/// The function that such a call applies, where it has a name.
pub(super) fn applied_name(function: &Function) -> Option<&Ident> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.first()? {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(name)))
            if is_apply(function) =>
        {
            Some(name)
        }
        _ => None,
    }
}

impl Compiler<'_> {
    /// The SELECT with calls in the place of APPLY; `None` where there is none.
    pub(super) fn applied(
        &self,
        select: &Select,
        from: Option<&From>,
    ) -> Result<Option<Select>, SqlError> {
        let stands =
            |item: &SelectItem| matches!(item, SelectItem::UnnamedExpr(e) if call(e).is_some());
        if !select.projection.iter().any(stands) {
            return Ok(None);
        }
        let sources = from.iter().flat_map(|from| &from.scope.sources);
        let all = sources.flat_map(|source| {
            let alias = source.alias.as_deref();
            source.columns.iter().map(move |column| (alias, column))
        });
        let all: Vec<_> = all.filter(|(_, column)| !column.hidden).collect();
        let mut projection = Vec::with_capacity(select.projection.len());
        for item in &select.projection {
            let found = match item {
                SelectItem::UnnamedExpr(expr) => call(expr).map(|found| (expr, found)),
                _ => None,
            };
            let Some((expr, (function, applied, names))) = found else {
                projection.push(item.clone());
                continue;
            };
            let (pattern, left_out) = names.split_first().unwrap_or((&"", &[]));
            let pattern = RegexBuilder::new(pattern).size_limit(1 << 20).build();
            let pattern = pattern.map_err(|_| {
                let words = format!(
                    "{} is not a regular expression",
                    quoted(names.first().unwrap_or(&""))
                );
                SqlError::at(words, span(expr))
            })?;
            let wanted = |column: &ScopeColumn| {
                let reserved = self.hides_reserved && column.name.starts_with("_tp_");
                pattern.is_match(&column.name)
                    && !left_out.contains(&column.name.as_str())
                    && !reserved
            };
            let before = projection.len();
            for (alias, column) in all.iter().filter(|(_, column)| wanted(column)) {
                let same = all.iter().filter(|(_, other)| other.name == column.name);
                let name = Ident::with_span(span(expr), column.name.clone());
                let value = match (alias, same.count()) {
                    (Some(alias), 2..) => {
                        let alias = Ident::with_span(span(expr), *alias);
                        Expr::CompoundIdentifier(vec![alias, name])
                    }
                    _ => Expr::Identifier(name),
                };
                projection.push(SelectItem::UnnamedExpr(of(function, applied, value)?));
            }
            if projection.len() == before {
                return Err(SqlError::at("APPLY meets no column", span(expr)));
            }
        }
        Ok(Some(Select {
            projection,
            ..select.clone()
        }))
    }
}

/// A function's call with one value, or the body of a lambda of it.
fn of(function: &Function, applied: &Expr, value: Expr) -> Result<Expr, SqlError> {
    match applied {
        Expr::Identifier(name) => Ok(Expr::Function(Function {
            name: ObjectName::from(vec![name.clone()]),
            args: FunctionArguments::List(FunctionArgumentList {
                duplicate_treatment: None,
                args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(value))],
                clauses: Vec::new(),
            }),
            ..function.clone()
        })),
        Expr::Lambda(given) => {
            let names = lambda::parameters(given);
            let [name] = names.as_slice() else {
                let words = "APPLY takes a lambda of one argument";
                return Err(SqlError::at(words, span(applied)));
            };
            let mut body = Expr::Nested(given.body.clone());
            let _ = visit_expressions_mut(&mut body, |expr| {
                if matches!(expr, Expr::Identifier(ident) if ident.value == *name) {
                    *expr = value.clone();
                }
                ControlFlow::<()>::Continue(())
            });
            match body {
                Expr::Nested(body) => Ok(*body),
                other => Ok(other),
            }
        }
        other => Err(SqlError::at(
            "APPLY takes the name of a function, or a lambda: * APPLY(x -> x + 1)",
            span(other),
        )),
    }
}
