use crate::SqlError;

pub fn format(sql: &str) -> Result<String, SqlError> {
    Ok(sql.to_string())
}
