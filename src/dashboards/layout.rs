//! Where panels stand on a grid of 12 columns: they never overlap, and others make way for the one
//! that is moved.

use weir_api::timeplus::dashboard::{Panel, Position};

pub const COLUMNS: u32 = 12;
/// Rows of the grid a panel may take.
pub const TALLEST: u32 = 24;
/// What a new panel takes.
pub const USUAL: Position = Position {
    x: 0,
    y: 0,
    w: 6,
    h: 2,
};

fn overlap(a: Position, b: Position) -> bool {
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}

/// Inside the grid and not empty.
pub fn clamped(at: Position) -> Position {
    let (w, h) = (at.w.clamp(1, COLUMNS), at.h.clamp(1, TALLEST));
    Position {
        x: at.x.min(COLUMNS - w),
        y: at.y.min(10_000),
        w,
        h,
    }
}

/// Rows all of them take together.
pub fn rows(all: &[Position]) -> u32 {
    all.iter().map(|at| at.y + at.h).max().unwrap_or(0)
}

/// In reading order: indices by row and column.
pub fn order(all: &[Position]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|index| (all[*index].y, all[*index].x, *index));
    order
}

/// The places stored with `panels`. What overlaps is moved down, what has no place comes last.
pub fn of(panels: &[Panel]) -> Vec<Position> {
    let stored: Vec<Option<Position>> = panels
        .iter()
        .map(|panel| panel.position().map(clamped))
        .collect();
    let mut placed: Vec<Option<Position>> = vec![None; panels.len()];
    let known: Vec<Position> = stored.iter().flatten().copied().collect();
    let whose: Vec<usize> = (0..panels.len()).filter(|i| stored[*i].is_some()).collect();
    for index in order(&known) {
        let free = pushed_down(known[index], placed.iter().flatten());
        placed[whose[index]] = Some(free);
    }
    for index in 0..panels.len() {
        if placed[index].is_none() {
            let taken: Vec<Position> = placed.iter().flatten().copied().collect();
            placed[index] = Some(free(&taken, USUAL.w, USUAL.h));
        }
    }
    placed.into_iter().flatten().collect()
}

/// The first place from the top, in reading order, for a panel of this size.
pub fn free(all: &[Position], w: u32, h: u32) -> Position {
    let bottom = rows(all);
    for y in 0..bottom {
        for x in 0..=COLUMNS.saturating_sub(w) {
            let at = Position { x, y, w, h };
            if !all.iter().any(|other| overlap(at, *other)) {
                return at;
            }
        }
    }
    clamped(Position {
        x: 0,
        y: bottom,
        w,
        h,
    })
}

/// `all` with the panel `index` moved or resized to `to`: what is in its way goes above it where
/// there is room, else below, and everything moves up as far as it can.
pub fn moved(all: &[Position], index: usize, to: Position) -> Vec<Position> {
    let mut places = all.to_vec();
    let Some(from) = places.get(index).copied() else {
        return places;
    };
    let to = clamped(to);
    places[index] = to;
    let mut fixed = vec![to];
    for other in order(all) {
        if other == index {
            continue;
        }
        let mut at = all[other];
        if overlap(at, to) && to.y > from.y {
            let above = Position {
                y: to.y.saturating_sub(at.h),
                ..at
            };
            let blocked = all
                .iter()
                .enumerate()
                .any(|(third, place)| third != other && third != index && overlap(above, *place));
            if !blocked && !overlap(above, to) {
                at = above;
            }
        }
        places[other] = pushed_down(at, fixed.iter());
        fixed.push(places[other]);
    }
    compact(&places, Some(index))
}

/// Down until nothing is in the way.
fn pushed_down<'a>(
    mut at: Position,
    placed: impl Iterator<Item = &'a Position> + Clone,
) -> Position {
    while let Some(blocking) = placed.clone().find(|other| overlap(at, **other)) {
        at.y = blocking.y + blocking.h;
    }
    at
}

/// Everything as far up as it can without passing something; of two that begin in the same row
/// `first` goes before.
pub fn compact(all: &[Position], first: Option<usize>) -> Vec<Position> {
    let mut order = order(all);
    order.sort_by_key(|index| (all[*index].y, Some(*index) != first, all[*index].x));
    let mut places = all.to_vec();
    let mut placed: Vec<Position> = Vec::with_capacity(all.len());
    for index in order {
        let mut at = pushed_down(all[index], placed.iter());
        while at.y > 0 {
            let up = Position { y: at.y - 1, ..at };
            if placed.iter().any(|other| overlap(up, *other)) {
                break;
            }
            at = up;
        }
        places[index] = at;
        placed.push(at);
    }
    places
}

/// What an arrow key does to a panel; `None` where it can do nothing. `resize`: Shift is held.
pub fn stepped(at: Position, key: &str, resize: bool) -> Option<Position> {
    let mut to = at;
    let (value, by): (&mut u32, i32) = match (key, resize) {
        ("ArrowLeft", false) => (&mut to.x, -1),
        ("ArrowRight", false) => (&mut to.x, 1),
        ("ArrowUp", false) => (&mut to.y, -1),
        ("ArrowDown", false) => (&mut to.y, 1),
        ("ArrowLeft", true) => (&mut to.w, -1),
        ("ArrowRight", true) => (&mut to.w, 1),
        ("ArrowUp", true) => (&mut to.h, -1),
        ("ArrowDown", true) => (&mut to.h, 1),
        _ => return None,
    };
    *value = value.checked_add_signed(by)?;
    let inside = to.x + to.w <= COLUMNS && to.w > 0 && (1..=TALLEST).contains(&to.h);
    inside.then_some(to)
}

