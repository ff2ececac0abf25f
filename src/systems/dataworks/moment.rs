//! Times as DataWorks writes them.

/// Times of answers write the offset as `+0800`, which not every browser reads.
pub fn moment(text: &str) -> String {
    match text
        .len()
        .checked_sub(5)
        .and_then(|at| text.split_at_checked(at))
    {
        Some((time, offset))
            if time.contains('T') && offset.starts_with(['+', '-']) && offset.is_ascii() =>
        {
            format!("{time}{}:{}", &offset[..3], &offset[3..])
        }
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_get_their_colon() {
        assert_eq!(
            moment("2020-06-23T00:21:01+0800"),
            "2020-06-23T00:21:01+08:00"
        );
        assert_eq!(moment("2020-06-23T00:21:01Z"), "2020-06-23T00:21:01Z");
        assert_eq!(moment(""), "");
        assert_eq!(moment("T+1é2"), "T+1é2");
    }
}
