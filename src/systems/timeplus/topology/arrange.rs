//! Where everything stands: connected parts side by side as far as the width reaches, and below
//! them what no data connects.

use std::collections::HashMap;

use super::{
    layout,
    net::{Item, Net},
};

pub const BOX: (f64, f64) = (196.0, 58.0);
pub const GAP: (f64, f64) = (72.0, 18.0);
pub const EDGE: f64 = 12.0;
/// Between two parts.
const APART: f64 = 32.0;
/// Of the words over what is not connected.
const HEAD: f64 = 32.0;
/// Rows of a column, at least: more of them become more columns with the size of the part.
const ROWS: f64 = 16.0;

/// Left, top, right and bottom of what is drawn, in pixels of the sheet.
pub type Window = (f64, f64, f64, f64);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawn {
    pub items: Vec<(Item, f64, f64)>,
    pub flows: Vec<(usize, usize)>,
    pub width: f64,
    pub height: f64,
    /// How many are not connected, and where the words over them stand.
    pub alone: Option<(usize, f64)>,
}

/// `room` is the width there is, in pixels.
pub fn arrange(net: &Net, room: f64) -> Drawn {
    let mut at = vec![(EDGE, EDGE); net.items.len()];
    let (parts, (_, after)) = (net.parts(), net.neighbours());
    let (connected, alone): (Vec<_>, Vec<_>) = parts.iter().partition(|part| part.len() > 1);
    // The next part's corner, and the bottom of those beside it.
    let (mut x, mut y, mut bottom, mut width) = (EDGE, EDGE, EDGE, 0.0f64);
    for part in connected {
        let (corners, size) = corners(part, &after);
        if x > EDGE && x + size.0 + EDGE > room.max(width) {
            (x, y) = (EDGE, bottom + APART);
        }
        for (node, corner) in part.iter().zip(corners) {
            at[*node] = (x + corner.0, y + corner.1);
        }
        width = width.max(x + size.0 + EDGE);
        bottom = bottom.max(y + size.1);
        x += size.0 + APART;
    }
    let mut head = None;
    if !alone.is_empty() {
        let top = if bottom > EDGE { bottom + APART } else { EDGE };
        head = Some((alone.len(), top));
        let across = BOX.0 + GAP.1;
        let columns = (((room.max(width) - 2.0 * EDGE + GAP.1) / across) as usize).max(1);
        for (place, node) in alone.iter().flat_map(|part| part.iter()).enumerate() {
            let (column, row) = ((place % columns) as f64, (place / columns) as f64);
            let corner = (EDGE + column * across, top + HEAD + row * (BOX.1 + GAP.1));
            at[*node] = corner;
            width = width.max(corner.0 + BOX.0 + EDGE);
            bottom = bottom.max(corner.1 + BOX.1);
        }
    }
    let items = net.items.iter().cloned().zip(at);
    Drawn {
        items: items.map(|(item, (x, y))| (item, x, y)).collect(),
        flows: net.flows.clone(),
        width,
        height: bottom + EDGE,
        alone: head,
    }
}

/// Of each node of a connected part, and the part's size. Short columns stand in the middle.
fn corners(part: &[usize], after: &[Vec<usize>]) -> (Vec<(f64, f64)>, (f64, f64)) {
    let within: HashMap<usize, usize> = part.iter().copied().zip(0..).collect();
    let flows = part.iter().enumerate().flat_map(|(from, node)| {
        let to = after[*node].iter().filter_map(|to| within.get(to).copied());
        to.map(move |to| (from, to))
    });
    let flows: Vec<(usize, usize)> = flows.collect();
    // About as wide as tall.
    let tallest = ROWS.max((part.len() as f64 * 3.0).sqrt()) as usize;
    let places = layout::places(part.len(), &flows, tallest);
    let columns = places.iter().map(|place| place.0 + 1).max().unwrap_or(0);
    let mut rows = vec![0; columns];
    for (column, row) in &places {
        rows[*column] = (row + 1).max(rows[*column]);
    }
    let most = rows.iter().copied().max().unwrap_or(0);
    let corner = |(column, row): &(usize, usize)| {
        let shift = (most - rows[*column]) as f64 / 2.0;
        let (x, y) = (*column as f64, *row as f64 + shift);
        (x * (BOX.0 + GAP.0), y * (BOX.1 + GAP.1))
    };
    let size = (
        columns as f64 * (BOX.0 + GAP.0) - GAP.0,
        most as f64 * (BOX.1 + GAP.1) - GAP.1,
    );
    (places.iter().map(corner).collect(), size)
}

impl Drawn {
    /// Those that a window of the sheet shows.
    pub fn seen(&self, window: Window) -> Vec<usize> {
        let (left, top, right, bottom) = window;
        let is_seen = |at: &usize| {
            let (_, x, y) = &self.items[*at];
            *x <= right && x + BOX.0 >= left && *y <= bottom && y + BOX.1 >= top
        };
        (0..self.items.len()).filter(is_seen).collect()
    }

    /// Flows whose line may cross the window.
    pub fn crossing(&self, window: Window) -> impl Iterator<Item = (usize, usize)> {
        let (left, top, right, bottom) = window;
        self.flows.iter().copied().filter(move |(from, to)| {
            let ((_, x1, y1), (_, x2, y2)) = (&self.items[*from], &self.items[*to]);
            // Lines back to the left bend out on both sides.
            let bend = BOX.0 + GAP.0;
            x1.min(*x2) - bend <= right
                && x1.max(*x2) + bend >= left
                && y1.min(*y2) <= bottom
                && y1.max(*y2) + BOX.1 >= top
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::net::tests::net, *};

    #[test]
    fn parts_share_the_width_and_what_is_alone_stands_below_in_a_grid() {
        let drawn = arrange(&net(7, &[(0, 1), (2, 3)]), 1200.0);
        let at = |node: usize| (drawn.items[node].1, drawn.items[node].2);
        assert_eq!(at(0).1, at(2).1, "side by side");
        assert!(at(2).0 > at(1).0);
        let (alone, top) = drawn.alone.expect("alone");
        assert_eq!((alone, top > at(0).1 + BOX.1), (3, true));
        assert!(at(4).1 > top && at(4).1 == at(5).1);
        let narrow = arrange(&net(4, &[(0, 1), (2, 3)]), 500.0);
        assert!(narrow.items[2].2 > narrow.items[0].2, "below each other");
    }

    #[test]
    fn four_thousand_nodes_have_places_of_their_own_and_a_window_shows_few() {
        let flows: Vec<_> = (0..3000).map(|node| (node / 3, node + 1)).collect();
        let drawn = arrange(&net(4000, &flows), 1200.0);
        let mut corners: Vec<_> = (drawn.items.iter())
            .map(|(_, x, y)| (*x as i64, *y as i64))
            .collect();
        corners.sort_unstable();
        corners.dedup();
        assert_eq!(corners.len(), 4000);
        let seen = drawn.seen((0.0, 0.0, 1200.0, 700.0));
        assert!(!seen.is_empty() && seen.len() < 100, "{}", seen.len());
        assert_eq!(drawn.alone.expect("alone").0, 999);
    }
}
