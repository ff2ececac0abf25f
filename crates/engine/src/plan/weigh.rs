//! Aggregates over a changelog: a row counts as often as its `_tp_delta` says, so that one that was
//! taken back does not count.

use sqlparser::ast::Ident;
use weir_api::DataType;

use super::{
    compiler::{Compiler, OutColumn},
    relation::From,
    scope::{Edge, Env, Scope, ScopeColumn},
};
use crate::{
    ColumnInfo, SqlError,
    functions::{
        aggregate::{self, Kind, Rows, Spec},
        operators::binary,
    },
    typed::Typed,
    types,
    value::Op,
};

/// 1 where a row was added, -1 where it was taken back.
pub(super) const DELTA: &str = "_tp_delta";

impl Compiler<'_> {
    /// What rows weigh; `None` where each counts.
    pub(super) fn weight(
        &mut self,
        name: &Ident,
        rows: Env<'_>,
    ) -> Result<Option<Typed>, SqlError> {
        let delta = self.deltas(rows.scope);
        match delta.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(self.column(only))),
            _ => Err(SqlError::unsupported(
                "an aggregate over two changelog streams joined",
                name.span,
            )),
        }
    }

    /// Columns that say what rows weigh.
    fn deltas(&self, scope: &Scope) -> Vec<ScopeColumn> {
        let columns = scope.sources.iter().flat_map(|source| &source.columns);
        let changelog = |stream: &str| !self.catalog.stream(stream).is_some_and(|s| s.keyed);
        let weighs = |column: &&ScopeColumn| {
            column.name == DELTA
                && (column.edge == Some(Edge::Delta)
                    || column.stream.as_deref().is_some_and(changelog))
        };
        columns.filter(weighs).cloned().collect()
    }

    /// What the rows of a subquery weigh that does not select it, for aggregates around it.
    pub(super) fn carried_weight(&mut self, scope: &Scope) -> Option<(String, OutColumn)> {
        let [delta] = self.deltas(scope).try_into().ok()?;
        let value = self.column(&delta);
        let column = OutColumn {
            info: ColumnInfo {
                name: DELTA.to_string(),
                data_type: value.data_type,
            },
            edge: Some(Edge::Delta),
            event_time: None,
            size: delta.size,
            null: false,
        };
        Some((value.sql, column))
    }

    /// SQLite text of the condition that a row of a stream with a key is not one that takes its key
    /// back; `None` where there are no such rows.
    pub(super) fn not_taken_back(&self, from: &From) -> Option<String> {
        let columns = from.scope.sources.iter().flat_map(|source| &source.columns);
        let taken = columns.filter(|column| {
            let keyed = |stream| self.catalog.stream(stream).is_some_and(|s| s.keyed);
            column.name == DELTA && column.stream.as_deref().is_some_and(keyed)
        });
        let tests: Vec<_> = taken
            .map(|column| format!("coalesce({}, 1) > 0", column.sql))
            .collect();
        (!tests.is_empty()).then(|| tests.join(" AND "))
    }

    /// The result of an aggregate over rows that weigh `delta`. `null`: whether the values may be
    /// NULL, conditions aside.
    pub(super) fn weighed(
        &mut self,
        spec: Spec,
        values: Vec<Typed>,
        delta: &Typed,
        null: bool,
    ) -> Result<Typed, String> {
        // What a row without a value weighs is nothing.
        let weight = match values.first() {
            None => delta.clone(),
            Some(value) => Typed::new(
                format!("CASE WHEN {} IS NOT NULL THEN {} END", value.sql, delta.sql),
                types::nullable(delta.data_type.clone()),
            ),
        };
        match (spec.kind, values.as_slice()) {
            (Kind::Count, _) if !spec.unrolled => {
                let sum = self.whole(&weight, true)?;
                Ok(Typed::new(
                    format!("coalesce({}, 0)", sum.sql),
                    DataType::Int(64),
                ))
            }
            (Kind::Sum, [value]) if !spec.unrolled => {
                let product = binary(Op::Multiply, value, delta)?;
                self.whole(&product, null)
            }
            (Kind::Average, [value]) if !spec.unrolled => {
                let value = value.cast(&DataType::Float64)?;
                let product = binary(Op::Multiply, &value, delta)?;
                let (sum, count) = (self.whole(&product, true)?, self.whole(&weight, true)?);
                let mean = format!("({} / nullif({}, 0))", sum.sql, count.sql);
                // Of no rows it is NaN.
                Ok(match null {
                    true => Typed::new(mean, types::nullable(DataType::Float64)),
                    false => Typed::new(format!("coalesce({mean}, 'nan')"), DataType::Float64),
                })
            }
            _ => {
                let mut args = vec![delta.clone()];
                args.extend(values);
                let spec = Spec {
                    rows: Rows::Weighed,
                    ..spec
                };
                Ok(self.aggregated(spec, args, null))
            }
        }
    }

    fn whole(&mut self, value: &Typed, null: bool) -> Result<Typed, String> {
        let sum = aggregate::find("sum").ok_or("no sum")?;
        let (spec, values) = sum.spec(std::slice::from_ref(value))?;
        Ok(self.aggregated(spec, values, null))
    }
}
