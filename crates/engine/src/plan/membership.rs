//! Whether a value is in a range, in a list, or among the rows of a query.

use sqlparser::ast::{Expr, Query};
use weir_api::DataType;

use super::{
    choice::{in_list, in_list_work, negate},
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{
    SqlError, functions,
    typed::{Typed, compare},
    types,
};

impl Compiler<'_> {
    pub(super) fn between(
        &mut self,
        value: &Expr,
        (low, high): (&Expr, &Expr),
        negated: bool,
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let value = self.expr(value, env)?;
        let low = compare(">=", &value, &self.expr(low, env)?).map_err(&at)?;
        let high = compare("<=", &value, &self.expr(high, env)?).map_err(&at)?;
        let null = low.data_type.is_nullable() || high.data_type.is_nullable();
        let sql = negate(format!("({} AND {})", low.sql, high.sql), negated);
        Ok(Typed::new(sql, types::nullable_if(DataType::Bool, null)))
    }

    pub(super) fn in_list(
        &mut self,
        (expr, value): (&Expr, &Expr),
        list: &[Expr],
        negated: bool,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let value = self.value(value, env)?;
        let null = value.data_type.is_nullable();
        let tests = self.all(list, env)?;
        // Each item can stand beside a copy of the value.
        let work = in_list_work(&value, &tests);
        self.budget.spend(work, || span(expr))?;
        let sql = in_list(&value, &tests).map_err(|message| SqlError::at(message, span(expr)))?;
        Ok(Typed::new(
            negate(sql, negated),
            types::nullable_if(DataType::Bool, null),
        ))
    }

    /// Whether a value is among the rows of `subquery`.
    pub(super) fn among(
        &mut self,
        value: &Expr,
        subquery: &Expr,
        negated: bool,
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        match subquery {
            Expr::Subquery(query) => self.in_subquery(value, query, negated, env, at),
            _ => Err(at("a subquery expected".into())),
        }
    }

    pub(super) fn in_subquery(
        &mut self,
        value: &Expr,
        subquery: &Query,
        negated: bool,
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        if let Expr::Tuple(items) = bare(value)
            && items.len() > 1
        {
            return self.row_in_subquery(items, subquery, negated, env, at);
        }
        let value = self.value(value, env)?;
        let wide =
            at("IN takes a subquery of one column, or as many as the tuple before it has".into());
        let (sql, column) = self.subquery(subquery, env, wide)?;
        let alias = self.alias();
        let item = Typed::new(format!("{alias}.c0"), column);
        let equal = compare("=", &value, &item).map_err(at)?;
        let exists = format!(
            "EXISTS (SELECT 1 FROM ({sql}) AS {alias} WHERE {})",
            equal.sql
        );
        let sql = negate(exists, negated);
        let null = value.data_type.is_nullable();
        let sql = match null {
            true => format!("CASE WHEN {} IS NULL THEN NULL ELSE {sql} END", value.sql),
            false => sql,
        };
        Ok(Typed::new(sql, types::nullable_if(DataType::Bool, null)))
    }

    /// `(a, b) IN (SELECT x, y …)`: a row whose columns are equal, one by one; NULL is equal to
    /// nothing.
    fn row_in_subquery(
        &mut self,
        items: &[Expr],
        subquery: &Query,
        negated: bool,
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let values = self.all(items, env)?;
        let relation = self.nested_relation(subquery, env, span(subquery))?;
        let alias = self.alias();
        let columns = relation.columns.iter().enumerate();
        let columns: Vec<Typed> = columns
            .map(|(index, column)| {
                let data_type = column.info.data_type.clone();
                Typed::new(format!("{alias}.c{index}"), data_type)
            })
            .collect();
        let tests = match columns.as_slice() {
            // Tuples.
            [only] => {
                let tuple = functions::tuple(&values).map_err(&at)?;
                vec![compare("=", &tuple, only).map_err(&at)?.sql]
            }
            all if all.len() == values.len() => {
                let pairs = values.iter().zip(all);
                let tests = pairs.map(|(value, column)| Ok(compare("=", value, column)?.sql));
                tests.collect::<Result<Vec<_>, String>>().map_err(&at)?
            }
            all => {
                let words = format!(
                    "IN takes as many columns as the tuple has: {} and {}",
                    values.len(),
                    all.len()
                );
                return Err(at(words));
            }
        };
        let exists = format!(
            "EXISTS (SELECT 1 FROM ({}) AS {alias} WHERE {})",
            relation.sql,
            tests.join(" AND ")
        );
        Ok(Typed::new(negate(exists, negated), DataType::Bool))
    }
}

/// Without brackets around it.
fn bare(expr: &Expr) -> &Expr {
    let mut expr = expr;
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}
