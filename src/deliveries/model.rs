//! What moves data from one place to another, of whatever system: one line of the hub's table.

use weir_api::{ApiError, ApiRequest, System, paging::More};

use crate::{
    connections::Connection,
    ui::{
        Tone,
        number::bytes,
        table::{Cell, Column, Row},
    },
};

#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// In its connection and kind.
    pub key: String,
    pub name: String,
    /// For example `Sink`.
    pub kind: &'static str,
    pub from: String,
    pub to: String,
    pub tone: Tone,
    /// The system's own word.
    pub state: String,
    /// The last one; empty where there is none or the system does not tell.
    pub error: String,
    /// Bytes per second, where the list tells it.
    pub throughput: Option<f64>,
    /// Section of the connection.
    pub segment: &'static str,
    pub act: Option<Act>,
}

/// What changes the state.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// For example `Stop`.
    pub verb: &'static str,
    /// What then happens, for the question before it; empty where none is needed.
    pub question: &'static str,
    pub request: ApiRequest,
}

/// What is known only after asking for one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    pub throughput: Option<f64>,
    pub error: Option<String>,
}

/// A kind of delivery, and how a system tells all of it.
pub struct Kind {
    /// As [`Delivery::kind`].
    pub word: &'static str,
    pub request: fn() -> ApiRequest,
    /// What to ask for after an answer that is only a part.
    pub more: More,
    pub read: fn(&[u8]) -> Result<Vec<Delivery>, ApiError>,
    /// Asked for each; the list itself does not tell.
    pub figures: Option<fn(&str) -> ApiRequest>,
    pub read_figures: fn(&[u8]) -> Figures,
}

pub fn kinds(system: System) -> &'static [Kind] {
    match system {
        System::Timeplus => super::timeplus::KINDS,
        System::Azion => super::azion::KINDS,
        System::SecMaster => super::secmaster::KINDS,
        System::DataWorks => super::dataworks::KINDS,
    }
}

pub fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name", 170),
        Column::text("connection", "Connection", 168),
        Column::text("kind", "Kind", 84),
        Column::text("from", "Source", 210),
        Column::text("to", "Destination", 190),
        Column::text("state", "State", 108),
        Column::number("rate", "Throughput", 88),
        Column::text("error", "Last error", 140),
    ]
}

impl Delivery {
    /// Unique among all connections.
    pub fn id(&self, connection: &str) -> String {
        format!("{connection}/{}/{}", self.segment, self.key)
    }

    pub fn row(&self, connection: &Connection, figures: Option<&Figures>) -> Row {
        let throughput = figures.and_then(|it| it.throughput).or(self.throughput);
        let error = figures.and_then(|it| it.error.clone());
        let error = error.unwrap_or_else(|| self.error.clone());
        let rate = match throughput {
            Some(rate) => Cell::Number(rate, format!("{}/s", bytes(rate.max(0.0) as u64))),
            None => Cell::Empty,
        };
        let words = [
            &self.name,
            &connection.name,
            self.kind,
            connection.system().words(),
            &self.from,
            &self.to,
            &self.state,
            &error,
        ];
        Row {
            href: crate::paths::item(&connection.id, self.segment, &self.key),
            haystack: words.join(" ").to_lowercase(),
            key: self.id(&connection.id),
            cells: vec![
                Cell::Text(self.name.clone()),
                Cell::Text(connection.name.clone()),
                Cell::Text(self.kind.into()),
                Cell::Text(self.from.clone()),
                Cell::Text(self.to.clone()),
                Cell::State(self.tone, self.state.clone()),
                rate,
                Cell::Text(error),
            ],
            ..Row::default()
        }
    }
}

/// Which rows a person wants to see; empty texts: all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// [`System::as_str`].
    pub system: String,
    /// Word of a [`Tone`], see [`condition`].
    pub condition: String,
}

impl Filter {
    pub fn takes(&self, system: System, delivery: &Delivery) -> bool {
        (self.system.is_empty() || self.system == system.as_str())
            && (self.condition.is_empty() || self.condition == condition(delivery.tone))
    }
}

/// The systems' many state words in three that can be filtered by.
pub fn condition(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "running",
        Tone::Bad | Tone::Warn => "trouble",
        _ => "stopped",
    }
}

pub const CONDITIONS: [(&str, &str); 3] = [
    ("running", "Running"),
    ("trouble", "Failed"),
    ("stopped", "Not running"),
];

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn sink(tone: Tone) -> Delivery {
        Delivery {
            key: "1".into(),
            name: "orders".into(),
            kind: "Sink",
            from: "a query".into(),
            to: "HTTP".into(),
            tone,
            state: "running".into(),
            error: "refused".into(),
            throughput: None,
            segment: "sinks",
            act: None,
        }
    }

    #[test]
    fn a_row_has_a_cell_for_each_column_and_is_found_by_its_words() {
        let connection = Connection {
            id: "local".into(),
            name: "Embedded backend".into(),
            ..Connection::default()
        };
        let row = sink(Tone::Good).row(&connection, None);
        assert_eq!(row.cells.len(), columns().len());
        assert_eq!(row.href, "/c/local/sinks/1");
        assert!(row.haystack.contains("timeplus") && row.haystack.contains("refused"));
        let figures = Figures {
            throughput: Some(2_500.0),
            error: Some(String::new()),
        };
        let row = sink(Tone::Good).row(&connection, Some(&figures));
        assert_eq!(row.cells[6].words(), "2.50 kB/s");
        assert_eq!(row.cells[7].words(), "", "what was asked later wins");
    }

    #[test]
    fn filters_go_by_system_and_condition() {
        let of = |system: &str, condition: &str| Filter {
            system: system.into(),
            condition: condition.into(),
        };
        let bad = sink(Tone::Bad);
        assert!(Filter::default().takes(System::Timeplus, &bad));
        assert!(of("timeplus", "trouble").takes(System::Timeplus, &bad));
        assert!(!of("azion", "").takes(System::Timeplus, &bad));
        assert!(!of("", "running").takes(System::Timeplus, &bad));
    }
}
