//! Moments on the clocks of the chosen zone, with their age, all updated by one timer.

use std::time::Duration;

use js_sys::Date;
use leptos::prelude::*;
use weir_live::format::{Format, TimeStyle, Zone};

use super::zone;

/// Milliseconds since 1970, once a second.
#[derive(Clone, Copy)]
struct Clock(RwSignal<f64>);

/// Once in the application.
pub fn provide_clock() {
    let now = RwSignal::new(Date::now());
    set_interval(
        move || {
            now.try_set(Date::now());
        },
        Duration::from_secs(1),
    );
    provide_context(Clock(now));
}

/// Milliseconds since 1970, updated once a second.
pub fn use_now() -> Signal<f64> {
    use_context::<Clock>().map_or_else(|| Signal::stored(Date::now()), |clock| clock.0.into())
}

/// Date, time and zone, then the age: `2026-02-01 23:22:59 +01:00  12 s ago`.
#[component]
pub fn Time(
    /// ISO 8601, or `2023-02-01 23:22:59` in UTC as Timeplus writes it. Other text is shown as
    /// it is; empty text shows as a dash.
    #[prop(into)]
    iso: Signal<String>,
) -> impl IntoView {
    let now = use_now();
    let moment = Memo::new(move |_| iso.with(|iso| parse(iso)));
    let text = move || match moment.get() {
        Some(ms) => stamp(ms),
        None => Some(iso.get())
            .filter(|iso| !is_none(iso))
            .unwrap_or_else(|| "–".into()),
    };
    let since = Memo::new(move |_| moment.get().map(|ms| age(now.get() - ms)));
    view! {
        <time class="time" datetime=move || iso.with(|iso| normalise(iso))>
            {text}
            <span class="age">{move || since.get()}</span>
        </time>
    }
    .into_any()
}

/// Milliseconds since 1970. Browsers find a year in any text that ends with a number, so that only
/// what looks like a time is asked about.
pub fn parse(iso: &str) -> Option<f64> {
    let iso = normalise(iso);
    let of_http = iso.as_bytes().get(3) == Some(&b',') && iso.ends_with("GMT");
    let ms = (is_dated(&iso) || of_http).then(|| Date::parse(&iso))?;
    ms.is_finite().then_some(ms)
}

/// `2023-02-01…`
fn is_dated(text: &str) -> bool {
    let shape = |(at, byte): (usize, u8)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() >= 10 && text.bytes().take(10).enumerate().all(shape)
}

