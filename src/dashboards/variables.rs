//! `{{variables}}` in statements.
//!
//! Inside quotes a value is written as part of the text or the name, with whatever has to be
//! escaped. Outside quotes, where a column is compared with it, it becomes a literal
//! ([`super::literal`]); elsewhere it becomes part of the statement itself: there only what the
//! dashboard itself offers, or a single word or number, is let in, because values come from the
//! page's address, which anybody can write.

use weir_api::timeplus::quote;

use super::literal;

/// What has a value.
pub trait Values {
    /// `None`: no control has this name, or nothing was chosen.
    fn value(&self, name: &str) -> Option<Value>;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    pub text: String,
    /// Stands in the dashboard itself: a default or an offered choice.
    pub trusted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// Names without a value, in order.
    Missing(Vec<String>),
    /// A value that must not stand outside quotes.
    Unsafe { name: String, value: String },
}

impl Unusable {
    pub fn words(&self) -> String {
        match self {
            Self::Missing(names) => format!("Choose a value for {}.", names.join(", ")),
            Self::Unsafe { name, value } => format!(
                "“{value}” cannot be used for {name}: outside quotes a value must be one word or number. Put quotes around {{{{{name}}}}} if it is a text."
            ),
        }
    }
}

/// The names in `text`, each once.
pub fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = placeholder(rest) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_string());
        }
        rest = after;
    }
    names
}

/// `text` with a plain word of the same length in the place of each placeholder, so that it can be
/// read as a statement, and what each word stands for.
pub fn masked(text: &str) -> (String, Vec<(String, String)>) {
    let (mut out, mut words, mut rest) = (String::with_capacity(text.len()), Vec::new(), text);
    while let Some((before, _, after)) = placeholder(rest) {
        let whole = &rest[before.len()..rest.len() - after.len()];
        let mut word = format!("w{}_", words.len());
        while word.chars().count() < whole.chars().count() || text.contains(&word) {
            word.push('_');
        }
        out.push_str(before);
        out.push_str(&word);
        words.push((word, whole.to_string()));
        rest = after;
    }
    out.push_str(rest);
    (out, words)
}

/// The placeholders again.
pub fn unmasked(mut text: String, words: &[(String, String)]) -> String {
    // The longest first: one word may begin like another.
    let mut words: Vec<_> = words.iter().collect();
    words.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    for (word, whole) in words {
        text = text.replace(word.as_str(), whole);
    }
    text
}

/// Text before the next placeholder, its name and the text behind.
fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let open = from + text[from..].find("{{")?;
        let close = open + text[open..].find("}}")?;
        let name = text[open + 2..close].trim();
        if is_name(name) {
            return Some((&text[..open], name, &text[close + 2..]));
        }
        from = open + 2;
    }
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    !name.is_empty() && name.chars().all(plain)
}

#[derive(Clone, Copy, PartialEq)]
enum Lexical {
    Bare,
    Quoted(char),
    LineComment,
    BlockComment,
}

/// The statement with the values in it.
pub fn substitute(sql: &str, values: &dyn Values) -> Result<String, Unusable> {
    let (mut out, mut missing) = (String::with_capacity(sql.len()), Vec::new());
    let (mut place, mut rest) = (Lexical::Bare, sql);
    while let Some((before, name, after)) = placeholder(rest) {
        place = walk(place, before);
        out.push_str(before);
        rest = after;
        if matches!(place, Lexical::LineComment | Lexical::BlockComment) {
            continue;
        }
        match values.value(name) {
            Some(value) => write(&mut out, place, name, &value, after)?,
            None if !missing.iter().any(|known| known == name) => missing.push(name.to_string()),
            None => {}
        }
    }
    out.push_str(rest);
    if missing.is_empty() {
        Ok(out)
    } else {
        Err(Unusable::Missing(missing))
    }
}

fn write(
    out: &mut String,
    place: Lexical,
    name: &str,
    value: &Value,
    after: &str,
) -> Result<(), Unusable> {
    let Value { text, trusted } = value;
    if let Lexical::Quoted(quote) = place {
        out.push_str(&quote::inside(text, quote));
        return Ok(());
    }
    if *trusted {
        out.push_str(text);
        return Ok(());
    }
    let word = text.trim();
    let written = literal::compared(out, text, after);
    match written.or_else(|| harmless(word).then(|| word.into())) {
        Some(written) => out.push_str(&written),
        None => {
            return Err(Unusable::Unsafe {
                name: name.into(),
                value: text.clone(),
            });
        }
    }
    Ok(())
}

