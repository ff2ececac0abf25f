//! Functions of Timeplus streaming SQL that the editor completes. Timeplus documents more; those
//! that are not listed run all the same.

pub const NAMES: &[&str] = &[
    "abs",
    "any",
    "arg_max",
    "arg_min",
    "array_cast",
    "array_concat",
    "array_join",
    "array_length",
    "array_sort",
    "avg",
    "base64_decode",
    "base64_encode",
    "bit_and",
    "bit_or",
    "bit_xor",
    "ceil",
    "changelog",
    "coalesce",
    "concat",
    "cos",
    "count",
    "count_distinct",
    "count_if",
    "current_database",
    "date_add",
    "date_diff",
    "date_sub",
    "date_trunc",
    "dedup",
    "emit_version",
    "ends_with",
    "exp",
    "extract_all_groups",
    "first_value",
    "floor",
    "format_datetime",
    "generate_uuid_v4",
    "greatest",
    "group_array",
    "group_uniq_array",
    "hex",
    "histogram",
    "hop",
    "if",
    "if_null",
    "ipv4_num_to_string",
    "ipv4_string_to_num",
    "is_finite",
    "is_infinite",
    "is_nan",
    "is_not_null",
    "is_null",
    "json_extract_array",
    "json_extract_bool",
    "json_extract_float",
    "json_extract_int",
    "json_extract_keys",
    "json_extract_string",
    "json_has",
    "json_value",
    "lag",
    "lags",
    "last_value",
    "latest",
    "earliest",
    "least",
    "length",
    "ln",
    "log",
    "log10",
    "log2",
    "lower",
    "map_cast",
    "map_keys",
    "map_values",
    "match",
    "max",
    "max_k",
    "md5",
    "median",
    "min",
    "min_k",
    "moving_sum",
    "multi_if",
    "multi_search_any",
    "now",
    "now64",
    "null_if",
    "p90",
    "p95",
    "p99",
    "position",
    "pow",
    "quantile",
    "rand",
    "rand64",
    "replace",
    "replace_all",
    "replace_one",
    "replace_regex",
    "reverse",
    "round",
    "row_number",
    "session",
    "sha256",
    "sign",
    "sin",
    "split_by_string",
    "sqrt",
    "starts_with",
    "stddev_pop",
    "stddev_samp",
    "substr",
    "sum",
    "sum_if",
    "table",
    "tan",
    "to_bool",
    "to_date",
    "to_datetime",
    "to_datetime64",
    "to_day",
    "to_decimal",
    "to_float",
    "to_hour",
    "to_int",
    "to_int64",
    "to_minute",
    "to_month",
    "to_second",
    "to_start_of_day",
    "to_start_of_hour",
    "to_start_of_interval",
    "to_start_of_minute",
    "to_start_of_month",
    "to_start_of_second",
    "to_start_of_week",
    "to_string",
    "to_timezone",
    "to_type_name",
    "to_uint64",
    "to_unix_timestamp",
    "to_unix_timestamp64_milli",
    "to_uuid",
    "to_year",
    "top_k",
    "trim",
    "tumble",
    "tuple_cast",
    "unhex",
    "unique",
    "unique_exact",
    "upper",
    "url_decode",
    "url_encode",
    "uuid",
    "var_pop",
    "var_samp",
    "window_end",
    "window_start",
    "xirr",
];

/// Asks a server for the functions that it knows, with their signatures and what they do.
pub const KNOWN: &str = "SELECT name, syntax, description FROM system.functions";

/// A line of the answer to [`KNOWN`] as the editor takes it: `name(types) -> type`, and what it does
/// behind a line break.
pub fn told([name, syntax, description]: [String; 3]) -> String {
    // Not every server writes the name first.
    let rest = syntax.strip_prefix(name.as_str());
    let known = rest.is_some_and(|rest| rest.starts_with('('));
    let signature = if known { syntax } else { name };
    let line = |text: &str| text.lines().next().unwrap_or_default().to_string();
    match description.trim() {
        "" => line(&signature),
        description => format!("{}\n{}", line(&signature), line(description)),
    }
}

/// Together with those that the server knows (`told`) and those that people have defined.
pub fn with(known: &[String], defined: &[String]) -> Vec<String> {
    let name = |text: &str| {
        text.split(['(', '\n'])
            .next()
            .unwrap_or_default()
            .to_string()
    };
    let mut names: Vec<String> = known.iter().map(|text| name(text)).collect();
    names.sort_unstable();
    let unknown = |text: &&str| {
        names
            .binary_search_by(|known| known.as_str().cmp(text))
            .is_err()
    };
    let others = defined
        .iter()
        .map(String::as_str)
        .chain(NAMES.iter().copied());
    let others = others.filter(unknown).map(String::from);
    known.iter().cloned().chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_offered_once_with_what_is_known_of_it() {
        let line = |parts: [&str; 3]| told(parts.map(String::from));
        let known = [
            line(["abs", "abs(number) -> number", "The absolute value."]),
            line(["odd", "", ""]),
        ];
        assert_eq!(known[0], "abs(number) -> number\nThe absolute value.");
        assert_eq!(known[1], "odd");
        let all = with(&known, &["mine".into(), "odd".into()]);
        assert_eq!(all[..3], [known[0].as_str(), "odd", "mine"]);
        assert!(!all[2..].contains(&"abs".to_string()));
        assert!(all.contains(&"tumble".to_string()));
    }
}
