//! What depends on times and on the order of events.

use super::super::{
    definition::{Build, Definition},
    gather,
};

pub(super) const AGGREGATES: &[Definition] = &[
    aggregate!(
        ["largest_triangle_three_buckets", "lttb"],
        "largest_triangle_three_buckets(x, y, n) -> array(tuple)",
        "n points that keep the shape of the line through all.",
        (3, 3),
        Build::Rule(&gather::LTTB)
    ),
    aggregate!(
        ["avg_time_weighted"],
        "avg_time_weighted(number, time[, end]) -> float64",
        "The mean, each value weighing as long as it held.",
        (2, 3),
        Build::Rule(&gather::AVG_TIME)
    ),
    aggregate!(
        ["median_time_weighted"],
        "median_time_weighted(number, time[, end]) -> float64",
        "The median, each value weighing as long as it held.",
        (2, 3),
        Build::Rule(&gather::MEDIAN_TIME)
    ),
    aggregate!(
        ["xirr"],
        "xirr(number, date[, guess]) -> float64",
        "The yearly rate of return of payments.",
        (2, 3),
        Build::Rule(&gather::XIRR)
    ),
    aggregate!(
        ["retention"],
        "retention(condition, …) -> array(uint8)",
        "For each condition whether it and the first one hold for a row.",
        (1, 32),
        Build::Rule(&gather::RETENTION)
    ),
    aggregate!(
        ["window_funnel"],
        "window_funnel(seconds)(time, condition, …) -> uint8",
        "How many of the conditions hold one after the other within so many seconds of the first.",
        (3, 34),
        Build::Rule(&gather::WINDOW_FUNNEL)
    ),
    aggregate!(
        ["sequence_match"],
        "sequence_match('(?1).*(?2)')(time, condition, …) -> uint8",
        "Whether events follow each other as the pattern says: (?1) an event for which the first condition holds, . any, .* any number of them, (?t<=60) so many seconds since the last one.",
        (3, 34),
        Build::Rule(&gather::SEQUENCE_MATCH)
    ),
    aggregate!(
        ["sequence_count"],
        "sequence_count('(?1).*(?2)')(time, condition, …) -> uint64",
        "How often events follow each other as the pattern of sequence_match says, each event counting once.",
        (3, 34),
        Build::Rule(&gather::SEQUENCE_COUNT)
    ),
    aggregate!(
        ["exponential_moving_average"],
        "exponential_moving_average(half)(number, time) -> float64",
        "The mean at the last time, each value weighing half as much after so many units of time.",
        (3, 3),
        Build::Rule(&gather::MOVING_EXPONENTIAL)
    ),
];
