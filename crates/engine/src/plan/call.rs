//! Function calls.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
};

use super::{
    compiler::{Compiler, span},
    defined,
    scope::{Env, suggestion},
};
use crate::{
    Catalog, SqlError,
    functions::{self, Call, aggregate},
    typed::{Typed, condition},
};

/// The aggregate that is called, and whether by its `_if` form.
pub(super) fn aggregate_name(
    function: &Function,
) -> Option<(&'static aggregate::Definition, bool)> {
    let name = &function.name.0.last()?.as_ident()?.value;
    if function.name.0.len() > 1 || function.over.is_some() {
        return None;
    }
    if let Some(found) = aggregate::find(name) {
        return Some((found, false));
    }
    let lower = name.to_ascii_lowercase();
    aggregate::find(lower.strip_suffix("_if")?).map(|found| (found, true))
}

/// Whether it is an aggregate, of the engine or of a person.
pub(super) fn is_aggregate(function: &Function, catalog: &dyn Catalog) -> bool {
    aggregate_name(function).is_some()
        || defined::find(function, catalog).is_some_and(|(info, _)| info.is_aggregate())
}

impl Compiler<'_> {
    pub(super) fn scalar(&self, name: &str, args: &[Typed]) -> Result<Typed, String> {
        let function = functions::find(name).ok_or_else(|| format!("no function '{name}'"))?;
        count(name, args.len(), function.arguments)?;
        (function.build)(&Call {
            args,
            now_ms: &self.now_ms,
        })
    }

    pub(super) fn call(&mut self, function: &Function, env: Env<'_>) -> Result<Typed, SqlError> {
        let name = match function.name.0.as_slice() {
            [only] => only.as_ident(),
            _ => None,
        };
        let Some(name) = name else {
            return Err(SqlError::unsupported(
                format!("'{}'", function.name),
                span(&function.name),
            ));
        };
        let unsupported = |what: &str| Err(SqlError::unsupported(what, name.span));
        if let Some(window) = &function.over {
            return self.over(function, name, window, env);
        }
        if !function.within_group.is_empty() {
            return unsupported("WITHIN GROUP");
        }
        let parameters = !matches!(function.parameters, FunctionArguments::None);
        if function.null_treatment.is_some() || function.uses_odbc_syntax || parameters {
            return unsupported("this form of call");
        }
        if let Some((definition, only_if)) = aggregate_name(function) {
            return self.aggregate(function, name, definition, only_if, env);
        }
        if let Some((info, only_if)) = defined::find(function, self.catalog) {
            return self.defined(function, name, &info, only_if, env);
        }
        if functions::find(&name.value).is_none() {
            let window = ["tumble", "hop", "session"]
                .iter()
                .any(|w| name.value.eq_ignore_ascii_case(w));
            let defined = self.catalog.function_names();
            let known = functions::names().iter().map(|f| f.name);
            let near = suggestion(&name.value, known.chain(defined.iter().map(String::as_str)));
            return Err(SqlError::at(
                match window {
                    true => format!("{}() stands in FROM", name.value),
                    false => format!("unknown function '{}'{near}", name.value),
                },
                name.span,
            ));
        }
        if function.filter.is_some() {
            return unsupported("FILTER of a function that is not an aggregate");
        }
        let (args, distinct) = arguments(function, name)?;
        if distinct {
            return unsupported("this form of call");
        }
        let args: Vec<_> = args
            .into_iter()
            .map(|arg| self.expr(arg, env))
            .collect::<Result<_, _>>()?;
        self.scalar(&name.value, &args)
            .map_err(|message| SqlError::at(format!("{}: {message}", name.value), name.span))
    }

    fn aggregate(
        &mut self,
        function: &Function,
        name: &Ident,
        definition: &'static aggregate::Definition,
        only_if: bool,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        if !env.groups {
            return Err(SqlError::at(
                format!(
                    "the aggregate {}() cannot stand in WHERE, GROUP BY, ON or another aggregate",
                    name.value
                ),
                name.span,
            ));
        }
        let (mut args, distinct) = arguments(function, name)?;
        let mut definition = definition;
        if distinct {
            let plain_count =
                aggregate::find("count").is_some_and(|count| std::ptr::eq(count, definition));
            definition = match aggregate::find("count_distinct") {
                Some(found) if plain_count => found,
                _ => {
                    return Err(SqlError::unsupported(
                        "DISTINCT here (count(DISTINCT x) is)",
                        name.span,
                    ));
                }
            };
        }
        let test = if only_if { args.pop() } else { None };
        if only_if && test.is_none() {
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
        let (spec, mut values) = definition.spec(&values).map_err(at)?;
        if test.is_none()
            && function.filter.is_none()
            && let Some(weighed) = self.weighed(spec.kind, &values, name, rows)?
        {
            return Ok(weighed);
        }
        let tests: Vec<&Expr> = test.into_iter().chain(function.filter.as_deref()).collect();
        self.only_where(&tests, rows, &mut values)?;
        Ok(self.aggregated(spec, values))
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

pub(super) fn arguments<'f>(
    function: &'f Function,
    name: &Ident,
) -> Result<(Vec<&'f Expr>, bool), SqlError> {
    match &function.args {
        FunctionArguments::None => Ok((Vec::new(), false)),
        FunctionArguments::List(list) if list.clauses.is_empty() => {
            let distinct = list.duplicate_treatment == Some(DuplicateTreatment::Distinct);
            Ok((plain(&list.args, name)?, distinct))
        }
        _ => Err(SqlError::unsupported("this form of call", name.span)),
    }
}

fn plain<'f>(args: &'f [FunctionArg], name: &Ident) -> Result<Vec<&'f Expr>, SqlError> {
    let mut plain = Vec::with_capacity(args.len());
    for arg in args {
        match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => plain.push(expr),
            FunctionArg::Unnamed(FunctionArgExpr::Wildcard)
                if name.value.eq_ignore_ascii_case("count") => {}
            _ => {
                return Err(SqlError::unsupported(
                    format!("argument '{arg}'"),
                    name.span,
                ));
            }
        }
    }
    Ok(plain)
}

pub(super) fn count(name: &str, given: usize, (least, most): (usize, usize)) -> Result<(), String> {
    if (least..=most).contains(&given) {
        return Ok(());
    }
    let wanted = match (least, most) {
        (least, most) if least == most => least.to_string(),
        (least, 99..) => format!("at least {least}"),
        (least, most) => format!("{least} to {most}"),
    };
    Err(format!("{name} takes {wanted} arguments, not {given}"))
}
