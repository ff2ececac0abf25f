//! UNION.

use sqlparser::tokenizer::Span;

use super::compiler::{OutColumn, Relation};
use crate::{ColumnInfo, SqlError, typed::Typed, types};

/// The rows of both sides.
pub(super) fn union(
    left: Relation,
    right: Relation,
    distinct: bool,
    at: Span,
) -> Result<Relation, SqlError> {
    if left.columns.len() != right.columns.len() {
        return Err(SqlError::at(
            format!(
                "UNION takes sides of as many columns: {} and {}",
                left.columns.len(),
                right.columns.len()
            ),
            at,
        ));
    }
    let mut columns = Vec::with_capacity(left.columns.len());
    for (l, r) in left.columns.iter().zip(&right.columns) {
        let data_type = types::common(&l.info.data_type, &r.info.data_type)
            .map_err(|message| SqlError::at(format!("column '{}': {message}", l.info.name), at))?;
        columns.push(OutColumn {
            info: ColumnInfo {
                name: l.info.name.clone(),
                data_type,
            },
            edge: None,
            event_time: None,
            size: l.size.max(r.size),
        });
    }
    let side = |relation: &Relation| -> Result<String, String> {
        let list: Result<Vec<_>, String> = relation
            .columns
            .iter()
            .zip(&columns)
            .enumerate()
            .map(|(index, (from, to))| {
                let value = Typed::new(format!("c{index}"), from.info.data_type.clone());
                Ok(format!(
                    "{} AS c{index}",
                    value.cast(&to.info.data_type)?.sql
                ))
            })
            .collect();
        Ok(format!(
            "SELECT {} FROM ({})",
            list?.join(", "),
            relation.sql
        ))
    };
    let word = if distinct { "UNION" } else { "UNION ALL" };
    let failed = |message| SqlError::at(message, at);
    Ok(Relation {
        sql: format!(
            "{} {word} {}",
            side(&left).map_err(failed)?,
            side(&right).map_err(failed)?
        ),
        columns,
        flow: left.flow,
        limit: None,
        time: None,
    })
}
