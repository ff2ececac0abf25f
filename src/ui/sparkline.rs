//! A small line without axes.

use leptos::prelude::*;

/// Width and height of the drawing's own coordinates.
pub const SIZE: (f64, f64) = (100.0, 20.0);

/// An SVG path of `points` over equal steps, from 0 at the bottom to their maximum at the top;
/// points that are not numbers leave a gap.
pub fn path(points: &[f64]) -> String {
    let (width, height) = SIZE;
    let highest = points
        .iter()
        .copied()
        .filter(|v| v.is_finite())
        .fold(0.0, f64::max);
    let step = width / (points.len().max(2) - 1) as f64;
    let (mut path, mut pen_down) = (String::new(), false);
    for (index, value) in points.iter().enumerate() {
        if !value.is_finite() {
            pen_down = false;
            continue;
        }
        let y = if highest > 0.0 {
            height - 1.0 - value.max(0.0) / highest * (height - 2.0)
        } else {
            height - 1.0
        };
        let letter = if pen_down { 'L' } else { 'M' };
        path.push_str(&format!("{letter}{:.1} {y:.1}", index as f64 * step));
        let goes_on = points.get(index + 1).is_some_and(|next| next.is_finite());
        if !pen_down && !goes_on {
            // Alone it would not be seen.
            path.push_str("h0.5");
        }
        pen_down = true;
    }
    path
}

#[component]
pub fn Sparkline(points: Vec<f64>, #[prop(into)] label: String) -> impl IntoView {
    let (width, height) = SIZE;
    view! {
        <svg
            class="sparkline"
            viewBox=format!("0 0 {width} {height}")
            preserveAspectRatio="none"
            role="img"
            aria-label=label
        >
            <path d=path(&points) vector-effect="non-scaling-stroke" />
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn spans_the_drawing_from_zero_to_the_maximum() {
        assert_eq!(path(&[0.0, 10.0, 5.0]), "M0.0 19.0L50.0 1.0L100.0 10.0");
    }

    #[test]
    fn flat_empty_and_broken_series_are_fine() {
        assert_eq!(path(&[]), "");
        assert_eq!(path(&[0.0, 0.0]), "M0.0 19.0L100.0 19.0");
        assert_eq!(path(&[1.0, f64::NAN, 1.0]), "M0.0 1.0h0.5M100.0 1.0h0.5");
    }
}