/// Milliseconds since 1970 as ISO 8601 in UTC.
pub fn iso(ms: f64) -> String {
    let moment = chrono::DateTime::from_timestamp_millis(ms as i64).unwrap_or_default();
    moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

/// Nothing, or the time that servers written in Go tell in its place.
pub fn is_none(iso: &str) -> bool {
    iso.is_empty() || iso.starts_with("0001-01-01")
}

/// Makes `2023-02-01 23:22:59` the ISO text it means, and so with Unix time, with
/// `2024-04-26T16:08:09Z+0800` and with `2023-02-01 23:22:59.5 +0000 UTC`. A time without zone is
/// UTC: browsers would take it as local.
pub fn normalise(text: &str) -> String {
    let text = text.trim();
    if is_none(text) {
        return String::new();
    }
    if let Some(ms) = unix(text) {
        return self::iso(ms);
    }
    if !is_dated(text) {
        return text.into();
    }
    // Go tells how long the program has run, too.
    let text = text.split_once(" m=").map_or(text, |(time, _)| time);
    let named = text.rsplit_once(' ').filter(|(time, zone)| {
        time.contains(':') && zone.bytes().all(|byte| byte.is_ascii_uppercase())
    });
    let (text, zone) = named.map_or((text, ""), |(time, zone)| (time, zone));
    let mut iso = text.replacen(' ', "T", 1).replace(' ', "");
    if let Some((clock, zone)) = iso.rsplit_once(['+', '-'])
        && clock.contains(':')
        && zone.len() == 4
        && zone.bytes().all(|byte| byte.is_ascii_digit())
        && !clock.ends_with(['Z', 'z'])
    {
        let at = clock.len() + 3;
        iso.insert(at, ':');
    } else if !zone.is_empty() && !matches!(zone, "UTC" | "GMT" | "Z") {
        // A zone of some name alone: nobody can tell which is meant.
        return format!("{text} {zone}");
    }
    // The zone behind a Z is the one that holds.
    if let Some((clock, zone)) = iso.split_once(['Z', 'z'])
        && zone.len() == 5
        && zone.starts_with(['+', '-'])
        && zone[1..].bytes().all(|byte| byte.is_ascii_digit())
    {
        let (hours, minutes) = zone.split_at(3);
        iso = format!("{clock}{hours}:{minutes}");
    }
    let time = iso.split_once('T').map_or("", |(_, time)| time);
    if !time.is_empty() && !time.ends_with(['Z', 'z']) && !time.contains(['+', '-']) {
        iso.push('Z');
    }
    iso
}

/// Milliseconds of a Unix time: its size says whether it counts seconds or what part of them.
fn unix(text: &str) -> Option<f64> {
    let number: u64 = text.parse().ok().filter(|_| text.len() >= 9)?;
    Some(match text.len() {
        ..=11 => number as f64 * 1e3,
        12..=14 => number as f64,
        15..=17 => (number / 1_000) as f64,
        _ => (number / 1_000_000) as f64,
    })
}

/// Date and time in the chosen zone, with its distance from UTC at that moment.
pub fn stamp(ms: f64) -> String {
    stamp_in(ms, zone::chosen().clock().zone)
}

fn stamp_in(ms: f64, zone: Zone) -> String {
    let seconds = (ms / 1_000.0).floor() as i64;
    let format = Format {
        zone,
        style: TimeStyle::Iso,
        group: None,
    };
    let mut iso = String::new();
    format.write_millis(seconds.saturating_mul(1_000), &mut iso);
    // `2026-02-01T23:22:59.000+01:00`: whole seconds are enough here.
    let Some((clock, offset)) = iso.split_once(".000") else {
        return iso;
    };
    let offset = match offset {
        "Z" | "+00:00" => "UTC",
        offset => offset,
    };
    format!("{} {offset}", clock.replacen('T', " ", 1))
}

/// How long ago, or how far ahead, in the largest unit that fits; `ms` is now minus then. What is
/// ahead is rounded: a session of 30 days ends in 30 days for most of the first one.
pub fn age(ms: f64) -> String {
    let seconds = (ms.abs() / 1000.0) as u64;
    let whole = |unit: u64| match ms < 0.0 {
        true => (seconds + unit / 2) / unit,
        false => seconds / unit,
    };
    let text = match seconds {
        0 => return "now".into(),
        s if s < 60 => format!("{s} s"),
        s if s < 3_600 => format!("{} min", whole(60)),
        s if s < 86_400 => format!("{} h", whole(3_600)),
        _ => format!("{} d", whole(86_400)),
    };
    if ms < 0.0 {
        format!("in {text}")
    } else {
        format!("{text} ago")
    }
}

/// How long something took: `340 ms`, `12.3 s`, `4 min 5 s`, `3 h 20 min`, `174 d 2 h`.
pub fn span(ms: f64) -> String {
    let seconds = (ms / 1000.0) as u64;
    match ms {
        _ if !ms.is_finite() || ms < 0.0 => "–".into(),
        _ if ms < 1_000.0 => format!("{} ms", ms as u64),
        _ if seconds < 60 => format!("{:.1} s", (ms / 100.0).floor() / 10.0),
        _ if seconds < 3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ if seconds < 172_800 => format!("{} h {} min", seconds / 3_600, seconds / 60 % 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds / 3_600 % 24),
    }
}

/// A length that is often a whole number of some unit: `24 h`, `10 min`, `1 h 30 min`, `7 d`.
pub fn length(ms: f64) -> String {
    let words = span(ms);
    let Some((whole, rest)) = words.rsplit_once(" 0 ") else {
        return words.replacen(".0 s", " s", 1);
    };
    // Less than the smaller unit is not nothing.
    let unit = match rest {
        "s" => 1_000.0,
        "min" => 60_000.0,
        _ => 3_600_000.0,
    };
    if ms % unit == 0.0 {
        whole.into()
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_of_units_has_no_zero_behind_it() {
        for (ms, words) in [
            (1.0, "1 ms"),
            (5_000.0, "5 s"),
            (2_500.0, "2.5 s"),
            (600_000.0, "10 min"),
            (630_000.0, "10 min 30 s"),
            (86_400_000.0, "24 h"),
            (86_405_000.0, "24 h 0 min"),
            (13.0 * 86_400_000.0, "13 d"),
            (5_430_000_000.0, "62 d 20 h"),
        ] {
            assert_eq!(length(ms), words, "{ms}");
        }
    }

    #[test]
    fn a_time_without_zone_is_utc() {
        assert_eq!(normalise("2023-02-01 23:22:59"), "2023-02-01T23:22:59Z");
        assert_eq!(
            normalise("2023-02-01T23:22:59.5Z"),
            "2023-02-01T23:22:59.5Z"
        );
        assert_eq!(
            normalise("2023-02-01 23:22:59+02:00"),
            "2023-02-01T23:22:59+02:00"
        );
        assert_eq!(normalise("2023-02-01"), "2023-02-01");
        for go in [
            "2023-02-01 23:22:59.5 +0000 UTC",
            "2023-02-01 23:22:59.5 +0000 UTC m=+0.1",
        ] {
            assert_eq!(normalise(go), "2023-02-01T23:22:59.5+00:00");
        }
        assert_eq!(
            normalise("2023-02-01T23:22:59+0200"),
            "2023-02-01T23:22:59+02:00"
        );
        assert_eq!(normalise("2023-02-01 23:22:59 UTC"), "2023-02-01T23:22:59Z");
        assert_eq!(normalise("0001-01-01T00:00:00Z"), "");
        let http = "Wed, 01 Feb 2023 23:22:59 GMT";
        assert_eq!(normalise(http), http);
        assert!(is_dated("2023-02-01") && !is_dated("last seen 453"));
        assert_eq!(
            normalise("2023-02-01 23:22:59 CST"),
            "2023-02-01 23:22:59 CST"
        );
    }

    #[test]
    fn times_come_in_several_forms() {
        assert_eq!(
            normalise("2024-04-26T16:08:09Z+0800"),
            "2024-04-26T16:08:09+08:00"
        );
        for unix in [
            "1700000000",
            "1700000000000",
            "1700000000000000",
            "1700000000000000000",
        ] {
            assert_eq!(normalise(unix), "2023-11-14T22:13:20.000Z", "{unix}");
        }
        // A number that is no moment anybody means.
        assert_eq!(normalise("20240426"), "20240426");
    }

    #[test]
    fn ages_use_the_largest_unit() {
        let ages = [
            400.0,
            12_000.0,
            61_000.0,
            7_300_000.0,
            90_000_000.0,
            -5_000.0,
            -(30.0 * 86_400_000.0 - 60_000.0),
        ]
        .map(age);
        assert_eq!(
            ages,
            [
                "now",
                "12 s ago",
                "1 min ago",
                "2 h ago",
                "1 d ago",
                "in 5 s",
                "in 30 d"
            ]
        );
    }

    #[test]
    fn spans_never_round_up_to_the_next_unit() {
        let spans = [
            999.0,
            59_990.0,
            245_000.0,
            12_000_000.0,
            15_033_600_000.0,
            f64::NAN,
        ]
        .map(span);
        assert_eq!(
            spans,
            [
                "999 ms",
                "59.9 s",
                "4 min 5 s",
                "3 h 20 min",
                "174 d 0 h",
                "–"
            ]
        );
    }

    #[test]
    fn stamps_have_the_offset_of_their_moment() {
        // As in Berlin: 29 March 2026, 01:00 UTC, a day of 23 hours.
        let berlin = || {
            Zone::In(std::rc::Rc::new(|seconds| match seconds < 1_774_746_000 {
                true => 3_600,
                false => 7_200,
            }))
        };
        let at = |ms: f64| stamp_in(ms, berlin());
        assert_eq!(at(1_774_745_999_999.0), "2026-03-29 01:59:59 +01:00");
        assert_eq!(at(1_774_746_000_000.0), "2026-03-29 03:00:00 +02:00");
        assert_eq!(stamp_in(-1.0, Zone::Utc), "1969-12-31 23:59:59 UTC");
        let east = Zone::In(std::rc::Rc::new(|_| -12_600));
        assert_eq!(stamp_in(0.0, east), "1969-12-31 20:30:00 -03:30");
    }
}
