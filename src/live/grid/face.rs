//! What a cell shows. Only the part that fits is formatted: a value of megabytes costs no more
//! than a short one.

use weir_live::{Cell, format::Format};

use crate::text::write_visible;

/// JSON strings longer than this are shown with their escapes instead of being decoded whole.
const DECODED: usize = 4_096;

/// Bytes of the widest number with its sign, point and quotes.
const LONGEST_NUMBER: usize = 96;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Face {
    #[default]
    Value,
    Null,
    /// The row ended before this column.
    Missing,
    Empty,
}

impl Face {
    pub fn class(self) -> &'static str {
        match self {
            Self::Value => "",
            Self::Null => " is-null",
            Self::Missing => " is-missing",
            Self::Empty => " is-empty",
        }
    }
}

/// Writes at most about `limit` characters.
pub fn write(cell: Cell<'_>, format: &Format, limit: usize, out: &mut String) -> Face {
    match cell {
        Cell::Null => {
            out.push_str("null");
            return Face::Null;
        }
        Cell::Missing => {
            out.push_str("missing");
            return Face::Missing;
        }
        Cell::Text("") => {
            out.push_str("empty");
            return Face::Empty;
        }
        _ => {}
    }
    match (cell.as_str(), cell) {
        _ if is_number(&cell) => format.write(&cell, out),
        (Some(text), _) => write_visible(text, limit, out),
        (None, Cell::Json(token)) if token.len() > DECODED => write_visible(token, limit, out),
        (None, Cell::Json(_)) => write_visible(&cell.text(), limit, out),
        _ => format.write(&cell, out),
    }
    Face::Value
}

/// Numbers are shown whole, also those that do not fit into 64 bits and are sent as texts.
pub fn is_number(cell: &Cell<'_>) -> bool {
    match cell {
        Cell::Json(token) => token.len() <= LONGEST_NUMBER && cell.as_exact().is_some(),
        Cell::Int(_) | Cell::UInt(_) | Cell::Number(_) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: Cell<'_>, limit: usize) -> (String, Face) {
        let mut out = String::new();
        let face = write(cell, &Format::default(), limit, &mut out);
        (out, face)
    }

    #[test]
    fn null_empty_and_missing_are_told_apart() {
        assert_eq!(shown(Cell::Null, 9).1, Face::Null);
        assert_eq!(shown(Cell::Missing, 9).1, Face::Missing);
        assert_eq!(shown(Cell::Text(""), 9).1, Face::Empty);
        assert_eq!(shown(Cell::Text("null"), 9), ("null".into(), Face::Value));
    }

    #[test]
    fn numbers_are_never_cut_and_long_texts_are() {
        assert_eq!(shown(Cell::UInt(u64::MAX), 3).0, "18446744073709551615");
        let wide = format!("\"{}\"", "9".repeat(78));
        assert_eq!(shown(Cell::Json(&wide), 3).0, "9".repeat(78));
        assert_eq!(shown(Cell::Text("äöüß"), 3).0, "äöü…");
        assert_eq!(shown(Cell::Text("a\u{202e}b "), 9).0, "a‹202E›b·");
        assert_eq!(shown(Cell::Json("\"a\\nb\""), 9).0, "a↵b");
        let long = format!("\"{}\\n\"", "x".repeat(DECODED));
        assert_eq!(shown(Cell::Json(&long), 3).0, "\"xx…");
    }
}
