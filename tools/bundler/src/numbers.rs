//! Sets of pages, by their numbers.

use crate::pages::Page;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Numbers([u64; 4]);

impl Numbers {
    pub(crate) fn of(numbers: impl Iterator<Item = usize>) -> Self {
        let mut words = [0; 4];
        for number in numbers {
            // More pages than places count as one another: packs then are less apt, not wrong.
            words[number / 64 % 4] |= 1 << (number % 64);
        }
        Self(words)
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    pub(crate) fn both(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & other.0[at]))
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] & !other.0[at]))
    }

    pub(crate) fn count(self) -> i64 {
        self.0.iter().map(|word| i64::from(word.count_ones())).sum()
    }

    pub(crate) fn contains(self, number: usize) -> bool {
        self.0[number / 64 % 4] >> (number % 64) & 1 == 1
    }
}

/// How much pages count: those of each weight.
#[derive(Debug)]
pub(crate) struct Weights(Vec<(i64, Numbers)>);

impl Weights {
    pub(crate) fn of(pages: &[Page]) -> Self {
        let mut weights: Vec<i64> = pages.iter().map(|page| page.weight).collect();
        weights.sort_unstable();
        weights.dedup();
        let of_weight = |weight: i64| {
            let all = pages.iter().enumerate();
            let these = all.filter(move |(_, page)| page.weight == weight);
            (weight, Numbers::of(these.map(|(number, _)| number)))
        };
        Self(weights.into_iter().map(of_weight).collect())
    }

    pub(crate) fn sum(&self, pages: Numbers) -> i64 {
        let weights = self.0.iter();
        weights
            .map(|(weight, those)| weight * pages.both(*those).count())
            .sum()
    }
}
