//! Function calls.

use sqlparser::ast::{
    DuplicateTreatment, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident,
};

use super::{
    absent,
    aggregate_call::aggregate_name,
    compiler::{Compiler, span},
    defined,
    scope::Env,
};
use crate::{
    SqlError,
    functions::{self, Call},
    parse::{ARRAY_JOIN, VIEW_PARAMETER},
    typed::{Literal, Typed, Unit},
};

impl Compiler<'_> {
    pub(super) fn scalar(&self, name: &str, args: &[Typed]) -> Result<Typed, String> {
        let function = functions::find(name).ok_or_else(|| format!("no function '{name}'"))?;
        count(name, args.len(), function.arguments())?;
        let call = Call {
            args,
            now_ms: &self.now_ms,
        };
        // The word NULL has any type: what takes it for none of its own is NULL.
        let null = args.iter().any(|arg| arg.literal == Literal::Null);
        match function.build(&call) {
            Err(_) if null => Ok(Typed::null()),
            built => built,
        }
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
        if let Some(carried) = self.carried(function, name, env) {
            return carried;
        }
        if name.value.eq_ignore_ascii_case(ARRAY_JOIN) {
            let (args, _) = arguments(function, name)?;
            let rows = Env {
                groups: false,
                ..env
            };
            return self.unrolled_element(&args, name, rows);
        }
        if name.value == VIEW_PARAMETER {
            let (args, _) = arguments(function, name)?;
            return self.view_parameter(&args, name);
        }
        if let Some(found) = self.lookup(function, name, env) {
            return found;
        }
        if name.value.eq_ignore_ascii_case("lag_behind") {
            let words = "lag_behind has no effect here: a row meets those that came before it";
            self.notices.push(words.to_string());
            return Ok(Typed::new("1", weir_api::DataType::Bool));
        }
        if name.value.eq_ignore_ascii_case("sleep") {
            let (args, _) = arguments(function, name)?;
            count("sleep", args.len(), (1, 1)).map_err(|words| SqlError::at(words, name.span))?;
            self.notices
                .push("sleep does not wait here: it is 0 at once".to_string());
            return Ok(Typed::new("0", weir_api::DataType::UInt(8)));
        }
        if name.value.eq_ignore_ascii_case("grouping") {
            return self.absent_keys(function, name, env);
        }
        if name.value.eq_ignore_ascii_case("date_diff_within") {
            return self.date_diff_within(function, name, env);
        }
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
        if let Some(found) = self.named_or_lambda(function, name, env) {
            return found;
        }
        if let Some((definition, forms)) = aggregate_name(function) {
            return self.aggregate(function, name, definition, forms, env);
        }
        if let Some((info, only_if)) = defined::find(function, self.catalog) {
            return self.defined(function, name, &info, only_if, env);
        }
        if functions::find(&name.value).is_none() {
            return Err(absent::unknown(name, self.catalog));
        }
        if function.filter.is_some() {
            return unsupported("FILTER of a function that is not an aggregate");
        }
        let (args, distinct) = arguments(function, name)?;
        if distinct {
            return unsupported("this form of call");
        }
        let unit = functions::takes_unit(&name.value);
        let args: Vec<_> = args
            .into_iter()
            .enumerate()
            .map(|(index, arg)| match arg {
                // `date_add(HOUR, 2, t)`
                Expr::Identifier(word)
                    if unit && index == 0 && Unit::parse(&word.value).is_some() =>
                {
                    Ok(Typed::text(&word.value))
                }
                arg => self.expr(arg, env),
            })
            .collect::<Result<_, _>>()?;
        self.scalar(&name.value, &args)
            .map_err(|message| SqlError::at(format!("{}: {message}", name.value), name.span))
    }

    /// Functions that look at how their arguments are written.
    #[inline(never)]
    fn named_or_lambda(
        &mut self,
        function: &Function,
        name: &Ident,
        env: Env<'_>,
    ) -> Option<Result<Typed, SqlError>> {
        let FunctionArguments::List(list) = &function.args else {
            return None;
        };
        let lower = name.value.to_ascii_lowercase();
        let encode = matches!(lower.as_str(), "json_encode" | "json_cast");
        let lambda = |arg: &FunctionArg| {
            matches!(
                arg,
                FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Lambda(_)))
            )
        };
        if !encode && !list.args.iter().any(lambda) {
            return None;
        }
        let expr = |arg| match arg {
            &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expr)) => Some(expr),
            _ => None,
        };
        let args: Vec<_> = list.args.iter().map(expr).collect();
        Some(if encode {
            self.json_encode(name, &args, env)
        } else {
            let args: Vec<_> = args.into_iter().flatten().collect();
            if lower == functions::RANDOM_IN_TYPE {
                return Some(self.random_by_lambda(name, &args, env));
            }
            self.with_lambda(name, &args, env)
        })
    }

    /// `random_in_type('type', max, x -> …)`
    fn random_by_lambda(
        &mut self,
        name: &Ident,
        args: &[&Expr],
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let [given @ .., Expr::Lambda(lambda)] = args else {
            return Err(at("takes a type, a number and a lambda of it".to_string()));
        };
        let mut values = Vec::with_capacity(2);
        for arg in given {
            values.push(self.value(arg, env)?);
        }
        let (data_type, most) = functions::random_arguments(&values).map_err(at)?;
        let names = super::lambda::parameters(lambda);
        let [name] = names.as_slice() else {
            return Err(at("takes a lambda of one argument".to_string()));
        };
        let number = match most {
            Some(most) => functions::random_below(most),
            // Of the type itself.
            None => self
                .scalar(functions::RANDOM_IN_TYPE, &values)
                .map_err(at)?,
        };
        self.lambdas.push(vec![(name.clone(), number)]);
        let value = self.value(&lambda.body, env);
        self.lambdas.pop();
        value?.cast(&data_type).map_err(at)
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
