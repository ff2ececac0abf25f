//! What planning one statement may cost. A statement is short, but what it stands for need not be:
//! an alias can use the one before it twice, a view another view.

use std::time::Instant;

use sqlparser::tokenizer::Span;

use crate::{Limits, SqlError, typed::Typed};

/// Expressions inside each other, once aliases are replaced: those of [`Limits::operators`] and
/// [`Limits::depth`], and some more.
const MAX_LEVELS: usize = 500;

/// All text that is put together on the way, as a multiple of what may come out.
const WORK: usize = 64;

/// Expressions between two looks at the clock.
const CLOCK: usize = 64;

/// Grows the stack where little is left: callers have threads of all kinds.
pub(super) fn on_enough_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(256 << 10, 4 << 20, work)
}

pub(crate) struct Budget {
    limits: Limits,
    started: Instant,
    levels: usize,
    expressions: usize,
    bytes: usize,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            started: Instant::now(),
            levels: 0,
            expressions: 0,
            bytes: 0,
        }
    }

    /// One expression deeper; [`Budget::leave`] ends it.
    pub(super) fn enter(&mut self, at: impl FnOnce() -> Span) -> Result<(), SqlError> {
        if self.levels >= MAX_LEVELS {
            return Err(SqlError::at(
                format!("more than {MAX_LEVELS} expressions inside each other, aliases included"),
                at(),
            ));
        }
        self.levels += 1;
        self.expressions += 1;
        match self.expressions.is_multiple_of(CLOCK) {
            true => self.check(at()).inspect_err(|_| self.levels -= 1),
            false => Ok(()),
        }
    }

    pub(super) fn leave(&mut self) {
        self.levels -= 1;
    }

    /// Whether a compiled expression is small enough to go on with.
    pub(super) fn value(
        &mut self,
        value: &Typed,
        at: impl FnOnce() -> Span,
    ) -> Result<(), SqlError> {
        if !value.data_type.is_bounded() {
            return Err(SqlError::at(
                format!(
                    "the type of this has more than {} levels or {} parts",
                    weir_api::datatype::MAX_DEPTH,
                    weir_api::datatype::MAX_PARTS
                ),
                at(),
            ));
        }
        self.text(value.sql.len(), at)
    }

    /// Whether there may be so much text.
    pub(super) fn text(&mut self, bytes: usize, at: impl FnOnce() -> Span) -> Result<(), SqlError> {
        let most = self.limits.expanded_bytes;
        if bytes > most {
            return Err(SqlError::at(
                format!(
                    "the statement has more than {most} bytes once its aliases, views and WITH \
                     expressions are expanded"
                ),
                at(),
            ));
        }
        self.spend(bytes, at)
    }

    /// Counts text that was put together.
    pub(super) fn spend(
        &mut self,
        bytes: usize,
        at: impl FnOnce() -> Span,
    ) -> Result<(), SqlError> {
        self.bytes = self.bytes.saturating_add(bytes);
        let most = self.limits.expanded_bytes.saturating_mul(WORK);
        if self.bytes > most {
            return Err(SqlError::at(
                format!("planning the statement puts together more than {most} bytes"),
                at(),
            ));
        }
        Ok(())
    }

    /// Whether there is time left.
    pub(super) fn check(&self, at: Span) -> Result<(), SqlError> {
        if self.started.elapsed() > self.limits.planning() {
            return Err(SqlError::at(
                format!(
                    "planning the statement takes more than {} ms",
                    self.limits.planning_ms
                ),
                at,
            ));
        }
        Ok(())
    }
}
