//! The arrows: a path for each look, not for each arrow, and how many rows flow along them.

use std::{collections::BTreeMap, fmt::Write};

use leptos::prelude::*;

use super::{
    arrange::{BOX, Drawn, GAP, Window},
    kinds,
};
use crate::ui::{Tone, number};

/// Rates stand beside the arrows as long as there are so few of them.
const LABELLED: usize = 150;

pub fn lines(drawn: Memo<Drawn>, window: Window, lit: Memo<Option<Vec<bool>>>) -> AnyView {
    let (paths, labels) = drawn.with(|drawn| {
        let seen: Vec<(usize, usize)> = drawn.crossing(window).collect();
        let paths = lit.with(|lit| paths(drawn, &seen, lit.as_deref()));
        let labels = match seen.len() <= LABELLED {
            true => labels(drawn, &seen),
            false => Vec::new(),
        };
        (paths, labels)
    });
    let paths = paths
        .into_iter()
        .map(|(class, path)| view! { <path class=class d=path /> });
    let labels = labels.into_iter().map(|(x, y, words)| {
        view! { <text class="topology-rate" x=x y=y>{words}</text> }
    });
    view! { {paths.collect_view()} {labels.collect_view()} }.into_any()
}

/// By class, with all that look so.
fn paths(drawn: &Drawn, seen: &[(usize, usize)], lit: Option<&[bool]>) -> BTreeMap<String, String> {
    let mut all = BTreeMap::<String, String>::new();
    let is_lit = |at: &usize| lit.is_none_or(|lit| lit.get(*at).copied().unwrap_or_default());
    for (from, to) in seen {
        let mut class = String::from("topology-line");
        match (lit, is_lit(from) && is_lit(to)) {
            (None, _) => {}
            (Some(_), true) => class.push_str(" lit"),
            (Some(_), false) => class.push_str(" dim"),
        }
        if is_broken(drawn, *from, *to) {
            class.push_str(" broken");
        }
        if rate(drawn, *from, *to).is_some() {
            class.push_str(" flowing");
        }
        let path = all.entry(class).or_default();
        // Writing to a text cannot fail.
        let _ = line(path, drawn, *from, *to);
    }
    all
}

fn line(path: &mut String, drawn: &Drawn, from: usize, to: usize) -> std::fmt::Result {
    let ((_, x1, y1), (_, x2, y2)) = (&drawn.items[from], &drawn.items[to]);
    let (x1, y1, y2) = (x1 + BOX.0, y1 + BOX.1 / 2.0, y2 + BOX.1 / 2.0);
    // Back to the left for loops.
    let bend = (GAP.0 / 2.0).max((x1 - x2).abs() / 4.0);
    write!(
        path,
        "M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}m-6 -4l6 4l-6 4",
        x1 + bend,
        x2 - bend
    )
}

/// What reads or writes here has failed: nothing flows.
fn is_broken(drawn: &Drawn, from: usize, to: usize) -> bool {
    let failed = |at: usize| {
        let status = drawn.items[at].0.node.status().unwrap_or_default();
        kinds::tone(status) == Tone::Bad
    };
    failed(from) || failed(to)
}

/// What is written to the first flows on to the second; what writes into it tells nothing itself.
fn rate(drawn: &Drawn, from: usize, to: usize) -> Option<f64> {
    if is_broken(drawn, from, to) {
        return None;
    }
    let of = |at: usize| drawn.items[at].0.node.rate();
    let one_writer = || {
        drawn
            .flows
            .iter()
            .filter(|(_, other)| *other == to)
            .take(2)
            .count()
            == 1
    };
    of(from).or_else(|| of(to).filter(|_| one_writer()))
}

/// Where they stand and what they say.
fn labels(drawn: &Drawn, seen: &[(usize, usize)]) -> Vec<(f64, f64, String)> {
    let label = |(from, to): &(usize, usize)| {
        let rate = rate(drawn, *from, *to)?;
        let ((_, x1, y1), (_, x2, y2)) = (&drawn.items[*from], &drawn.items[*to]);
        let (x, y) = ((x1 + BOX.0 + x2) / 2.0, (y1 + y2 + BOX.1) / 2.0 - 4.0);
        // Only where there is room between the boxes.
        (x2 - x1 - BOX.0 <= 1.5 * GAP.0 && x2 > x1).then(|| (x, y, number::rate(rate, "")))
    };
    let mut all: Vec<_> = seen.iter().filter_map(label).collect();
    for one in &mut all {
        one.2 = one.2.replace(" /s", "/s");
    }
    all
}

#[cfg(test)]
mod tests {
    use serde_json::Value;
    use weir_api::timeplus::topology::RATE;

    use super::{
        super::{arrange::arrange, net::tests::net},
        *,
    };

    #[test]
    fn rows_flow_on_from_what_they_are_written_to_unless_it_failed() {
        // A source into a stream, a view and a sink that read it.
        let mut net = net(4, &[(0, 1), (1, 2), (1, 3)]);
        let properties = &mut net.items[1].node.properties;
        properties.insert(RATE.into(), Value::from(12.0));
        let failed = Value::from("failed");
        net.items[3].node.properties.insert("status".into(), failed);
        let drawn = arrange(&net, 1200.0);
        let rates = drawn
            .flows
            .iter()
            .map(|(from, to)| rate(&drawn, *from, *to));
        assert_eq!(rates.collect::<Vec<_>>(), [Some(12.0), Some(12.0), None]);
        let words: Vec<_> = labels(&drawn, &drawn.flows)
            .into_iter()
            .map(|one| one.2)
            .collect();
        assert_eq!(words, ["12/s", "12/s"]);
        let classes = paths(&drawn, &drawn.flows, None);
        assert!(classes.contains_key("topology-line broken"), "{classes:?}");
        let lit = paths(&drawn, &drawn.flows, Some(&[true, true, false, false]));
        assert!(lit.contains_key("topology-line lit flowing"), "{lit:?}");
    }
}
