//! Calls of functions that people have defined.

use std::sync::Arc;

use sqlparser::ast::{Expr, Function, Ident};

use super::{
    call::{arguments, count},
    compiler::Compiler,
    scope::Env,
};
use crate::{
    Catalog, SqlError,
    catalog::{FunctionBody, FunctionInfo},
    functions::aggregate::{Kind, Rows, Spec},
    typed::Typed,
    types,
};

/// The function that is called, and whether by the `_if` form of an aggregate. One that was made
/// before the engine had a function of its name keeps it.
pub(super) fn find(
    function: &Function,
    catalog: &dyn Catalog,
) -> Option<(Arc<FunctionInfo>, bool)> {
    let [part] = function.name.0.as_slice() else {
        return None;
    };
    let name = &part.as_ident()?.value;
    if let Some(info) = catalog.function(name) {
        return Some((info, false));
    }
    let info = catalog.function(name.strip_suffix("_if")?)?;
    info.is_aggregate().then_some((info, true))
}

impl Compiler<'_> {
    pub(super) fn defined(
        &mut self,
        function: &Function,
        name: &Ident,
        info: &Arc<FunctionInfo>,
        only_if: bool,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        if let FunctionBody::Expression(text) = &info.body {
            return self.inlined(function, name, (info, text), env);
        }
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let unsupported = |what: &str| Err(SqlError::unsupported(what, name.span));
        if info.is_aggregate() && !env.groups {
            return Err(SqlError::at(
                format!(
                    "the aggregate {}() cannot be used in WHERE, GROUP BY, ON or another aggregate",
                    name.value
                ),
                name.span,
            ));
        }
        if function.filter.is_some() && !info.is_aggregate() {
            return unsupported("FILTER of a function that is not an aggregate");
        }
        let (mut args, distinct) = arguments(function, name)?;
        if distinct {
            return unsupported("DISTINCT in this call; use count(DISTINCT x)");
        }
        let test = if only_if { args.pop() } else { None };
        if only_if && test.is_none() {
            return Err(at("takes a condition as its last argument".to_string()));
        }
        let wanted = info.arguments.len();
        count(&name.value, args.len(), (wanted, wanted)).map_err(at)?;
        let inside = match info.is_aggregate() {
            true => Env {
                groups: false,
                ..env
            },
            false => env,
        };
        let mut values = Vec::with_capacity(wanted);
        for (arg, argument) in args.into_iter().zip(&info.arguments) {
            let value = self.value(arg, inside)?;
            let value = value
                .cast(&argument.data_type)
                .map_err(|message| at(format!("argument '{}': {message}", argument.name)))?;
            values.push(value);
        }
        let number = self.number(info);
        if info.is_aggregate() {
            let null = values.iter().any(|value| value.data_type.is_nullable());
            let tests: Vec<&Expr> = test.into_iter().chain(function.filter.as_deref()).collect();
            self.only_where(&tests, inside, &mut values)?;
            if self.weight(name, inside)?.is_some() {
                return Err(SqlError::unsupported(
                    "a function of your own over a changelog; use a built-in aggregate",
                    name.span,
                ));
            }
            let input = info.arguments[0].data_type.clone();
            let spec = Spec {
                kind: Kind::Defined(number),
                parameter: 0.0,
                order: input.clone(),
                input,
                result: info.returns.clone(),
                unrolled: false,
                rows: Rows::Each,
            };
            return Ok(self.aggregated(spec, values, null));
        }
        let mut pairs = values.iter().zip(&info.arguments);
        let null = pairs.any(|(v, arg)| v.data_type.is_nullable() && !arg.data_type.is_nullable());
        let list: String = values
            .iter()
            .map(|value| format!(", {}", value.sql))
            .collect();
        Ok(Typed::new(
            format!("_udf({number}{list})"),
            types::nullable_if(info.returns.clone(), null),
        ))
    }

    fn number(&mut self, info: &Arc<FunctionInfo>) -> usize {
        let known = self.functions.iter().position(|f| f.name == info.name);
        known.unwrap_or_else(|| {
            self.functions.push(info.clone());
            self.functions.len() - 1
        })
    }
}
