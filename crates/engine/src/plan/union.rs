//! UNION, INTERSECT and EXCEPT.

use sqlparser::tokenizer::Span;

use super::compiler::{OutColumn, Relation};
use crate::{ColumnInfo, SqlError, typed::Typed, types};

/// How the rows of two sides are put together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Both {
    Union,
    /// Rows that both have: as often as the side that has them less often, unless told DISTINCT.
    Intersect,
    /// Those of the left side, less those of the right: each takes one away, unless told DISTINCT.
    Except,
}

impl Both {
    fn word(self) -> &'static str {
        match self {
            Self::Union => "UNION",
            Self::Intersect => "INTERSECT",
            Self::Except => "EXCEPT",
        }
    }
}

/// The rows of both sides.
pub(super) fn united(
    how: Both,
    left: Relation,
    right: Relation,
    distinct: bool,
    at: Span,
) -> Result<Relation, SqlError> {
    if left.columns.len() != right.columns.len() {
        return Err(SqlError::at(
            format!(
                "{} takes sides of as many columns: {} and {}",
                how.word(),
                left.columns.len(),
                right.columns.len()
            ),
            at,
        ));
    }
    let mut columns = Vec::with_capacity(left.columns.len());
    for (l, r) in left.columns.iter().zip(&right.columns) {
        let data_type = match (l.null, r.null) {
            (true, _) => types::nullable(r.info.data_type.clone()),
            (_, true) => types::nullable(l.info.data_type.clone()),
            _ => types::common(&l.info.data_type, &r.info.data_type).map_err(|message| {
                SqlError::at(format!("column '{}': {message}", l.info.name), at)
            })?,
        };
        columns.push(OutColumn {
            info: ColumnInfo {
                name: l.info.name.clone(),
                data_type,
            },
            edge: None,
            event_time: None,
            size: l.size.max(r.size),
            null: l.null && r.null,
        });
    }
    let counted = how != Both::Union && !distinct;
    let names: Vec<_> = (0..columns.len())
        .map(|index| format!("c{index}"))
        .collect();
    let names = names.join(", ");
    let side = |relation: &Relation| -> Result<String, String> {
        let list: Result<Vec<_>, String> = relation
            .columns
            .iter()
            .zip(&columns)
            .enumerate()
            .map(|(index, (from, to))| {
                if from.null {
                    return Ok(format!("NULL AS c{index}"));
                }
                let value = Typed::new(format!("c{index}"), from.info.data_type.clone());
                Ok(format!(
                    "{} AS c{index}",
                    value.cast(&to.info.data_type)?.sql
                ))
            })
            .collect();
        let list = list?.join(", ");
        let sql = format!("SELECT {list} FROM ({})", relation.sql);
        Ok(match counted {
            // Equal rows are told apart by their number.
            true => format!(
                "SELECT {names}, row_number() OVER (PARTITION BY {names}) AS _n FROM ({sql})"
            ),
            false => sql,
        })
    };
    let word = match how {
        Both::Union if distinct => "UNION",
        Both::Union => "UNION ALL",
        Both::Intersect => "INTERSECT",
        Both::Except => "EXCEPT",
    };
    let failed = |message| SqlError::at(message, at);
    let sql = format!(
        "{} {word} {}",
        side(&left).map_err(failed)?,
        side(&right).map_err(failed)?
    );
    Ok(Relation {
        sql: match counted {
            true => format!("SELECT {names} FROM ({sql})"),
            false => sql,
        },
        columns,
        flow: left.flow,
        limit: None,
        time: None,
        delta: None,
    })
}
