//! Rows of a stream that a person deletes: in small transactions, so that writers never wait long.

use weir_api::DataType;
use weir_engine::expression_sql;

use crate::{
    Store, StoreError,
    writer::{Job, Scope},
};

/// Rows per transaction.
const CHUNK: i64 = 5000;

impl Store {
    /// The rows for which `condition` (SQL over one row) holds, all without one; resolves with how
    /// many there were. Rows that come meanwhile may or may not be among them.
    pub async fn delete_rows(
        &self,
        name: &str,
        condition: Option<String>,
    ) -> Result<u64, StoreError> {
        let state = self.inner.shared.written(name)?;
        self.may_write(name)?;
        let sql = match condition {
            None => "1".to_string(),
            Some(text) => {
                let wrong = |message: String| StoreError::invalid("condition", message);
                let (sql, data_type) =
                    expression_sql(&text, &state.info).map_err(|error| wrong(error.to_string()))?;
                match data_type.inner() {
                    DataType::Bool | DataType::Int(_) | DataType::UInt(_) => sql,
                    other => return Err(wrong(format!("a condition is needed, not {other}"))),
                }
            }
        };
        let mut deleted = 0;
        loop {
            let (name, sql) = (name.to_owned(), sql.clone());
            let job = Job::alone(move |scope| chunk(scope, &name, &sql), |_| {});
            match self.answered(job).await? {
                0 => return Ok(deleted),
                count => deleted += count,
            }
        }
    }
}

fn chunk(scope: &mut Scope<'_>, name: &str, condition: &str) -> Result<u64, StoreError> {
    let state = scope.shared.written(name)?;
    let table = &state.info.table;
    let mut found: Vec<(i64, i64)> = Vec::new();
    {
        let mut find = scope.tx.prepare_cached(&format!(
            "SELECT _seq, _size FROM {table} WHERE ({condition}) LIMIT ?1"
        ))?;
        let mut rows = find.query([CHUNK])?;
        while let Some(row) = rows.next()? {
            found.push((row.get(0)?, row.get(1)?));
        }
    }
    let mut delete = scope
        .tx
        .prepare_cached(&format!("DELETE FROM {table} WHERE _seq = ?1"))?;
    for (seq, _) in &found {
        delete.execute([seq])?;
    }
    let count = found.len() as u64;
    scope.effects.of(&state).removed.append(&mut found);
    Ok(count)
}
