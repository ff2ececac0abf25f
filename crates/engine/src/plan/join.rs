//! Joins.

use std::ops::Range;

use sqlparser::{
    ast::{Join, JoinConstraint, JoinOperator, ObjectName},
    tokenizer::Span,
};

use super::{
    compiler::{Compiler, Flow, span},
    factor::simple,
    relation::From,
    scope::{Env, Scope, ScopeColumn},
    stage::{ALL, FRESH},
};
use crate::{
    SqlError,
    parse::Strictness,
    typed::{Typed, compare},
    types,
};

impl Compiler<'_> {
    pub(super) fn join(&mut self, left: From, join: &Join) -> Result<From, SqlError> {
        self.analysis.has_table_join = true;
        let at = span(&join.relation);
        if let Some(unrolled) = self.array_joined(&left, &join.relation)? {
            return Ok(unrolled);
        }
        let strictness = self.joins.strictness(at);
        // The right side of such a join is looked up, and never brings a row by itself.
        let looks_up = strictness != Strictness::All && left.flow == Flow::Rows;
        let looking_up = self.looking_up;
        let before = self.leaves.len();
        self.looking_up |= looks_up;
        let right = self.factor(&join.relation);
        self.looking_up = looking_up;
        let mut right = right?;
        let none = JoinConstraint::None;
        let (word, constraint) = match &join.join_operator {
            JoinOperator::Join(on) | JoinOperator::Inner(on) => ("JOIN", on),
            JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => ("LEFT JOIN", on),
            JoinOperator::Right(on) | JoinOperator::RightOuter(on) => ("RIGHT JOIN", on),
            JoinOperator::FullOuter(on) => ("FULL JOIN", on),
            JoinOperator::CrossJoin(_) => ("CROSS JOIN", &none),
            _ => return Err(SqlError::unsupported("this kind of join", at)),
        };
        if strictness != Strictness::All {
            let left_kept = match word {
                "JOIN" => false,
                "LEFT JOIN" => true,
                _ => {
                    let what = format!(
                        "{} before {word}; use it with JOIN or LEFT JOIN",
                        strictness.word()
                    );
                    return Err(SqlError::unsupported(what, at));
                }
            };
            return self.picking(strictness, left_kept, (left, right), constraint, at);
        }
        if matches!(word, "LEFT JOIN" | "RIGHT JOIN" | "FULL JOIN")
            && left.flow == Flow::Rows
            && right.flow == Flow::Rows
        {
            let fresh = before..self.leaves.len();
            return self.kept_join((left, right), word, constraint, fresh, at);
        }
        let wrong_side = match word {
            "LEFT JOIN" => right.flow == Flow::Rows,
            "RIGHT JOIN" => left.flow == Flow::Rows,
            "FULL JOIN" => right.flow == Flow::Rows || left.flow == Flow::Rows,
            _ => false,
        };
        if left.flow != Flow::Bounded
            && right.flow != Flow::Bounded
            && (left.flow == Flow::Groups || right.flow == Flow::Groups)
        {
            return Err(SqlError::unsupported(
                "a join of an aggregation that follows a stream with what follows another",
                at,
            ));
        }
        if wrong_side {
            return Err(SqlError::at(
                format!(
                    "a {word} cannot follow the stream on this side alone: follow both sides, or \
                     the side whose rows are all kept, or wrap the stream in table(…)"
                ),
                at,
            ));
        }
        // A cross join keeps SQLite from reading the table before the stream.
        let sql_word = if word == "JOIN" && left.flow == Flow::Rows && right.flow == Flow::Bounded {
            "CROSS JOIN"
        } else {
            word
        };
        if matches!(word, "LEFT JOIN" | "FULL JOIN") {
            make_nullable(&mut right.scope);
        }
        let (first, second) = (left.sql.clone(), right.sql.clone());
        let mut joined = cross(left, right);
        if matches!(word, "RIGHT JOIN" | "FULL JOIN") {
            let last = joined.scope.sources.len() - 1;
            let mut before = Scope {
                sources: joined.scope.sources.drain(..last).collect(),
            };
            make_nullable(&mut before);
            joined.scope.sources.splice(0..0, before.sources);
        }
        let on = match constraint {
            JoinConstraint::On(expr) => Some(self.condition(expr, Env::rows(&joined.scope, &[]))?),
            JoinConstraint::Using(names) => Some(using(&mut joined.scope, names, word)?),
            JoinConstraint::None if word == "CROSS JOIN" => None,
            JoinConstraint::None => return Err(SqlError::at("a join takes ON or USING", at)),
            JoinConstraint::Natural => return Err(SqlError::unsupported("NATURAL JOIN", at)),
        };
        let on = on.map_or_else(String::new, |on| format!(" ON {on}"));
        Ok(From {
            sql: format!("{first} {sql_word} {second}{on}"),
            ..joined
        })
    }

    /// A join of two followed streams that keeps rows without a partner. Such a row is sent when it
    /// comes and has none; when a partner comes later, both are sent. `fresh`: the streams of the
    /// right side.
    fn kept_join(
        &mut self,
        (left, right): (From, From),
        word: &str,
        constraint: &JoinConstraint,
        fresh: Range<usize>,
        at: Span,
    ) -> Result<From, SqlError> {
        self.keeps_unmatched = true;
        let (mut left, mut right) = (self.marked(&left), self.marked(&right));
        let (l, r) = (marker(&left), marker(&right));
        if word != "RIGHT JOIN" {
            make_nullable(&mut right.scope);
        }
        if word != "LEFT JOIN" {
            make_nullable(&mut left.scope);
        }
        let (first, second) = (left.sql.clone(), right.sql.clone());
        let mut joined = cross(left, right);
        let on = self.join_test(constraint, &mut joined.scope, word, at)?;
        let is_right = format!("({FRESH} >= {} AND {FRESH} < {})", fresh.start, fresh.end);
        let selection = format!(
            " WHERE ({l} AND {r}) OR {FRESH} = {ALL} OR ({r} IS NULL AND NOT {is_right}) OR \
             ({l} IS NULL AND {is_right})"
        );
        joined.sql = format!("{first} {word} {second} ON {on}");
        Ok(self.flattened(&joined, &selection))
    }

    /// The same rows with a column that says that there is one.
    fn marked(&mut self, from: &From) -> From {
        let flat = self.flattened(from, "");
        let rest = flat.sql.strip_prefix("(SELECT ").unwrap_or(&flat.sql);
        From {
            sql: format!("(SELECT 1 AS met, {rest}"),
            ..flat
        }
    }
}

