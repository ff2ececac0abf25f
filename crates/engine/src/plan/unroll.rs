//! `array_join(a)` and `ARRAY JOIN a AS x`: a row for each element of an array.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Ident, Query,
    Select, SelectItem, SetExpr, TableFactor, TableWithJoins,
};
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow, span},
    expr::has_aggregate,
    factor::plain_argument,
    relation::From,
    scope::{Env, Scope, ScopeColumn, Source},
};
use crate::{Catalog, SqlError, functions, parse::ARRAY_JOIN, typed::Typed};

impl Compiler<'_> {
    /// Adds the elements of the arrays in calls of `array_join` to what stands in FROM.
    pub(super) fn unroll_arrays(
        &mut self,
        select: &Select,
        from: Option<From>,
    ) -> Result<Option<From>, SqlError> {
        let mut from = from;
        for array in calls(select) {
            let empty = Scope::default();
            let scope = from.as_ref().map_or(&empty, |from| &from.scope);
            let value = self.value(&array, Env::rows(scope, &select.projection))?;
            if self.unrolled.iter().any(|(sql, _)| *sql == value.sql) {
                continue;
            }
            check(&value).map_err(|message| SqlError::at(message, span(&array)))?;
            let alias = self.alias();
            let each = format!("json_each({}) AS {alias}", value.sql);
            self.unrolled.push((value.sql, alias));
            from = Some(match from {
                Some(before) => From {
                    sql: format!("{} CROSS JOIN {each}", before.sql),
                    ..before
                },
                None => From {
                    sql: each,
                    scope: Scope::default(),
                    flow: Flow::Bounded,
                },
            });
        }
        Ok(from)
    }

    /// The element that `array_join(value)` is in a row.
    pub(super) fn unrolled_element(
        &mut self,
        args: &[&Expr],
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let [array] = args else {
            return Err(SqlError::at("array_join takes an array", name.span));
        };
        let value = self.value(array, env)?;
        let found = self.unrolled.iter().find(|(sql, _)| *sql == value.sql);
        let Some((_, alias)) = found else {
            return Err(SqlError::at(
                "array_join belongs in the select list: use its alias elsewhere",
                name.span,
            ));
        };
        element(&value, alias).map_err(|message| SqlError::at(message, name.span))
    }

    /// The right side of `ARRAY JOIN`; `None` where it is another join.
    pub(super) fn array_joined(
        &mut self,
        left: &From,
        right: &TableFactor,
    ) -> Result<Option<From>, SqlError> {
        let TableFactor::Table {
            name,
            alias,
            args: Some(args),
            ..
        } = right
        else {
            return Ok(None);
        };
        if !name.to_string().eq_ignore_ascii_case(ARRAY_JOIN) {
            return Ok(None);
        }
        let at = span(right);
        let wrong = |message: String| SqlError::at(message, at);
        let arrays: Option<Vec<_>> = args.args.iter().map(plain_argument).collect();
        let arrays = arrays.unwrap_or_default();
        let names = match (alias, arrays.as_slice()) {
            (Some(alias), [_]) => vec![alias.name.value.clone()],
            (Some(alias), several) if alias.columns.len() == several.len() => {
                let columns = alias.columns.iter();
                columns.map(|column| column.name.value.clone()).collect()
            }
            // Without an alias the column stands for its elements.
            (None, [Expr::Identifier(column)]) => vec![column.value.clone()],
            (None, [_]) => return Err(SqlError::at("ARRAY JOIN of an expression takes AS", at)),
            _ => return Err(SqlError::at("ARRAY JOIN takes arrays", at)),
        };
        let own = self.alias();
        let mut scope = left.scope.clone();
        let (mut values, mut columns) = (Vec::new(), Vec::new());
        for (array, name) in arrays.into_iter().zip(names) {
            let value = self.value(array, Env::rows(&left.scope, &[]))?;
            check(&value).map_err(wrong)?;
            let element = element(&value, &own).map_err(wrong)?;
            if matches!(array, Expr::Identifier(column) if column.value == name) {
                for known in scope.sources.iter_mut().flat_map(|s| &mut s.columns) {
                    known.hidden |= known.name == name;
                }
            }
            columns.push(ScopeColumn {
                name,
                sql: element.sql,
                data_type: element.data_type,
                edge: None,
                event_time: None,
                size: 0,
                stream: None,
                hidden: false,
            });
            values.push(value.sql);
        }
        scope.sources.push(Source {
            time: None,
            number: None,
            alias: None,
            real: None,
            columns,
        });
        let each = match values.as_slice() {
            [only] => only.clone(),
            // As long as each other.
            several => format!("_texts({})", several.join(", ")),
        };
        Ok(Some(From {
            sql: format!("{} CROSS JOIN json_each({each}) AS {own}", left.sql),
            scope,
            flow: left.flow,
        }))
    }
}

