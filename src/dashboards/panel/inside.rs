//! What the kinds of panels read and share.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;

use crate::{
    dashboards::{
        board::Board,
        feed::{Feed, Lanes},
        options::Options,
        range,
    },
    live::Session,
    ui::Picture,
};

/// What is drawn of rows, on a dashboard and in the workspace.
#[derive(Clone, Copy)]
pub struct Stage {
    pub session: Session,
    pub options: Memo<Options>,
    /// Seconds before the newest row that are shown.
    pub span: Signal<Option<f64>>,
    pub title: Signal<String>,
    pub picture: Picture,
}

/// What every kind of panel reads.
#[derive(Clone, Copy)]
pub struct Inside {
    pub board: Board,
    pub lanes: Lanes,
    pub panel: Signal<Panel>,
    pub options: Memo<Options>,
    pub feed: Feed,
    /// Whether anybody looks at it.
    pub active: Signal<bool>,
    pub picture: Picture,
}

impl Inside {
    pub fn new(
        board: Board,
        lanes: Lanes,
        panel: Signal<Panel>,
        feed: Feed,
        active: Signal<bool>,
    ) -> Self {
        Self {
            board,
            lanes,
            panel,
            options: Memo::new(move |_| panel.with(Options::of)),
            feed,
            active,
            picture: Picture::new(),
        }
    }

    pub fn stage(self) -> Stage {
        let (board, panel) = (self.board, self.panel);
        Stage {
            session: self.feed.session,
            options: self.options,
            span: Signal::derive(move || range::seconds(&board.range.get())),
            title: Signal::derive(move || panel.with(Panel::title)),
            picture: self.picture,
        }
    }
}

/// A colour of the configuration, or the n-th of the page's own.
pub fn colour(configured: &[String], index: usize) -> String {
    match configured.get(index) {
        Some(colour) if is_colour(colour) => colour.clone(),
        _ => format!("var(--series-{})", index % 6 + 1),
    }
}

/// `#hex` or a name: nothing that could close the declaration it stands in.
pub fn is_colour(text: &str) -> bool {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '#' | '(' | ')' | ',' | ' ' | '.' | '%');
    !text.is_empty() && text.len() < 64 && text.chars().all(plain) && !text.contains("url")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_colours() {
        let own = ["#ff0000".to_string(), "red;background:url(x)".into()];
        assert_eq!(colour(&own, 0), "#ff0000");
        assert_eq!(colour(&own, 1), "var(--series-2)");
        assert_eq!(colour(&own, 8), "var(--series-3)");
        assert!(is_colour("rgb(1, 2, 3)") && !is_colour("url(x)") && !is_colour(""));
    }
}
