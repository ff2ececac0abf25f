//! Lines over a common axis, kept up to date while rows arrive: only new rows are looked at.

use std::{collections::VecDeque, ops::Range};

use super::{Aggregate, Gathered, groups::Groups, number};
use crate::ring::Ring;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum X {
    /// The row's number.
    Row,
    /// A numeric or time column (milliseconds since 1970).
    Column(usize),
}

#[derive(Debug, Clone, PartialEq)]
pub struct LinesSpec {
    pub x: X,
    /// Columns to draw.
    pub y: Vec<usize>,
    /// One line per text of this column.
    pub group: Option<usize>,
    pub aggregate: Aggregate,
    /// How far below the greatest x is looked.
    pub span: Option<f64>,
    /// Places on the axis at most; more distinct x are gathered in equal stretches.
    pub points: usize,
    /// Groups at most, in order of appearance.
    pub groups: usize,
}

/// Lines over one axis, as chart libraries take them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    /// Ascending.
    pub x: Vec<f64>,
    pub lines: Vec<Line>,
    /// Rows were gathered: a place may stand for several x. Without an aggregate there are then
    /// two points for each, lowest and highest, so that no spike is lost.
    pub gathered: bool,
    /// Rows of groups beyond the limit, and those without a place on the axis.
    pub left_out: u64,
    /// Rows that are not seen because a later one of their line has the same x.
    pub behind: u64,
}

/// As long as the axis; NaN where a line has no row, infinite where its row has no number: there
/// the line is broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub column: usize,
    /// Empty without grouping.
    pub group: String,
    pub y: Vec<f64>,
}

#[derive(Debug)]
struct Place {
    x: f64,
    /// Number of the newest row that lies here.
    newest: u64,
    left_out: u64,
    /// Of group `g` and the `i`-th of `n` columns at `g * n + i`; shorter where nothing came.
    values: Vec<Gathered>,
}

/// Of rows that leave the ring the places go when the last of their rows is gone.
#[derive(Debug)]
pub struct Charter {
    spec: LinesSpec,
    places: VecDeque<Place>,
    /// Length of a place on the axis, a power of two; 0 while every x has its own.
    width: f64,
    greatest: f64,
    /// The first row not looked at.
    next: u64,
    groups: Groups,
    /// Newest row of each group.
    seen: Vec<u64>,
    /// Rows without a place on the axis.
    placeless: VecDeque<u64>,
}

impl Charter {
    pub fn new(spec: LinesSpec) -> Self {
        Self {
            spec,
            places: VecDeque::new(),
            width: 0.0,
            greatest: f64::NEG_INFINITY,
            next: 0,
            groups: Groups::default(),
            seen: Vec::new(),
            placeless: VecDeque::new(),
        }
    }

    pub fn spec(&self) -> &LinesSpec {
        &self.spec
    }

    /// The greatest x seen.
    pub fn greatest(&self) -> Option<f64> {
        self.greatest.is_finite().then_some(self.greatest)
    }

    /// Takes the rows that came since the last time; `ring` has to be the same one.
    pub fn update(&mut self, ring: &Ring) {
        let first = ring.first();
        self.places.retain(|place| place.newest >= first);
        let gone = self.placeless.partition_point(|row| *row < first);
        self.placeless.drain(..gone);
        let gone = self.seen.iter().filter(|newest| **newest < first).count();
        let stale = gone > 0 && gone * 4 >= self.seen.len();
        if stale || self.next > ring.end() || self.is_coarse() {
            *self = Self::new(self.spec.clone());
        }
        self.take(ring, self.next.max(first)..ring.end());
        self.next = ring.end();
    }

    /// What is held would fit into places much shorter.
    fn is_coarse(&self) -> bool {
        self.width > 0.0
            && self.places.len() < self.spec.points / 4
            && self.fitting() <= self.width / 4.0
    }

    /// The width by which everything fits.
    fn fitting(&self) -> f64 {
        let (Some(low), Some(high)) = (self.places.front(), self.places.back()) else {
            return 0.0;
        };
        let points = self.spec.points.max(4) as f64 * 0.75;
        let width = high.x / points - low.x / points;
        width.max(f64::MIN_POSITIVE).log2().ceil().exp2()
    }