/// The column of [`Compiler::marked`].
fn marker(from: &From) -> String {
    let alias = from.sql.rsplit(' ').next().unwrap_or_default();
    format!("{alias}.met")
}

pub(super) fn cross(left: From, right: From) -> From {
    let mut sources = left.scope.sources;
    sources.extend(right.scope.sources);
    From {
        sql: format!("{} CROSS JOIN {}", left.sql, right.sql),
        scope: Scope { sources },
        flow: if left.flow == Flow::Bounded {
            right.flow
        } else {
            left.flow
        },
    }
}

pub(super) fn make_nullable(scope: &mut Scope) {
    for column in scope.sources.iter_mut().flat_map(|source| {
        let besides = source.time.iter_mut().chain(&mut source.number);
        source.columns.iter_mut().chain(besides)
    }) {
        column.data_type = crate::types::nullable(column.data_type.clone());
    }
}

/// Equality of the named columns of both sides. `word`: RIGHT JOIN and FULL JOIN have rows without
/// a left side, whose value is the right side's.
pub(super) fn using(
    scope: &mut Scope,
    names: &[ObjectName],
    word: &str,
) -> Result<String, SqlError> {
    let Some((right, left)) = scope.sources.split_last_mut() else {
        return Err(SqlError::new("USING takes two sides"));
    };
    let mut tests = Vec::with_capacity(names.len());
    for name in names {
        let name = simple(name)?;
        let unknown = || {
            SqlError::at(
                format!("unknown column '{}' on both sides of the join", name.value),
                name.span,
            )
        };
        let wanted = |column: &&mut ScopeColumn| column.name == name.value;
        let left = left
            .iter_mut()
            .flat_map(|s| &mut s.columns)
            .find(wanted)
            .ok_or_else(unknown)?;
        let right = right
            .columns
            .iter_mut()
            .find(|c| c.name == name.value)
            .ok_or_else(unknown)?;
        right.hidden = true;
        let at = |message: String| SqlError::at(message, name.span);
        let typed = |column: &ScopeColumn| Typed::new(column.sql.clone(), column.data_type.clone());
        let (l, r) = (typed(left), typed(right));
        tests.push(compare("=", &l, &r).map_err(at)?.sql);
        if matches!(word, "RIGHT JOIN" | "FULL JOIN") {
            let common = types::common(&l.data_type, &r.data_type).map_err(at)?;
            let (l, r) = (l.cast(&common).map_err(at)?, r.cast(&common).map_err(at)?);
            left.sql = format!("coalesce({}, {})", l.sql, r.sql);
            // A row of RIGHT JOIN always has a right side.
            left.data_type = match word {
                "RIGHT JOIN" => {
                    types::nullable_if(common.inner().clone(), r.data_type.is_nullable())
                }
                _ => common,
            };
            (left.edge, left.event_time, left.size) = (None, None, left.sql.len());
        }
    }
    Ok(tests.join(" AND "))
}
