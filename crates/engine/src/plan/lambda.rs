//! Functions that take a lambda: `array_map(x -> x + 1, a)`.
//!
//! A lambda's result for every element is one array, made by SQLite over the unrolled arguments.
//! Whatever such a function does is then done with arrays.

use sqlparser::ast::{Expr, Ident, LambdaFunction, OneOrManyWithParens};
use weir_api::DataType;

use super::{
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{
    SqlError,
    functions::{self, item_type},
    typed::{Typed, escape},
    types,
};

/// What a function does with the array of the lambda's results.
enum Use {
    /// Is called with it in the place of the arrays.
    Instead(&'static str),
    /// Is called with the first array and it.
    Beside(&'static str),
}

const FUNCTIONS: &[(&str, Use)] = &[
    ("array_map", Use::Instead("identity")),
    ("array_sum", Use::Instead("array_sum")),
    ("array_avg", Use::Instead("array_avg")),
    ("array_min", Use::Instead("array_min")),
    ("array_max", Use::Instead("array_max")),
    ("array_product", Use::Instead("array_product")),
    ("array_cum_sum", Use::Instead("array_cum_sum")),
    (
        "array_cum_sum_non_negative",
        Use::Instead("array_cum_sum_non_negative"),
    ),
    ("array_difference", Use::Instead("array_difference")),
    ("array_count", Use::Instead("array_count")),
    ("array_all", Use::Instead("array_all")),
    ("array_exists", Use::Instead("array_exists")),
    ("array_filter", Use::Beside("_array_filter")),
    ("array_first", Use::Beside("_array_first")),
    ("array_first_or_null", Use::Beside("_array_first_or_null")),
    ("array_first_index", Use::Beside("_array_first_index")),
    ("array_last", Use::Beside("_array_last")),
    ("array_last_or_null", Use::Beside("_array_last_or_null")),
    ("array_last_index", Use::Beside("_array_last_index")),
    ("array_sort", Use::Beside("_array_sort")),
    ("array_reverse_sort", Use::Beside("_array_reverse_sort")),
    ("array_fill", Use::Beside("_array_fill")),
    ("array_reverse_fill", Use::Beside("_array_reverse_fill")),
    ("array_split", Use::Beside("_array_split")),
    ("array_reverse_split", Use::Beside("_array_reverse_split")),
    ("map_filter", Use::Beside("_map_filter")),
    ("map_apply", Use::Instead("_map_of_pairs")),
    ("map_exists", Use::Instead("array_exists")),
    ("map_all", Use::Instead("array_all")),
];

/// What a parameter of a lambda stands for.
pub(super) type Parameter = (String, Typed);

impl Compiler<'_> {
    /// A call whose first argument is a lambda.
    pub(super) fn with_lambda(
        &mut self,
        name: &Ident,
        args: &[&Expr],
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let lower = name.value.to_ascii_lowercase();
        let [Expr::Lambda(lambda), arrays @ ..] = args else {
            return Err(at("the lambda is the first argument".to_string()));
        };
        let mut values = Vec::with_capacity(arrays.len());
        for array in arrays {
            values.push(self.value(array, env)?);
        }
        if lower == "array_fold" {
            return self.fold(lambda, &values, env, at);
        }
        let Some((_, how)) = FUNCTIONS.iter().find(|(known, _)| *known == lower) else {
            let known = functions::snake_case(&name.value);
            return Err(at(known.map_or_else(
                || "takes no lambda".to_string(),
                |known| format!("here it is written '{known}'"),
            )));
        };
        let arrays = match values.as_slice() {
            [map] if matches!(map.data_type.inner(), DataType::Map(..)) => {
                let part = |part: &str| self.scalar(part, std::slice::from_ref(map)).map_err(at);
                vec![part("map_keys")?, part("map_values")?]
            }
            arrays => arrays.to_vec(),
        };
        let mapped = self.mapped(lambda, &arrays, env, at)?;
        match (how, values.first()) {
            (Use::Beside(function), Some(first)) => {
                self.scalar(function, &[first.clone(), mapped]).map_err(at)
            }
            (Use::Instead(function), _) => self.scalar(function, &[mapped]).map_err(at),
            _ => Err(at("takes a lambda and an array".to_string())),
        }
    }

    /// The array of a lambda's results over arrays of one length.
    fn mapped(
        &mut self,
        lambda: &LambdaFunction,
        arrays: &[Typed],
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let names = parameters(lambda);
        if arrays.is_empty() || names.len() != arrays.len() {
            // One array of tuples may be taken apart.
            let fields = match arrays {
                [only] => tuple_fields(only),
                _ => None,
            };
            return match fields {
                Some(fields) if fields.len() == names.len() => {
                    self.unrolled(lambda, arrays, &fields, env)
                }
                _ => Err(at(format!(
                    "the lambda has {} parameters for {} arrays",
                    names.len(),
                    arrays.len()
                ))),
            };
        }
        let items = arrays
            .iter()
            .map(item_type)
            .collect::<Result<Vec<_>, _>>()
            .map_err(at)?;
        self.unrolled(lambda, arrays, &items, env)
    }

    fn unrolled(
        &mut self,
        lambda: &LambdaFunction,
        arrays: &[Typed],
        items: &[DataType],
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let alias = self.alias();
        let several = items.len() > 1;
        let names = parameters(lambda).into_iter().zip(items).enumerate();
        let parameters = names.map(|(index, (name, item))| {
            let sql = functions::element(&alias, item, several.then_some(index));
            (name, Typed::new(sql, item.clone()))
        });
        let body = self.lambda_body(lambda, parameters.collect(), env)?;
        let texts: Vec<_> = arrays.iter().map(|array| array.sql.as_str()).collect();
        // The key binds the aggregate to this query, should the body name nothing of it.
        let sql = format!(
            "(SELECT _list('{}', {}, {alias}.key) FROM json_each(_texts({})) AS {alias})",
            escape(&body.data_type.to_string()),
            body.sql,
            texts.join(", ")
        );
        let null = arrays.iter().any(|array| array.data_type.is_nullable());
        let array = DataType::Array(Box::new(body.data_type));
        Ok(Typed::new(sql, types::nullable_if(array, null)))
    }

    /// `array_fold((acc, x) -> …, array, …, start)`
    fn fold(
        &mut self,
        lambda: &LambdaFunction,
        values: &[Typed],
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let names = parameters(lambda);
        let Some((start, arrays)) = values.split_last().filter(|(_, arrays)| !arrays.is_empty())
        else {
            return Err(at("takes a lambda, arrays and a start".to_string()));
        };
        if names.len() != arrays.len() + 1 {
            return Err(at(format!(
                "the lambda has {} parameters for {} arrays and what is gathered",
                names.len(),
                arrays.len()
            )));
        }
        let alias = self.alias();
        let items = arrays
            .iter()
            .map(item_type)
            .collect::<Result<Vec<_>, _>>()
            .map_err(&at)?;
        let array = |index: usize, item: &DataType| {
            let sql = format!(
                "_element('{}', {}, {alias}.n + 1)",
                escape(&item.to_string()),
                arrays[index].sql
            );
            Typed::new(sql, item.clone())
        };
        let gathered = Typed::new(format!("{alias}.acc"), start.data_type.clone());
        let rest = items
            .iter()
            .enumerate()
            .map(|(index, item)| array(index, item));
        let parameters = names.into_iter().zip(std::iter::once(gathered).chain(rest));
        let body = self.lambda_body(lambda, parameters.collect(), env)?;
        let body = body.cast(&start.data_type).map_err(at)?;
        let length = format!("_elements({})", arrays[0].sql);
        let sql = format!(
            "(WITH RECURSIVE {alias}(n, acc) AS (SELECT 0, {} UNION ALL SELECT {alias}.n + 1, {} FROM {alias} \
             WHERE {alias}.n < {length}) SELECT {alias}.acc FROM {alias} WHERE {alias}.n = {length})",
            start.sql, body.sql
        );
        Ok(Typed::new(sql, start.data_type.clone()))
    }

    fn lambda_body(
        &mut self,
        lambda: &LambdaFunction,
        parameters: Vec<Parameter>,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        self.lambdas.push(parameters);
        let body = self.value(&lambda.body, env);
        self.lambdas.pop();
        body.map_err(|error| error.or_at(span(lambda.body.as_ref())))
    }

    /// What a name stands for inside lambdas; the innermost comes first.
    pub(super) fn parameter(&self, name: &str) -> Option<Typed> {
        let mut parameters = self.lambdas.iter().rev().flatten();
        let found = parameters.find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }
}

pub(super) fn parameters(lambda: &LambdaFunction) -> Vec<String> {
    match &lambda.params {
        OneOrManyWithParens::One(one) => vec![one.name.value.clone()],
        OneOrManyWithParens::Many(many) => many.iter().map(|one| one.name.value.clone()).collect(),
    }
}

fn tuple_fields(array: &Typed) -> Option<Vec<DataType>> {
    match item_type(array).ok()? {
        DataType::Tuple(fields) => Some(fields.into_iter().map(|(_, field)| field).collect()),
        _ => None,
    }
}
