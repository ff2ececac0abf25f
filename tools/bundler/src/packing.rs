//! Which parts to join. First pairs of packs are joined, those first that cost the fewest bytes
//! loaded in vain, until no page needs more requests than agreed; then each part moves to the pack
//! where it costs least. Both only come near the best there is.

use crate::numbers::{Numbers, Weights};

/// Bytes of code, before compression, that a page may load in vain to save one request.
const REQUEST: i64 = 3_000;
/// Files of parts that one page may need: with page, styles, scripts, configuration, icon and what
/// it opens besides (a preview, a message) within thirty requests.
const MOST: i64 = 17;
/// Times that all parts are looked at once more.
const ROUNDS: usize = 8;

/// Parts that the same pages need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    pub(crate) pages: Numbers,
    /// Bytes before compression.
    pub(crate) size: i64,
}

#[derive(Debug, Clone, Default)]
struct Pack {
    pages: Numbers,
    size: i64,
    /// Numbers of its pieces.
    pieces: Vec<usize>,
}

pub(crate) struct Packing<'a> {
    pieces: &'a [Piece],
    weights: &'a Weights,
    /// Numbers of pages.
    pages: std::ops::Range<usize>,
    packs: Vec<Pack>,
    /// Pages that need too many.
    over: Numbers,
}

/// Numbers of the pieces of each pack.
pub(crate) fn packed(pieces: &[Piece], weights: &Weights, pages: usize) -> Vec<Vec<usize>> {
    let single = |(number, piece): (usize, &Piece)| Pack {
        pages: piece.pages,
        size: piece.size,
        pieces: vec![number],
    };
    let mut packing = Packing {
        pieces,
        weights,
        pages: 0..pages,
        packs: pieces.iter().enumerate().map(single).collect(),
        over: Numbers::default(),
    };
    packing.join();
    packing.settle();
    packing.packs.into_iter().map(|pack| pack.pieces).collect()
}

