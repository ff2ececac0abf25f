//! Calls of aggregates.

use sqlparser::ast::{Expr, Function, Ident};

use super::{
    apply::applied_name,
    call::{arguments, count},
    compiler::{Compiler, span},
    defined,
    scope::Env,
};
use crate::{
    Catalog, SqlError,
    functions::{
        self,
        aggregate::{self, Rows},
    },
    typed::{Literal, Typed, condition},
};

/// The forms in which an aggregate is called, from its name's endings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Forms {
    /// `_if`: the last argument is a condition.
    pub(super) only_if: bool,
    /// `_array`: the elements of arrays count as rows.
    pub(super) unrolled: bool,
    /// `_or_null`: NULL over no rows.
    pub(super) or_null: bool,
    /// `_distinct`: equal rows count once.
    pub(super) distinct: bool,
}

/// The aggregate that is called, and in which forms.
pub(super) fn aggregate_name(
    function: &Function,
) -> Option<(&'static aggregate::Definition, Forms)> {
    let name = &function.name.0.last()?.as_ident()?.value;
    if function.name.0.len() > 1 || function.over.is_some() {
        return None;
    }
    let lower = name.to_ascii_lowercase();
    let (mut rest, mut forms) = (lower.as_str(), Forms::default());
    loop {
        if let Some(found) = aggregate::find(rest) {
            return Some((found, forms));
        }
        // `has_array` and its kind are scalar functions.
        if functions::find(rest).is_some() {
            return None;
        }
        let (before, flag) = [
            ("_if", &mut forms.only_if),
            ("_array", &mut forms.unrolled),
            ("_or_null", &mut forms.or_null),
            ("_distinct", &mut forms.distinct),
        ]
        .into_iter()
        .find_map(|(ending, flag)| Some((rest.strip_suffix(ending)?, flag)))?;
        // Each form once.
        if std::mem::replace(flag, true) {
            return None;
        }
        rest = before;
    }
}

/// Whether it is an aggregate, of the engine or of a person.
pub(super) fn is_aggregate(function: &Function, catalog: &dyn Catalog) -> bool {
    applied_name(function).is_some_and(|name| aggregate::find(&name.value).is_some())
        || aggregate_name(function).is_some()
        || defined::find(function, catalog).is_some_and(|(info, _)| info.is_aggregate())
}

impl Compiler<'_> {
    pub(super) fn aggregate(
        &mut self,
        function: &Function,
        name: &Ident,
        definition: &'static aggregate::Definition,
        forms: Forms,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        if !self.lambdas.is_empty() {
            return Err(at("an aggregate cannot be used in a lambda".to_string()));
        }
        if !env.groups {
            return Err(SqlError::at(
                format!(
                    "the aggregate {}() cannot be used in WHERE, GROUP BY, ON or another aggregate",
                    name.value
                ),
                name.span,
            ));
        }
        let (mut args, distinct) = arguments(function, name)?;
        let mut definition = definition;
        let mut distinct = distinct || forms.distinct;
        if distinct && aggregate::find("count").is_some_and(|c| std::ptr::eq(c, definition)) {
            definition = aggregate::find("count_distinct").unwrap_or(definition);
            distinct = false;
        }
        let test = if forms.only_if { args.pop() } else { None };
        if forms.only_if && test.is_none() {
            return Err(at("takes a condition as its last argument".to_string()));
        }
        let rows = Env {
            groups: false,
            ..env
        };
        let mut values = Vec::with_capacity(args.len());
        for arg in args {
            values.push(self.value(arg, rows)?);
        }
        count(&name.value, values.len(), definition.arguments).map_err(at)?;
        if forms.unrolled {
            for value in &mut values {
                if value.literal == Literal::None {
                    value.data_type = functions::item_type(value).map_err(at)?;
                }
            }
            if values.len() > 2 {
                return Err(at("its _array form takes at most two arrays".to_string()));
            }
        }
        let (mut spec, mut values) = definition.spec(&values).map_err(at)?;
        spec.unrolled = forms.unrolled;
        let null = forms.or_null || values.iter().any(|value| value.data_type.is_nullable());
        let tests: Vec<&Expr> = test.into_iter().chain(function.filter.as_deref()).collect();
        self.only_where(&tests, rows, &mut values)?;
        if distinct {
            spec.rows = Rows::Different;
        }
        let counts = matches!(spec.kind, aggregate::Kind::Count);
        let result = match self.weight(name, rows)? {
            Some(_) if distinct => {
                return Err(SqlError::unsupported(
                    "DISTINCT over a changelog; use count(DISTINCT x)",
                    name.span,
                ));
            }
            Some(delta) => self.weighed(spec, values, &delta, null).map_err(at)?,
            None => self.aggregated(spec, values, null),
        };
        // Of no rows a count is 0, and NULL in this form.
        Ok(match counts && forms.or_null {
            true => Typed::new(
                format!("nullif({}, 0)", result.sql),
                crate::types::nullable(result.data_type),
            ),
            false => result,
        })
    }

    /// Makes the arguments of an aggregate NULL where a condition does not hold.
    pub(super) fn only_where(
        &mut self,
        tests: &[&Expr],
        rows: Env<'_>,
        values: &mut Vec<Typed>,
    ) -> Result<(), SqlError> {
        let mut conditions = Vec::new();
        for test in tests {
            let value = self.expr(test, rows)?;
            let sql = condition(&value).map_err(|message| SqlError::at(message, span(*test)))?;
            conditions.push(sql);
        }
        if conditions.is_empty() {
            return Ok(());
        }
        let test = conditions.join(" AND ");
        if values.is_empty() {
            values.push(Typed::new("1", weir_api::DataType::UInt(8)));
        }
        for value in values {
            value.sql = format!("CASE WHEN {test} THEN {} END", value.sql);
            value.data_type = crate::types::nullable(value.data_type.clone());
        }
        Ok(())
    }
}
