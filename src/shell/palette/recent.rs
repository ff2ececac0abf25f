//! Places that were looked at last, kept in this browser: paths and names, never parameters.

use serde::{Deserialize, Serialize};

use crate::storage;

/// Places that are remembered.
const MOST: usize = 10;
const STORED: &str = "weir.recent";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub path: String,
    /// As in the title of the page.
    pub name: String,
    /// Of the connection, or empty.
    pub connection: String,
}

/// The newest first.
pub(crate) fn places() -> Vec<Place> {
    storage::read(STORED).unwrap_or_default()
}

pub(crate) fn remember(place: Place) {
    storage::write(STORED, &with(places(), place));
}

fn with(mut all: Vec<Place>, place: Place) -> Vec<Place> {
    all.retain(|one| one.path != place.path);
    all.insert(0, place);
    all.truncate(MOST);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_remembered_once_with_its_newest_name_and_few_are_kept() {
        let place = |path: &str, name: &str| Place {
            path: path.into(),
            name: name.into(),
            connection: String::new(),
        };
        let all = with(vec![place("/a", "A"), place("/b", "B")], place("/b", "Bee"));
        assert_eq!(all, [place("/b", "Bee"), place("/a", "A")]);
        let many = (0..30).fold(Vec::new(), |all, at| with(all, place(&at.to_string(), "")));
        assert_eq!((many.len(), many[0].path.as_str()), (MOST, "29"));
    }
}
