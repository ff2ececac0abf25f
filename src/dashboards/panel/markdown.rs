//! Markdown as elements, with values of the newest rows.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;

use super::Inside;
use crate::{
    dashboards::{
        kind::Kind,
        markdown::{Block, Inline, parse},
        number,
        options::Options,
        pick,
        variables::Values,
    },
    statements,
};

pub fn view(inside: Inside, kind: Kind) -> AnyView {
    let key = if kind == Kind::Note {
        "mdString"
    } else {
        "content"
    };
    let blocks = Memo::new(move |_| {
        let text = inside.panel.with(|panel| text_alone(panel, key));
        parse(&text.unwrap_or_else(|| inside.options.with(|options| options.text(key))))
    });
    let shown = move || {
        blocks
            .get()
            .into_iter()
            .map(|one| block(one, inside))
            .collect_view()
    };
    view! { <div class="prose" tabindex="0" role="document" aria-label="Text">{shown}</div> }
        .into_any()
}

/// Text where charts have their statement, as other consoles write it: where nothing stands under
/// `key`, and it is no query.
pub fn text_alone(panel: &Panel, key: &str) -> Option<String> {
    let text = panel.viz_content();
    let alone = Options::of(panel).some(key).is_none() && !statements::is_query(&text);
    (alone && !text.trim().is_empty()).then_some(text)
}

fn all(blocks: Vec<Block>, inside: Inside) -> Vec<AnyView> {
    blocks.into_iter().map(|one| block(one, inside)).collect()
}

fn block(block: Block, inside: Inside) -> AnyView {
    match block {
        // The page's own headings are h1 and h2.
        Block::Heading(level, text) => {
            let text = spans(text, inside);
            match level {
                1 => view! { <h3 class="prose-1">{text}</h3> }.into_any(),
                2 => view! { <h4 class="prose-2">{text}</h4> }.into_any(),
                _ => view! { <h5 class="prose-3">{text}</h5> }.into_any(),
            }
        }
        Block::Paragraph(text) => view! { <p>{spans(text, inside)}</p> }.into_any(),
        Block::Quote(inner) => view! { <blockquote>{all(inner, inside)}</blockquote> }.into_any(),
        Block::Code(text) => view! { <pre><code>{text}</code></pre> }.into_any(),
        Block::Rule => view! { <hr /> }.into_any(),
        Block::List { ordered, items } => {
            let items = items
                .into_iter()
                .map(|mut item| {
                    // A single paragraph needs no element of its own.
                    let lone = matches!(item.as_slice(), [Block::Paragraph(_)]);
                    let inner = match item.pop() {
                        Some(Block::Paragraph(text)) if lone => spans(text, inside),
                        Some(last) => {
                            item.push(last);
                            all(item, inside)
                        }
                        None => Vec::new(),
                    };
                    view! { <li>{inner}</li> }
                })
                .collect_view();
            if ordered {
                view! { <ol>{items}</ol> }.into_any()
            } else {
                view! { <ul>{items}</ul> }.into_any()
            }
        }
        Block::Table { head, rows } => {
            let head = head
                .into_iter()
                .map(|cell| view! { <th scope="col">{spans(cell, inside)}</th> })
                .collect_view();
            let rows = rows
                .into_iter()
                .map(|row| {
                    let cells = row
                        .into_iter()
                        .map(|cell| view! { <td>{spans(cell, inside)}</td> })
                        .collect_view();
                    view! { <tr>{cells}</tr> }
                })
                .collect_view();
            view! { <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table> }.into_any()
        }
    }
}

fn spans(text: Vec<Inline>, inside: Inside) -> Vec<AnyView> {
    text.into_iter().map(|one| span(one, inside)).collect()
}

fn span(inline: Inline, inside: Inside) -> AnyView {
    match inline {
        Inline::Text(text) => text.into_any(),
        Inline::Break => view! { <br /> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{spans(inner, inside)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{spans(inner, inside)}</em> }.into_any(),
        Inline::Code(inner) => view! { <code>{spans(inner, inside)}</code> }.into_any(),
        Inline::Link { href, text } => {
            let text = spans(text, inside);
            if href.starts_with('/') {
                view! { <a href=href>{text}</a> }.into_any()
            } else {
                view! { <a href=href target="_blank" rel="noopener noreferrer">{text}</a> }
                    .into_any()
            }
        }
        Inline::Value { key, column } => {
            let value = Memo::new(move |_| value(inside, key.as_deref(), &column));
            (move || value.get()).into_any()
        }
    }
}

/// Of the newest row (with this key), or of the variable of this name.
fn value(inside: Inside, key: Option<&str>, column: &str) -> String {
    let session = inside.feed.session;
    session.facts.track();
    let options = inside.options.get();
    let found = session.read(|core| {
        let ring = core.rows.shown();
        let wanted = ring.column(column)?;
        let row = match key {
            Some(key) => {
                let by = ring.column(&options.text("updateKey"))?;
                pick::newest(ring, Some((by, key)))?
            }
            None => pick::newest(ring, None)?,
        };
        Some(number::words(ring.cell(row, wanted), options.digits()))
    });
    found
        .or_else(|| Some(inside.board.values().value(column)?.text))
        .unwrap_or_else(|| "–".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_in_the_place_of_a_statement_is_text() {
        let panel = |content: &str, config: &str| -> Panel {
            let text = format!(
                r#"{{"viz_type":"markdown","viz_content":"{content}","viz_config":{config}}}"#
            );
            serde_json::from_str(&text).expect("a panel")
        };
        let of = |content, config| text_alone(&panel(content, config), "mdString");
        assert_eq!(of("# Title", "{}").as_deref(), Some("# Title"));
        assert_eq!(of("# Title", r#"{"mdString":"own"}"#), None);
        assert_eq!(of("select 1", "{}"), None);
        assert_eq!(of(" ", "{}"), None);
    }
}
