//! Whether a statement ends by itself, as far as its words tell.

/// What reads a table ends by itself, and so does what reads nothing.
pub fn is_endless(sql: &str) -> bool {
    let sql = sql.to_ascii_lowercase();
    sql.contains("from") && !sql.contains("table(")
}

/// Also what is limited to a number of rows.
pub fn ends_by_itself(sql: &str) -> bool {
    let lower = sql.to_ascii_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let limited = words.windows(2).enumerate().any(|(at, pair)| {
        let number = pair[1].trim_end_matches([';', ')']);
        let number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        // `LIMIT 1 BY key` limits each key.
        pair[0] == "limit" && number && words.get(at + 2) != Some(&"by")
    });
    limited || !is_endless(sql)
}

#[cfg(test)]
mod tests {
    use super::{ends_by_itself, is_endless};

    #[test]
    fn only_what_follows_a_stream_needs_a_seat() {
        assert!(is_endless("SELECT * FROM s"));
        assert!(ends_by_itself("SELECT * FROM s LIMIT 10;"));
        assert!(!ends_by_itself("SELECT * FROM s LIMIT 1 BY k"));
        assert!(!ends_by_itself("SELECT 1 AS limited FROM s"));
        assert!(!is_endless("select * from table(s)"));
        assert!(!is_endless("SELECT 1"));
        assert!(!is_endless("DROP STREAM s"));
    }
}
