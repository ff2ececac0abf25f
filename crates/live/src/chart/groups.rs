use std::collections::HashMap;

use crate::cell::Cell;

/// Texts of a column in order of their first appearance, up to a limit; NULL is none of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    pub(super) names: Vec<String>,
    found: HashMap<String, usize>,
    null: Option<usize>,
    text: String,
}

impl Groups {
    /// Its place; `None` beyond `most`.
    pub(super) fn place(&mut self, cell: &Cell<'_>, most: usize) -> Option<usize> {
        let fresh = self.names.len();
        if cell.is_null() {
            if self.null.is_none() && fresh < most {
                self.names.push("null".into());
                self.null = Some(fresh);
            }
            return self.null;
        }
        self.text.clear();
        cell.write_text(&mut self.text);
        if let Some(place) = self.found.get(self.text.as_str()) {
            return Some(*place);
        }
        (fresh < most).then(|| {
            self.names.push(self.text.clone());
            self.found.insert(self.text.clone(), fresh);
            fresh
        })
    }
}