    fn take(&mut self, ring: &Ring, rows: Range<u64>) {
        let aggregate = self.spec.aggregate;
        let cells = |column: usize| ring.cells(column, rows.clone());
        let mut xs = match self.spec.x {
            X::Column(column) => Some(cells(column)),
            X::Row => None,
        };
        let mut groups = self.spec.group.map(cells);
        let mut ys: Vec<_> = self.spec.y.iter().copied().map(cells).collect();
        let columns = ys.len();
        for row in rows.clone() {
            let x = match &mut xs {
                None => Some(row as f64),
                Some(xs) => xs.next().and_then(|(_, cell)| cell.as_f64()),
            };
            let group = match &mut groups {
                None => Some(0),
                Some(cells) => cells
                    .next()
                    .and_then(|(_, cell)| self.groups.place(&cell, self.spec.groups)),
            };
            if let Some(group) = group {
                if self.seen.len() <= group {
                    self.seen.resize(group + 1, row);
                }
                self.seen[group] = row;
            }
            let x = x.filter(|x| x.is_finite());
            if x.is_none() {
                self.placeless.push_back(row);
            }
            let at = x.and_then(|x| self.place(x, row));
            for (index, cells) in ys.iter_mut().enumerate() {
                let Some((_, cell)) = cells.next() else {
                    continue;
                };
                let Some(place) = at.map(|at| &mut self.places[at]) else {
                    continue;
                };
                let Some(group) = group else {
                    continue;
                };
                let slot = group * columns + index;
                if place.values.len() <= slot {
                    place.values.resize(slot + 1, Gathered::NONE);
                }
                match number(&cell, aggregate) {
                    Some(value) => place.values[slot].add(value),
                    None => place.values[slot].empty = true,
                }
            }
            if let Some(at) = at {
                self.places[at].left_out += u64::from(group.is_none());
            }
            if self.places.len() > self.spec.points.max(4) {
                self.coarsen();
            }
        }
    }

    /// Where `x` lies; `None` below the span.
    fn place(&mut self, x: f64, row: u64) -> Option<usize> {
        if x > self.greatest {
            self.greatest = x;
            if let Some(span) = self.spec.span {
                let from = x - span;
                while self
                    .places
                    .front()
                    .is_some_and(|place| place.x + self.width < from)
                {
                    self.places.pop_front();
                }
            }
        } else if self.spec.span.is_some_and(|span| x < self.greatest - span) {
            return None;
        }
        let x = self.start(x);
        let fresh = || Place {
            x,
            newest: row,
            left_out: 0,
            values: Vec::new(),
        };
        let last = self.places.len().wrapping_sub(1);
        let at = match self.places.back().map(|place| place.x.total_cmp(&x)) {
            Some(std::cmp::Ordering::Equal) => last,
            None | Some(std::cmp::Ordering::Less) => {
                self.places.push_back(fresh());
                last.wrapping_add(1)
            }
            _ => match self.places.binary_search_by(|place| place.x.total_cmp(&x)) {
                Ok(at) => at,
                Err(at) => {
                    self.places.insert(at, fresh());
                    at
                }
            },
        };
        self.places[at].newest = row;
        Some(at)
    }

    /// Adding 0 makes -0 the same place as 0.
    fn start(&self, x: f64) -> f64 {
        match self.width {
            0.0 => x + 0.0,
            width => (x / width).floor() * width + 0.0,
        }
    }

    fn coarsen(&mut self) {
        self.width = self.fitting().max(self.width * 2.0);
        let mut joined: VecDeque<Place> = VecDeque::with_capacity(self.places.len());
        for mut place in std::mem::take(&mut self.places) {
            place.x = self.start(place.x);
            match joined.back_mut().filter(|last| last.x == place.x) {
                None => joined.push_back(place),
                Some(last) => {
                    last.newest = last.newest.max(place.newest);
                    last.left_out += place.left_out;
                    if last.values.len() < place.values.len() {
                        last.values.resize(place.values.len(), Gathered::NONE);
                    }
                    for (into, later) in last.values.iter_mut().zip(&place.values) {
                        into.join(later);
                    }
                }
            }
        }
        self.places = joined;
    }