/// One word, number or duration: nothing that ends where the statement does not want it.
fn harmless(text: &str) -> bool {
    let body = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    !body.is_empty() && body.chars().all(plain)
}

/// Where a statement is after `text`.
fn walk(mut place: Lexical, text: &str) -> Lexical {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        place = match (place, c) {
            (Lexical::Bare, '\'' | '"' | '`') => Lexical::Quoted(c),
            (Lexical::Bare, '-') if chars.peek() == Some(&'-') => Lexical::LineComment,
            (Lexical::Bare, '/') if chars.peek() == Some(&'*') => Lexical::BlockComment,
            (Lexical::Quoted(_), '\\') => {
                chars.next();
                place
            }
            // A doubled quote ends and begins again.
            (Lexical::Quoted(quote), c) if c == quote => Lexical::Bare,
            (Lexical::LineComment, '\n') => Lexical::Bare,
            (Lexical::BlockComment, '*') if chars.peek() == Some(&'/') => {
                chars.next();
                Lexical::Bare
            }
            (place, _) => place,
        };
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(&'static str, bool);

    impl Values for One {
        fn value(&self, name: &str) -> Option<Value> {
            (name == "v").then(|| Value {
                text: self.0.into(),
                trusted: self.1,
            })
        }
    }

    fn sql(text: &str, value: &'static str) -> Result<String, Unusable> {
        substitute(text, &One(value, false))
    }

    #[test]
    fn placeholders_are_words_of_their_length_while_a_statement_is_formatted() {
        let text = "select {{a}} from t where d='{{ device }}' and {{a}} > 1";
        let (plain, words) = masked(text);
        assert_eq!((plain.len(), plain.contains("{{")), (text.len(), false));
        assert_eq!(words.len(), 3);
        let upper = plain.replace("select", "SELECT");
        assert_eq!(unmasked(upper, &words), text.replace("select", "SELECT"));
        assert_eq!(
            unmasked(masked("w0_ {{a}}").0, &masked("w0_ {{a}}").1),
            "w0_ {{a}}"
        );
    }

    #[test]
    fn values_inside_quotes_stay_inside() {
        let evil = "x' OR 1=1; DROP STREAM s; --\\";
        assert_eq!(
            sql("select * from s where a = '{{v}}' limit 1", evil).as_deref(),
            Ok("select * from s where a = 'x'' OR 1=1; DROP STREAM s; --\\\\' limit 1")
        );
        assert_eq!(
            sql("select `{{ v }}`", "a`b'c").as_deref(),
            Ok("select `a``b'c`")
        );
        assert_eq!(
            sql("select 'it''s', '\\'{{v}}'", "'").as_deref(),
            Ok("select 'it''s', '\\''''")
        );
    }

    #[test]
    fn outside_quotes_only_words_and_numbers_get_in() {
        for fine in ["10", "-1.5", "5s", "host_metrics", "default.s"] {
            assert_eq!(sql("{{v}}", fine).as_deref(), Ok(fine));
        }
        for evil in ["1; drop stream s", "a b", "1)", "--x", "/*", "'", "", "a,b"] {
            assert!(sql("limit {{v}}", evil).is_err(), "{evil}");
        }
        assert_eq!(sql("limit {{v}}", " 10 ").as_deref(), Ok("limit 10"));
        let compared = sql("select a from s where a = {{v}} limit 1", "x' or 1=1 --");
        assert_eq!(
            compared.as_deref(),
            Ok("select a from s where a = 'x'' or 1=1 --' limit 1")
        );
        let offered = substitute("select {{v}}", &One("count(*) as n", true));
        assert_eq!(offered.as_deref(), Ok("select count(*) as n"));
    }

    #[test]
    fn what_has_no_value_is_named_once() {
        let missing = sql("{{a}} '{{b}}' {{a}} {{v}}", "1");
        assert_eq!(
            missing,
            Err(Unusable::Missing(vec!["a".into(), "b".into()]))
        );
        assert_eq!(
            names("{{a}} {{ b-1 }} {{a}} {{}} {{no name}}"),
            ["a", "b-1"]
        );
    }

    #[test]
    fn comments_and_braces_that_are_no_placeholder_stay() {
        assert_eq!(
            sql("select 1 -- {{w}}\n, {{v}} /* '{{w}} */", "2").as_deref(),
            Ok("select 1 -- \n, 2 /* ' */")
        );
        assert_eq!(
            sql("select '{{{}}}'", "2").as_deref(),
            Ok("select '{{{}}}'")
        );
    }
}