impl Packing<'_> {
    fn requests(&self, page: usize) -> i64 {
        let needed = self.packs.iter().filter(|pack| pack.pages.contains(page));
        needed.count() as i64
    }

    fn overfull(&self) -> Numbers {
        Numbers::of((self.pages.clone()).filter(|page| self.requests(*page) > MOST))
    }

    /// What joining two costs, for each page that has too many requests where it does; `None` where
    /// it does not pay.
    fn cost(&self, one: &Pack, other: &Pack) -> Option<i64> {
        let both = one.pages.both(other.pages);
        let vain = self.weights.sum(one.pages.without(both)) * other.size
            + self.weights.sum(other.pages.without(both)) * one.size;
        let cost = vain - self.weights.sum(both) * REQUEST;
        match both.both(self.over).count() {
            _ if cost < 0 => Some(cost),
            0 => None,
            relieved => Some(cost / relieved),
        }
    }

    /// What goes best with a pack, and what it costs.
    fn partner(&self, at: usize) -> Option<(i64, usize)> {
        let others = self
            .packs
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at);
        let costs = others.filter_map(|(other, pack)| {
            let cost = self.cost(&self.packs[at], pack)?;
            Some((cost, other))
        });
        costs.min()
    }

    fn join(&mut self) {
        self.over = self.overfull();
        let mut best: Vec<_> = (0..self.packs.len()).map(|at| self.partner(at)).collect();
        while let Some(((_, right), left)) = (best.iter().enumerate())
            .filter_map(|(at, best)| Some(((*best)?, at)))
            .min()
        {
            // The later one is taken out, and the last takes its place.
            let (kept, gone) = (left.min(right), left.max(right));
            let last = self.packs.len() - 1;
            let joined = self.packs.swap_remove(gone);
            best.swap_remove(gone);
            let pack = &mut self.packs[kept];
            pack.pages = pack.pages.with(joined.pages);
            pack.size += joined.size;
            pack.pieces.extend(joined.pieces);
            let over = self.overfull();
            let other = over != self.over;
            self.over = over;
            for (at, best) in best.iter_mut().enumerate() {
                let stale = best.is_some_and(|(_, with)| with == kept || with == gone);
                if other || at == kept || stale {
                    *best = self.partner(at);
                    continue;
                }
                let moved = |(cost, with)| (cost, if with == last { gone } else { with });
                let joined = self.cost(&self.packs[at], &self.packs[kept]);
                let joined = joined.map(|cost| (cost, kept));
                *best = best.map(moved).into_iter().chain(joined).min();
            }
        }
    }

    fn pages_of(&self, pieces: &[usize]) -> Numbers {
        let pages = pieces.iter().map(|piece| self.pieces[*piece].pages);
        pages.fold(Numbers::default(), Numbers::with)
    }

    /// Moves pieces while that saves bytes.
    fn settle(&mut self) {
        for _ in 0..ROUNDS {
            let moved = (0..self.pieces.len()).filter(|piece| self.move_piece(*piece));
            if moved.count() == 0 {
                return;
            }
        }
    }

    fn loaded(&self, pages: Numbers, size: i64) -> i64 {
        self.weights.sum(pages) * size
    }

    fn move_piece(&mut self, number: usize) -> bool {
        let Some(from) = self
            .packs
            .iter()
            .position(|pack| pack.pieces.contains(&number))
        else {
            return false;
        };
        let piece = self.pieces[number];
        let old = &self.packs[from];
        let mut rest = old.pieces.clone();
        rest.retain(|other| *other != number);
        let left = self.pages_of(&rest);
        let saved = self.loaded(old.pages, old.size) - self.loaded(left, old.size - piece.size);
        let (freed, full) = (old.pages.without(left), self.full());
        let mut best = (0, None);
        for (to, pack) in self.packs.iter().enumerate() {
            let pages = pack.pages.with(piece.pages);
            let more = pages.without(pack.pages).without(freed);
            if to == from || more.both(full).count() > 0 {
                continue;
            }
            let added =
                self.loaded(pages, pack.size + piece.size) - self.loaded(pack.pages, pack.size);
            best = best.max((saved - added, Some(to)));
        }
        let (_, Some(to)) = best else { return false };
        self.packs[from] = Pack {
            pages: left,
            size: self.packs[from].size - piece.size,
            pieces: rest,
        };
        let pack = &mut self.packs[to];
        pack.pages = pack.pages.with(piece.pages);
        pack.size += piece.size;
        pack.pieces.push(number);
        if self.packs[from].pieces.is_empty() {
            self.packs.swap_remove(from);
        }
        true
    }

    /// Pages that cannot need one more.
    fn full(&self) -> Numbers {
        Numbers::of((self.pages.clone()).filter(|page| self.requests(*page) >= MOST))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::pages::Page;

    fn piece(size: i64, pages: &[usize]) -> Piece {
        let pages = Numbers::of(pages.iter().copied());
        Piece { pages, size }
    }

    fn packed(pieces: &[Piece], pages: usize) -> BTreeSet<BTreeSet<usize>> {
        let page = |_| Page {
            modules: BTreeSet::new(),
            weight: 1,
        };
        let all: Vec<Page> = (0..pages).map(page).collect();
        let packs = super::packed(pieces, &Weights::of(&all), pages);
        packs.into_iter().map(BTreeSet::from_iter).collect()
    }

    #[test]
    fn small_shared_pieces_travel_together_and_large_ones_alone() {
        let pieces = [
            piece(200_000, &[0, 1]),
            piece(900, &[0, 1]),
            piece(150_000, &[0]),
            piece(150_000, &[1]),
        ];
        let packs = packed(&pieces, 2);
        let expected = [vec![0, 1], vec![2], vec![3]].map(BTreeSet::from_iter);
        assert_eq!(packs, BTreeSet::from(expected));
    }

    #[test]
    fn no_page_needs_more_files_than_agreed_and_others_do_not_pay_for_it() {
        // The first page needs all, two others one large piece each.
        let mut pieces: Vec<Piece> = (0..40).map(|_| piece(10_000, &[0])).collect();
        pieces.extend((1..30).map(|page| piece(50_000, &[0, page])));
        let packs = packed(&pieces, 30);
        assert!(packs.len() as i64 <= MOST, "{packs:?}");
        let kept: BTreeSet<&usize> = packs.iter().flatten().collect();
        assert_eq!(kept.len(), pieces.len());
        // What only the first needs is one file.
        assert!(packs.contains(&BTreeSet::from_iter(0..40)), "{packs:?}");
    }
}