fn check(value: &Typed) -> Result<(), String> {
    match value.data_type.inner() {
        DataType::Array(_) => Ok(()),
        other => Err(format!("array_join takes an array, not {other}")),
    }
}

/// The element at the place that `json_each` is at.
fn element(value: &Typed, alias: &str) -> Result<Typed, String> {
    let place = Typed::new(format!("({alias}.key + 1)"), DataType::UInt(64));
    functions::subscript(value, &place)
}

/// `array_join` of an aggregate: the aggregation is a subquery, whose results are unrolled. `None`
/// where there is no such call.
pub(super) fn over_groups(
    select: &Select,
    catalog: &dyn Catalog,
) -> Result<Option<Select>, SqlError> {
    let unrolled = |expr: &Expr| match expr {
        Expr::Function(function) if is_array_join(function) => argument(function)
            .filter(|array| has_aggregate(array, catalog))
            .cloned(),
        _ => None,
    };
    let expr = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            Some(expr.clone())
        }
        _ => None,
    };
    if !select
        .projection
        .iter()
        .filter_map(expr)
        .any(|expr| unrolled(&expr).is_some())
    {
        return Ok(None);
    }
    let mut outer = select.clone();
    let mut inner = select.clone();
    inner.distinct = None;
    for (index, item) in select.projection.iter().enumerate() {
        let Some(expr) = expr(item) else {
            let what = "* beside array_join of an aggregate; name the columns";
            return Err(SqlError::unsupported(what, span(item)));
        };
        let inner_name = Ident::new(format!("_group_{index}"));
        // Aliases stay inside, where other expressions can name them; not what is unrolled.
        let (name, shown) = match item {
            SelectItem::ExprWithAlias { alias, .. } if unrolled(&expr).is_none() => {
                (alias.clone(), alias.clone())
            }
            SelectItem::ExprWithAlias { alias, .. } => (inner_name, alias.clone()),
            _ => (inner_name, Ident::new(expr.to_string())),
        };
        let reference = Expr::Identifier(name.clone());
        let (inside, outside) = match (unrolled(&expr), &expr) {
            (Some(array), Expr::Function(function)) => {
                let mut call = function.clone();
                if let FunctionArguments::List(list) = &mut call.args {
                    list.args = vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(reference))];
                }
                (array, Expr::Function(call))
            }
            _ => (expr, reference),
        };
        inner.projection[index] = SelectItem::ExprWithAlias {
            expr: inside,
            alias: name,
        };
        outer.projection[index] = SelectItem::ExprWithAlias {
            expr: outside,
            alias: shown,
        };
    }
    outer.from = vec![TableWithJoins {
        relation: TableFactor::Derived {
            lateral: false,
            subquery: Box::new(whole(inner)),
            alias: None,
            sample: None,
        },
        joins: Vec::new(),
    }];
    outer.selection = None;
    outer.group_by = GroupByExpr::Expressions(Vec::new(), Vec::new());
    outer.cluster_by = Vec::new();
    outer.having = None;
    Ok(Some(outer))
}

fn whole(select: Select) -> Query {
    Query {
        with: None,
        body: Box::new(SetExpr::Select(Box::new(select))),
        order_by: None,
        limit_clause: None,
        fetch: None,
        locks: Vec::new(),
        for_clause: None,
        settings: None,
        format_clause: None,
        pipe_operators: Vec::new(),
    }
}

fn is_array_join(function: &Function) -> bool {
    function.name.to_string().eq_ignore_ascii_case(ARRAY_JOIN)
}

fn argument(function: &Function) -> Option<&Expr> {
    match &function.args {
        FunctionArguments::List(list) => match list.args.as_slice() {
            [only] => plain_argument(only),
            _ => None,
        },
        _ => None,
    }
}

/// Arguments of the calls of `array_join` in the select list.
fn calls(select: &Select) -> Vec<Expr> {
    let mut found = Vec::new();
    for item in &select.projection {
        let _ = sqlparser::ast::visit_expressions(item, |expr| {
            if let Expr::Function(function) = expr
                && is_array_join(function)
                && let Some(array) = argument(function)
            {
                found.push(array.clone());
            }
            ControlFlow::<()>::Continue(())
        });
    }
    found
}
