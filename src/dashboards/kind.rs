//! Kinds of panels.

use weir_api::timeplus::dashboard::Panel;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Line,
    Area,
    Bar,
    Column,
    SingleValue,
    Scatter,
    Table,
    Ohlc,
    Geo,
    /// Markdown with values of a query.
    Markdown,
    /// Markdown alone.
    Note,
    Selector,
    TextBox,
    /// Of a newer console.
    Unknown,
}

impl Kind {
    /// What can be made here, in the order of the choice.
    pub const ALL: [Self; 13] = [
        Self::Line,
        Self::Area,
        Self::Column,
        Self::Bar,
        Self::SingleValue,
        Self::Scatter,
        Self::Table,
        Self::Ohlc,
        Self::Geo,
        Self::Markdown,
        Self::Note,
        Self::Selector,
        Self::TextBox,
    ];

    pub fn of(panel: &Panel) -> Self {
        let chart = panel.viz_config().text("chartType");
        match panel.viz_type().as_str() {
            "markdown" => Self::Note,
            "control" if chart == "text" => Self::TextBox,
            "control" => Self::Selector,
            _ => Self::ALL
                .into_iter()
                .find(|kind| kind.viz_type() == "chart" && kind.word() == chart)
                .unwrap_or(Self::Unknown),
        }
    }

    pub fn viz_type(self) -> &'static str {
        match self {
            Self::Note => "markdown",
            Self::Selector | Self::TextBox => "control",
            _ => "chart",
        }
    }

    /// `chartType` on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Area => "area",
            Self::Bar => "bar",
            Self::Column => "column",
            Self::SingleValue => "singleValue",
            Self::Scatter => "scatter",
            Self::Table => "table",
            Self::Ohlc => "ohlc",
            Self::Geo => "geo",
            Self::Markdown => "md",
            Self::Note => "markdown",
            Self::Selector => "selector",
            Self::TextBox => "text",
            Self::Unknown => "",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Line => "Line",
            Self::Area => "Area",
            Self::Bar => "Bars (horizontal)",
            Self::Column => "Columns (vertical)",
            Self::SingleValue => "Single value",
            Self::Scatter => "Scatter",
            Self::Table => "Table",
            Self::Ohlc => "Open, high, low, close",
            Self::Geo => "Map",
            Self::Markdown => "Markdown with values",
            Self::Note => "Markdown",
            Self::Selector => "Control: choice",
            Self::TextBox => "Control: text",
            Self::Unknown => "Unknown",
        }
    }

    pub fn from_word(word: &str) -> Self {
        let found = Self::ALL.into_iter().find(|kind| kind.word() == word);
        found.unwrap_or(Self::Unknown)
    }

    pub fn is_control(self) -> bool {
        matches!(self, Self::Selector | Self::TextBox)
    }

    /// What can be drawn of any result, in the order of the choice.
    pub const DRAWN: [Self; 6] = [
        Self::Line,
        Self::Area,
        Self::Column,
        Self::Bar,
        Self::SingleValue,
        Self::Scatter,
    ];

    /// A picture can be made of it.
    pub fn is_drawn(self) -> bool {
        self == Self::Ohlc || Self::DRAWN.contains(&self)
    }

    /// A query stands behind it.
    pub fn runs(self) -> bool {
        self.viz_type() == "chart" && self != Self::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(text: &str) -> Panel {
        serde_json::from_str(text).expect("a panel")
    }

    #[test]
    fn kinds_are_told_by_type_and_chart() {
        let kind = |viz: &str, chart: &str| {
            Kind::of(&panel(&format!(
                r#"{{"viz_type":"{viz}","viz_config":{{"chartType":"{chart}"}}}}"#
            )))
        };
        assert_eq!(kind("chart", "singleValue"), Kind::SingleValue);
        assert_eq!(kind("chart", "md"), Kind::Markdown);
        assert_eq!(kind("markdown", ""), Kind::Note);
        assert_eq!(kind("control", "text"), Kind::TextBox);
        assert_eq!(kind("chart", "grammar"), Kind::Unknown);
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.word()), kind);
        }
    }
}
