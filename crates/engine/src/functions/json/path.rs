//! Paths of SQL/JSON: `$`, `.key`, `."key"`, `[n]` from 0, `[n to m]` (without m), `[n, m]`, `[*]`.

use super::super::collection;

enum Step {
    Key(String),
    /// From the first place to before the second one.
    Places(Vec<(usize, usize)>),
}

pub(super) struct Path(Vec<Step>);

/// A document's values are counted up to here, lest `[*][*]` fill the memory.
const MAX_VALUES: usize = 100_000;

impl Path {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("'{text}' is not a path like $.a[0].b");
        let mut rest = text.trim().strip_prefix('$').ok_or_else(wrong)?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if let Some(after) = rest.strip_prefix('[') {
                let (inside, after) = after.split_once(']').ok_or_else(wrong)?;
                rest = after;
                let number = |text: &str| text.trim().parse::<usize>().map_err(|_| wrong());
                if let Some(key) = inside.strip_prefix(['"', '\'']) {
                    steps.push(Step::Key(key.trim_end_matches(['"', '\'']).to_string()));
                } else if inside.trim() == "*" {
                    steps.push(Step::Places(vec![(0, usize::MAX)]));
                } else {
                    let ranges = inside
                        .split(',')
                        .map(|range| match range.split_once(" to ") {
                            Some((from, to)) => Ok((number(from)?, number(to)?)),
                            None => number(range).map(|place| (place, place.saturating_add(1))),
                        });
                    steps.push(Step::Places(ranges.collect::<Result<_, String>>()?));
                }
                continue;
            }
            let after = rest.strip_prefix('.').ok_or_else(wrong)?;
            let (key, after) = match after.strip_prefix(['"', '`']) {
                Some(quoted) => quoted.split_once(['"', '`']).ok_or_else(wrong)?,
                None => after.split_at(after.find(['.', '[']).unwrap_or(after.len())),
            };
            if key.is_empty() {
                return Err(wrong());
            }
            steps.push(Step::Key(key.to_string()));
            rest = after;
        }
        Ok(Self(steps))
    }

    /// The JSON of everything that the path leads to.
    pub(super) fn all(&self, json: &str) -> Vec<String> {
        if serde_json::from_str::<serde::de::IgnoredAny>(json).is_err() {
            return Vec::new();
        }
        let mut found = vec![json.trim().to_string()];
        for step in &self.0 {
            let mut next = Vec::new();
            for json in &found {
                match step {
                    Step::Key(key) => {
                        let mut members = collection::members(json).into_iter().rev();
                        let member = members.find(|(name, _)| name == key);
                        next.extend(member.map(|(_, json)| json.get().to_string()));
                    }
                    Step::Places(ranges) => {
                        let items = collection::items(json);
                        for (from, to) in ranges {
                            let items = items.iter().skip(*from).take(to.saturating_sub(*from));
                            next.extend(items.map(|item| item.get().to_string()));
                        }
                    }
                }
                next.truncate(MAX_VALUES);
            }
            found = next;
        }
        found
    }
}
