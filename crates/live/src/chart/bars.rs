//! Bars by category.

use std::{cmp::Ordering, collections::HashMap};

use super::{Aggregate, Gathered, groups::Groups, lines::Line, number};
use crate::ring::Ring;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarsSpec {
    /// Column whose texts are the places; `None`: each row is one.
    pub x: Option<usize>,
    pub y: Vec<usize>,
    pub group: Option<usize>,
    pub aggregate: Aggregate,
    /// Places at most: the last ones in their order.
    pub places: usize,
    /// Groups at most, in order of appearance.
    pub groups: usize,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bars {
    /// Times and numbers in their order, everything else behind them as it came.
    pub places: Vec<String>,
    pub lines: Vec<Line>,
    /// Rows of places and groups beyond the limits, and those without a number to draw.
    pub left_out: u64,
}

/// Of the given rows, oldest first.
pub fn bars(ring: &Ring, rows: impl Iterator<Item = u64>, spec: &BarsSpec) -> Bars {
    let mut places = Groups::default();
    let mut order: Vec<f64> = Vec::new();
    let mut groups = Groups::default();
    let mut values: HashMap<(usize, usize), Gathered> = HashMap::new();
    let mut rows_at: Vec<u64> = Vec::new();
    let (columns, mut left_out) = (spec.y.len(), 0);
    for row in rows {
        let Some(cells) = ring.row(row) else { continue };
        let (cell, at) = match spec.x {
            Some(x) => {
                let cell = cells.cell(x);
                (cell, cell.as_f64().unwrap_or(f64::NAN))
            }
            None => (crate::cell::Cell::UInt(row), row as f64),
        };
        let Some(place) = places.place(&cell, usize::MAX) else {
            continue;
        };
        if place == order.len() {
            order.push(at);
            rows_at.push(0);
        }
        let group = match spec.group {
            None => Some(0),
            Some(group) => groups.place(&cells.cell(group), spec.groups),
        };
        let Some(group) = group else {
            left_out += 1;
            continue;
        };
        let mut drawn = spec.aggregate == Aggregate::Count;
        for (index, column) in spec.y.iter().enumerate() {
            if let Some(value) = number(&cells.cell(*column), spec.aggregate) {
                let at = (group * columns + index, place);
                values.entry(at).or_insert(Gathered::NONE).add(value);
                drawn = true;
            }
        }
        let counted = if drawn {
            &mut rows_at[place]
        } else {
            &mut left_out
        };
        *counted += 1;
    }
    let mut sorted: Vec<usize> = (0..order.len()).collect();
    let at = |place: usize| (order[place].is_nan(), order[place]);
    sorted.sort_by(|a, b| {
        let ((no_number, a), (other, b)) = (at(*a), at(*b));
        let numbers = || {
            if no_number {
                Ordering::Equal
            } else {
                a.total_cmp(&b)
            }
        };
        no_number.cmp(&other).then_with(numbers)
    });
    let beyond = sorted.len().saturating_sub(spec.places);
    let shown = sorted.split_off(beyond);
    left_out += sorted.iter().map(|place| rows_at[*place]).sum::<u64>();
    let names: &[String] = match spec.group {
        Some(_) => &groups.names,
        None => &[String::new()],
    };
    let line = |index: usize, group: usize| Line {
        column: spec.y[index],
        group: names[group].clone(),
        y: shown
            .iter()
            .map(|place| {
                let value = values.get(&(group * columns + index, *place));
                value.map_or(f64::NAN, |value| value.value(spec.aggregate))
            })
            .collect(),
    };
    Bars {
        places: shown.iter().map(|at| places.names[*at].clone()).collect(),
        lines: (0..columns)
            .flat_map(|index| (0..names.len()).map(move |group| (index, group)))
            .map(|(index, group)| line(index, group))
            .collect(),
        left_out,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn spec(x: Option<usize>, group: Option<usize>, aggregate: Aggregate) -> BarsSpec {
        BarsSpec {
            x,
            y: vec![1],
            group,
            aggregate,
            places: 3,
            groups: 2,
        }
    }

    #[test]
    fn places_are_texts_and_values_are_gathered() {
        let ring = ring(
            &["string", "int64", "string"],
            r#"[["b",1,"x"],["a",2,"x"],["b",3,"y"],["b",5,"x"],["a",7,"z"]]"#,
        );
        let newest = bars(&ring, 0..5, &spec(Some(0), None, Aggregate::Newest));
        assert_eq!(
            (newest.places, newest.lines[0].y.as_slice()),
            (vec!["b".into(), "a".into()], [5.0, 7.0].as_slice())
        );
        let sums = bars(&ring, 0..5, &spec(Some(0), Some(2), Aggregate::Sum));
        assert_eq!(
            (sums.lines[0].y.as_slice(), sums.left_out),
            ([6.0, 2.0].as_slice(), 1)
        );
        assert_eq!(sums.lines[1].group, "y");
        assert!(sums.lines[1].y[1].is_nan());
        let mut counts = spec(Some(0), None, Aggregate::Count);
        counts.y = vec![2];
        assert_eq!(bars(&ring, 0..5, &counts).lines[0].y, [3.0, 2.0]);
    }

    #[test]
    fn null_is_no_empty_text_and_what_has_no_order_stands_behind() {
        let ring = ring(
            &["string", "int64", "float64"],
            r#"[["",1,3],[null,2,"nan"],["",4,1],["null",8,2],[null,16,null]]"#,
        );
        let whole = |x| BarsSpec {
            places: 9,
            ..spec(Some(x), None, Aggregate::Sum)
        };
        let texts = bars(&ring, 0..5, &whole(0));
        assert_eq!(texts.places, ["", "null", "null"]);
        assert_eq!(texts.lines[0].y, [5.0, 18.0, 8.0]);
        let numbers = bars(&ring, 0..5, &whole(2));
        assert_eq!(numbers.places, ["1", "2", "3", "nan", "null"]);
        assert_eq!(numbers.lines[0].y, [4.0, 8.0, 1.0, 2.0, 16.0]);
        let grouped = bars(&ring, 0..5, &spec(None, Some(0), Aggregate::Newest));
        let names: Vec<_> = grouped.lines.iter().map(|line| &line.group).collect();
        assert_eq!(names, ["", "null"]);
    }

    #[test]
    fn rows_without_a_number_are_told() {
        let ring = ring(
            &["string", "float64"],
            r#"[["a",1],["a","nan"],["a",null],["b","inf"]]"#,
        );
        let drawn = |aggregate| bars(&ring, 0..4, &spec(Some(0), None, aggregate));
        assert_eq!(drawn(Aggregate::Average).left_out, 3);
        assert_eq!(drawn(Aggregate::Average).lines[0].y[0], 1.0);
        assert_eq!(drawn(Aggregate::Count).left_out, 0);
    }

    #[test]
    fn numbers_stand_in_their_order_and_the_last_ones_are_kept() {
        let ring = ring(
            &["int64", "int64"],
            "[[10,1],[2,2],[30,3],[4,4],[1e999,9],[-0,5]]",
        );
        let drawn = bars(&ring, 0..4, &spec(Some(0), None, Aggregate::Newest));
        assert_eq!(
            (drawn.places, drawn.left_out),
            (vec!["4".into(), "10".into(), "30".into()], 1)
        );
        let rows = bars(&ring, 0..2, &spec(None, None, Aggregate::Newest));
        assert_eq!(rows.places, ["0", "1"]);
    }
}
