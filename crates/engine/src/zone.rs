//! Time zones by their names in the IANA database.

use chrono::{DateTime, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _};
use chrono_tz::Tz;
use weir_api::DataType;

pub(crate) fn parse(name: &str) -> Result<Tz, String> {
    name.parse()
        .map_err(|_| format!("'{name}' is not a time zone, such as Europe/Berlin or UTC"))
}

/// The zone of a type of times, UTC where it names none.
pub(crate) fn of(data_type: &DataType) -> Result<Tz, String> {
    match data_type.inner() {
        DataType::DateTime { zone: Some(zone) }
        | DataType::DateTime64 {
            zone: Some(zone), ..
        } => parse(zone),
        _ => Ok(Tz::UTC),
    }
}

/// Whether every zone within the type exists.
pub fn check(data_type: &DataType) -> Result<(), String> {
    match data_type {
        DataType::Nullable(inner) | DataType::LowCardinality(inner) | DataType::Array(inner) => {
            check(inner)
        }
        DataType::Map(key, value) => check(key).and_then(|()| check(value)),
        DataType::Tuple(fields) => fields.iter().try_for_each(|(_, field)| check(field)),
        other => of(other).map(|_| ()),
    }
}

/// Seconds east of UTC at an instant, given in seconds since 1970.
pub(crate) fn offset(zone: Tz, seconds: i64) -> i64 {
    let Some(time) = DateTime::from_timestamp(seconds, 0) else {
        return 0;
    };
    let offset = zone.offset_from_utc_datetime(&time.naive_utc());
    offset.fix().local_minus_utc().into()
}

/// Seconds since 1970 of what a clock in the zone shows, itself given as if it stood in UTC. Of a
/// time that comes twice the first is meant; one that is left out counts from behind the gap.
pub(crate) fn instant(zone: Tz, shown: i64) -> i64 {
    let Some(local) = DateTime::from_timestamp(shown, 0).map(|time| time.naive_utc()) else {
        return shown;
    };
    let found = zone.offset_from_local_datetime(&local);
    let offset = found.earliest().or_else(|| behind(zone, local));
    shown - offset.map_or(0, |offset| i64::from(offset.fix().local_minus_utc()))
}

fn behind(zone: Tz, local: NaiveDateTime) -> Option<<Tz as chrono::TimeZone>::Offset> {
    let later = local.checked_add_signed(TimeDelta::days(1))?;
    zone.offset_from_local_datetime(&later).earliest()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_go_forward_and_back() {
        let berlin = parse("Europe/Berlin").unwrap();
        // 2024-03-31 and 2024-10-27
        assert_eq!(offset(berlin, 1_711_846_799), 3600);
        assert_eq!(offset(berlin, 1_711_846_800), 7200);
        let half_past_two = 1_711_852_200;
        assert_eq!(instant(berlin, half_past_two), 1_711_845_000);
        let twice = 1_729_996_200;
        assert_eq!(instant(berlin, twice), twice - 7200);
        assert!(parse("Mars/Olympus").is_err());
    }
}
