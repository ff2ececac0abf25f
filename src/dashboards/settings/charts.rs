//! Settings of panels that draw.

use super::input::{Input, set};
use super::{AGGREGATES, Group, aggregate, axes, group, numbers, updates};

pub(super) fn lines() -> Vec<Group> {
    let mut axis = axes(true);
    axis.push(
        set("xRange", "Time range", Input::Number)
            .help("In minutes before the newest row; leave it empty for all."),
    );
    axis.push(set(
        "xFormat",
        "Time format",
        Input::Choice(&[
            ("", "Automatic"),
            ("HH:mm:ss", "12:34:56"),
            ("HH:mm", "12:34"),
            ("MM-DD HH:mm", "11-23 12:34"),
            ("YYYY-MM-DD", "2026-11-23"),
        ]),
    ));
    axis.push(set("yTickLabel.maxChar", "Label length", Input::Number));
    vec![
        group(
            "Columns",
            &[
                set("xAxis", "X", Input::Axis),
                set("yAxis", "Y", Input::Columns),
                set("color", "Color by", Input::Column),
                aggregate(),
            ],
        ),
        Group {
            title: "Axes",
            settings: axis,
        },
        numbers(),
        group(
            "Appearance",
            &[
                set(
                    "lineStyle",
                    "Line",
                    Input::Choice(&[("", "Straight"), ("curve", "Curved")]),
                ),
                set("points", "Points", Input::Flag(false)),
                set("dataLabel", "Show values", Input::Flag(false)),
                set("legend", "Legend", Input::Flag(true)),
                set("gridlines", "Grid lines", Input::Flag(true)),
                set("colors", "Colors", Input::List).help("For example #0b7285, #c2410c."),
            ],
        ),
    ]
}

pub(super) fn bars() -> Vec<Group> {
    let mut axis = axes(true);
    axis.push(set("yTickLabel.maxChar", "Label length", Input::Number));
    vec![
        group(
            "Columns",
            &[
                set("xAxis", "Bars by", Input::Column),
                set("yAxis", "Length", Input::Columns),
                set("color", "Color by", Input::Column),
                aggregate(),
                set(
                    "groupType",
                    "Bar layout",
                    Input::Choice(&[("", "Stacked"), ("dodge", "Grouped")]),
                ),
            ],
        ),
        updates(),
        Group {
            title: "Axes",
            settings: axis,
        },
        numbers(),
        group(
            "Appearance",
            &[
                set("dataLabel", "Show values", Input::Flag(false)),
                set("legend", "Legend", Input::Flag(true)),
                set("gridlines", "Grid lines", Input::Flag(true)),
                set("colors", "Colors", Input::List),
            ],
        ),
    ]
}

pub(super) fn single_value() -> Vec<Group> {
    vec![
        group(
            "Columns",
            &[
                set("value", "Value", Input::Column),
                set("aggregate", "Value shown", Input::Choice(AGGREGATES))
                    .help("The newest value, or an aggregate of the rows in memory."),
            ],
        ),
        numbers(),
        group(
            "Appearance",
            &[
                set("sparkline", "Sparkline", Input::Flag(false)),
                set("delta", "Change since the previous row", Input::Flag(false)),
                set("fontSize", "Text height", Input::Number)
                    .help("In pixels; leave it empty to fit the panel."),
                set("color", "Color", Input::Text),
                set("sparklineColor", "Line color", Input::Text),
                set("increaseColor", "Rising color", Input::Text),
                set("decreaseColor", "Falling color", Input::Text),
            ],
        ),
    ]
}

pub(super) fn scatter() -> Vec<Group> {
    vec![
        group(
            "Columns",
            &[
                set("xAxis", "X", Input::Column),
                set("yAxis", "Y", Input::Columns),
                set("color", "Color by", Input::Column),
            ],
        ),
        Group {
            title: "Axes",
            settings: axes(true),
        },
        numbers(),
        group(
            "Appearance",
            &[
                set("legend", "Legend", Input::Flag(true)),
                set("gridlines", "Grid lines", Input::Flag(true)),
                set("colors", "Colors", Input::List),
            ],
        ),
    ]
}

pub(super) fn candles() -> Vec<Group> {
    let mut axis = axes(false);
    axis.push(
        set("xRange", "Time range", Input::Number).help("In minutes; leave it empty for all."),
    );
    vec![
        group(
            "Columns",
            &[
                set("time", "Time", Input::Column),
                set("open", "Open", Input::Column),
                set("high", "High", Input::Column),
                set("low", "Low", Input::Column),
                set("close", "Close", Input::Column),
            ],
        ),
        Group {
            title: "Axes",
            settings: axis,
        },
        numbers(),
        group(
            "Appearance",
            &[set("colors", "Colors", Input::List).help("Rising, falling.")],
        ),
    ]
}
