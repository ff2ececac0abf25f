//! The text of one line becomes spans.

use super::{DEEPEST, Inline};

/// Text of one line.
pub fn inline(text: &str) -> Vec<Inline> {
    spans(text, 0)
}

fn spans(text: &str, depth: u32) -> Vec<Inline> {
    let (mut out, mut plain, mut rest) = (Vec::new(), String::new(), text);
    while let Some(c) = rest.chars().next() {
        let found = if depth < DEEPEST {
            special(rest, &plain, depth)
        } else {
            None
        };
        match found {
            Some((span, length)) => {
                if !plain.is_empty() {
                    out.push(Inline::Text(std::mem::take(&mut plain)));
                }
                out.push(span);
                rest = &rest[length..];
            }
            None => {
                let mut taken = c.len_utf8();
                let next = rest[taken..].chars().next();
                match next.filter(|next| c == '\\' && next.is_ascii_punctuation()) {
                    Some(escaped) => {
                        plain.push(escaped);
                        taken += escaped.len_utf8();
                    }
                    None => plain.push(c),
                }
                rest = &rest[taken..];
            }
        }
    }
    if !plain.is_empty() {
        out.push(Inline::Text(plain));
    }
    out
}

/// What begins here, and how long it is.
fn special(text: &str, before: &str, depth: u32) -> Option<(Inline, usize)> {
    if let Some(inner) = between(text, "{{", "}}") {
        return Some((value(inner)?, inner.len() + 4));
    }
    if text.starts_with('`') {
        let inner = between(text, "`", "`")?;
        return Some((Inline::Code(values_only(inner)), inner.len() + 2));
    }
    for mark in ["**", "__"] {
        if let Some(inner) = emphasised(text, mark, before) {
            return Some((Inline::Strong(spans(inner, depth + 1)), inner.len() + 4));
        }
    }
    for mark in ["*", "_"] {
        if let Some(inner) = emphasised(text, mark, before) {
            return Some((Inline::Emphasis(spans(inner, depth + 1)), inner.len() + 2));
        }
    }
    if text.starts_with('[') {
        let label = between(text, "[", "](")?;
        let target = text.get(label.len() + 3..)?;
        let end = target.find(')')?;
        let length = label.len() + 3 + end + 1;
        let text = spans(label, depth + 1);
        return Some(match safe(target[..end].trim()) {
            Some(href) => (Inline::Link { href, text }, length),
            // Shown, but it leads nowhere.
            None => (Inline::Emphasis(text), length),
        });
    }
    None
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let inner = text.strip_prefix(open)?;
    let end = inner.find(close)?;
    (end > 0).then(|| &inner[..end])
}

fn emphasised<'a>(text: &'a str, mark: &str, before: &str) -> Option<&'a str> {
    let inner = between(text, mark, mark)?;
    // Words like `cpu_percent` are not emphasis.
    let inside_word = mark.starts_with('_') && before.ends_with(char::is_alphanumeric);
    let tight = !inner.starts_with(' ') && !inner.ends_with(' ') && !inner.starts_with(mark);
    (tight && !inside_word).then_some(inner)
}

fn value(inner: &str) -> Option<Inline> {
    let inner = inner.trim();
    if inner.is_empty() || inner.contains(['{', '}']) {
        return None;
    }
    let (key, column) = match inner
        .strip_prefix('@')
        .and_then(|rest| rest.split_once("::"))
    {
        Some((key, column)) => (Some(key.trim().to_string()), column.trim()),
        None => (None, inner),
    };
    Some(Inline::Value {
        key,
        column: column.into(),
    })
}

/// Code keeps its marks but shows values.
fn values_only(text: &str) -> Vec<Inline> {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some(open) = rest.find("{{") {
        let Some(inner) = between(&rest[open..], "{{", "}}") else {
            break;
        };
        let Some(value) = value(inner) else { break };
        if open > 0 {
            out.push(Inline::Text(rest[..open].into()));
        }
        out.push(value);
        rest = &rest[open + inner.len() + 4..];
    }
    if !rest.is_empty() {
        out.push(Inline::Text(rest.into()));
    }
    out
}

/// Pages and mail, and places in this console; no scripts and no data.
fn safe(href: &str) -> Option<String> {
    let lower = href.to_ascii_lowercase();
    let known = ["https://", "http://", "mailto:"]
        .iter()
        .any(|start| lower.starts_with(start));
    let inside = href.starts_with('/') && !href.starts_with("//") && !href.contains('\\');
    let clean = !href.chars().any(|c| c.is_control() || c.is_whitespace());
    ((known || inside) && clean).then(|| href.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    #[test]
    fn spans_nest_and_words_with_underscores_do_not() {
        assert_eq!(
            inline("a **b *c*** `d*` cpu_percent_x \\*e"),
            [
                text("a "),
                Inline::Strong(vec![text("b *c")]),
                text("* "),
                Inline::Code(vec![text("d*")]),
                text(" cpu_percent_x *e")
            ]
        );
    }

    #[test]
    fn links_lead_to_pages_only() {
        let href = |markdown: &str| match &inline(markdown)[0] {
            Inline::Link { href, .. } => Some(href.clone()),
            _ => None,
        };
        assert_eq!(
            href("[a](https://x.example/y)").as_deref(),
            Some("https://x.example/y")
        );
        assert_eq!(href("[a](/c/local/sql)").as_deref(), Some("/c/local/sql"));
        for evil in [
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:x)",
            "[a](data:text/html,x)",
            "[a](//evil.example)",
            "[a](vbscript:x)",
            "[a](java\tscript:x)",
        ] {
            assert_eq!(href(evil), None, "{evil}");
        }
    }
}