/// Like [`moved`], by a key: what stands above or below changes places at once.
pub fn nudged(all: &[Position], index: usize, key: &str, resize: bool) -> Vec<Position> {
    let Some(at) = all.get(index).copied() else {
        return all.to_vec();
    };
    let Some(mut to) = stepped(at, key, resize) else {
        return all.to_vec();
    };
    // One row further would often change nothing: as far as it takes to pass the next panel.
    for _ in 0..TALLEST {
        let now = moved(all, index, to);
        if now != all || key != "ArrowDown" || resize || to.y > rows(all) {
            return now;
        }
        to.y += 1;
    }
    all.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: u32, y: u32, w: u32, h: u32) -> Position {
        Position { x, y, w, h }
    }

    fn sound(all: &[Position]) -> bool {
        let apart = |i: usize| all[..i].iter().all(|other| !overlap(*other, all[i]));
        (0..all.len()).all(|i| apart(i) && all[i] == clamped(all[i]))
    }

    #[test]
    fn others_make_way() {
        let all = [at(0, 0, 6, 2), at(6, 0, 6, 2), at(0, 2, 12, 3)];
        assert_eq!(
            moved(&all, 0, at(6, 0, 6, 2)),
            [at(6, 0, 6, 2), at(6, 2, 6, 2), at(0, 4, 12, 3)]
        );
        // Wider than before.
        assert_eq!(
            moved(&all, 0, at(0, 0, 7, 2)),
            [at(0, 0, 7, 2), at(6, 2, 6, 2), at(0, 4, 12, 3)]
        );
        // Only as far down as makes a difference.
        assert_eq!(moved(&all, 2, at(0, 9, 12, 3)), all);
    }

    #[test]
    fn dragged_down_a_panel_changes_places_with_the_one_below() {
        let all = [at(0, 0, 4, 2), at(0, 2, 4, 2)];
        assert_eq!(moved(&all, 0, at(0, 1, 4, 2)), all);
        assert_eq!(
            moved(&all, 0, at(0, 2, 4, 2)),
            [at(0, 2, 4, 2), at(0, 0, 4, 2)]
        );
        assert_eq!(
            moved(&all, 1, at(0, 0, 4, 2)),
            [at(0, 2, 4, 2), at(0, 0, 4, 2)]
        );
    }

    #[test]
    fn keys_move_and_resize_within_the_grid() {
        let all = [at(0, 0, 4, 2), at(4, 0, 8, 2)];
        let moved = nudged(&all, 0, "ArrowRight", false);
        assert_eq!(moved, [at(1, 0, 4, 2), at(4, 2, 8, 2)]);
        assert_eq!(nudged(&all, 0, "ArrowLeft", false), all);
        assert_eq!(nudged(&all, 1, "ArrowRight", true), all);
        assert_eq!(nudged(&all, 1, "ArrowDown", true)[1], at(4, 0, 8, 3));
        let column = [at(0, 0, 4, 3), at(0, 3, 4, 2)];
        let down = nudged(&column, 0, "ArrowDown", false);
        assert_eq!(down, [at(0, 2, 4, 3), at(0, 0, 4, 2)]);
        assert_eq!(nudged(&down, 0, "ArrowUp", false)[0].y, 0);
    }

    #[test]
    fn stored_places_stay_where_they_are_possible() {
        let panel = |position: &str| {
            let text = format!(r#"{{"position":{position}}}"#);
            serde_json::from_str::<Panel>(&text).expect("a panel")
        };
        let panels = [
            panel(r#"{"x":0,"y":5,"w":6,"h":2}"#),
            panel("null"),
            panel(r#"{"x":3,"y":6,"w":20,"h":1}"#),
        ];
        assert_eq!(
            of(&panels),
            [at(0, 5, 6, 2), at(0, 0, 6, 2), at(0, 7, 12, 1)]
        );
    }

    #[test]
    fn room_is_found_between_panels() {
        let all = [at(0, 0, 4, 2), at(8, 0, 4, 2), at(0, 2, 12, 1)];
        assert_eq!(free(&all, 4, 2), at(4, 0, 4, 2));
        assert_eq!(free(&all, 5, 2), at(0, 3, 5, 2));
        assert_eq!(free(&[], 12, 1), at(0, 0, 12, 1));
    }

    #[test]
    fn whatever_is_done_nothing_overlaps() {
        let mut seed = 7u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) % below
        };
        let mut all: Vec<Position> = Vec::new();
        for _ in 0..12 {
            let place = free(&all, 1 + next(12), 1 + next(4));
            all.push(place);
        }
        for round in 0..2_000 {
            let index = next(12) as usize;
            let to = at(next(14), next(30), 1 + next(14), next(6));
            all = moved(&all, index, to);
            assert!(sound(&all), "round {round}: {all:?}");
            assert_eq!(compact(&all, None), all, "round {round}: room is left");
        }
    }
}
