//! Resources that somebody marked. This browser keeps them, by connection: addresses only.

use std::{collections::HashSet, sync::Arc};

use crate::{storage, ui::table::Row};

/// Addresses that are kept for a connection; the oldest make room.
const MOST: usize = 500;

fn place(connection: &str) -> String {
    format!("weir.favourites.{connection}")
}

/// In the order in which they were marked.
fn stored(connection: &str) -> Vec<String> {
    storage::read(&place(connection)).unwrap_or_default()
}

fn store(connection: &str, all: &[String]) {
    storage::write(&place(connection), &all);
}

/// Addresses of a connection's favourites.
pub fn of(connection: &str) -> HashSet<String> {
    stored(connection).into_iter().collect()
}

/// Marks what is at the address, or no longer; another tab may have marked others meanwhile.
pub fn toggle(connection: &str, href: &str) -> HashSet<String> {
    let mut all = stored(connection);
    toggled(&mut all, href);
    store(connection, &all);
    all.into_iter().collect()
}

/// What is at these addresses is gone.
pub fn forget(connection: &str, hrefs: &HashSet<String>) -> HashSet<String> {
    let mut all = stored(connection);
    let before = all.len();
    all.retain(|href| !hrefs.contains(href));
    if all.len() < before {
        store(connection, &all);
    }
    all.into_iter().collect()
}

fn toggled(all: &mut Vec<String>, href: &str) {
    let before = all.len();
    all.retain(|known| known != href);
    if all.len() == before {
        all.push(href.into());
        let over = all.len().saturating_sub(MOST);
        all.drain(..over);
    }
}

/// Marked rows before the others, each in the order they had.
pub fn first(rows: Vec<Arc<Row>>, marked: &HashSet<String>) -> Vec<Arc<Row>> {
    if marked.is_empty() {
        return rows;
    }
    let is_marked = |row: &Arc<Row>| marked.contains(&row.href);
    let (mut all, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_marked);
    all.extend(others);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_takes_the_mark_off_and_the_oldest_make_room() {
        let mut all = Vec::new();
        toggled(&mut all, "/a");
        toggled(&mut all, "/b");
        toggled(&mut all, "/a");
        assert_eq!(all, ["/b"]);
        for n in 0..MOST {
            toggled(&mut all, &format!("/{n}"));
        }
        assert_eq!((all.len(), all[0].as_str()), (MOST, "/0"));
    }

    #[test]
    fn marked_rows_come_first_in_their_order() {
        let row = |name: &str| {
            Arc::new(Row {
                key: name.into(),
                href: format!("/{name}"),
                ..Row::default()
            })
        };
        let keys = |marked: &[&str]| -> Vec<String> {
            let marked = marked.iter().map(ToString::to_string).collect();
            let rows = first(["a", "b", "c", "d"].map(row).to_vec(), &marked);
            rows.iter().map(|row| row.key.clone()).collect()
        };
        assert_eq!(keys(&["/d", "/b", "/gone"]), ["b", "d", "a", "c"]);
        assert_eq!(keys(&[]), ["a", "b", "c", "d"]);
    }
}
