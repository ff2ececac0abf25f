//! What is told of a statement without running it.

use weir_api::timeplus::{
    query::TimeColumns,
    sql::{Analysis, AnalyzedColumn},
};

use super::statement::plan;
use crate::{Catalog, ColumnInfo, Ddl, SqlError, Statement, functions, parse};

/// What `sqlanalyze` answers; statements other than queries only tell their kind.
pub fn analyze(sql: &str, catalog: &dyn Catalog) -> Result<Analysis, SqlError> {
    let query_type = match parse::parse(sql, functions::is_known)? {
        Statement::Select(select) => return Ok(plan(&select, catalog, 0)?.analysis),
        Statement::Insert(_) => "INSERT",
        Statement::Ddl(ddl, _) => match *ddl {
            Ddl::DropStream { .. }
            | Ddl::DropView { .. }
            | Ddl::DropFunction { .. }
            | Ddl::DropDictionary { .. }
            | Ddl::DeleteRows { .. }
            | Ddl::DropSchema { .. } => "DROP",
            Ddl::AlterStream { .. }
            | Ddl::AlterColumns { .. }
            | Ddl::AlterView { .. }
            | Ddl::AlterViewQuery { .. }
            | Ddl::RenameStream { .. } => "ALTER",
            Ddl::ControlMaterializedView { .. } => "SYSTEM",
            Ddl::CreateStream { .. }
            | Ddl::CreateExternalStream { .. }
            | Ddl::CreateExternalTable { .. }
            | Ddl::CreateSchema { .. }
            | Ddl::CreateView { .. }
            | Ddl::CreateFunction { .. }
            | Ddl::CreateDictionary { .. }
            | Ddl::CreateMaterializedView { .. } => "CREATE",
        },
    };
    Ok(Analysis {
        original_query: sql.to_string(),
        rewritten_query: crate::format(sql).unwrap_or_else(|_| sql.to_string()),
        query_type: query_type.to_string(),
        ..Analysis::default()
    })
}

pub(super) fn time_columns(header: &[ColumnInfo]) -> TimeColumns {
    let find = |name: &str| {
        let found = header
            .iter()
            .position(|column| column.name == name && column.data_type.is_time());
        found
            .and_then(|index| i32::try_from(index).ok())
            .unwrap_or(-1)
    };
    TimeColumns {
        event_time: find("_tp_time"),
        window_start: find("window_start"),
        window_end: find("window_end"),
    }
}

pub(super) fn result_column(column: &ColumnInfo) -> AnalyzedColumn {
    AnalyzedColumn {
        column: column.name.clone(),
        column_type: column.data_type.to_string(),
        ..AnalyzedColumn::default()
    }
}
