use crate::bulk::bulk;

/// Quantiles of the finite numbers (milliseconds of times), interpolated between neighbours.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantiles {
    pub p5: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
    /// Of all numbers; otherwise of an even sample of 65,536.
    pub exact: bool,
}

/// One stretch of a histogram, `from` inclusive. Where a few numbers lie far off, the first or the
/// last one is all the way to them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    /// Scaled up where there were more numbers than the sample holds.
    pub count: u64,
}

/// Even sample of numbers: each number seen is in it with the same chance.
#[derive(Debug)]
pub(super) struct Sample {
    kept: Vec<f64>,
    seen: u64,
    random: u64,
    low: f64,
    high: f64,
}

const SIZE: usize = 1 << 16;

impl Default for Sample {
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            seen: 0,
            random: 0x9E37_79B9_7F4A_7C15,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
        }
    }
}

impl Sample {
    pub(super) fn add(&mut self, number: f64) {
        self.seen += 1;
        self.low = self.low.min(number);
        self.high = self.high.max(number);
        if self.kept.len() < SIZE {
            self.kept.push(number);
            return;
        }
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let place = (self.random % self.seen) as usize;
        if let Some(kept) = self.kept.get_mut(place) {
            *kept = number;
        }
    }

    pub(super) fn quantiles(&self) -> Option<Quantiles> {
        if self.kept.is_empty() {
            return None;
        }
        let mut sorted = self.kept.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (sorted.len() - 1) as f64;
            let (below, above) = (place.floor() as usize, place.ceil() as usize);
            let part = place - place.floor();
            sorted[below] * (1.0 - part) + sorted[above] * part
        };
        Some(Quantiles {
            p5: at(0.05),
            p25: at(0.25),
            p50: at(0.5),
            p75: at(0.75),
            p95: at(0.95),
            exact: self.seen as usize <= SIZE,
        })
    }

    pub(super) fn histogram(&self, bins: usize) -> Vec<Bin> {
        if self.kept.is_empty() || bins == 0 {
            return Vec::new();
        }
        let (low, high) = bulk(&self.kept).unwrap_or((self.low, self.high));
        let bins = if low == high { 1 } else { bins };
        let width = high / bins as f64 - low / bins as f64;
        let mut counts = vec![0u64; bins];
        let (mut before, mut after) = (0, 0);
        for number in &self.kept {
            if *number < low {
                before += 1;
            } else if *number > high {
                after += 1;
            } else {
                let bin = ((number - low) / width) as usize;
                counts[bin.min(bins - 1)] += 1;
            }
        }
        let scale = self.seen as f64 / self.kept.len() as f64;
        let edge = |bin: usize| match bin == bins {
            true => high,
            false => low + width * bin as f64,
        };
        let bin = |from: f64, to: f64, count: u64| Bin {
            from,
            to,
            count: (count as f64 * scale).round() as u64,
        };
        let first = (before > 0).then(|| bin(self.low, low, before));
        let last = (after > 0).then(|| bin(high, self.high, after));
        let counts = counts.into_iter().enumerate();
        let middle = counts.map(|(at, count)| bin(edge(at), edge(at + 1), count));
        first.into_iter().chain(middle).chain(last).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_numbers_than_the_sample_holds() {
        let mut sample = Sample::default();
        for number in 0..1_000_000u32 {
            sample.add(f64::from(number));
        }
        let quantiles = sample.quantiles().expect("numbers");
        assert!(!quantiles.exact);
        assert!(
            (quantiles.p50 - 500_000.0).abs() < 10_000.0,
            "{}",
            quantiles.p50
        );
        let histogram = sample.histogram(10);
        assert_eq!((histogram[0].from, histogram[9].to), (0.0, 999_999.0));
        assert!(
            histogram
                .iter()
                .all(|bin| bin.count.abs_diff(100_000) < 8_000)
        );
    }

    #[test]
    fn numbers_far_off_have_a_bin_of_their_own() {
        let mut sample = Sample::default();
        (0..40).for_each(|number| sample.add(f64::from(number)));
        sample.add(1e12);
        let histogram = sample.histogram(4);
        let counts: Vec<u64> = histogram.iter().map(|bin| bin.count).collect();
        assert_eq!(counts, [10, 10, 10, 10, 1]);
        assert_eq!(
            (histogram[3].to, histogram[4].from, histogram[4].to),
            (39.0, 39.0, 1e12)
        );
    }

    #[test]
    fn equal_numbers_make_one_bin() {
        let mut sample = Sample::default();
        sample.add(3.0);
        sample.add(3.0);
        assert_eq!(
            sample.histogram(20),
            [Bin {
                from: 3.0,
                to: 3.0,
                count: 2
            }]
        );
    }
}
