//! Aggregates over a changelog: a row counts as often as its `_tp_delta` says, so that one that was
//! taken back does not count.

use sqlparser::ast::Ident;
use weir_api::DataType;

use super::{
    compiler::Compiler,
    scope::{Edge, Env, ScopeColumn},
};
use crate::{
    SqlError,
    functions::{
        aggregate::{self, Kind},
        operators::binary,
    },
    typed::Typed,
    types,
    value::Op,
};

/// 1 where a row was added, -1 where it was taken back.
pub(super) const DELTA: &str = "_tp_delta";

impl Compiler<'_> {
    /// The result of an aggregate of `kind` over rows that have a weight; `None` where they have
    /// none.
    pub(super) fn weighed(
        &mut self,
        kind: Kind,
        values: &[Typed],
        name: &Ident,
        rows: Env<'_>,
    ) -> Result<Option<Typed>, SqlError> {
        let columns = rows.scope.sources.iter().flat_map(|source| &source.columns);
        let delta: Vec<ScopeColumn> = columns
            .filter(|column| {
                column.name == DELTA
                    && (column.stream.is_some() || column.edge == Some(Edge::Delta))
            })
            .cloned()
            .collect();
        let delta = match delta.as_slice() {
            [] => return Ok(None),
            [only] => self.column(only),
            _ => {
                return Err(SqlError::unsupported(
                    "an aggregate over two changelog streams joined",
                    name.span,
                ));
            }
        };
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        // What a row without a value weighs is nothing.
        let weight = match values.first() {
            None => delta.clone(),
            Some(value) => Typed::new(
                format!("CASE WHEN {} IS NOT NULL THEN {} END", value.sql, delta.sql),
                types::nullable(delta.data_type.clone()),
            ),
        };
        let whole = |this: &mut Self, value: &Typed| -> Result<Typed, SqlError> {
            let sum = aggregate::find("sum").ok_or_else(|| at("no sum".to_string()))?;
            let (spec, values) = sum.spec(std::slice::from_ref(value)).map_err(at)?;
            let null = values.iter().any(|value| value.data_type.is_nullable());
            Ok(this.aggregated(spec, values, null))
        };
        match (kind, values) {
            (Kind::Count, _) => {
                let sum = whole(self, &weight)?;
                Ok(Some(Typed::new(
                    format!("coalesce({}, 0)", sum.sql),
                    DataType::Int(64),
                )))
            }
            (Kind::Sum, [value]) => {
                let product = binary(Op::Multiply, value, &delta).map_err(at)?;
                whole(self, &product).map(Some)
            }
            (Kind::Average, [value]) => {
                let value = value.cast(&DataType::Float64).map_err(at)?;
                let product = binary(Op::Multiply, &value, &delta).map_err(at)?;
                let (sum, count) = (whole(self, &product)?, whole(self, &weight)?);
                Ok(Some(Typed::new(
                    format!("({} / nullif({}, 0))", sum.sql, count.sql),
                    types::nullable(DataType::Float64),
                )))
            }
            _ => Err(SqlError::at(
                format!(
                    "{}() does not weigh rows by _tp_delta: over a changelog stream count, sum \
                     and avg do; a changelog_kv stream keeps the last row of each key",
                    name.value
                ),
                name.span,
            )),
        }
    }
}
