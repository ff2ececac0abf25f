//! Lines become blocks.

use super::{Block, DEEPEST, Inline, inline::inline};

pub(super) fn blocks(lines: &[&str], depth: u32) -> Vec<Block> {
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

#[cfg(test)]
mod tests {
    use super::{super::parse, *};

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
}
