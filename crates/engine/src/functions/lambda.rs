//! Functions that always take a lambda, which the plan makes of others.

/// Those that always take a lambda, for completion: name, signature and help.
pub(crate) const HELP: &[(&str, &str, &str)] = &[
    (
        "array_map",
        "array_map(x -> any, array, …) -> array",
        "The lambda's result for every element.",
    ),
    (
        "array_filter",
        "array_filter(x -> condition, array, …) -> array",
        "The elements for which the condition holds.",
    ),
    (
        "array_first",
        "array_first(x -> condition, array, …) -> element",
        "The first element for which the condition holds, else the type's zero.",
    ),
    (
        "array_first_or_null",
        "array_first_or_null(x -> condition, array, …) -> nullable(element)",
        "The first element for which the condition holds, else NULL.",
    ),
    (
        "array_first_index",
        "array_first_index(x -> condition, array, …) -> uint32",
        "The place, from 1, of the first element for which the condition holds, else 0.",
    ),
    (
        "array_last",
        "array_last(x -> condition, array, …) -> element",
        "The last element for which the condition holds, else the type's zero.",
    ),
    (
        "array_last_or_null",
        "array_last_or_null(x -> condition, array, …) -> nullable(element)",
        "The last element for which the condition holds, else NULL.",
    ),
    (
        "array_last_index",
        "array_last_index(x -> condition, array, …) -> uint32",
        "The place, from 1, of the last element for which the condition holds, else 0.",
    ),
    (
        "array_fill",
        "array_fill(x -> condition, array, …) -> array",
        "Elements for which the condition does not hold replaced by the one before.",
    ),
    (
        "array_reverse_fill",
        "array_reverse_fill(x -> condition, array, …) -> array",
        "Elements for which the condition is false, replaced by the next one.",
    ),
    (
        "array_split",
        "array_split(x -> condition, array, …) -> array(array)",
        "Cut before every element for which the condition holds.",
    ),
    (
        "array_reverse_split",
        "array_reverse_split(x -> condition, array, …) -> array(array)",
        "Split after every element for which the condition is true.",
    ),
    (
        "array_fold",
        "array_fold((acc, x, …) -> any, array, …, start) -> any",
        "What is gathered from the start over every element.",
    ),
    (
        "map_apply",
        "map_apply((k, v) -> (key, value), map) -> map",
        "The lambda's pair for every member.",
    ),
    (
        "map_filter",
        "map_filter((k, v) -> condition, map) -> map",
        "The members for which the condition holds.",
    ),
    (
        "map_exists",
        "map_exists((k, v) -> condition, map) -> bool",
        "Whether the condition holds for a member.",
    ),
    (
        "map_all",
        "map_all((k, v) -> condition, map) -> bool",
        "Whether the condition holds for every member.",
    ),
];
