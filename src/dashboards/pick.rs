//! Which of the rows held a panel shows.

use std::collections::HashMap;

use weir_live::Ring;

use super::options::Options;

/// What new rows do to those shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// They are added.
    All,
    /// Each takes the place of the row with the same value in this column.
    Key(usize),
    /// Only rows with the newest value of this column are shown.
    Newest(usize),
}

impl Update {
    /// `updateMode` and `updateKey`; where the column is not there, all rows are shown.
    pub fn of(options: &Options, ring: &Ring) -> Self {
        let column = options
            .some("updateKey")
            .and_then(|name| ring.column(&name));
        match (options.text("updateMode").as_str(), column) {
            ("key", Some(column)) => Self::Key(column),
            ("time", Some(column)) => Self::Newest(column),
            ("time", None) => usual_time(ring).map_or(Self::All, Self::Newest),
            _ => Self::All,
        }
    }
}

/// The window's end or start or the event time, else the first time there is.
pub fn usual_time(ring: &Ring) -> Option<usize> {
    let named = ["window_end", "window_start", "_tp_time"];
    let found = named.into_iter().find_map(|name| ring.column(name));
    found.or_else(|| {
        ring.columns()
            .iter()
            .position(|column| column.data_type.is_time())
    })
}

/// Columns of numbers that are no times.
pub fn numbers(ring: &Ring) -> impl Iterator<Item = usize> {
    let all = ring.columns().iter().enumerate();
    all.filter(|(_, column)| column.data_type.is_numeric() && !column.data_type.is_time())
        .map(|(index, _)| index)
}

pub fn usual_number(ring: &Ring) -> Option<usize> {
    numbers(ring).next()
}

/// Numbers of the rows to show, oldest first, at most the newest `most`.
pub fn rows(ring: &Ring, update: Update, most: usize) -> Vec<u64> {
    let all = ring.first()..ring.end();
    let mut rows: Vec<u64> = match update {
        Update::All => {
            let from = all.end.saturating_sub(most as u64).max(all.start);
            (from..all.end).collect()
        }
        Update::Key(column) => {
            // In order of the keys' first appearance, so that rows keep their place.
            let mut places: HashMap<String, usize> = HashMap::new();
            let mut rows: Vec<u64> = Vec::new();
            for (row, cell) in ring.cells(column, all) {
                let next = rows.len();
                let place = *places.entry(cell.text()).or_insert(next);
                if place == next {
                    rows.push(row);
                } else {
                    rows[place] = row;
                }
            }
            rows
        }
        Update::Newest(column) => {
            let newest = ring
                .cells(column, all.clone())
                .filter_map(|(_, cell)| cell.as_f64())
                .fold(f64::NEG_INFINITY, f64::max);
            let of_newest = ring
                .cells(column, all)
                .filter(|(_, cell)| cell.as_f64().is_some_and(|value| value >= newest));
            of_newest.map(|(row, _)| row).collect()
        }
    };
    let beyond = rows.len().saturating_sub(most);
    rows.drain(..beyond);
    rows
}

/// The newest row, or the newest with this text in the column `key`.
pub fn newest(ring: &Ring, key: Option<(usize, &str)>) -> Option<u64> {
    let Some((column, text)) = key else {
        return ring.end().checked_sub(1).filter(|_| !ring.is_empty());
    };
    (ring.first()..ring.end())
        .rev()
        .find(|row| ring.cell(*row, column).text() == text)
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    pub(crate) fn ring(columns: &[(&str, &str)], json: &str) -> Ring {
        let columns = columns.iter().map(|(name, kind)| RingColumn {
            name: (*name).into(),
            data_type: DataType::parse(kind).expect("a type"),
        });
        let mut ring = Ring::new(columns.collect(), Limits::default());
        ring.push(json.as_bytes()).expect("rows");
        ring
    }

    fn sample() -> Ring {
        ring(
            &[("k", "string"), ("_tp_time", "datetime"), ("v", "int32")],
            r#"[["a","2026-01-01T00:00:01Z",1],["b","2026-01-01T00:00:02Z",2],["a","2026-01-01T00:00:02Z",3]]"#,
        )
    }

    #[test]
    fn keys_keep_their_place_and_take_the_newest_row() {
        let ring = sample();
        assert_eq!(rows(&ring, Update::All, 2), [1, 2]);
        assert_eq!(rows(&ring, Update::Key(0), 9), [2, 1]);
        assert_eq!(rows(&ring, Update::Newest(1), 9), [1, 2]);
        assert_eq!(newest(&ring, Some((0, "b"))), Some(1));
        assert_eq!(newest(&ring, Some((0, "c"))), None);
    }

    #[test]
    fn the_mode_needs_its_column() {
        let ring = sample();
        let options = |json: &str| Options::from_json(json).expect("options");
        let of = |json: &str| Update::of(&options(json), &ring);
        assert_eq!(
            of(r#"{"updateMode":"key","updateKey":"k"}"#),
            Update::Key(0)
        );
        assert_eq!(
            of(r#"{"updateMode":"key","updateKey":"gone"}"#),
            Update::All
        );
        assert_eq!(of(r#"{"updateMode":"time"}"#), Update::Newest(1));
        assert_eq!((usual_time(&ring), usual_number(&ring)), (Some(1), Some(2)));
    }
}
