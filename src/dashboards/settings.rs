//! What can be set on a panel, as data: the editor makes its fields of it.

use super::options::{Kind, Options};
use crate::ui::field::checked;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    Text,
    /// Several lines.
    Lines,
    Number,
    /// What holds where nothing is set.
    Flag(bool),
    /// Value and words.
    Choice(&'static [(&'static str, &'static str)]),
    /// A column of the result.
    Column,
    /// The same, or the rows' numbers.
    Axis,
    /// One or more.
    Columns,
    /// Texts separated by commas.
    List,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Path in the panel's configuration.
    pub key: &'static str,
    pub label: &'static str,
    pub input: Input,
    pub help: &'static str,
}

pub struct Group {
    pub title: &'static str,
    pub settings: Vec<Setting>,
}

const fn set(key: &'static str, label: &'static str, input: Input) -> Setting {
    Setting {
        key,
        label,
        input,
        help: "",
    }
}

impl Setting {
    const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// As the field shows it; a flag is `true` or empty.
    pub fn read(&self, options: &Options) -> String {
        match self.input {
            Input::Flag(usual) => checked(options.flag(self.key, usual)),
            Input::List | Input::Columns => options.list(self.key).join(", "),
            _ => options.text(self.key),
        }
    }

    /// What cannot be read as what it should be is kept as text, so that nothing typed is lost.
    pub fn write(&self, options: &mut Options, typed: &str) {
        let text = typed.trim();
        match self.input {
            Input::Flag(_) => options.set(self.key, &(text == "true")),
            _ if text.is_empty() => options.remove(self.key),
            // Spaces between words are typed one by one.
            Input::Text => options.set(self.key, typed),
            Input::Number => match text.parse::<i64>() {
                Ok(whole) => options.set(self.key, &whole),
                Err(_) => match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => options.set(self.key, &number),
                    _ => options.set(self.key, text),
                },
            },
            Input::List | Input::Columns => {
                let all: Vec<&str> = text
                    .split(',')
                    .map(str::trim)
                    .filter(|t| !t.is_empty())
                    .collect();
                match (self.input, all.as_slice()) {
                    // One column is a text, as every console writes it.
                    (Input::Columns, [one]) => options.set(self.key, one),
                    _ => options.set(self.key, &all),
                }
            }
            Input::Lines => options.set(self.key, typed),
            Input::Choice(_) | Input::Column | Input::Axis => options.set(self.key, text),
        }
    }
}

const SIDE: Input = Input::Choice(&[("", "Behind"), ("left", "Before")]);
const UPDATE: Input = Input::Choice(&[
    ("", "All rows"),
    ("key", "Newest row of each key"),
    ("time", "Rows of the newest time"),
]);

/// What stands for several values at one place.
pub const AGGREGATES: &[(&str, &str)] = &[
    ("", "As they come"),
    ("sum", "Sum"),
    ("avg", "Average"),
    ("min", "Least"),
    ("max", "Greatest"),
    ("count", "Count of rows"),
];

fn aggregate() -> Setting {
    set("aggregate", "Values", Input::Choice(AGGREGATES))
        .help("What stands for several rows at one place.")
}

fn group(title: &'static str, settings: &[Setting]) -> Group {
    Group {
        title,
        settings: settings.to_vec(),
    }
}

fn updates() -> Group {
    group(
        "Rows",
        &[
            set("updateMode", "Show", UPDATE),
            set("updateKey", "Key or time", Input::Column)
                .help("The column that tells rows apart."),
        ],
    )
}

fn numbers() -> Group {
    group(
        "Numbers",
        &[
            set("unit.value", "Unit", Input::Text),
            set("unit.position", "Unit stands", SIDE),
            set("fractionDigits", "Digits behind the point", Input::Number),
        ],
    )
}

fn axes(titles: bool) -> Vec<Setting> {
    let mut all = Vec::new();
    if titles {
        all.push(set("xTitle", "X title", Input::Text));
        all.push(set("yTitle", "Y title", Input::Text));
    }
    all.push(set("yRange.min", "Y from", Input::Number));
    all.push(set("yRange.max", "Y to", Input::Number));
    all
}

