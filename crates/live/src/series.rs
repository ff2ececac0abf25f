//! What a chart draws: numbers of a range of rows over a common axis.

use std::{collections::HashMap, ops::Range};

use crate::ring::Ring;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum X {
    /// The row's number.
    Row,
    /// A numeric or time column (milliseconds since 1970).
    Column(usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSpec {
    pub x: X,
    /// Columns to draw.
    pub y: Vec<usize>,
    /// One line per text of this column.
    pub group: Option<usize>,
    /// Points on the axis at most; more distinct x are gathered in equal stretches.
    pub points: usize,
    /// Lines per column at most, in order of appearance.
    pub lines: usize,
}

/// Lines over one axis, as chart libraries take them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Chart {
    /// Ascending; the start of each stretch where rows were gathered.
    pub x: Vec<f64>,
    pub lines: Vec<Line>,
    /// Rows were gathered: a point may stand for several.
    pub gathered: bool,
    /// Rows of groups beyond the limit of lines.
    pub left_out: u64,
}

/// As long as the axis; NaN where a line has no value.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub column: usize,
    /// Empty without grouping.
    pub group: String,
    pub min: Vec<f64>,
    pub max: Vec<f64>,
    pub last: Vec<f64>,
}

const NONE: u32 = u32::MAX;

/// Draws the held rows of `rows`. Values that are not finite numbers are left out.
pub fn chart(ring: &Ring, rows: Range<u64>, spec: &ChartSpec) -> Chart {
    let mut chart = Chart::default();
    let slots = place(ring, rows.clone(), spec, &mut chart);
    let groups = spec
        .group
        .map(|group| Groups::of(ring, rows.clone(), group, spec.lines));
    let names = groups
        .as_ref()
        .map_or(&[] as &[String], |groups| &groups.names);
    if let Some(groups) = &groups {
        let beyond = groups.of_row.iter().filter(|group| **group == NONE);
        chart.left_out = beyond.count() as u64;
    }
    for column in &spec.y {
        let empty = vec![f64::NAN; chart.x.len()];
        let line = |group: &str| Line {
            column: *column,
            group: group.to_string(),
            min: empty.clone(),
            max: empty.clone(),
            last: empty.clone(),
        };
        let mut lines: Vec<Line> = match &groups {
            Some(_) => names.iter().map(|name| line(name)).collect(),
            None => vec![line("")],
        };
        for (index, (_, cell)) in ring.cells(*column, rows.clone()).enumerate() {
            let group = groups.as_ref().map_or(0, |groups| groups.of_row[index]);
            let (Some(line), Some(value)) = (lines.get_mut(group as usize), cell.as_f64()) else {
                continue;
            };
            let slot = slots[index] as usize;
            if slots[index] != NONE && value.is_finite() {
                line.min[slot] = line.min[slot].min(value);
                line.max[slot] = line.max[slot].max(value);
                line.last[slot] = value;
            }
        }
        chart.lines.append(&mut lines);
    }
    chart
}

/// Makes the axis and tells the place of each row on it.
fn place(ring: &Ring, rows: Range<u64>, spec: &ChartSpec, chart: &mut Chart) -> Vec<u32> {
    let of_row: Vec<f64> = match spec.x {
        X::Row => {
            let held = rows.start.max(ring.first())..rows.end.min(ring.end());
            held.map(|row| row as f64).collect()
        }
        X::Column(column) => ring
            .cells(column, rows)
            .map(|(_, cell)| match cell.as_f64() {
                // Adding 0 makes -0 the same place as 0.
                Some(x) if x.is_finite() => x + 0.0,
                _ => f64::NAN,
            })
            .collect(),
    };
    let mut axis: Vec<f64> = of_row.iter().copied().filter(|x| !x.is_nan()).collect();
    // Rows mostly arrive in order of time: long sorted runs, which the sort takes in one pass.
    axis.sort_by(f64::total_cmp);
    axis.dedup();
    let points = spec.points.clamp(1, 1 << 20);
    if axis.len() <= points {
        let slots = of_row
            .iter()
            .map(|x| match axis.binary_search_by(|at| at.total_cmp(x)) {
                Ok(slot) => slot as u32,
                Err(_) => NONE,
            });
        let slots = slots.collect();
        chart.x = axis;
        return slots;
    }
    chart.gathered = true;
    let (low, high) = (axis[0], axis[axis.len() - 1]);
    let width = high / points as f64 - low / points as f64;
    chart.x = (0..points).map(|slot| low + width * slot as f64).collect();
    let slot = |x: &f64| match x.is_nan() {
        true => NONE,
        false => (((x - low) / width) as u32).min(points as u32 - 1),
    };
    of_row.iter().map(slot).collect()
}

