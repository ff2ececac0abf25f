//! Bars of lines over time, each stacked by severity, the worst at the bottom.

use leptos::prelude::*;

use super::history::{BARS, Bar, LEVELS, Span, totals};
use crate::ui::number::plural;

/// Height of the drawing's own coordinates; a bar and its gap are one wide.
const HEIGHT: f64 = 100.0;

/// What is there at all can be seen.
const LEAST: f64 = 3.0;

/// A piece of a bar: place among the levels, top and height.
type Piece = (usize, f64, f64);

/// From the bottom up, as high as its share of the highest bar.
fn pieces(bar: &Bar, highest: u64) -> Vec<Piece> {
    let mut bottom = HEIGHT;
    let counted = bar.iter().enumerate().filter(|(_, lines)| **lines > 0);
    let pieces = counted.map(|(level, lines)| {
        let share = *lines as f64 / highest.max(1) as f64;
        let height = (share * HEIGHT).max(LEAST).min(bottom);
        bottom -= height;
        (level, bottom, height)
    });
    pieces.collect()
}

/// What is to be seen, in words.
fn words(bars: &[Bar], span: Span) -> String {
    let totals = totals(bars);
    let counted = LEVELS.iter().zip(totals).filter(|(_, lines)| *lines > 0);
    let parts: Vec<String> = counted
        .map(|(level, lines)| {
            plural(
                lines,
                &format!("{} line", level.word),
                &format!("{} lines", level.word),
            )
        })
        .collect();
    match parts.is_empty() {
        true => format!("{}: no lines", span.words),
        false => format!("{}: {}", span.words, parts.join(", ")),
    }
}

#[component]
pub fn Picture(bars: Memo<Vec<Bar>>, span: Memo<Span>) -> impl IntoView {
    let label = move || bars.with(|bars| words(bars, span.get()));
    let drawn = move || {
        bars.with(|bars| {
            let sums = bars.iter().map(|bar| bar.iter().sum::<u64>());
            let highest = sums.max().unwrap_or_default();
            let bars = bars.iter().enumerate().flat_map(|(at, bar)| {
                let pieces = pieces(bar, highest).into_iter();
                pieces.map(move |(level, top, height)| {
                    let tone = LEVELS[level].tone.as_str();
                    view! { <rect x=at.to_string() y=format!("{top:.1}") width="0.8" height=format!("{height:.1}") data-tone=tone /> }
                })
            });
            bars.collect_view()
        })
    };
    view! {
        <svg
            class="log-bars"
            viewBox=format!("0 0 {BARS} {HEIGHT}")
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            {drawn}
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_stand_on_each_other_and_small_ones_can_be_seen() {
        let bar: Bar = [1, 0, 999, 0, 0];
        let pieces = pieces(&bar, 1_000);
        assert_eq!(pieces[0], (0, 97.0, 3.0));
        let (level, top, height) = pieces[1];
        assert_eq!((level, top), (2, 0.0), "inside of the picture");
        assert!((height - 97.0).abs() < 0.001);
        assert!(super::pieces(&Bar::default(), 0).is_empty());
    }

    #[test]
    fn the_picture_is_told_in_words() {
        let span = Span::named("1h");
        let mut bars = vec![Bar::default(); BARS];
        assert_eq!(words(&bars, span), "Last hour: no lines");
        bars[3] = [1, 0, 0, 0, 0];
        bars[9] = [0, 2, 0, 0, 0];
        assert_eq!(
            words(&bars, span),
            "Last hour: 1 error line, 2 warning lines"
        );
    }
}
