//! Joins that take one row of the right side, or none: `LATEST`, `ASOF`, `ANY`, `SEMI`, `ANTI`.

use sqlparser::{
    ast::{BinaryOperator, Expr, JoinConstraint, ObjectName},
    tokenizer::Span,
};

use super::{
    compiler::{Compiler, Flow},
    factor::simple,
    join::{cross, make_nullable, using},
    relation::From,
    scope::{Env, Scope, Source},
};
use crate::{
    SqlError,
    parse::Strictness,
    typed::{Typed, compare},
};

impl Compiler<'_> {
    /// `left_kept`: rows of the left side without a partner stay.
    pub(super) fn picking(
        &mut self,
        strictness: Strictness,
        left_kept: bool,
        (left, mut right): (From, From),
        constraint: &JoinConstraint,
        at: Span,
    ) -> Result<From, SqlError> {
        let word = strictness.word();
        if right.flow != Flow::Bounded {
            return Err(SqlError::at(
                format!("{word} JOIN looks its right side up: wrap it in table(…)"),
                at,
            ));
        }
        let whole = right.sql.clone();
        let named = whole.rsplit_once(" AS ").filter(|(_, alias)| {
            alias.starts_with('t') && alias[1..].bytes().all(|byte| byte.is_ascii_digit())
        });
        let Some((base, alias)) = named else {
            let what = format!("{word} JOIN with a join in brackets");
            return Err(SqlError::unsupported(what, at));
        };
        // Rows of the right side once more, to choose among them.
        let other = self.alias();
        let again: Vec<Source> = right
            .scope
            .sources
            .iter()
            .map(|s| renamed(s, alias, &other))
            .collect();
        let mut candidates = Scope {
            sources: left.scope.sources.iter().cloned().chain(again).collect(),
        };
        let (fits, by_name) = match (strictness, constraint) {
            (Strictness::Asof, JoinConstraint::Using(names)) if names.len() > 1 => {
                let (fits, order) = nearest_by_name(names, &mut candidates)?;
                (fits, Some(order))
            }
            _ => (self.join_test(constraint, &mut candidates, word, at)?, None),
        };
        if strictness == Strictness::Anti {
            for column in right.scope.sources.iter_mut().flat_map(|s| &mut s.columns) {
                column.sql = "NULL".to_string();
            }
            make_nullable(&mut right.scope);
            let one = self.alias();
            let sql = format!(
                "{} CROSS JOIN (SELECT 1) AS {one} ON NOT EXISTS (SELECT 1 FROM {base} AS {other} WHERE {fits})",
                left.sql
            );
            return Ok(From {
                sql,
                ..cross(left, right)
            });
        }
        // Tables number their rows.
        let (rows, number) = match base.starts_with('"') {
            true => (base.to_string(), "_seq"),
            false => (
                format!("(SELECT *, row_number() OVER () AS _pick FROM {base})"),
                "_pick",
            ),
        };
        let order = match strictness {
            Strictness::Asof => match by_name {
                Some(order) => order,
                None => self.nearest(constraint, &candidates, &other, at)?,
            },
            Strictness::Latest => format!("{other}.{number} DESC"),
            _ => format!("{other}.{number}"),
        };
        let chosen = format!(
            "{alias}.{number} = (SELECT {other}.{number} FROM {rows} AS {other} WHERE {fits} ORDER BY {order} LIMIT 1)"
        );
        let join = match (left_kept, left.flow) {
            (true, _) => "LEFT JOIN",
            // Keeps SQLite from reading the table before the stream.
            (false, Flow::Rows) => "CROSS JOIN",
            (false, _) => "JOIN",
        };
        if left_kept {
            make_nullable(&mut right.scope);
        }
        let left_sql = left.sql.clone();
        let mut both = cross(left, right);
        if let JoinConstraint::Using(names) = constraint {
            using(&mut both.scope, names, "")?;
        }
        let sql = format!("{left_sql} {join} {rows} AS {alias} ON {chosen}");
        Ok(From { sql, ..both })
    }

    pub(super) fn join_test(
        &mut self,
        constraint: &JoinConstraint,
        scope: &mut Scope,
        word: &str,
        at: Span,
    ) -> Result<String, SqlError> {
        match constraint {
            JoinConstraint::On(expr) => self.condition(expr, Env::rows(scope, &[])),
            JoinConstraint::Using(names) => using(scope, names, word),
            _ => Err(SqlError::at(format!("{word} JOIN takes ON or USING"), at)),
        }
    }

    /// The order in which the nearest row of the right side comes first.
    fn nearest(
        &mut self,
        constraint: &JoinConstraint,
        scope: &Scope,
        right: &str,
        at: Span,
    ) -> Result<String, SqlError> {
        let usage = || {
            SqlError::at(
                "ASOF JOIN takes ON with one inequality, for example \
                 ON l.key = r.key AND l.time >= r.time",
                at,
            )
        };
        let JoinConstraint::On(expr) = constraint else {
            return Err(usage());
        };
        let (mut tests, mut found) = (vec![expr], None);
        while let Some(test) = tests.pop() {
            let (left, op, right_side) = match test {
                Expr::Nested(inner) => {
                    tests.push(inner);
                    continue;
                }
                Expr::BinaryOp { left, op, right } => (left, op, right),
                _ => continue,
            };
            // Whether the left operand is the greater one.
            let greater = match op {
                BinaryOperator::And => {
                    tests.extend([left.as_ref(), right_side.as_ref()]);
                    continue;
                }
                BinaryOperator::Gt | BinaryOperator::GtEq => true,
                BinaryOperator::Lt | BinaryOperator::LtEq => false,
                _ => continue,
            };
            let env = Env::rows(scope, &[]);
            let (l, r) = (self.value(left, env)?, self.value(right_side, env)?);
            let prefix = format!("{right}.");
            let order = if r.sql.starts_with(&prefix) {
                (r.ordered(), greater)
            } else if l.sql.starts_with(&prefix) {
                (l.ordered(), !greater)
            } else {
                continue;
            };
            if found.replace(order).is_some() {
                return Err(usage());
            }
        }
        let (value, below) = found.ok_or_else(usage)?;
        Ok(format!("{value} {}", if below { "DESC" } else { "ASC" }))
    }
}