    pub fn lines(&self) -> Lines {
        let gathered = self.width > 0.0;
        let pairs = gathered && self.spec.aggregate == Aggregate::Newest;
        let mut x = Vec::with_capacity(self.places.len() * 2);
        for place in &self.places {
            x.push(place.x);
            if pairs {
                x.push(place.x + self.width / 2.0);
            }
        }
        let names: &[String] = match self.spec.group {
            Some(_) => &self.groups.names,
            None => &[String::new()],
        };
        let columns = self.spec.y.len();
        let all = !gathered && self.spec.aggregate == Aggregate::Newest;
        let behind = self.places.iter().filter(|_| all).map(|place| {
            let of_lines = place.values.chunks(columns.max(1));
            let most = |line: &[Gathered]| line.iter().map(|value| value.count).max();
            let rows = of_lines.filter_map(most).map(|rows| rows.saturating_sub(1));
            rows.sum::<u64>()
        });
        let behind = behind.sum();
        let mut lines = Vec::with_capacity(columns * names.len());
        for (index, column) in self.spec.y.iter().enumerate() {
            for (group, name) in names.iter().enumerate() {
                let mut y = Vec::with_capacity(x.len());
                for place in &self.places {
                    let value = place.values.get(group * columns + index);
                    let value = value.unwrap_or(&Gathered::NONE);
                    if pairs {
                        y.push(value.value(Aggregate::Least));
                        y.push(value.value(Aggregate::Greatest));
                    } else {
                        y.push(value.value(self.spec.aggregate));
                    }
                }
                // A group whose rows are all gone has no line.
                if names.len() == 1 || y.iter().any(|value| value.is_finite()) {
                    lines.push(Line {
                        column: *column,
                        group: name.clone(),
                        y,
                    });
                }
            }
        }
        Lines {
            x,
            lines,
            gathered,
            left_out: self.places.iter().map(|place| place.left_out).sum::<u64>()
                + self.placeless.len() as u64,
            behind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ring::Limits, testing::ring};

    fn spec(x: X, group: Option<usize>, points: usize) -> LinesSpec {
        LinesSpec {
            x,
            y: vec![1],
            group,
            aggregate: Aggregate::Newest,
            span: None,
            points,
            groups: 2,
        }
    }

    fn drawn(ring: &Ring, spec: LinesSpec) -> Lines {
        let mut charter = Charter::new(spec);
        charter.update(ring);
        charter.lines()
    }

    #[test]
    fn few_points_are_drawn_as_they_are_in_order_of_x() {
        let ring = ring(
            &["datetime", "float64"],
            r#"[["1970-01-01T00:00:02Z",2.5],["1970-01-01T00:00:01Z",1],[null,9],["1970-01-01T00:00:03Z","nan"],["1970-01-01T00:00:02Z",4]]"#,
        );
        let chart = drawn(&ring, spec(X::Column(0), None, 10));
        assert_eq!(
            (chart.x, chart.gathered),
            (vec![1000.0, 2000.0, 3000.0], false)
        );
        assert_eq!(chart.left_out, 1, "without a time");
        assert_eq!(chart.behind, 1, "2.5 stands behind 4");
        assert_eq!(chart.lines[0].y[..2], [1.0, 4.0]);
        assert_eq!(chart.lines[0].y[2], f64::INFINITY, "a gap");
        let at_two = |aggregate| {
            let spec = LinesSpec {
                aggregate,
                ..spec(X::Column(0), None, 10)
            };
            let chart = drawn(&ring, spec);
            assert_eq!(chart.behind, 0, "all count");
            chart.lines[0].y[1]
        };
        let all = [
            Aggregate::Sum,
            Aggregate::Average,
            Aggregate::Least,
            Aggregate::Greatest,
            Aggregate::Count,
        ];
        assert_eq!(all.map(at_two), [6.5, 3.25, 2.5, 4.0, 2.0]);
    }

    #[test]
    fn many_points_are_gathered_without_losing_the_peaks() {
        let rows: Vec<String> = (0..1000)
            .map(|row| format!("[\"a\",{}]", if row == 501 { 1_000_000 } else { row % 10 }))
            .collect();
        let ring = ring(&["string", "int64"], &format!("[{}]", rows.join(",")));
        let chart = drawn(&ring, spec(X::Row, None, 20));
        assert!(chart.gathered);
        assert!((10..=40).contains(&chart.x.len()), "{}", chart.x.len());
        let y = &chart.lines[0].y;
        assert_eq!(y.iter().copied().fold(0.0, f64::max), 1e6);
        assert_eq!((y[0], y[1]), (0.0, 9.0), "lowest and highest side by side");
        let count = LinesSpec {
            aggregate: Aggregate::Count,
            ..spec(X::Row, None, 20)
        };
        let counted: f64 = drawn(&ring, count).lines[0].y.iter().sum();
        assert_eq!(counted, 1000.0);
    }

    #[test]
    fn groups_become_lines_up_to_the_limit() {
        let ring = ring(
            &["string", "int64"],
            r#"[["a",1],["b",2],["a",3],["c",4],["c",5]]"#,
        );
        let chart = drawn(&ring, spec(X::Row, Some(0), 10));
        let names: Vec<&str> = chart.lines.iter().map(|line| line.group.as_str()).collect();
        assert_eq!((names, chart.left_out), (vec!["a", "b"], 2));
        assert_eq!(chart.lines[0].y[2], 3.0);
        assert!(chart.lines[1].y[2].is_nan());
    }

    /// Row by row or at once, and after rows have left the ring.
    #[test]
    fn following_rows_draws_what_looking_at_all_of_them_does() {
        let mut ring = ring(&["int64", "int64", "string"], "[]");
        ring.set_limits(Limits {
            rows: 64,
            bytes: 1 << 20,
        });
        let spec = LinesSpec {
            x: X::Column(0),
            y: vec![1],
            group: Some(2),
            aggregate: Aggregate::Sum,
            span: None,
            points: 1_000,
            groups: 8,
        };
        let mut following = Charter::new(spec.clone());
        for n in 0..500u64 {
            // Late by up to three places, in five groups of which one comes to an end.
            let late = n.saturating_sub(n * 7 % 4);
            let group = if n < 100 { n % 5 } else { n % 4 };
            ring.push(format!("[[{late},{n},\"g{group}\"]]").as_bytes())
                .expect("a row");
            following.update(&ring);
        }
        let (mut a, mut b) = (following.lines(), drawn(&ring, spec));
        // A place whose rows are partly gone keeps their sum; only the oldest ones are such.
        assert_eq!(a.x, b.x);
        for lines in [&mut a, &mut b] {
            lines.lines.sort_by(|a, b| a.group.cmp(&b.group));
        }
        assert_eq!(a.lines.len(), b.lines.len());
        for (a, b) in a.lines.iter().zip(&b.lines) {
            assert_eq!(a.group, b.group);
            for (a, b) in a.y.iter().zip(&b.y).skip(4) {
                assert!(a == b || a.is_nan() && b.is_nan());
            }
        }
    }

    #[test]
    fn the_axis_follows_a_span_and_gets_finer_again() {
        let mut ring = ring(&["int64", "int64"], "[]");
        let mut charter = Charter::new(LinesSpec {
            span: Some(50.0),
            ..spec(X::Column(0), None, 100)
        });
        for n in 0..300 {
            ring.push(format!("[[{n},1]]").as_bytes()).expect("a row");
            charter.update(&ring);
        }
        let lines = charter.lines();
        assert_eq!((lines.x[0], lines.x.len()), (249.0, 51));
        let mut charter = Charter::new(spec(X::Column(0), None, 100));
        for n in 1..=40 {
            ring.push(format!("[[{},1]]", n * 1_000_000).as_bytes())
                .expect("a row");
            charter.update(&ring);
        }
        assert!(charter.lines().gathered && charter.lines().x.len() <= 160);
        ring.clear();
        let rows: Vec<String> = (0..50).map(|n| format!("[{n},1]")).collect();
        ring.push(format!("[{}]", rows.join(",")).as_bytes())
            .expect("rows");
        charter.update(&ring);
        charter.update(&ring);
        assert_eq!(charter.lines().x.len(), 50);
    }
}
