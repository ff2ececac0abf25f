//! Times at the places of an axis.

use crate::{
    format::Zone,
    time::{self, Time},
};

const DAY: i64 = 86_400;

/// A place of an axis as it is written under it, and as it is told by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceLabel {
    pub short: String,
    pub whole: String,
}

/// Of times as the server wrote them, in their order: without what all of them share, the date
/// where it changes, the offset where an hour comes twice. What is no time stays as it is.
pub fn time_labels(places: &[String], zone: &Zone) -> Vec<PlaceLabel> {
    let local = |text: &String| {
        let time = Time::parse(text.as_bytes()).filter(|time| !time.is_date())?;
        let (seconds, nanos) = time.seconds();
        Some((seconds, seconds + zone.east(seconds), nanos, time.digits()))
    };
    let times: Vec<_> = places.iter().map(local).collect();
    let known = || times.iter().flatten();
    let midnights = known().all(|(_, wall, nanos, _)| wall.rem_euclid(DAY) == 0 && *nanos == 0);
    let minutes = known().all(|(_, wall, nanos, _)| wall % 60 == 0 && *nanos == 0);
    let fractions = known().any(|(_, _, nanos, _)| *nanos != 0);
    let mut last_day = None;
    let label = |(text, time): (&String, &Option<(i64, i64, u32, u8)>)| {
        let Some((seconds, wall, nanos, digits)) = *time else {
            return PlaceLabel {
                short: text.clone(),
                whole: text.clone(),
            };
        };
        let day = wall.div_euclid(DAY);
        let mut clock = String::new();
        time::write_clock(wall.rem_euclid(DAY), &mut clock);
        if fractions {
            time::write_fraction(nanos, digits, &mut clock);
        }
        let mut date = String::new();
        time::write_date(day, &mut date);
        let mut offset = String::new();
        if zone.shows_twice(seconds) {
            offset.push(' ');
            time::write_offset(zone.east(seconds), &mut offset);
        }
        let whole = format!("{date} {clock}{offset}");
        let new_day = last_day.replace(day) != Some(day);
        if minutes {
            clock.truncate("00:00".len());
        }
        let short = match (midnights, new_day) {
            (true, _) => date,
            (false, true) => format!("{date} {clock}{offset}"),
            (false, false) => clock + &offset,
        };
        PlaceLabel { short, whole }
    };
    places.iter().zip(&times).map(label).collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    /// As in Berlin in 2026: clocks go forward on 29 March and back on 25 October.
    fn berlin() -> Zone {
        Zone::In(Rc::new(|seconds| {
            let summer = (1_774_746_000..1_792_890_000).contains(&seconds);
            if summer { 7_200 } else { 3_600 }
        }))
    }

    fn short(places: &[&str], zone: &Zone) -> Vec<String> {
        let places: Vec<String> = places.iter().map(|place| place.to_string()).collect();
        let labels = time_labels(&places, zone).into_iter();
        labels.map(|label| label.short).collect()
    }

    #[test]
    fn days_are_dates_also_where_they_have_23_or_25_hours() {
        let utc = ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"];
        assert_eq!(short(&utc, &Zone::AsSent), ["2026-01-01", "2026-01-02"]);
        let days = [
            "2026-03-27T23:00:00Z",
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        ];
        assert_eq!(
            short(&days, &berlin()),
            [
                "2026-03-28",
                "2026-03-29",
                "2026-03-30",
                "2026-10-25",
                "2026-10-26"
            ]
        );
    }

    #[test]
    fn clocks_have_the_date_where_it_changes_and_the_offset_where_an_hour_comes_twice() {
        assert_eq!(
            short(
                &[
                    "2026-01-01 23:00:00",
                    "2026-01-01 23:30:00",
                    "2026-01-02 00:00:00"
                ],
                &Zone::Utc
            ),
            ["2026-01-01 23:00", "23:30", "2026-01-02 00:00"]
        );
        assert_eq!(
            short(
                &[
                    "2026-10-24T23:30:00Z",
                    "2026-10-25T00:30:00Z",
                    "2026-10-25T01:30:00Z",
                    "2026-10-25T02:30:00Z"
                ],
                &berlin()
            ),
            ["2026-10-25 01:30", "02:30 +02:00", "02:30 +01:00", "03:30"]
        );
        assert_eq!(
            short(
                &["2026-01-01T00:00:00.500Z", "x", "2026-01-01T00:00:01.000Z"],
                &Zone::Utc
            ),
            ["2026-01-01 00:00:00.500", "x", "00:00:01.000"]
        );
        assert_eq!(short(&["2026-01-01"], &berlin()), ["2026-01-01"]);
        let one = time_labels(&["2026-10-25T00:30:07Z".into()], &berlin());
        assert_eq!(one[0].whole, "2026-10-25 02:30:07 +02:00");
    }
}
