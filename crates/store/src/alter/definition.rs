//! What a stream's definition is after changes.

use weir_api::timeplus::stream::StreamDef;
use weir_engine::ColumnChange;

use crate::{StoreError, define::TP_TIME};

pub(super) fn changed(
    definition: &StreamDef,
    changes: &[ColumnChange],
) -> Result<StreamDef, StoreError> {
    let mut definition = definition.clone();
    for change in changes {
        let columns = &mut definition.columns;
        match change {
            ColumnChange::Add {
                column,
                if_not_exists,
            } => {
                if !columns.iter().any(|known| known.name == column.name) {
                    columns.push(column.clone());
                } else if !if_not_exists {
                    let words = format!("the stream has a column '{}' already", column.name);
                    return Err(StoreError::invalid("columns", words));
                }
            }
            ColumnChange::Drop { name, if_exists } => {
                let before = columns.len();
                columns.retain(|column| column.name != *name || name == TP_TIME);
                if columns.len() == before && !if_exists {
                    return Err(unknown(name));
                }
            }
            ColumnChange::Rename { from, to } => {
                let found = columns.iter_mut().find(|column| column.name == *from);
                let column = found.filter(|_| from != TP_TIME);
                column.ok_or_else(|| unknown(from))?.name.clone_from(to);
            }
            ColumnChange::Modify { column, typed } => {
                let found = columns.iter_mut().find(|known| known.name == column.name);
                let known = found.filter(|_| column.name != TP_TIME);
                let known = known.ok_or_else(|| unknown(&column.name))?;
                if *typed {
                    known.data_type.clone_from(&column.data_type);
                }
                if column.default.is_some() {
                    known.default.clone_from(&column.default);
                }
                if column.codec.is_some() {
                    known.codec.clone_from(&column.codec);
                }
            }
            ColumnChange::AddIndex {
                index,
                if_not_exists,
            } => {
                let indexes = &mut definition.secondary_indexes;
                if !indexes.iter().any(|known| known.name == index.name) {
                    indexes.push(index.clone());
                } else if !if_not_exists {
                    let words = format!("the stream has an index '{}' already", index.name);
                    return Err(StoreError::invalid("secondary_indexes", words));
                }
            }
            ColumnChange::DropIndex { name, if_exists } => {
                let indexes = &mut definition.secondary_indexes;
                let before = indexes.len();
                indexes.retain(|index| index.name != *name);
                if indexes.len() == before && !if_exists {
                    let words = format!("the stream has no index '{name}'");
                    return Err(StoreError::invalid("secondary_indexes", words));
                }
            }
        }
    }
    Ok(definition)
}

pub(super) fn unknown(name: &str) -> StoreError {
    let words = match name {
        TP_TIME => "_tp_time stays as it is".to_string(),
        name => format!("the stream has no column '{name}'"),
    };
    StoreError::invalid("columns", words)
}
