//! Settings of panels that draw.

use super::input::{Input, set};
use super::{AGGREGATES, Group, aggregate, axes, group, numbers, updates};

pub(super) fn lines() -> Vec<Group> {
    let mut axis = axes(true);
    axis.push(
        set("xRange", "Time shown", Input::Number)
            .help("Minutes before the newest row; empty for all."),
    );
    axis.push(set(
        "xFormat",
        "Time format",
        Input::Choice(&[
            ("", "By itself"),
            ("HH:mm:ss", "12:34:56"),
            ("HH:mm", "12:34"),
            ("MM-DD HH:mm", "11-23 12:34"),
            ("YYYY-MM-DD", "2026-11-23"),
        ]),
    ));
    axis.push(set(
        "yTickLabel.maxChar",
        "Characters of a label",
        Input::Number,
    ));
    vec![
        group(
            "Columns",
            &[
                set("xAxis", "X", Input::Axis),
                set("yAxis", "Y", Input::Columns),
                set("color", "Colour by", Input::Column),
                aggregate(),
            ],
        ),
        Group {
            title: "Axes",
            settings: axis,
        },
        numbers(),
        group(
            "Look",
            &[
                set(
                    "lineStyle",
                    "Line",
                    Input::Choice(&[("", "Straight"), ("curve", "Curved")]),
                ),
                set("points", "Points", Input::Flag(false)),
                set("dataLabel", "Numbers at points", Input::Flag(false)),
                set("legend", "Legend", Input::Flag(true)),
                set("gridlines", "Grid lines", Input::Flag(true)),
                set("colors", "Colours", Input::List).help("For example #0b7285, #c2410c."),
            ],
        ),
    ]
}

pub(super) fn bars() -> Vec<Group> {
    let mut axis = axes(true);
    axis.push(set(
        "yTickLabel.maxChar",
        "Characters of a label",
        Input::Number,
    ));
    vec![
        group(
            "Columns",
            &[
                set("xAxis", "Bars by", Input::Column),
                set("yAxis", "Length", Input::Columns),
                set("color", "Colour by", Input::Column),
                aggregate(),
                set(
                    "groupType",
                    "Colours stand",
                    Input::Choice(&[("", "On each other"), ("dodge", "Beside each other")]),
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
            "Look",
            &[
                set("dataLabel", "Numbers at bars", Input::Flag(false)),
                set("legend", "Legend", Input::Flag(true)),
                set("gridlines", "Grid lines", Input::Flag(true)),
                set("colors", "Colours", Input::List),
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
                set("aggregate", "Shown", Input::Choice(AGGREGATES))
                    .help("The newest value, or one of all rows held."),
            ],
        ),
        numbers(),
        group(
            "Look",
            &[
                set("sparkline", "Small line", Input::Flag(false)),
                set("delta", "Change since the row before", Input::Flag(false)),
                set("fontSize", "Height of digits", Input::Number)
                    .help("Pixels; empty fits the panel."),
                set("color", "Colour", Input::Text),
                set("sparklineColor", "Colour of the line", Input::Text),
                set("increaseColor", "Colour when rising", Input::Text),
                set("decreaseColor", "Colour when falling", Input::Text),
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
                set("color", "Colour by", Input::Column),
            ],
        ),
        Group {
            title: "Axes",
            settings: axes(true),
        },
        numbers(),
        group(
            "Look",
            &[
                set("legend", "Legend", Input::Flag(true)),
                set("gridlines", "Grid lines", Input::Flag(true)),
                set("colors", "Colours", Input::List),
            ],
        ),
    ]
}

pub(super) fn candles() -> Vec<Group> {
    let mut axis = axes(false);
    axis.push(set("xRange", "Time shown", Input::Number).help("Minutes; empty for all."));
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
            "Look",
            &[set("colors", "Colours", Input::List).help("Rising, falling.")],
        ),
    ]
}