/// `ASOF JOIN … USING (k, t)`: the keys are equal, and the last column of the right side is the
/// greatest that is not greater than that of the left. The test, and the order.
fn nearest_by_name(names: &[ObjectName], scope: &mut Scope) -> Result<(String, String), SqlError> {
    let usage = || SqlError::new("ASOF JOIN takes USING with keys and a time");
    let (time, keys) = names.split_last().ok_or_else(usage)?;
    let equal = using(scope, keys, "")?;
    let time = simple(time)?;
    let unknown = || {
        let words = format!("unknown column '{}' on both sides of the join", time.value);
        SqlError::at(words, time.span)
    };
    let of = |sources: &[Source]| {
        let mut columns = sources.iter().flat_map(|source| &source.columns);
        let found = columns.find(|column| column.name == time.value);
        found.map(|column| Typed::new(column.sql.clone(), column.data_type.clone()))
    };
    let (right, left) = scope.sources.split_last().ok_or_else(usage)?;
    let left = of(left).ok_or_else(unknown)?;
    let right = of(std::slice::from_ref(right)).ok_or_else(unknown)?;
    let near = compare(">=", &left, &right).map_err(|words| SqlError::at(words, time.span))?;
    let order = format!("{} DESC", right.ordered());
    Ok((format!("{equal} AND {}", near.sql), order))
}

/// The same columns under another alias.
fn renamed(source: &Source, alias: &str, other: &str) -> Source {
    let mut source = source.clone();
    (source.time, source.number) = (None, None);
    for column in &mut source.columns {
        if let Some(rest) = column.sql.strip_prefix(&format!("{alias}.")) {
            column.sql = format!("{other}.{rest}");
        }
    }
    source
}