struct Groups {
    names: Vec<String>,
    of_row: Vec<u32>,
}

impl Groups {
    fn of(ring: &Ring, rows: Range<u64>, column: usize, most: usize) -> Self {
        let mut found: HashMap<String, u32> = HashMap::new();
        let mut names = Vec::new();
        let mut text = String::new();
        let of_row = ring.cells(column, rows).map(|(_, cell)| {
            text.clear();
            cell.write_text(&mut text);
            if let Some(group) = found.get(text.as_str()) {
                return *group;
            }
            if names.len() >= most {
                return NONE;
            }
            let group = names.len() as u32;
            names.push(text.clone());
            found.insert(text.clone(), group);
            group
        });
        let of_row = of_row.collect();
        Self { names, of_row }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn spec(x: X, group: Option<usize>, points: usize) -> ChartSpec {
        ChartSpec {
            x,
            y: vec![1],
            group,
            points,
            lines: 2,
        }
    }

    #[test]
    fn few_points_are_drawn_as_they_are_in_order_of_x() {
        let ring = ring(
            &["datetime", "float64"],
            r#"[["1970-01-01T00:00:02Z",2.5],["1970-01-01T00:00:01Z",1],[null,9],["1970-01-01T00:00:03Z","nan"],["1970-01-01T00:00:02Z",4]]"#,
        );
        let chart = chart(&ring, 0..99, &spec(X::Column(0), None, 10));
        assert_eq!(
            (chart.x, chart.gathered),
            (vec![1000.0, 2000.0, 3000.0], false)
        );
        let line = &chart.lines[0];
        assert_eq!((line.min[1], line.max[1], line.last[1]), (2.5, 4.0, 4.0));
        assert_eq!(line.last[0], 1.0);
        assert!(line.last[2].is_nan());
    }

    #[test]
    fn many_points_are_gathered_without_losing_the_peaks() {
        let rows: Vec<String> = (0..1000)
            .map(|row| format!("[\"a\",{}]", if row == 501 { 1_000_000 } else { row % 10 }))
            .collect();
        let ring = ring(&["string", "int64"], &format!("[{}]", rows.join(",")));
        let chart = chart(&ring, 0..1000, &spec(X::Row, None, 10));
        assert!(chart.gathered);
        assert_eq!(chart.x.len(), 10);
        let line = &chart.lines[0];
        assert_eq!(line.max.iter().copied().fold(0.0, f64::max), 1e6);
        assert_eq!((line.min[9], line.last[9]), (0.0, 9.0));
    }

    #[test]
    fn groups_become_lines_up_to_the_limit() {
        let ring = ring(
            &["string", "int64"],
            r#"[["a",1],["b",2],["a",3],["c",4],["c",5]]"#,
        );
        let chart = chart(&ring, 0..99, &spec(X::Row, Some(0), 10));
        let names: Vec<&str> = chart.lines.iter().map(|line| line.group.as_str()).collect();
        assert_eq!((names, chart.left_out), (vec!["a", "b"], 2));
        assert_eq!(chart.lines[0].last[2], 3.0);
        assert!(chart.lines[1].last[2].is_nan());
    }
}
