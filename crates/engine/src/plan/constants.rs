//! How much a statement computes from nothing but constants. SQLite compares each of these
//! expressions with all others before the statement begins, which nothing can interrupt.

use crate::SqlError;

/// Calls of functions over constants in one statement.
const MOST: usize = 10_000;

pub(super) fn check<'s>(texts: impl Iterator<Item = &'s str>) -> Result<(), SqlError> {
    match texts.map(constant_calls).sum::<usize>() > MOST {
        true => Err(SqlError::new(format!(
            "the statement computes more than {MOST} constants (casts, tuples and arrays among \
             them): read them from a stream or from values(…)"
        ))),
        false => Ok(()),
    }
}

/// Calls in SQLite text that name no column.
fn constant_calls(sql: &str) -> usize {
    /// Between two brackets: whether they are those of a call, and whether a column stands there.
    #[derive(Clone, Copy, Default)]
    struct Inside {
        call: bool,
        column: bool,
    }
    let (mut open, mut inside) = (Vec::new(), Inside::default());
    let (mut constant, mut before) = (0, b' ');
    let mut bytes = sql.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            // A quote within is doubled, and so ends one text and begins another.
            b'\'' | b'"' => {
                inside.column |= byte == b'"';
                bytes.by_ref().find(|other| *other == byte);
            }
            b'(' => {
                open.push(inside);
                inside = Inside {
                    call: before.is_ascii_alphanumeric() || before == b'_',
                    column: false,
                };
            }
            b')' => {
                constant += usize::from(inside.call && !inside.column);
                let outer = open.pop().unwrap_or_default();
                inside = Inside {
                    column: outer.column || inside.column,
                    ..outer
                };
            }
            // `a1.c0`, and not `1.5`.
            _ => inside.column |= before == b'.' && (byte.is_ascii_alphabetic() || byte == b'_'),
        }
        before = byte;
    }
    constant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_without_columns_are_counted() {
        for (sql, count) in [
            ("SELECT 1", 0),
            ("SELECT f(1)", 1),
            ("SELECT f(g(1), 'it''s (h(')", 2),
            ("SELECT f(\"n\", g(1))", 1),
            ("SELECT f(g(a1.c0 + 1))", 0),
            ("SELECT f(1.5), 2.5", 1),
            ("SELECT x IN (1, 2) AND f(1) FROM (SELECT 1)", 1),
            ("SELECT f(\"a)(\", 1) ) g(2)", 1),
        ] {
            assert_eq!(constant_calls(sql), count, "{sql}");
        }
    }
}
