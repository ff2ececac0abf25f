//! `WHERE _tp_time >= …` over a followed stream: it starts with the rows of that time, as with
//! `seek_to`; and with its first row where the filter is by `_tp_sn`.

use sqlparser::ast::{BinaryOperator, Expr};
use weir_api::DataType;

use super::{
    compiler::Compiler,
    insert::calculator,
    relation::NoStreams,
    scope::{Env, Scope, ScopeColumn},
};

/// Of `_tp_time`.
const MILLISECONDS: DataType = DataType::DateTime64 {
    precision: 3,
    zone: None,
};

impl Compiler<'_> {
    /// Takes note of the event time from which on `selection` lets rows through. What is no such
    /// test, or no time, changes nothing: the filter holds in any case.
    pub(super) fn note_rewind(&mut self, selection: &Expr, scope: &Scope) {
        let mut tests = vec![selection];
        while let Some(test) = tests.pop() {
            match test {
                Expr::Nested(inner) => tests.push(inner),
                Expr::BinaryOp {
                    left,
                    op: BinaryOperator::And,
                    right,
                } => tests.extend([left.as_ref(), right.as_ref()]),
                _ => {
                    // Older rows are meant, how old ones is not said.
                    for (column, bound) in most(test).into_iter().flatten() {
                        let leaf = event_time(column, scope).filter(|_| self.time(bound).is_some());
                        if let Some(leaf) = leaf.and_then(|leaf| self.leaves.get_mut(leaf)) {
                            leaf.rewind = leaf.rewind.max(Some(i64::MIN));
                        }
                    }
                    for (column, bound) in least(test).into_iter().flatten() {
                        let leaf = event_time(column, scope);
                        let from = leaf.and_then(|_| self.time(bound));
                        let numbered = is_number(column, scope);
                        let from = from.map(|from| if numbered { i64::MIN } else { from });
                        if let Some(leaf) = leaf.and_then(|leaf| self.leaves.get_mut(leaf)) {
                            leaf.rewind = leaf.rewind.max(from);
                        }
                    }
                }
            }
        }
    }

    /// Unix ms of an expression without columns.
    fn time(&self, expr: &Expr) -> Option<i64> {
        let mut compiler = Compiler::new(&NoStreams, self.now.to_string());
        let value = compiler
            .value(expr, Env::rows(&Scope::default(), &[]))
            .ok()?;
        let time = value.cast(&MILLISECONDS).ok()?;
        let conn = calculator().ok()?;
        let sql = format!("SELECT {}", time.sql);
        conn.query_row(&sql, [], |row| row.get(0)).ok()
    }
}

/// What is at least what, where the test holds: sides of a comparison.
fn least(test: &Expr) -> Option<[(&Expr, &Expr); 2]> {
    match test {
        Expr::BinaryOp { left, op, right } => match op {
            BinaryOperator::Gt | BinaryOperator::GtEq => Some([(left, right); 2]),
            BinaryOperator::Lt | BinaryOperator::LtEq => Some([(right, left); 2]),
            BinaryOperator::Eq => Some([(left, right), (right, left)]),
            _ => None,
        },
        Expr::Between {
            expr,
            negated: false,
            low,
            ..
        } => Some([(expr, low); 2]),
        _ => None,
    }
}

/// What is less than what, or another, where the test holds.
fn most(test: &Expr) -> Option<[(&Expr, &Expr); 2]> {
    let Expr::BinaryOp { left, op, right } = test else {
        return None;
    };
    match op {
        BinaryOperator::Lt | BinaryOperator::LtEq => Some([(left, right); 2]),
        BinaryOperator::Gt | BinaryOperator::GtEq => Some([(right, left); 2]),
        BinaryOperator::NotEq => Some([(left, right), (right, left)]),
        _ => None,
    }
}

/// The followed stream whose event time it is, or whose number of rows.
fn event_time(expr: &Expr, scope: &Scope) -> Option<usize> {
    column(expr, scope).and_then(|column| column.event_time)
}

fn is_number(expr: &Expr, scope: &Scope) -> bool {
    column(expr, scope).is_some_and(|column| column.data_type == DataType::Int(64))
}

fn column<'s>(expr: &Expr, scope: &'s Scope) -> Option<&'s ScopeColumn> {
    let mut expr = expr;
    while let Expr::Nested(inner) = expr {
        expr = inner;
    }
    let found = match expr {
        Expr::Identifier(name) => scope.find(None, name),
        Expr::CompoundIdentifier(parts) => match parts.as_slice() {
            [source, name] => scope.find(Some(&source.value), name),
            _ => return None,
        },
        _ => return None,
    };
    found.ok().flatten()
}