pub fn of(kind: Kind) -> Vec<Group> {
    match kind {
        Kind::Line | Kind::Area => {
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
            axis.push(set("yTickLabel.maxChar", "Characters of a label", Input::Number));
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
        Kind::Bar | Kind::Column => {
            let mut axis = axes(true);
            axis.push(set("yTickLabel.maxChar", "Characters of a label", Input::Number));
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
        Kind::SingleValue => vec![
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
                    set("fontSize", "Height of digits", Input::Number).help("Pixels; empty fits the panel."),
                    set("color", "Colour", Input::Text),
                    set("sparklineColor", "Colour of the line", Input::Text),
                    set("increaseColor", "Colour when rising", Input::Text),
                    set("decreaseColor", "Colour when falling", Input::Text),
                ],
            ),
        ],
        Kind::Scatter => vec![
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
        ],
        Kind::Table => vec![
            updates(),
            group(
                "Look",
                &[
                    set("rowCount", "Rows at most", Input::Number),
                    set("tableWrap", "Long texts wrap", Input::Flag(false)),
                    set("fractionDigits", "Digits behind the point", Input::Number),
                ],
            ),
        ],
        Kind::Ohlc => {
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
                group("Look", &[set("colors", "Colours", Input::List).help("Rising, falling.")]),
            ]
        }
        Kind::Geo => vec![
            group(
                "Columns",
                &[
                    set("longitude", "Longitude", Input::Column),
                    set("latitude", "Latitude", Input::Column),
                    set("color", "Colour by", Input::Column),
                    set("size.key", "Size by", Input::Column),
                    set("visibleColumns", "Tooltip", Input::List).help("Columns, separated by commas."),
                ],
            ),
            updates(),
            group(
                "Look",
                &[
                    set("size.value", "Size of points", Input::Number),
                    set("opacity", "Opacity", Input::Number).help("From 0 to 1."),
                    set("zoom", "Zoom", Input::Number),
                    set("colors", "Colours", Input::List),
                ],
            ),
        ],
        Kind::Markdown => vec![
            group(
                "Text",
                &[set("content", "Markdown", Input::Lines).help(
                    "{{column}} is a value of the newest row, {{@key::column}} of the newest row with this key.",
                )],
            ),
            updates(),
            group(
                "Numbers",
                &[set("fractionDigits", "Digits behind the point", Input::Number)],
            ),
        ],
        Kind::Note => vec![group("Text", &[set("mdString", "Markdown", Input::Lines)])],
        Kind::Selector => vec![group(
            "Control",
            &[
                set("target", "Variable", Input::Text).help("Used in statements as {{variable}}."),
                set("label", "Label", Input::Text),
                set("inlineValues", "Choices", Input::Text)
                    .help("Separated by commas; empty: the first column of the statement above."),
                set("defaultValue", "At first", Input::Text),
            ],
        )],
        Kind::TextBox => vec![group(
            "Control",
            &[
                set("target", "Variable", Input::Text).help("Used in statements as {{variable}}."),
                set("label", "Label", Input::Text),
                set("defaultValue", "At first", Input::Text),
            ],
        )],
        Kind::Unknown => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_what_the_format_wants() {
        let mut options = Options::default();
        set("n", "", Input::Number).write(&mut options, " 5 ");
        set("f", "", Input::Number).write(&mut options, "0.5");
        set("x", "", Input::Number).write(&mut options, "Infinity");
        set("b", "", Input::Flag(true)).write(&mut options, "");
        set("l", "", Input::List).write(&mut options, "a, b,");
        set("y", "", Input::Columns).write(&mut options, "cpu");
        set("u.value", "", Input::Text).write(&mut options, "%");
        let json: serde_json::Value = serde_json::from_str(&options.json()).expect("json");
        assert_eq!(
            json,
            serde_json::json!({"n":5,"f":0.5,"x":"Infinity","b":false,"l":["a","b"],"y":"cpu","u":{"value":"%"}})
        );
        set("n", "", Input::Number).write(&mut options, "");
        assert_eq!(options.raw("n"), None);
    }

    #[test]
    fn each_setting_reads_what_it_wrote() {
        for kind in Kind::ALL {
            let mut seen = Vec::new();
            for setting in of(kind).iter().flat_map(|group| &group.settings) {
                assert!(!seen.contains(&setting.key), "{kind:?} {}", setting.key);
                seen.push(setting.key);
                let typed = match setting.input {
                    Input::Number => "3",
                    Input::Flag(_) => "true",
                    Input::List | Input::Columns => "a, b",
                    _ => "text",
                };
                let mut options = Options::default();
                setting.write(&mut options, typed);
                assert_eq!(setting.read(&options), typed, "{kind:?} {}", setting.key);
            }
        }
    }
}
