//! Patterns of LIKE.

/// A pattern's pieces times a text's bytes, as for regular expressions, whose steps are longer.
const MAX_LIKE_STEPS: usize = 1 << 28;

/// A pattern of LIKE, taken apart.
enum Piece {
    /// Any text.
    Any,
    /// Any character.
    One,
    Char(char),
}

fn pieces(pattern: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        let piece = match c {
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => match chars.next() {
                Some(c @ ('%' | '_' | '\\')) => Piece::Char(c),
                // A backslash before anything else stands for itself.
                Some(other) => {
                    pieces.push(Piece::Char('\\'));
                    Piece::Char(other)
                }
                None => Piece::Char('\\'),
            },
            other => Piece::Char(other),
        };
        pieces.push(piece);
    }
    pieces
}

/// A pattern of LIKE for repeated use.
pub(in crate::functions) struct Like(Vec<Piece>);

impl Like {
    pub(in crate::functions) fn new(pattern: &str) -> Self {
        Self(pieces(pattern))
    }

    pub(in crate::functions) fn matches(&self, text: &str) -> bool {
        is_like(&self.0, text)
    }

    pub(super) fn tried(&self, text: &str) -> Result<bool, String> {
        let (pieces, bytes) = (self.0.len(), text.len());
        match pieces.saturating_mul(bytes) > MAX_LIKE_STEPS {
            true => Err(format!(
                "a text of {bytes} bytes is too long for a pattern of {pieces}"
            )),
            false => Ok(self.matches(text)),
        }
    }
}

/// Goes back to the newest % only, so takes at most the product of the lengths.
fn is_like(pattern: &[Piece], text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t, mut back) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(Piece::Any) => {
                back = Some((p, t));
                p += 1;
            }
            Some(Piece::One) => (p, t) = (p + 1, t + 1),
            Some(Piece::Char(c)) if *c == text[t] => (p, t) = (p + 1, t + 1),
            _ => match back {
                Some((any, from)) => {
                    back = Some((any, from + 1));
                    (p, t) = (any + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|piece| matches!(piece, Piece::Any))
}
