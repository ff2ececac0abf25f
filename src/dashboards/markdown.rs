//! The Markdown that panels show: headings, paragraphs, lists, quotes, code, tables, rules, bold,
//! emphasis, code spans and links, with `{{column}}` and `{{@key::column}}` for values. It becomes
//! elements one by one: neither the text nor the data can bring markup of their own.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Level 1 to 6.
    Heading(u8, Vec<Inline>),
    Paragraph(Vec<Inline>),
    List {
        ordered: bool,
        items: Vec<Vec<Block>>,
    },
    Quote(Vec<Block>),
    Code(String),
    Table {
        head: Vec<Vec<Inline>>,
        rows: Vec<Vec<Vec<Inline>>>,
    },
    Rule,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Strong(Vec<Inline>),
    Emphasis(Vec<Inline>),
    Code(Vec<Inline>),
    Link {
        href: String,
        text: Vec<Inline>,
    },
    Break,
    /// A value of the newest row, or of the newest row with this key.
    Value {
        key: Option<String>,
        column: String,
    },
}

pub fn parse(text: &str) -> Vec<Block> {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    let lines: Vec<&str> = text.lines().collect();
    blocks(&lines, 0)
}

/// Deeper nesting is shown flat.
const DEEPEST: u32 = 8;

fn blocks(lines: &[&str], depth: u32) -> Vec<Block> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < lines.len() {
        let line = lines[at].trim();
        if line.is_empty() {
            at += 1;
        } else if let Some(fence) = fence(line) {
            let end = (at + 1..lines.len()).find(|i| lines[*i].trim().starts_with(fence));
            let end = end.unwrap_or(lines.len());
            out.push(Block::Code(lines[at + 1..end].join("\n")));
            at = end + 1;
        } else if let Some((level, title)) = heading(line) {
            out.push(Block::Heading(level, inline(title)));
            at += 1;
        } else if is_rule(line) {
            out.push(Block::Rule);
            at += 1;
        } else if line.starts_with('>') && depth < DEEPEST {
            let end = run(lines, at, |line| line.trim_start().starts_with('>'));
            let inner: Vec<&str> = lines[at..end].iter().map(|line| unquoted(line)).collect();
            out.push(Block::Quote(blocks(&inner, depth + 1)));
            at = end;
        } else if let Some((ordered, _)) = marker(lines[at]).filter(|_| depth < DEEPEST) {
            at = list(lines, at, ordered, depth, &mut out);
        } else if is_table(lines, at) {
            let end = run(lines, at, |line| line.contains('|'));
            out.push(table(&lines[at..end]));
            at = end;
        } else {
            let end = run(lines, at, |line| !line.trim().is_empty());
            let end = (at + 1..end).find(|i| interrupts(lines, *i)).unwrap_or(end);
            out.push(Block::Paragraph(paragraph(&lines[at..end])));
            at = end;
        }
    }
    out
}

fn run(lines: &[&str], from: usize, is: impl Fn(&str) -> bool) -> usize {
    (from..lines.len())
        .find(|i| !is(lines[*i]))
        .unwrap_or(lines.len())
}

fn interrupts(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    fence(line).is_some()
        || heading(line).is_some()
        || is_rule(line)
        || line.starts_with('>')
        || marker(line).is_some()
        || is_table(lines, at)
}

fn fence(line: &str) -> Option<&'static str> {
    ["```", "~~~"]
        .into_iter()
        .find(|fence| line.starts_with(fence))
}

fn heading(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|b| *b == b'#').count();
    let rest = &line[level..];
    let is = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' '));
    is.then(|| (level as u8, rest.trim().trim_end_matches('#').trim_end()))
}

fn is_rule(line: &str) -> bool {
    let mark = line.chars().next().filter(|c| matches!(c, '-' | '*' | '_'));
    let marks = line.chars().filter(|c| !c.is_whitespace());
    mark.is_some_and(|mark| marks.clone().all(|c| c == mark) && marks.count() >= 3)
}

