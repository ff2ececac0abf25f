//! Values outside quotes that stand for a text or a number: what a column is compared with. They
//! are written as literals, so that nobody has to know when quotes are wanted, and a text that
//! happens to be a column's name is not taken for the column.

use weir_api::timeplus::quote;

/// `value` as literals where it is compared with what stands before it: `device = {{v}}`,
/// `n between {{v}} and 5`, `device in ({{v}})`, which takes several with commas between them.
/// `None`: it is a name, a keyword or a part of one.
pub(super) fn compared(before: &str, value: &str, after: &str) -> Option<String> {
    if goes_on(after) {
        return None;
    }
    let before = before.trim_end();
    if in_list(before) {
        let all: Vec<String> = value.split(',').map(literal).collect();
        return Some(all.join(", "));
    }
    (by_sign(before) || by_word(before)).then(|| literal(value))
}

/// A number or a truth value as it is, anything else as a text. Blanks around it were pasted along.
fn literal(value: &str) -> String {
    let text = value.trim();
    let number = text.replacen('\u{2212}', "-", 1);
    match is_number(&number) {
        true => number,
        false if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") => {
            text.into()
        }
        false => quote::text(text),
    }
}

/// `007` is none: it is an id whose digits count.
fn is_number(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let whole = body.split(['.', 'e', 'E']).next().unwrap_or_default();
    let plain = whole.bytes().all(|b| b.is_ascii_digit()) && !whole.is_empty();
    plain && (whole == "0" || !whole.starts_with('0')) && body.parse::<f64>().is_ok()
}

/// Whether what follows makes a longer name or a call of it.
fn goes_on(after: &str) -> bool {
    let near = after.chars().next();
    let next = after.trim_start().chars().next();
    near.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '{' | '`' | '"' | '\''))
        || next == Some('(')
}

fn by_sign(before: &str) -> bool {
    before.ends_with(['=', '<', '>']) && !before.ends_with("->") && !before.ends_with("=>")
}

fn by_word(before: &str) -> bool {
    let before = before.to_ascii_lowercase();
    let mut words = before.split_whitespace().rev();
    match words.next() {
        Some("like" | "ilike" | "between") => true,
        // Of BETWEEN, not of two conditions.
        Some("and") => words
            .take_while(|word| !matches!(*word, "and" | "or" | "where" | "having" | "on" | "when"))
            .any(|word| word == "between"),
        _ => false,
    }
}

/// Whether a list behind IN is open.
fn in_list(before: &str) -> bool {
    if !before.ends_with(['(', ',']) {
        return false;
    }
    let mut depth = 0;
    let open = before.char_indices().rev().find(|(_, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        depth < 0
    });
    let Some((open, _)) = open else { return false };
    let word = before[..open].split_whitespace().next_back();
    word.is_some_and(|word| word.eq_ignore_ascii_case("in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sql(text: &str, value: &str) -> Option<String> {
        let (before, after) = text.split_once('@').unwrap_or((text, ""));
        compared(before, value, after)
    }

    #[test]
    fn what_is_compared_is_a_literal() {
        for (text, value, wanted) in [
            ("where device = @", "dev1", "'dev1'"),
            // The name of the column itself.
            ("where device=@", "device", "'device'"),
            ("where device != @ and x", " o'hara ", "'o''hara'"),
            ("where device <> @)", "dev 1", "'dev 1'"),
            ("where device LIKE @", "dev%", "'dev%'"),
            ("where device not ilike\n@", "dev%", "'dev%'"),
            (
                "where at >= @",
                "2025-11-24 16:30:00",
                "'2025-11-24 16:30:00'",
            ),
            ("where at between @ and x", "2025-11-24", "'2025-11-24'"),
            ("where at between f(1) and @", "2025-11-24", "'2025-11-24'"),
            ("where n > @", "10", "10"),
            ("where n > @", " -1.5e3 ", "-1.5e3"),
            ("where n > @", "−5", "-5"),
            ("where n > @", "1,000", "'1,000'"),
            ("where id = @", "007", "'007'"),
            ("where id = @", "NULL", "'NULL'"),
            ("where id = @", "inf", "'inf'"),
            ("where on = @", "true", "true"),
            ("where id = @", "", "''"),
            ("where device in (@)", "dev1, dev2", "'dev1', 'dev2'"),
            ("where device NOT IN ( @ )", "7", "7"),
            ("where device in (f(1), @)", "dev1", "'dev1'"),
        ] {
            assert_eq!(sql(text, value).as_deref(), Some(wanted), "{text} {value}");
        }
    }

    #[test]
    fn names_and_keywords_are_none() {
        for text in [
            "select @ from s",
            "select * from @",
            "limit @",
            "where @ = 'a'",
            "where a = @.b",
            "where a = @_total",
            "where a = @(1)",
            "where a = @{{w}}",
            "where at > now() - @",
            "where a = b and @",
            "where a between 1 and 2 and @",
            "select tumble(s, @)",
            "arrayMap(x -> @)",
            "order by a, @",
            "select max(in, @)",
        ] {
            assert_eq!(sql(text, "dev1"), None, "{text}");
        }
    }
}
