//! Functions computed here from the values of their arguments, called as their signature says.
//!
//! A signature is `name|alias(kind, …[, optional kind]) -> type`; an ellipsis after the last kind
//! lets it come any number of times. Arguments are converted to their kinds, and the result is NULL where one of
//! them is. A result named like a kind has the type of the first argument of that kind.

mod args;
mod out;
mod signature;
mod site;

pub(super) use self::{
    args::Args,
    out::{Out, go_on, joined, times, too_long},
    signature::Signature,
    site::register,
};

/// Longer texts are not made: they would be of no use to anybody but an attacker.
pub(super) const MAX_TEXT: usize = 16 << 20;
/// Longer arrays are not made.
pub(super) const MAX_ITEMS: usize = 1_000_000;

pub(crate) struct Native {
    pub(super) signature: &'static str,
    pub(super) help: &'static str,
    pub(super) run: Run,
}

pub(super) type Run = fn(&Args<'_>) -> Result<Out, String>;

pub(super) const fn native(signature: &'static str, help: &'static str, run: Run) -> Native {
    Native {
        signature,
        help,
        run,
    }
}
