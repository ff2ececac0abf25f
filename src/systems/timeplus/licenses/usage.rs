//! Ingested bytes by day.

use std::collections::BTreeMap;

use leptos::prelude::*;
use weir_api::timeplus::license::Usage;

use crate::ui::{
    number::bytes,
    table::{
        Head::{Number, Text},
        ShortTable,
    },
};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Day {
    pub streams: i64,
    pub external: i64,
}

/// Newest first; several points of a day are added up.
pub fn by_day(points: &[Usage]) -> Vec<(String, Day)> {
    let mut days: BTreeMap<&str, Day> = BTreeMap::new();
    for point in points {
        let date = point.date.time.split(['T', ' ']).next().unwrap_or_default();
        let day = days.entry(date).or_default();
        match point.kind.as_str() {
            "ExternalStream" => day.external += point.ingest_bytes,
            _ => day.streams += point.ingest_bytes,
        }
    }
    let newest_first = days.into_iter().rev();
    newest_first
        .map(|(date, day)| (date.to_string(), day))
        .collect()
}

pub fn table(points: &[Usage]) -> AnyView {
    let size = |value: i64| bytes(u64::try_from(value).unwrap_or(0));
    let rows: Vec<_> = by_day(points)
        .into_iter()
        .map(|(date, day)| {
            view! {
                <tr>
                    <th scope="row">{date}</th>
                    <td class="number">{size(day.streams)}</td>
                    <td class="number">{size(day.external)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <ShortTable
            label="Ingested by day"
            heads=&[Text("Day (UTC)"), Number("Streams"), Number("External streams")]
        >
            {rows}
        </ShortTable>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::license::Date;

    use super::*;

    fn point(time: &str, kind: &str, ingest_bytes: i64) -> Usage {
        Usage {
            date: Date { time: time.into() },
            ingest_bytes,
            kind: kind.into(),
        }
    }

    #[test]
    fn points_of_a_day_are_added_up() {
        let points = [
            point("2026-01-01T00:00:00Z", "Stream", 1),
            point("2026-01-02T00:00:00Z", "Stream", 2),
            point("2026-01-02", "ExternalStream", 4),
            point("2026-01-02 12:00:00", "Stream", 8),
        ];
        let day = |streams, external| Day { streams, external };
        assert_eq!(
            by_day(&points),
            [
                ("2026-01-02".to_string(), day(10, 4)),
                ("2026-01-01".to_string(), day(1, 0)),
            ]
        );
    }
}
