//! Functions that are not here: what to write instead, or what was meant.

use sqlparser::ast::Ident;

use super::{elsewhere::ELSEWHERE, scope::suggestion};
use crate::{
    Catalog, SqlError,
    functions::{self, aggregate},
};

const BEFORE: &str = "lag(x), or over history lag(x) OVER (ORDER BY …)";
const AHEAD: &str = "it over history with OVER (ORDER BY …)";
const NUMBERED: &str = "it over history with OVER (PARTITION BY … ORDER BY …)";

/// Functions of the vendor's and of others that are not here, and what to write.
const INSTEAD: &[(&str, &str)] = &[
    ("arrayjoin", "array_join(a)"),
    ("current_user", "no name: queries do not see who runs them"),
    ("neighbor", BEFORE),
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
    ("in", "a IN (b, c)"),
    ("not_in", "a NOT IN (b, c)"),
    ("untuple", "t.1, t.2, …"),
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

/// Why there is no such function.
pub(super) fn unknown(name: &Ident, catalog: &dyn Catalog) -> SqlError {
    let lower = name.value.to_ascii_lowercase();
    if let Some((_, instead)) = INSTEAD.iter().find(|(known, _)| *known == lower) {
        return SqlError::unsupported(format!("{}(); use {instead}", name.value), name.span);
    }
    if ABSENT.lines().any(|absent| absent == lower) {
        let what = format!(
            "{}(); SHOW FUNCTIONS lists the supported functions",
            name.value
        );
        return SqlError::unsupported(what, name.span);
    }
    let squeezed = lower.replace('_', "");
    if let Some((_, here)) = ELSEWHERE.iter().find(|(name, _)| *name == squeezed) {
        let words = format!("unknown function '{}' (here it is {here})", name.value);
        return SqlError::at(words, name.span);
    }
    let defined = catalog.function_names();
    let known = functions::names().iter().map(|f| f.name);
    let near = match functions::snake_case(&name.value) {
        Some(known) => format!(" (here it is written '{known}')"),
        None => suggestion(&name.value, known.chain(defined.iter().map(String::as_str))),
    };
    let words = match lower.as_str() {
        "tumble" | "hop" | "session" | "table" | "dedup" | "changelog" | "rowify" | "numbers"
        | "numbers_mt" | "zeros" | "zeros_mt" | "values" => {
            format!("{}() is a relation: write it in FROM", name.value)
        }
        "columns" => {
            "columns('pattern') stands for columns: write it alone in the select list".into()
        }
        _ if let Some(form) = state_form(&lower) => format!(
            "{}() is not supported: aggregate functions have no {form} form, use {} over the rows",
            name.value,
            lower.trim_end_matches(form)
        ),
        _ if takes_lambda(&name.value) => {
            format!("{} takes a lambda first, like x -> x > 1", name.value)
        }
        _ => format!("unknown function '{}'{near}", name.value),
    };
    SqlError::at(words, name.span)
}

fn takes_lambda(name: &str) -> bool {
    let mut known = functions::LAMBDAS.iter();
    known.any(|(known, ..)| known.eq_ignore_ascii_case(name))
}

/// The ending of an aggregate's name that keeps or reads its state.
fn state_form(name: &str) -> Option<&'static str> {
    let forms = [
        "_state",
        "_merge",
        "_merge_state",
        "_for_each",
        "_resample",
        "_or_default",
        "_simple_state",
    ];
    let known = |base: &str| aggregate::find(base).is_some();
    forms
        .into_iter()
        .find(|form| name.strip_suffix(form).is_some_and(known))
}
