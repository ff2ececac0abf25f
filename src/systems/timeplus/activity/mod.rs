//! What sources, sinks and the like do while they run: states, figures, errors, log lines.

pub mod errors;
pub mod lines;
pub mod logs;
pub mod stats;

pub use errors::ErrorsTab;
pub use logs::LogsTab;
pub use stats::StatsTab;

use leptos::prelude::*;
use weir_api::{ApiRequest, timeplus::source::Stats};

use crate::ui::{Tone, field::Choice};

/// Asks for [`Stats`]: key, and how far back errors and throughput go.
pub type StatsRequest = fn(&str, &str, &str) -> ApiRequest;

/// Colour of a state's word, of whatever runs.
pub fn tone(status: &str) -> Tone {
    match status {
        "running" => Tone::Good,
        "interrupted" | "error" | "failed" => Tone::Bad,
        "stopping" | "unknown" => Tone::Warn,
        _ => Tone::Neutral,
    }
}

/// Bytes per second of the last minute that is over, or of the one that runs where it is the only
/// one.
pub fn current(stats: &Stats) -> f64 {
    let over = stats.throughput.len().saturating_sub(2);
    stats.throughput.get(over).map_or(0.0, |point| point.value)
}

fn ranges(all: &[(&'static str, &'static str)]) -> Signal<Vec<Choice>> {
    let choices = all.iter().map(|(value, words)| Choice::new(*value, *words));
    Signal::stored(choices.collect())
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::source::Throughput;

    use super::*;

    #[test]
    fn the_minute_that_is_over_tells_the_rate() {
        let points = |values: &[f64]| Stats {
            throughput: values
                .iter()
                .map(|value| Throughput {
                    value: *value,
                    ..Throughput::default()
                })
                .collect(),
            ..Stats::default()
        };
        assert_eq!(current(&points(&[1.0, 2.0, 0.5])), 2.0);
        assert_eq!(current(&points(&[0.5])), 0.5);
        assert_eq!(current(&points(&[])), 0.0);
    }
}
