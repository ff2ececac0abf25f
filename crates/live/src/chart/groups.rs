use std::collections::HashMap;

use crate::cell::Cell;

/// Texts of a column in order of their first appearance, up to a limit.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    pub(super) names: Vec<String>,
    found: HashMap<String, usize>,
    text: String,
}

impl Groups {
    /// Its place; `None` beyond `most`.
    pub(super) fn place(&mut self, cell: &Cell<'_>, most: usize) -> Option<usize> {
        self.text.clear();
        cell.write_text(&mut self.text);
        if let Some(place) = self.found.get(self.text.as_str()) {
            return Some(*place);
        }
        let place = self.names.len();
        (place < most).then(|| {
            self.names.push(self.text.clone());
            self.found.insert(self.text.clone(), place);
            place
        })
    }
}
