/// Adds a text column that older databases lack.
pub fn add_column(
    tx: &rusqlite::Transaction<'_>,
    table: &str,
    column: &str,
    default: &str,
) -> rusqlite::Result<()> {
    let known = tx.query_row(
        "SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2",
        (table, column),
        |row| row.get::<_, i64>(0),
    )?;
    if known == 0 {
        tx.execute_batch(&format!(
            "ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT '{default}'"
        ))?;
    }
    Ok(())
}
