//! The families of functions, and every function by its name.

use std::{collections::HashMap, sync::OnceLock};

use super::{
    Call, Function, address, aggregate, bits, collection, conversion, encoding, geo, hash, json,
    lambda, logic,
    native::{Native, Signature},
    number, random_type, reinterpret, text, time, url,
};
use crate::typed::Typed;

/// For completion and the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionHelp {
    pub name: &'static str,
    /// For example `length(string | array) -> uint64`.
    pub signature: &'static str,
    pub help: &'static str,
    pub aggregate: bool,
}

/// A family's title, what is built and what is computed.
struct Family(
    &'static str,
    &'static [&'static [Function]],
    &'static [&'static [Native]],
);

const FAMILIES: &[Family] = &[
    Family(
        "Conversion",
        &[
            conversion::FUNCTIONS,
            conversion::FAMILIES.as_flattened(),
            conversion::DECIMALS.as_flattened(),
            conversion::TIMES,
            conversion::TIMES_OR,
        ],
        &[],
    ),
    Family("Choice and NULL", &[logic::FUNCTIONS], &[]),
    Family(
        "Numbers",
        &[
            number::FUNCTIONS,
            number::random::FUNCTIONS,
            random_type::FUNCTIONS,
        ],
        &[number::math::FUNCTIONS, number::readable::FUNCTIONS],
    ),
    Family("Bits", &[], &[bits::FUNCTIONS]),
    Family(
        "Text",
        &[text::FUNCTIONS],
        &[
            text::form::FUNCTIONS,
            text::search::FUNCTIONS,
            text::split::FUNCTIONS,
            text::pattern::FUNCTIONS,
            text::distance::FUNCTIONS,
            text::ngram::FUNCTIONS,
            text::printf::FUNCTIONS,
        ],
    ),
    Family(
        "Encodings",
        &[],
        &[
            encoding::FUNCTIONS,
            reinterpret::WHOLE,
            reinterpret::FUNCTIONS,
        ],
    ),
    Family("Hashes", &[], &[hash::FUNCTIONS]),
    Family(
        "Times",
        &[
            time::FUNCTIONS,
            time::unix::FUNCTIONS,
            time::cut::FUNCTIONS,
            time::change::FUNCTIONS,
            time::parse::FUNCTIONS,
            time::units::INTERVALS,
            time::parse::PARSERS,
            time::units::SHIFTS,
            time::unix::UNIX.as_flattened(),
        ],
        &[
            time::part::FUNCTIONS,
            time::make::FUNCTIONS,
            time::format::FUNCTIONS,
            time::change::NATIVE,
        ],
    ),
    Family(
        "Arrays and tuples",
        &[
            collection::FUNCTIONS,
            collection::empty::FUNCTIONS,
            collection::tuple::FUNCTIONS,
        ],
        &[
            collection::array::shape::FUNCTIONS,
            collection::array::search::FUNCTIONS,
            collection::array::numbers::FUNCTIONS,
            collection::array::lambda::FUNCTIONS,
        ],
    ),
    Family(
        "Maps",
        &[collection::map::FUNCTIONS],
        &[collection::map::NATIVE],
    ),
    Family("JSON", &[json::FUNCTIONS], &[json::NATIVE]),
    Family("Addresses", &[], &[url::FUNCTIONS, address::FUNCTIONS]),
    Family("Places", &[], &[geo::FUNCTIONS]),
];

/// A scalar function as a call needs it.
pub(crate) enum Scalar {
    Built(&'static Function),
    Native(Signature, &'static Native),
}

impl Scalar {
    /// Least and most arguments.
    pub(crate) fn arguments(&self) -> (usize, usize) {
        match self {
            Self::Built(function) => function.arguments,
            Self::Native(signature, _) => signature.arguments,
        }
    }

    /// SQLite text and type of a call.
    pub(crate) fn build(&self, call: &Call<'_>) -> Result<Typed, String> {
        match self {
            Self::Built(function) => (function.build)(call),
            Self::Native(signature, _) => signature.build(call),
        }
    }

    fn names(&self) -> &[&'static str] {
        match self {
            Self::Built(function) => function.names,
            Self::Native(signature, _) => &signature.names,
        }
    }

    fn help(&self, name: &'static str) -> FunctionHelp {
        let (signature, help) = match self {
            Self::Built(function) => (function.signature, function.help),
            // Made once for each name, and kept as long as the program runs.
            Self::Native(signature, native) => {
                let text = format!("{name}{}", signature.rest);
                (&*Box::leak(text.into_boxed_str()), native.help)
            }
        };
        FunctionHelp {
            name,
            signature,
            help,
            aggregate: false,
        }
    }
}

pub(super) struct Registry {
    /// With the number of its family.
    pub(super) all: Vec<(usize, Scalar)>,
    /// By every name in lower case.
    by_name: HashMap<String, usize>,
}

pub(super) fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let mut all = Vec::new();
        for (family, Family(_, built, native)) in FAMILIES.iter().enumerate() {
            let built = built.iter().copied().flatten().map(Scalar::Built);
            // The test of this module reads every signature.
            let native = native.iter().copied().flatten().filter_map(|native| {
                let signature = Signature::parse(native.signature).ok()?;
                Some(Scalar::Native(signature, native))
            });
            all.extend(built.chain(native).map(|function| (family, function)));
        }
        let names = all.iter().enumerate().flat_map(|(index, (_, function))| {
            let names = function.names().iter();
            names.map(move |name| (name.to_ascii_lowercase(), index))
        });
        let by_name = names.collect();
        Registry { all, by_name }
    })
}