fn unquoted(line: &str) -> &str {
    let line = line.trim_start();
    let line = line.strip_prefix('>').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

/// Whether the list is ordered, and the columns before the item's text.
fn marker(line: &str) -> Option<(bool, usize)> {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    if let Some(rest) = text.strip_prefix(['-', '*', '+']) {
        return (rest.is_empty() || rest.starts_with(' ')).then_some((false, indent + 2));
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text[digits..].strip_prefix(['.', ')'])?;
    let is = (1..=9).contains(&digits) && (rest.is_empty() || rest.starts_with(' '));
    is.then_some((true, indent + digits + 2))
}

fn list(lines: &[&str], from: usize, ordered: bool, depth: u32, out: &mut Vec<Block>) -> usize {
    let indent = indent_of(lines[from]);
    let (mut items, mut at) = (Vec::new(), from);
    while at < lines.len() {
        let Some((kind, width)) = marker(lines[at]) else {
            break;
        };
        if kind != ordered || indent_of(lines[at]) > indent + 1 {
            break;
        }
        let mut inner = vec![lines[at].get(width..).unwrap_or_default()];
        at += 1;
        while at < lines.len() {
            let line = lines[at];
            let blank = line.trim().is_empty();
            let more = lines
                .get(at + 1)
                .is_some_and(|next| indent_of(next) > indent + 1);
            if blank && !more || !blank && indent_of(line) <= indent + 1 && marker(line).is_some() {
                break;
            }
            if !blank && indent_of(line) <= indent && interrupts(lines, at) {
                break;
            }
            inner.push(line.get(width.min(indent_of(line))..).unwrap_or_default());
            at += 1;
        }
        items.push(blocks(&inner, depth + 1));
        // An empty line between two items does not end the list.
        let next = (at..lines.len()).find(|i| !lines[*i].trim().is_empty());
        match next {
            Some(next) if marker(lines[next]).is_some_and(|(kind, _)| kind == ordered) => at = next,
            _ => break,
        }
    }
    out.push(Block::List { ordered, items });
    at
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_table(lines: &[&str], at: usize) -> bool {
    let Some(ruler) = lines.get(at + 1) else {
        return false;
    };
    let dashes = |cell: &str| {
        let cell = cell.trim();
        cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':'))
    };
    lines[at].contains('|') && ruler.contains('-') && cells(ruler).iter().all(|cell| dashes(cell))
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    line.strip_suffix('|').unwrap_or(line).split('|').collect()
}

fn table(lines: &[&str]) -> Block {
    let row = |line: &&str| -> Vec<Vec<Inline>> {
        cells(line)
            .into_iter()
            .map(|cell| inline(cell.trim()))
            .collect()
    };
    Block::Table {
        head: row(&lines[0]),
        rows: lines[2..].iter().map(row).collect(),
    }
}

fn paragraph(lines: &[&str]) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        out.append(&mut inline(line.trim()));
        if at + 1 < lines.len() {
            let hard = line.ends_with("  ") || line.ends_with('\\');
            if hard && let Some(Inline::Text(text)) = out.last_mut() {
                text.truncate(text.trim_end_matches('\\').len());
            }
            out.push(if hard {
                Inline::Break
            } else {
                Inline::Text(" ".into())
            });
        }
    }
    out
}

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

/// Values a text asks for.
pub fn wants_values(blocks: &[Block]) -> bool {
    fn inlines(all: &[Inline]) -> bool {
        all.iter().any(|one| match one {
            Inline::Value { .. } => true,
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Code(inner) => inlines(inner),
            Inline::Link { text, .. } => inlines(text),
            Inline::Text(_) | Inline::Break => false,
        })
    }
    blocks.iter().any(|block| match block {
        Block::Heading(_, inner) | Block::Paragraph(inner) => inlines(inner),
        Block::List { items, .. } => items.iter().any(|item| wants_values(item)),
        Block::Quote(inner) => wants_values(inner),
        Block::Table { head, rows } => head
            .iter()
            .chain(rows.iter().flatten())
            .any(|cell| inlines(cell)),
        Block::Code(_) | Block::Rule => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.into())
    }

    #[test]
    fn blocks_are_told_apart() {
        let parsed = parse(
            "# Title #\nfirst\nsecond  \nthird\n\n- one\n- two\n  more\n  1. deep\n\n> quoted\n\n```\n# code\n```\n---\n",
        );
        assert_eq!(parsed[0], Block::Heading(1, vec![text("Title")]));
        assert_eq!(
            parsed[1],
            Block::Paragraph(vec![
                text("first"),
                text(" "),
                text("second"),
                Inline::Break,
                text("third")
            ])
        );
        let Block::List { ordered, items } = &parsed[2] else {
            panic!("{parsed:?}")
        };
        assert_eq!((*ordered, items.len()), (false, 2));
        assert!(
            matches!(&items[1][1], Block::List { ordered: true, .. }),
            "{items:?}"
        );
        assert!(matches!(&parsed[3], Block::Quote(inner) if inner.len() == 1));
        assert_eq!(parsed[4], Block::Code("# code".into()));
        assert_eq!(parsed[5], Block::Rule);
        assert_eq!(parsed.len(), 6);
    }

    #[test]
    fn tables_have_a_head_and_rows() {
        let parsed = parse("| a | b |\n|---|:-:|\n| 1 | {{x}} |\n");
        let Block::Table { head, rows } = &parsed[0] else {
            panic!("{parsed:?}")
        };
        assert_eq!((head.len(), rows.len(), rows[0].len()), (2, 1, 2));
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
    fn values_are_found_in_text_and_code() {
        let value = |key: Option<&str>, column: &str| Inline::Value {
            key: key.map(String::from),
            column: column.into(),
        };
        assert_eq!(
            inline("{{cpu}} and `{{ @eu::cpu }}%` {{}}"),
            [
                value(None, "cpu"),
                text(" and "),
                Inline::Code(vec![value(Some("eu"), "cpu"), text("%")]),
                text(" {{}}")
            ]
        );
        assert!(wants_values(&parse("> - **{{x}}**")));
        assert!(!wants_values(&parse("x")));
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

    #[test]
    fn markup_is_text() {
        assert_eq!(
            parse("<img src=x onerror=alert(1)>"),
            [Block::Paragraph(vec![text("<img src=x onerror=alert(1)>")])]
        );
    }

    #[test]
    fn no_text_is_too_strange() {
        for strange in [
            "-",
            "1.",
            ">",
            "```",
            "|",
            "|-|\n|-|",
            "**",
            "[a](",
            "{{",
            "\\",
            "- \n\n  x",
            "ü`é",
            "   - a\n- b\n - c",
        ] {
            parse(strange);
        }
        parse(&"> ".repeat(500));
        parse(&"- ".repeat(500));
    }
}
