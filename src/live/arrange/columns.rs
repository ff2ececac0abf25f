//! Order, hiding and pinning of columns.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnOrder {
    /// Names in the order wanted; columns not named follow in their own order.
    #[serde(rename = "o", skip_serializing_if = "Vec::is_empty")]
    order: Vec<String>,
    #[serde(rename = "h", skip_serializing_if = "Vec::is_empty")]
    hidden: Vec<String>,
    /// Stay in view at the left.
    #[serde(rename = "p", skip_serializing_if = "Vec::is_empty")]
    pinned: Vec<String>,
}

impl ColumnOrder {
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    pub fn is_hidden(&self, name: &str) -> bool {
        self.hidden.iter().any(|hidden| hidden == name)
    }

    pub fn is_pinned(&self, name: &str) -> bool {
        self.pinned.iter().any(|pinned| pinned == name)
    }

    pub fn hide(&mut self, name: &str) {
        if !self.is_hidden(name) {
            self.hidden.push(name.to_string());
        }
    }

    pub fn show(&mut self, name: &str) {
        self.hidden.retain(|hidden| hidden != name);
    }

    pub fn pin(&mut self, name: &str, pin: bool) {
        self.pinned.retain(|pinned| pinned != name);
        if pin {
            self.pinned.push(name.to_string());
        }
    }

    /// Moves a column by one place among those shown of `all`.
    pub fn shift(&mut self, all: &[String], name: &str, right: bool) {
        let mut order: Vec<String> = self.arranged(all).map(|at| all[at].clone()).collect();
        let Some(from) = order.iter().position(|column| column == name) else {
            return;
        };
        // Over hidden neighbours, and never between pinned and unpinned ones.
        let step = |at: usize| {
            if right {
                Some(at + 1)
            } else {
                at.checked_sub(1)
            }
        };
        let mut to = step(from);
        while let Some(at) = to.filter(|at| *at < order.len()) {
            if !self.is_hidden(&order[at]) {
                if self.is_pinned(&order[at]) == self.is_pinned(name) {
                    let column = order.remove(from);
                    order.insert(at, column);
                    self.order = order;
                }
                return;
            }
            to = step(at);
        }
    }

    /// Moves a column to where another one is.
    pub fn put(&mut self, all: &[String], name: &str, at: &str) {
        let mut order: Vec<String> = self.arranged(all).map(|at| all[at].clone()).collect();
        let place = |order: &[String], name: &str| order.iter().position(|column| column == name);
        if let (Some(from), Some(to)) = (place(&order, name), place(&order, at)) {
            let column = order.remove(from);
            order.insert(to, column);
            self.order = order;
            self.pin(name, self.is_pinned(at));
        }
    }

    /// Positions of the columns shown, pinned ones first, and how many are pinned.
    pub fn shown(&self, all: &[String]) -> (Vec<usize>, usize) {
        let shown = self.arranged(all).filter(|at| !self.is_hidden(&all[*at]));
        let (mut pinned, others): (Vec<usize>, Vec<usize>) =
            shown.partition(|at| self.is_pinned(&all[*at]));
        let count = pinned.len();
        pinned.extend(others);
        (pinned, count)
    }

    /// Positions of all columns in the order wanted.
    fn arranged<'a>(&'a self, all: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        let named = self
            .order
            .iter()
            .filter_map(|name| all.iter().position(|column| column == name));
        let others = (0..all.len()).filter(|at| !self.order.contains(&all[*at]));
        named.chain(others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    fn shown(order: &ColumnOrder, all: &str) -> String {
        let all = names(all);
        order
            .shown(&all)
            .0
            .into_iter()
            .map(|at| all[at].clone())
            .collect()
    }

    #[test]
    fn columns_move_over_hidden_ones_and_new_ones_follow() {
        let mut order = ColumnOrder::default();
        order.hide("b");
        order.shift(&names("abc"), "a", true);
        assert_eq!(shown(&order, "abc"), "ca");
        assert_eq!(shown(&order, "abcd"), "cad");
        order.show("b");
        assert_eq!(shown(&order, "abc"), "bca");
        order.put(&names("abc"), "a", "b");
        assert_eq!(shown(&order, "abc"), "abc");
    }

    #[test]
    fn pinned_columns_come_first_and_keep_to_themselves() {
        let mut order = ColumnOrder::default();
        order.pin("c", true);
        assert_eq!(shown(&order, "abc"), "cab");
        assert_eq!(order.shown(&names("abc")).1, 1);
        order.shift(&names("abc"), "a", false);
        assert_eq!(shown(&order, "abc"), "cab", "not past a pinned one");
        order.put(&names("abc"), "b", "c");
        assert_eq!(order.shown(&names("abc")).1, 2);
        order.pin("c", false);
        order.pin("b", false);
        order.shift(&names("abc"), "gone", true);
        assert_eq!(shown(&order, "ab").len(), 2);
    }
}
