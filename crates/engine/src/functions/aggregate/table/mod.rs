//! Names, types and help of the aggregates.

use std::sync::LazyLock;

use super::{
    Kind,
    definition::{Build, Definition},
    gather::Rule,
};

macro_rules! aggregate {
    ($names:expr, $signature:literal, $help:literal, $arguments:expr, $build:expr) => {
        Definition {
            names: &$names,
            signature: $signature,
            help: $help,
            arguments: $arguments,
            build: $build,
        }
    };
}

mod counts;
mod lists;
mod quantiles;
mod spread;
mod times;

/// All of them, in the order of the reference.
pub(super) static AGGREGATES: LazyLock<Vec<&'static Definition>> = LazyLock::new(|| {
    let families = [
        counts::AGGREGATES,
        quantiles::AGGREGATES,
        spread::AGGREGATES,
        lists::AGGREGATES,
        times::AGGREGATES,
    ];
    families.into_iter().flatten().collect()
});

pub(crate) fn find(name: &str) -> Option<&'static Definition> {
    let named = |definition: &&&Definition| {
        let mut names = definition.names.iter();
        names.any(|known| known.eq_ignore_ascii_case(name))
    };
    AGGREGATES.iter().find(named).copied()
}

/// Definitions with a rule are known by their place.
pub(super) fn rule(place: usize) -> Option<&'static Rule> {
    match AGGREGATES.get(place)?.build {
        Build::Rule(rule) => Some(rule),
        _ => None,
    }
}

pub(super) fn name(place: usize) -> &'static str {
    let definition = AGGREGATES.get(place);
    definition
        .and_then(|definition| definition.names.first())
        .copied()
        .unwrap_or_default()
}

pub(super) fn gathered(name: &str) -> Option<Kind> {
    let place = AGGREGATES
        .iter()
        .position(|definition| definition.names.first() == Some(&name))?;
    rule(place).map(|_| Kind::Gathered(place))
}
