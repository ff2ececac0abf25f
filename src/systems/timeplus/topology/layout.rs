//! Where the nodes of a graph stand: in columns, left of all that their data reaches.

/// Sweeps over the columns; more change little.
const SWEEPS: usize = 4;

/// Column and row of each node. Edges are pairs of places in the list; loops are broken somewhere.
pub fn places(count: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let columns = columns(count, edges);
    let last = columns.iter().max().map_or(0, |last| last + 1);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); last];
    for node in 0..count {
        rows[columns[node]].push(node);
    }
    let mut row = vec![0; count];
    let number = |rows: &[Vec<usize>], row: &mut Vec<usize>| {
        for members in rows {
            for (at, node) in members.iter().enumerate() {
                row[*node] = at;
            }
        }
    };
    number(&rows, &mut row);
    for sweep in 0..SWEEPS {
        let forward = sweep % 2 == 0;
        for step in 0..last {
            let column = if forward { step } else { last - 1 - step };
            let mean = |node: usize| {
                let near = edges.iter().filter_map(|(from, to)| match forward {
                    true => (*to == node).then_some(*from),
                    false => (*from == node).then_some(*to),
                });
                let rows: Vec<usize> = near.map(|other| row[other]).collect();
                match rows.len() {
                    0 => row[node] as f64,
                    some => rows.iter().sum::<usize>() as f64 / some as f64,
                }
            };
            let mut members: Vec<(f64, usize)> = rows[column]
                .iter()
                .map(|node| (mean(*node), *node))
                .collect();
            members.sort_by(|a, b| a.0.total_cmp(&b.0));
            rows[column] = members.into_iter().map(|member| member.1).collect();
            number(&rows, &mut row);
        }
    }
    (0..count).map(|node| (columns[node], row[node])).collect()
}

/// The longest way from a start; what nothing leads to stands right before what it leads to.
fn columns(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut columns = vec![0usize; count];
    // As many rounds as nodes end a loop, too.
    for _ in 0..count {
        let mut moved = false;
        for (from, to) in edges {
            if from != to && columns[*to] <= columns[*from] && columns[*from] + 1 < count {
                columns[*to] = columns[*from] + 1;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    for node in 0..count {
        let led_to = edges.iter().any(|(_, to)| *to == node);
        let next = edges
            .iter()
            .filter(|(from, to)| *from == node && *to != node);
        if let (false, Some(first)) = (led_to, next.map(|(_, to)| columns[*to]).min()) {
            columns[node] = first.saturating_sub(1);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_flows_from_left_to_right_and_late_sources_stand_near() {
        // 0 → 1 → 2 → 3, 4 → 3
        let places = places(5, &[(0, 1), (1, 2), (2, 3), (4, 3)]);
        let columns: Vec<_> = places.iter().map(|place| place.0).collect();
        assert_eq!(columns, [0, 1, 2, 3, 2]);
    }

    #[test]
    fn no_two_nodes_share_a_place_even_in_loops() {
        let edges = [(0, 1), (1, 2), (2, 0), (3, 3), (1, 4), (0, 4)];
        let places = places(6, &edges);
        for (at, place) in places.iter().enumerate() {
            assert!(!places[..at].contains(place), "{places:?}");
        }
        assert_eq!(super::places(0, &[]), []);
    }

    #[test]
    fn lines_cross_less_than_in_the_order_given() {
        // 0 and 1 lead to 3 and 2.
        let places = places(4, &[(0, 3), (1, 2)]);
        assert_eq!((places[0].1 < places[1].1), (places[3].1 < places[2].1));
    }
}
