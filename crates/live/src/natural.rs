//! The order of names that people expect.

use std::cmp::Ordering;

/// Case does not count, numbers inside go by their value (`s2` before `s10`); names that differ in
/// nothing else go by code points, so that the order is total. Long lists are sorted by it at each
/// press of a key: nothing is built, and what two names begin with alike is passed over.
///
/// ```
/// # use weir_live::natural;
/// assert!(natural("s2", "S10").is_lt());
/// ```
pub fn natural(a: &str, b: &str) -> Ordering {
    let from = differ_from(a, b);
    let (mut left, mut right) = (&a[from..], &b[from..]);
    loop {
        let (Some(x), Some(y)) = (left.chars().next(), right.chars().next()) else {
            // The shorter first.
            let rest = right.is_empty().cmp(&left.is_empty());
            return rest.then_with(|| a.cmp(b));
        };
        let step = if x.is_ascii_digit() && y.is_ascii_digit() {
            let (x, y) = (digits(&mut left), digits(&mut right));
            x.len().cmp(&y.len()).then_with(|| x.cmp(y))
        } else {
            left = &left[x.len_utf8()..];
            right = &right[y.len_utf8()..];
            match x.is_ascii() && y.is_ascii() {
                true => x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase()),
                false => x.to_lowercase().cmp(y.to_lowercase()),
            }
        };
        if step != Ordering::Equal {
            return step;
        }
    }
}

/// Where the first character, or the number that it belongs to, begins that is not the same in both.
fn differ_from(a: &str, b: &str) -> usize {
    let (x, y) = (a.as_bytes(), b.as_bytes());
    let alike = x.iter().zip(y).take_while(|(x, y)| x == y).count();
    let within = |at: usize| {
        let number = at > 0 && x[at - 1].is_ascii_digit();
        number || !a.is_char_boundary(at) || !b.is_char_boundary(at)
    };
    let mut from = alike;
    while from > 0 && within(from) {
        from -= 1;
    }
    from
}

/// Takes the digits off, without leading zeros.
fn digits<'a>(text: &mut &'a str) -> &'a str {
    let end = text.find(|letter: char| !letter.is_ascii_digit());
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    *text = rest;
    number.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_people_expect() {
        let mut names = [
            "s10", "S2", "s1", "s02", "r", "s2x", "", "Öl", "öl 2", "s000", "öl 10",
        ];
        names.sort_by(|a, b| natural(a, b));
        let wanted = [
            "", "r", "s000", "s1", "S2", "s02", "s2x", "s10", "Öl", "öl 2", "öl 10",
        ];
        assert_eq!(names, wanted);
    }

    #[test]
    fn what_names_begin_with_alike_counts_as_in_whole_names() {
        for (a, b) in [
            ("2026-01-02", "2026-01-10"),
            ("s12a", "s12b"),
            ("s129", "s1210"),
            ("ö1", "ö"),
            // The same first byte of two.
            ("é", "è"),
        ] {
            assert_eq!(natural(a, b), natural(b, a).reverse(), "{a} {b}");
        }
        assert_eq!(natural("2026-01-02", "2026-01-10"), Ordering::Less);
        assert_eq!(natural("s12a", "s12b"), Ordering::Less);
        assert_eq!(natural("s129", "s1210"), Ordering::Less);
        assert_eq!(natural("ö1", "ö"), Ordering::Greater);
        assert_eq!(natural("é", "è"), Ordering::Greater);
    }
}