/// A function in the reference.
pub(crate) struct Reference {
    /// `name(…) -> type`
    pub(crate) call: &'static str,
    pub(crate) aliases: Vec<&'static str>,
    pub(crate) help: &'static str,
}

/// Titles and functions, aggregates last.
pub(crate) fn families() -> Vec<(&'static str, Vec<Reference>)> {
    let scalars = FAMILIES
        .iter()
        .enumerate()
        .map(|(number, Family(title, ..))| {
            let functions = registry()
                .all
                .iter()
                .filter(|(family, _)| *family == number);
            let shown = functions.filter_map(|(_, function)| {
                let (first, aliases) = function.names().split_first()?;
                if first.starts_with('_') {
                    return None;
                }
                let help = function.help(first);
                Some(Reference {
                    call: help.signature,
                    aliases: aliases.to_vec(),
                    help: help.help,
                })
            });
            (*title, shown.collect())
        });
    let lambdas = lambda::HELP.iter().map(|(_, call, help)| Reference {
        call,
        aliases: Vec::new(),
        help,
    });
    scalars
        .chain([
            ("With lambdas", lambdas.collect()),
            ("Aggregates", aggregate::references()),
        ])
        .collect()
}

pub(crate) fn find(name: &str) -> Option<&'static Scalar> {
    let registry = registry();
    let index = registry.by_name.get(&name.to_ascii_lowercase())?;
    registry.all.get(*index).map(|(_, function)| function)
}

/// Whether a function or an aggregate has this name, in any case.
pub(crate) fn is_known(name: &str) -> bool {
    find(name).is_some() || aggregate::find(name).is_some()
}

/// The function that ClickHouse writes in camel case.
pub(crate) fn snake_case(name: &str) -> Option<String> {
    let squeeze = |name: &str| name.replace('_', "").to_ascii_lowercase();
    let wanted = squeeze(name);
    if name.contains('_') && !name.chars().any(char::is_uppercase) {
        return None;
    }
    let mut known = names().iter();
    let plain = known.find(|known| known.name.contains('_') && squeeze(known.name) == wanted);
    if let Some(plain) = plain {
        return Some(plain.name.to_string());
    }
    ["_if", "_array", "_distinct", "_or_null"]
        .iter()
        .find_map(|form| {
            let stem = wanted.strip_suffix(&squeeze(form))?;
            let mut known = names().iter().filter(|known| known.aggregate);
            let aggregate = known.find(|known| squeeze(known.name) == stem)?;
            Some(format!("{}{form}", aggregate.name))
        })
}

/// Every function and alias, sorted by name.
pub fn names() -> &'static [FunctionHelp] {
    static NAMES: OnceLock<Vec<FunctionHelp>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let shown = |function: &&Scalar| !function.names().iter().any(|name| name.starts_with('_'));
        let scalars = registry()
            .all
            .iter()
            .map(|(_, function)| function)
            .filter(shown);
        let scalars =
            scalars.flat_map(|function| function.names().iter().map(|name| function.help(name)));
        let lambdas = lambda::HELP
            .iter()
            .map(|(name, signature, help)| FunctionHelp {
                name,
                signature,
                help,
                aggregate: false,
            });
        let mut all: Vec<_> = scalars.chain(lambdas).chain(aggregate::help()).collect();
        all.sort_by_key(|function| function.name);
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_can_be_read_and_every_name_is_unique() {
        let families = FAMILIES
            .iter()
            .flat_map(|Family(_, _, native)| native.iter().copied());
        for native in families.flatten() {
            assert_eq!(
                Signature::parse(native.signature).map(|_| ()),
                Ok(()),
                "{}",
                native.signature
            );
        }
        let mut seen = std::collections::HashSet::new();
        let scalars = registry()
            .all
            .iter()
            .flat_map(|(_, function)| function.names());
        for name in scalars
            .copied()
            .chain(aggregate::help().map(|help| help.name))
        {
            assert!(seen.insert(name.to_ascii_lowercase()), "{name}");
        }
    }
}
