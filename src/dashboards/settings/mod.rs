//! What can be set on a panel, as data: the editor makes its fields of it.

mod charts;
mod input;

use input::set;

pub use input::{Input, Setting};

use super::kind::Kind;

pub struct Group {
    pub title: &'static str,
    pub settings: Vec<Setting>,
}

const SIDE: Input = Input::Choice(&[("", "After the number"), ("left", "Before the number")]);
const UPDATE: Input = Input::Choice(&[
    ("", "All rows"),
    ("key", "Newest row per key"),
    ("time", "Rows with the newest time"),
]);

/// What stands for several values at one place.
pub const AGGREGATES: &[(&str, &str)] = &[
    ("", "In order of arrival"),
    ("sum", "Sum"),
    ("avg", "Average"),
    ("min", "Minimum"),
    ("max", "Maximum"),
    ("count", "Row count"),
];

fn aggregate() -> Setting {
    set("aggregate", "Values", Input::Choice(AGGREGATES))
        .help("How several rows at one position are combined.")
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
            set("updateKey", "Key or time column", Input::Column)
                .help("The column that identifies a row."),
        ],
    )
}

fn numbers() -> Group {
    group(
        "Numbers",
        &[
            set("unit.value", "Unit", Input::Text),
            set("unit.position", "Unit position", SIDE),
            set("fractionDigits", "Decimal places", Input::Number),
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
        Kind::Line | Kind::Area => charts::lines(),
        Kind::Bar | Kind::Column => charts::bars(),
        Kind::SingleValue => charts::single_value(),
        Kind::Scatter => charts::scatter(),
        Kind::Table => vec![
            updates(),
            group(
                "Appearance",
                &[
                    set("rowCount", "Maximum rows", Input::Number),
                    set("tableWrap", "Wrap long texts", Input::Flag(false)),
                    set("fractionDigits", "Decimal places", Input::Number),
                ],
            ),
        ],
        Kind::Ohlc => charts::candles(),
        Kind::Geo => vec![
            group(
                "Columns",
                &[
                    set("longitude", "Longitude", Input::Column),
                    set("latitude", "Latitude", Input::Column),
                    set("color", "Color by", Input::Column),
                    set("size.key", "Size by", Input::Column),
                    set("visibleColumns", "Tooltip", Input::List).help("Columns, separated by commas."),
                ],
            ),
            updates(),
            group(
                "Appearance",
                &[
                    set("size.value", "Point size", Input::Number),
                    set("opacity", "Opacity", Input::Number).help("From 0 to 1."),
                    set("zoom", "Zoom", Input::Number),
                    set("colors", "Colors", Input::List),
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
                &[set("fractionDigits", "Decimal places", Input::Number)],
            ),
        ],
        Kind::Note => vec![group("Text", &[set("mdString", "Markdown", Input::Lines)])],
        Kind::Selector => vec![group(
            "Control",
            &[
                set("target", "Variable", Input::Text).help("Used in statements as {{variable}}."),
                set("label", "Label", Input::Text),
                set("inlineValues", "Choices", Input::Text)
                    .help("Separated by commas; leave it empty to use the first column of the statement above."),
                set("defaultValue", "Default value", Input::Text),
            ],
        )],
        Kind::TextBox => vec![group(
            "Control",
            &[
                set("target", "Variable", Input::Text).help("Used in statements as {{variable}}."),
                set("label", "Label", Input::Text),
                set("defaultValue", "Default value", Input::Text),
            ],
        )],
        Kind::Unknown => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::options::Options, *};

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
