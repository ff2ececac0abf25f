//! A statement that goes on where another one broke off.

/// `sql` reading from `time` on, for example `2023-02-01T01:02:03.456Z`.
pub fn from(sql: &str, time: &str) -> String {
    let sql = sql.trim().trim_end_matches(';').trim_end();
    let seek = format!("seek_to='{}'", time.replace('\'', ""));
    match settings(sql) {
        None => format!("{sql} SETTINGS {seek}"),
        Some(at) => {
            let (head, tail) = sql.split_at(at);
            match seek_value(tail) {
                Some(old) => format!("{head}{}{seek}{}", &tail[..old.start], &tail[old.end..]),
                None => format!("{sql}, {seek}"),
            }
        }
    }
}

/// Where the text after the last word SETTINGS starts, if there is one outside quotes.
fn settings(sql: &str) -> Option<usize> {
    const WORD: &str = "settings";
    let lower = sql.to_ascii_lowercase();
    let at = lower.rfind(WORD)?;
    let quotes = sql[..at].matches('\'').count();
    quotes.is_multiple_of(2).then_some(at + WORD.len())
}

fn seek_value(settings: &str) -> Option<std::ops::Range<usize>> {
    let start = settings.to_ascii_lowercase().find("seek_to")?;
    let open = start + settings[start..].find('\'')?;
    let close = open + 1 + settings[open + 1..].find('\'')?;
    Some(start..close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "2026-01-01T00:00:00.000Z";

    #[test]
    fn the_start_is_added_or_replaced() {
        let seek = format!("seek_to='{TIME}'");
        assert_eq!(
            from("select 1 from s;\n", TIME),
            format!("select 1 from s SETTINGS {seek}")
        );
        assert_eq!(
            from("select 1 from s settings a=1", TIME),
            format!("select 1 from s settings a=1, {seek}")
        );
        assert_eq!(
            from("select 1 from s SETTINGS seek_to = 'earliest', a=1", TIME),
            format!("select 1 from s SETTINGS {seek}, a=1")
        );
        assert_eq!(
            from("select 'settings' from s", TIME),
            format!("select 'settings' from s SETTINGS {seek}")
        );
    }
}
