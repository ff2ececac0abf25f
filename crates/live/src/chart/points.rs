//! Points of a scatter chart: one for each row.

use super::{Aggregate, groups::Groups, number};
use crate::ring::Ring;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointsSpec {
    pub x: usize,
    pub y: Vec<usize>,
    pub group: Option<usize>,
    /// Rows at most, the newest.
    pub rows: u64,
    pub groups: usize,
}

/// Point `i` belongs to series `series[i]`; series are named by column and group.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Points {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub series: Vec<f64>,
    pub names: Vec<(usize, String)>,
    /// Rows beyond the limits, and those without two numbers.
    pub left_out: u64,
}

pub fn points(ring: &Ring, spec: &PointsSpec) -> Points {
    let end = ring.end();
    let from = end.saturating_sub(spec.rows).max(ring.first());
    let mut points = Points {
        left_out: from - ring.first(),
        ..Points::default()
    };
    let mut groups = Groups::default();
    let columns = spec.y.len();
    for row in from..end {
        let Some(cells) = ring.row(row) else { continue };
        let group = match spec.group {
            None => Some(0),
            Some(group) => groups.place(&cells.cell(group), spec.groups),
        };
        let Some(group) = group else {
            points.left_out += 1;
            continue;
        };
        let before = points.x.len();
        let x = number(&cells.cell(spec.x), Aggregate::Newest);
        for (index, column) in spec.y.iter().enumerate() {
            let y = number(&cells.cell(*column), Aggregate::Newest);
            if let Some((x, y)) = x.zip(y) {
                points.x.push(x);
                points.y.push(y);
                points.series.push((group * columns + index) as f64);
            }
        }
        points.left_out += u64::from(points.x.len() == before);
    }
    let names: &[String] = match spec.group {
        Some(_) => &groups.names,
        None => &[String::new()],
    };
    points.names = names
        .iter()
        .flat_map(|name| spec.y.iter().map(move |column| (*column, name.clone())))
        .collect();
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    #[test]
    fn each_row_is_a_point_of_its_series() {
        let ring = ring(
            &["int64", "float64", "string"],
            r#"[[9,9,"a"],[1,2.5,"a"],[3,null,"a"],[3,4,"b"],[5,6,"c"],["nan",1,"a"]]"#,
        );
        let spec = PointsSpec {
            x: 0,
            y: vec![1],
            group: Some(2),
            rows: 5,
            groups: 2,
        };
        let drawn = points(&ring, &spec);
        assert_eq!((drawn.x, drawn.y), (vec![1.0, 3.0], vec![2.5, 4.0]));
        assert_eq!((drawn.series, drawn.left_out), (vec![0.0, 1.0], 4));
        assert_eq!(drawn.names, [(1, "a".into()), (1, "b".into())]);
    }
}
