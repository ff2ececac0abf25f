//! Rows per second over the last moments.

use std::collections::VecDeque;

/// Counts over a sliding window; times are milliseconds of any one clock.
#[derive(Debug, Clone)]
pub struct Rate {
    window: f64,
    samples: VecDeque<(f64, u64)>,
}

impl Default for Rate {
    /// Three seconds: steady to read, quick to tell a stop.
    fn default() -> Self {
        Self::new(3000.0)
    }
}

impl Rate {
    pub fn new(window_ms: f64) -> Self {
        Self {
            window: window_ms.max(1.0),
            samples: VecDeque::new(),
        }
    }

    /// Notes the total `count` at `now_ms`.
    pub fn sample(&mut self, now_ms: f64, count: u64) {
        // Samples closer together than a fiftieth of the window add nothing.
        let close = |(time, _): &(f64, u64)| now_ms - time < self.window / 50.0;
        if self.samples.len() > 1
            && let Some(last) = self.samples.back().filter(|last| close(last)).copied()
        {
            self.samples.pop_back();
            self.samples.push_back((last.0, count));
        } else {
            self.samples.push_back((now_ms, count));
        }
        // The newest sample older than the window is its left edge.
        while self
            .samples
            .get(1)
            .is_some_and(|(time, _)| now_ms - time >= self.window)
        {
            self.samples.pop_front();
        }
    }

    /// 0 before the second sample.
    pub fn per_second(&self, now_ms: f64) -> f64 {
        let edge = now_ms - self.window;
        let before = self.samples.iter().rev().find(|(time, _)| *time <= edge);
        let Some((start, from)) = before.or(self.samples.front()) else {
            return 0.0;
        };
        let to = self.samples.back().map_or(*from, |(_, count)| *count);
        // Without a sample in the window nothing has arrived in it.
        let span = (now_ms - start.max(edge)).max(1.0);
        if before.is_some() && self.samples.back().is_some_and(|(time, _)| *time <= edge) {
            return 0.0;
        }
        to.saturating_sub(*from) as f64 * 1000.0 / span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_stream_has_its_rate_and_a_stop_ends_it() {
        let mut rate = Rate::new(1000.0);
        assert_eq!(rate.per_second(0.0), 0.0);
        for tick in 0..=500u32 {
            rate.sample(f64::from(tick) * 10.0, u64::from(tick) * 50);
        }
        let steady = rate.per_second(5000.0);
        assert!((steady - 5000.0).abs() < 150.0, "{steady}");
        let half = rate.per_second(5500.0);
        assert!((half - 2500.0).abs() < 150.0, "{half}");
        assert_eq!(rate.per_second(6100.0), 0.0);
        assert!(rate.samples.len() < 60);
    }

    #[test]
    fn the_first_moments_count_from_the_first_sample() {
        let mut rate = Rate::new(3000.0);
        rate.sample(1000.0, 0);
        rate.sample(1500.0, 100);
        assert_eq!(rate.per_second(1500.0), 200.0);
    }
}
