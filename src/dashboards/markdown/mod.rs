//! The Markdown that panels show: headings, paragraphs, lists, quotes, code, tables, rules, bold,
//! emphasis, code spans and links, with `{{column}}` and `{{@key::column}}` for values. It becomes
//! elements one by one: neither the text nor the data can bring markup of their own.

mod blocks;
mod inline;

pub use self::inline::inline;

use self::blocks::blocks;

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
