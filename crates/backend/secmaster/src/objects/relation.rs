//! Two objects that belong together. A relation has no direction.

use serde::{Deserialize, Serialize};
use weir_api::secmaster::data_class::DataClass;

/// An object, by its class and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Side {
    pub class: String,
    pub id: String,
}

/// The smaller side first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Relation {
    pub workspace: String,
    sides: (Side, Side),
}

impl Relation {
    pub(super) fn new(workspace: &str, one: Side, other: Side) -> Self {
        Self {
            workspace: workspace.into(),
            sides: if one <= other {
                (one, other)
            } else {
                (other, one)
            },
        }
    }

    pub(super) fn key(&self) -> String {
        let (one, other) = &self.sides;
        [
            &self.workspace,
            &one.class,
            &one.id,
            &other.class,
            &other.id,
        ]
        .map(String::as_str)
        .join("/")
    }

    /// What `side` is related to.
    pub(super) fn other(&self, side: &Side) -> Option<&Side> {
        match &self.sides {
            (one, other) if one == side => Some(other),
            (other, one) if one == side => Some(other),
            _ => None,
        }
    }
}

pub(super) fn side(class: &DataClass, id: &str) -> Side {
    Side {
        class: class.id.clone(),
        id: id.into(),
    }
}
