//! Two runs compared by their rows: which both have and which only one of them.

use std::collections::HashMap;

use super::kept::Kept;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    First,
    Second,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Comparison {
    /// Columns that both have: only by these are rows compared.
    pub columns: Vec<String>,
    /// Columns that only one of them has.
    pub first_only: Vec<String>,
    pub second_only: Vec<String>,
    pub same: usize,
    /// Rows of one side only, each side's in its order.
    pub rows: Vec<(Side, Vec<String>)>,
}

impl Comparison {
    pub fn count(&self, side: Side) -> usize {
        self.rows.iter().filter(|(of, _)| *of == side).count()
    }
}

/// The same row twice is the same as twice.
pub fn compare(first: &Kept, second: &Kept) -> Comparison {
    let lacks = |one: &Kept, other: &Kept| -> Vec<String> {
        let missing = one.columns.iter().filter(|c| !other.columns.contains(c));
        missing.cloned().collect()
    };
    let both = first.columns.iter().filter(|c| second.columns.contains(c));
    let columns: Vec<String> = both.cloned().collect();
    let (ours, theirs) = (project(first, &columns), project(second, &columns));
    let mut left: HashMap<&[String], usize> = HashMap::new();
    for row in &theirs {
        *left.entry(row).or_default() += 1;
    }
    let (mut rows, mut same) = (Vec::new(), 0);
    for row in &ours {
        match left.get_mut(row.as_slice()).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                same += 1;
            }
            None => rows.push((Side::First, row.clone())),
        }
    }
    // Of rows that are there more often, the last ones are those that are more.
    let mut more = Vec::new();
    for row in theirs.iter().rev() {
        if let Some(count) = left.get_mut(row.as_slice()).filter(|count| **count > 0) {
            *count -= 1;
            more.push((Side::Second, row.clone()));
        }
    }
    more.reverse();
    rows.extend(more);
    Comparison {
        columns,
        first_only: lacks(first, second),
        second_only: lacks(second, first),
        same,
        rows,
    }
}

fn project(run: &Kept, columns: &[String]) -> Vec<Vec<String>> {
    let places: Vec<usize> = columns
        .iter()
        .filter_map(|name| run.columns.iter().position(|column| column == name))
        .collect();
    let cell = |row: &Vec<String>, at: usize| row.get(at).cloned().unwrap_or_default();
    let rows = run.rows.iter();
    rows.map(|row| places.iter().map(|at| cell(row, *at)).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(columns: &[&str], rows: &[&[&str]]) -> Kept {
        let texts = |all: &[&str]| all.iter().map(|text| text.to_string()).collect();
        Kept {
            columns: texts(columns),
            rows: rows.iter().map(|row| texts(row)).collect(),
            ..Kept::default()
        }
    }

    #[test]
    fn rows_are_compared_as_often_as_they_are_there() {
        let a = run(&["n", "s"], &[&["1", "a"], &["2", "b"], &["2", "b"]]);
        let b = run(&["n", "s"], &[&["2", "b"], &["3", "c"], &["3", "c"]]);
        let found = compare(&a, &b);
        assert_eq!(
            (
                found.same,
                found.count(Side::First),
                found.count(Side::Second)
            ),
            (1, 2, 2)
        );
        assert_eq!(found.rows[0].1, ["1", "a"]);
        assert_eq!(found.rows[3].1, ["3", "c"]);
        assert!(compare(&a, &a).rows.is_empty());
    }

    #[test]
    fn other_columns_are_named_and_left_out() {
        let a = run(&["n", "old"], &[&["1", "x"]]);
        let b = run(&["new", "n"], &[&["y", "1"]]);
        let found = compare(&a, &b);
        assert_eq!((found.same, found.columns), (1, vec!["n".to_string()]));
        assert_eq!(
            (found.first_only, found.second_only),
            (vec!["old".into()], vec!["new".into()])
        );
        let nothing = compare(&run(&["a"], &[&["1"]]), &run(&["b"], &[&["1"]]));
        assert!(nothing.columns.is_empty());
    }
}
