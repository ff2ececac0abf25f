//! Where the nodes of one connected part stand: in columns, left of all that their data reaches.

/// Sweeps over the columns; more change little.
const SWEEPS: usize = 4;

/// Column and row of each of `count` nodes with these flows between them. Loops are opened somewhere; a column of more than `tallest` rows
/// becomes several side by side.
pub fn places(count: usize, flows: &[(usize, usize)], tallest: usize) -> Vec<(usize, usize)> {
    let none = vec![Vec::new(); count];
    let (mut before, mut after) = (none.clone(), none);
    for (from, to) in flows {
        before[*to].push(*from);
        after[*from].push(*to);
    }
    open_loops(&mut before, &mut after);
    let columns = columns(&before, &after);
    let last = columns.iter().max().map_or(0, |last| last + 1);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); last];
    for node in 0..count {
        rows[columns[node]].push(node);
    }
    let mut row = vec![0; count];
    for members in &rows {
        number(members, &mut row);
    }
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        let near = if forward { &before } else { &after };
        for step in 0..last {
            let column = if forward { step } else { last - 1 - step };
            let mean = |node: usize| match near[node].len() {
                0 => row[node] as f64,
                some => {
                    near[node].iter().map(|other| row[*other]).sum::<usize>() as f64 / some as f64
                }
            };
            let mut members: Vec<(f64, usize)> = rows[column]
                .iter()
                .map(|node| (mean(*node), *node))
                .collect();
            members.sort_by(|a, b| a.0.total_cmp(&b.0));
            rows[column] = members.into_iter().map(|member| member.1).collect();
            number(&rows[column], &mut row);
        }
    }
    wrapped(&rows, count, tallest)
}

fn number(members: &[usize], row: &mut [usize]) {
    for (at, node) in members.iter().enumerate() {
        row[*node] = at;
    }
}

/// Columns of at most `tallest` rows.
fn wrapped(columns: &[Vec<usize>], count: usize, tallest: usize) -> Vec<(usize, usize)> {
    let mut places = vec![(0, 0); count];
    let mut column = 0;
    for members in columns {
        for some in members.chunks(tallest.max(1)) {
            for (row, node) in some.iter().enumerate() {
                places[*node] = (column, row);
            }
            column += 1;
        }
    }
    places
}

/// Takes away what leads back to where one came from.
fn open_loops(before: &mut [Vec<usize>], after: &mut [Vec<usize>]) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        Not,
        /// On the way from the start.
        Within,
        Left,
    }
    let mut seen = vec![Seen::Not; after.len()];
    let mut back = Vec::new();
    // Starts first, so that a loop is opened where data enters it.
    let mut starts: Vec<usize> = (0..after.len()).collect();
    starts.sort_by_key(|node| !before[*node].is_empty());
    for start in starts {
        if seen[start] != Seen::Not {
            continue;
        }
        seen[start] = Seen::Within;
        // Nodes on the way, each with the next of its edges to follow.
        let mut way = vec![(start, 0)];
        while let Some((node, edge)) = way.last_mut() {
            let (from, to) = (*node, after[*node].get(*edge).copied());
            *edge += 1;
            match to {
                None => {
                    seen[from] = Seen::Left;
                    way.pop();
                }
                Some(to) if seen[to] == Seen::Within => back.push((from, to)),
                Some(to) if seen[to] == Seen::Not => {
                    seen[to] = Seen::Within;
                    way.push((to, 0));
                }
                Some(_) => {}
            }
        }
    }
    for (from, to) in back {
        after[from].retain(|other| *other != to);
        before[to].retain(|other| *other != from);
    }
}

/// The longest way from a start; what nothing leads to stands right before what it leads to.
fn columns(before: &[Vec<usize>], after: &[Vec<usize>]) -> Vec<usize> {
    let mut columns = vec![0usize; after.len()];
    let mut waits: Vec<usize> = before.iter().map(Vec::len).collect();
    let mut next: Vec<usize> = (0..after.len()).filter(|node| waits[*node] == 0).collect();
    while let Some(node) = next.pop() {
        for to in &after[node] {
            columns[*to] = columns[*to].max(columns[node] + 1);
            waits[*to] -= 1;
            if waits[*to] == 0 {
                next.push(*to);
            }
        }
    }
    for node in (0..after.len()).filter(|node| before[*node].is_empty()) {
        if let Some(first) = after[node].iter().map(|to| columns[*to]).min() {
            columns[node] = first.saturating_sub(1);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(count: usize, flows: &[(usize, usize)]) -> Vec<(usize, usize)> {
        places(count, flows, 100)
    }

    #[test]
    fn data_flows_from_left_to_right_and_late_sources_stand_near() {
        // 0 → 1 → 2 → 3, 4 → 3
        let places = of(5, &[(0, 1), (1, 2), (2, 3), (4, 3)]);
        let columns: Vec<_> = places.iter().map(|place| place.0).collect();
        assert_eq!(columns, [0, 1, 2, 3, 2]);
    }

    #[test]
    fn no_two_nodes_share_a_place_even_in_loops() {
        let places = of(6, &[(0, 1), (1, 2), (2, 0), (3, 3), (1, 4), (0, 4)]);
        for (at, place) in places.iter().enumerate() {
            assert!(!places[..at].contains(place), "{places:?}");
        }
        assert_eq!(of(0, &[]), []);
    }

    #[test]
    fn a_loop_is_as_wide_as_its_nodes_and_opened_where_data_enters_it() {
        let places = of(4, &[(0, 1), (1, 2), (2, 3), (3, 1)]);
        let columns: Vec<_> = places.iter().map(|place| place.0).collect();
        assert_eq!(columns, [0, 1, 2, 3]);
    }

    #[test]
    fn lines_cross_less_than_in_the_order_given() {
        // 0 and 1 lead to 3 and 2.
        let places = of(4, &[(0, 3), (1, 2)]);
        assert_eq!((places[0].1 < places[1].1), (places[3].1 < places[2].1));
    }

    #[test]
    fn a_stream_with_many_readers_has_them_in_several_columns() {
        let flows: Vec<_> = (1..=10).map(|reader| (0, reader)).collect();
        let places = places(11, &flows, 4);
        let last = places.iter().map(|place| place.0).max();
        assert_eq!(
            (last, places.iter().all(|place| place.1 < 4)),
            (Some(3), true)
        );
    }
}
