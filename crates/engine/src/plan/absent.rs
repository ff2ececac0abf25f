//! Functions that are not here: what to write instead, or what was meant.

use sqlparser::ast::Ident;

use super::{elsewhere::ELSEWHERE, scope::suggestion};
use crate::{Catalog, SqlError, functions};

const BEFORE: &str = "lag(x), and over history lag(x) OVER (ORDER BY …),";
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
        return SqlError::unsupported(format!("{}() ({instead} is)", name.value), name.span);
    }
    if ABSENT.lines().any(|absent| absent == lower) {
        let what = format!("{}() (SHOW FUNCTIONS lists those that are)", name.value);
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
        "tumble" | "hop" | "session" => format!("{}() stands in FROM", name.value),
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
