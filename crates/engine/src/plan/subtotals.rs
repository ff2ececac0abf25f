//! GROUP BY with several sets of keys: ROLLUP, CUBE, GROUPING SETS and WITH TOTALS. A key that is
//! not in a row's set has the zero of its type there, as the vendor has it, and `grouping(key)` is 1.

use sqlparser::{
    ast::{Expr, Function, GroupByExpr, GroupByWithModifier, Ident},
    tokenizer::Span,
};
use weir_api::DataType;

use super::{
    call::arguments,
    compiler::{Compiler, span},
    grouping::Grouping,
    scope::{Edge, Env},
};
use crate::{
    SqlError, codec,
    typed::{Typed, sql_literal},
};

/// Each reads the source once.
const MOST_SETS: usize = 64;

/// What GROUP BY says.
#[derive(Default)]
pub(super) struct Sets<'e> {
    pub(super) keys: Vec<&'e Expr>,
    /// Places of keys; empty where there is one set, of all keys.
    pub(super) sets: Vec<Vec<usize>>,
    pub(super) totals: bool,
}

/// A part of GROUP BY: the sets that it stands for.
type Part<'e> = Vec<Vec<&'e Expr>>;

pub(super) fn read(group_by: &GroupByExpr) -> Result<Sets<'_>, SqlError> {
    let at = span(group_by);
    let GroupByExpr::Expressions(exprs, modifiers) = group_by else {
        return Ok(Sets::default());
    };
    let mut parts: Vec<Part<'_>> = Vec::with_capacity(exprs.len());
    for expr in exprs {
        parts.push(match expr {
            Expr::Rollup(levels) => rollup(levels),
            Expr::Cube(levels) => cube(levels, || span(expr))?,
            Expr::GroupingSets(sets) => sets.iter().map(|set| set.iter().collect()).collect(),
            plain => vec![vec![plain]],
        });
    }
    let mut totals = false;
    for modifier in modifiers {
        let plain: Option<Vec<Vec<Expr>>> = parts
            .iter()
            .map(|part| match part.as_slice() {
                [set] => Some(set.iter().map(|expr| (*expr).clone()).collect()),
                _ => None,
            })
            .collect();
        let beside = || SqlError::unsupported("WITH ROLLUP and WITH CUBE beside other sets", at);
        let of_all = |wanted| plain.as_ref().map(|_| wanted).ok_or_else(beside);
        match modifier {
            GroupByWithModifier::Totals => totals = true,
            GroupByWithModifier::Rollup => parts = vec![of_all(prefixes(exprs))?],
            GroupByWithModifier::Cube => parts = vec![of_all(subsets(exprs, || at)?)?],
            GroupByWithModifier::GroupingSets(_) => return Err(beside()),
        }
    }
    let mut sets: Part<'_> = vec![Vec::new()];
    for part in &parts {
        if sets.len().saturating_mul(part.len()) > MOST_SETS {
            return Err(too_many(at));
        }
        let mut longer = Vec::with_capacity(sets.len() * part.len());
        for set in &sets {
            longer.extend(part.iter().map(|more| [set.as_slice(), more].concat()));
        }
        sets = longer;
    }
    let mut keys: Vec<&Expr> = Vec::new();
    let places = sets.iter().map(|set| {
        let mut places = Vec::with_capacity(set.len());
        for expr in set {
            let known = keys.iter().position(|key| key == expr);
            places.push(known.unwrap_or_else(|| {
                keys.push(expr);
                keys.len() - 1
            }));
        }
        places
    });
    let places: Vec<_> = places.collect();
    Ok(Sets {
        keys,
        sets: if places.len() == 1 {
            Vec::new()
        } else {
            places
        },
        totals,
    })
}

/// All levels, all but the last, …, none.
fn rollup(levels: &[Vec<Expr>]) -> Part<'_> {
    let lengths = (0..=levels.len()).rev();
    lengths
        .map(|length| levels[..length].iter().flatten().collect())
        .collect()
}

fn prefixes(exprs: &[Expr]) -> Part<'_> {
    let lengths = (0..=exprs.len()).rev();
    lengths
        .map(|length| exprs[..length].iter().collect())
        .collect()
}

/// Every choice of the levels.
fn cube(levels: &[Vec<Expr>], at: impl Fn() -> Span) -> Result<Part<'_>, SqlError> {
    let chosen = choices(levels.len()).ok_or_else(|| too_many(at()))?;
    let set = |places: Vec<usize>| {
        places
            .into_iter()
            .flat_map(|place| &levels[place])
            .collect()
    };
    Ok(chosen.into_iter().map(set).collect())
}

fn subsets(exprs: &[Expr], at: impl Fn() -> Span) -> Result<Part<'_>, SqlError> {
    let chosen = choices(exprs.len()).ok_or_else(|| too_many(at()))?;
    let set = |places: Vec<usize>| places.into_iter().map(|place| &exprs[place]).collect();
    Ok(chosen.into_iter().map(set).collect())
}

