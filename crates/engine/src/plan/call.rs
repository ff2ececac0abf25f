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
    functions::{
        self, Call,
        aggregate::{self, Rows},
    },
    parse::{ARRAY_JOIN, VIEW_PARAMETER},
    typed::{Literal, Typed, Unit, condition},
};

const BEFORE: &str = "lag(x) over a followed stream, and lag(x) OVER (ORDER BY …) over history,";
const AHEAD: &str = "with OVER (ORDER BY …) over history it";
const NUMBERED: &str = "with OVER (PARTITION BY … ORDER BY …) over history it";

/// Functions of the vendor's and of others that are not here, and what to write.
const INSTEAD: &[(&str, &str)] = &[
    ("arrayjoin", "array_join(a)"),
    (
        "current_user",
        "nobody's name, as the backend keeps it from queries,",
    ),
    ("neighbor", BEFORE),
    (
        "lags",
        "lag(x, n) OVER (ORDER BY …) over history, or lags over a followed stream,",
    ),
    ("lag", BEFORE),
    ("lead", AHEAD),
    ("row_number", NUMBERED),
    ("rank", NUMBERED),
    ("dense_rank", NUMBERED),
    ("percent_rank", NUMBERED),
    ("cume_dist", NUMBERED),
    ("ntile", NUMBERED),
    ("nth_value", AHEAD),
    ("running_difference", "x - lag(x)"),
    (
        "running_accumulate",
        "sum(x) OVER (ORDER BY …) over history",
    ),
    ("row_number_in_all_blocks", "row_number() OVER (ORDER BY …)"),
    ("and", "a AND b"),
    ("or", "a OR b"),
    ("in", "a IN (b, c)"),
    ("not_in", "a NOT IN (b, c)"),
    ("untuple", "t.1, t.2, …"),
    ("sleep", "EMIT PERIODIC 1s"),
    ("unnest", "array_join(a)"),
    ("explode", "array_join(a)"),
    ("weak_hash32", "city_hash64(x)"),
    ("wy_hash64", "xx_hash64(x)"),
    (
        "stochastic_linear_regression",
        "simple_linear_regression(x, y)",
    ),
    (
        "stochastic_logistic_regression",
        "simple_linear_regression(x, y)",
    ),
    ("hostname", "host of the stream host_metrics"),
    ("uptime", "uptime_s of the stream host_metrics"),
    ("query_id", "the id that starting a query gives"),
];

/// More of the vendor's, a name a line: known, and not here.
const ABSENT: &str = include_str!("../functions/absent.txt");

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
    aggregate_name(function).is_some()
        || defined::find(function, catalog).is_some_and(|(info, _)| info.is_aggregate())
}

impl Compiler<'_> {
    pub(super) fn scalar(&self, name: &str, args: &[Typed]) -> Result<Typed, String> {
        let function = functions::find(name).ok_or_else(|| format!("no function '{name}'"))?;
        count(name, args.len(), function.arguments())?;
        function.build(&Call {
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
            let window = ["tumble", "hop", "session"]
                .iter()
                .any(|w| name.value.eq_ignore_ascii_case(w));
            let defined = self.catalog.function_names();
            let known = functions::names().iter().map(|f| f.name);
            let near = match functions::snake_case(&name.value) {
                Some(known) => format!(" (here it is written '{known}')"),
                None => suggestion(&name.value, known.chain(defined.iter().map(String::as_str))),
            };
            let lower = name.value.to_ascii_lowercase();
            let instead = INSTEAD.iter().find(|(known, _)| *known == lower);
            if let Some((_, instead)) = instead {
                return Err(SqlError::unsupported(
                    format!("{}() ({instead} is)", name.value),
                    name.span,
                ));
            }
            if ABSENT.lines().any(|absent| absent == lower) {
                return Err(SqlError::unsupported(
                    format!("{}() (SHOW FUNCTIONS lists those that are)", name.value),
                    name.span,
                ));
            }
            return Err(SqlError::at(
                match window {
                    true => format!("{}() stands in FROM", name.value),
                    false if takes_lambda(&name.value) => {
                        format!("{} takes a lambda first, like x -> x > 1", name.value)
                    }
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

    fn aggregate(
        &mut self,
        function: &Function,
        name: &Ident,
        definition: &'static aggregate::Definition,
        forms: Forms,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        if !self.lambdas.is_empty() {
            return Err(at("an aggregate cannot stand in a lambda".to_string()));
        }
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
        match self.weight(name, rows)? {
            Some(_) if distinct => Err(SqlError::unsupported(
                "DISTINCT over a changelog (count(DISTINCT x) is)",
                name.span,
            )),
            Some(delta) => self.weighed(spec, values, &delta, null).map_err(at),
            None => Ok(self.aggregated(spec, values, null)),
        }
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

fn takes_lambda(name: &str) -> bool {
    let mut known = functions::LAMBDAS.iter();
    known.any(|(known, ..)| known.eq_ignore_ascii_case(name))
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
