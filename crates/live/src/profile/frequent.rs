use std::collections::HashMap;

/// One of the most frequent values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frequent {
    /// Cut at 200 characters.
    pub text: String,
    /// Rows with this value, never too many; where not `exact` it may be more.
    pub count: u64,
    pub exact: bool,
}

/// Space-saving: keeps a bounded number of values, of which a new one takes the place of the
/// least frequent and inherits its count as possible error.
#[derive(Debug, Default)]
pub(super) struct Counter {
    slots: Vec<Slot>,
    by_hash: HashMap<u64, usize>,
}

#[derive(Debug)]
struct Slot {
    hash: u64,
    text: String,
    count: u64,
    error: u64,
}

const SLOTS: usize = 64;
const TEXT: usize = 200;

impl Counter {
    pub(super) fn add(&mut self, hash: u64, text: &str) {
        if let Some(slot) = self.by_hash.get(&hash) {
            self.slots[*slot].count += 1;
            return;
        }
        let cut = text
            .char_indices()
            .nth(TEXT)
            .map_or(text.len(), |(at, _)| at);
        let text = &text[..cut];
        if self.slots.len() < SLOTS {
            self.by_hash.insert(hash, self.slots.len());
            self.slots.push(Slot {
                hash,
                text: text.to_string(),
                count: 1,
                error: 0,
            });
            return;
        }
        let least = self
            .slots
            .iter_mut()
            .enumerate()
            .min_by_key(|(_, slot)| slot.count);
        if let Some((index, slot)) = least {
            self.by_hash.remove(&slot.hash);
            self.by_hash.insert(hash, index);
            slot.hash = hash;
            slot.error = slot.count;
            slot.count += 1;
            slot.text.clear();
            slot.text.push_str(text);
        }
    }

    /// Values that were seen at least twice, or all when there were few.
    pub(super) fn top(&self, most: usize) -> Vec<Frequent> {
        let sure = |slot: &&Slot| slot.error == 0 || slot.count - slot.error > 1;
        let mut top: Vec<Frequent> = self
            .slots
            .iter()
            .filter(sure)
            .map(|slot| Frequent {
                text: slot.text.clone(),
                count: slot.count - slot.error,
                exact: slot.error == 0,
            })
            .collect();
        top.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.text.cmp(&b.text)));
        top.truncate(most);
        top
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::distinct::hash;

    #[test]
    fn frequent_values_are_found_among_many() {
        let mut counter = Counter::default();
        let mut add = |text: &str| counter.add(hash(text), text);
        for index in 0..10_000 {
            add(&format!("rare {index}"));
            if index % 3 == 0 {
                add("often");
            }
            if index % 5 == 0 {
                add("sometimes");
            }
        }
        let top = counter.top(2);
        assert_eq!(
            (top[0].text.as_str(), top[1].text.as_str()),
            ("often", "sometimes")
        );
        assert!(
            top[0].count <= 3334 && top[0].count > 3000,
            "{}",
            top[0].count
        );
    }

    #[test]
    fn long_text_is_cut_at_a_character() {
        let mut counter = Counter::default();
        let text = "ä".repeat(500);
        counter.add(hash(&text), &text);
        assert_eq!(counter.top(1)[0].text, "ä".repeat(200));
    }
}