/// Places of so many levels, from all of them to none.
fn choices(levels: usize) -> Option<Vec<Vec<usize>>> {
    let number = 1_usize.checked_shl(u32::try_from(levels).ok()?)?;
    let has = |mask: usize, place: usize| mask >> (levels - 1 - place) & 1 == 1;
    (number <= MOST_SETS).then(|| {
        let masks = (0..number).rev();
        masks
            .map(|mask| (0..levels).filter(|place| has(mask, *place)).collect())
            .collect()
    })
}

fn too_many(at: Span) -> SqlError {
    let words = format!("GROUP BY stands for more than {MOST_SETS} sets of keys");
    SqlError::at(words, at)
}

impl Grouping {
    /// SQLite text of the groups of every set. `columns`: the keys, then the results of the calls.
    pub(super) fn of_sets(&self, columns: &[String], rest: &str) -> String {
        let all: Vec<usize> = (0..self.keys.len()).collect();
        let sets = match self.sets.as_slice() {
            [] => std::slice::from_ref(&all),
            sets => sets,
        };
        let selects: Vec<_> = sets
            .iter()
            .map(|set| self.of_set(set, columns, rest))
            .collect();
        selects.join(" UNION ALL ")
    }

    fn of_set(&self, set: &[usize], columns: &[String], rest: &str) -> String {
        let edge = |place: usize| {
            let key = self.keys.get(place);
            matches!(key.and_then(|key| key.edge), Some(Edge::Start | Edge::End))
        };
        let by_window = set.iter().any(|place| edge(*place));
        // Keys that were added on the way: the other edge of a window, and PARTITION BY.
        let inside = |place: usize| match place < self.written {
            true => set.contains(&place),
            false => !edge(place) || by_window,
        };
        let mut absent = 0_u64;
        let mut list = columns.to_vec();
        let mut by = Vec::new();
        for (place, key) in self.keys.iter().enumerate() {
            if inside(place) {
                by.push((place + 1).to_string());
                continue;
            }
            absent |= 1 << place.min(63);
            let zero = sql_literal(&codec::default_value(&key.value.data_type));
            list[place] = format!("{zero} AS k{place}");
        }
        if self.has_sets() || list.is_empty() {
            list.push(format!("{absent} AS absent"));
        }
        if by.is_empty() && self.calls.is_empty() && !self.keys.is_empty() {
            // Without an aggregate each row would be a result.
            by.push("''".to_string());
        }
        let group_by = match by.as_slice() {
            [] => String::new(),
            by => format!(" GROUP BY {}", by.join(", ")),
        };
        format!("SELECT {}{rest}{group_by}", list.join(", "))
    }

    /// SQLite text of one group of all rows, in the place of the groups.
    pub(super) fn of_all(&self, columns: &[String], rest: &str) -> String {
        self.of_set(&[], columns, rest)
    }

    /// Whether SQLite text of groups says which keys are absent.
    fn has_sets(&self) -> bool {
        self.totals || !self.sets.is_empty()
    }

    pub(super) fn only_one_set(&self) -> Result<(), SqlError> {
        match self.has_sets() {
            true => Err(SqlError::unsupported(
                "GROUP BY with ROLLUP, CUBE, GROUPING SETS or TOTALS over a followed stream; wrap the \
                 stream in table(…)",
                self.place,
            )),
            false => Ok(()),
        }
    }
}

impl Compiler<'_> {
    /// `grouping(a, b)`: for each key from the last bit on whether it is not in the row's set.
    pub(super) fn absent_keys(
        &mut self,
        function: &Function,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let (args, _) = arguments(function, name)?;
        let mut bits = Vec::with_capacity(args.len());
        for arg in args {
            let not_key = || SqlError::at("grouping takes keys of GROUP BY", span(arg));
            let key = match env.groups {
                true => self.group_key(arg, env).ok_or_else(not_key)?,
                false => return Err(not_key()),
            };
            let grouping = self.grouping.last().ok_or_else(not_key)?;
            let place = key.sql.strip_prefix(&format!("{}.k", grouping.alias));
            let place: usize = place
                .and_then(|place| place.parse().ok())
                .ok_or_else(not_key)?;
            bits.push(match grouping.has_sets() {
                true => format!("({}.absent >> {} & 1)", grouping.alias, place.min(63)),
                false => "0".to_string(),
            });
        }
        if bits.is_empty() || bits.len() > 62 {
            return Err(SqlError::at(
                "grouping takes from 1 to 62 keys of GROUP BY",
                name.span,
            ));
        }
        let last = bits.len() - 1;
        let bits = bits.iter().enumerate();
        let bits: Vec<_> = bits
            .map(|(place, bit)| format!("({bit} << {})", last - place))
            .collect();
        Ok(Typed::new(
            format!("({})", bits.join(" | ")),
            DataType::UInt(64),
        ))
    }
}
