//! What a person chooses about how cells look; the values stay exact.

use std::rc::Rc;

use crate::{
    cell::Cell,
    scan,
    time::{self, Time},
};

/// Seconds that a zone's clocks are ahead of UTC, at seconds since 1970: they change with the
/// seasons.
pub type Clocks = Rc<dyn Fn(i64) -> i64>;

/// Where times are shown.
#[derive(Clone, Default)]
pub enum Zone {
    /// As the server wrote them.
    #[default]
    AsSent,
    Utc,
    In(Clocks),
}

impl Zone {
    /// Seconds that its clocks are ahead of UTC; times shown as sent count as UTC.
    pub fn east(&self, seconds: i64) -> i64 {
        match self {
            Self::AsSent | Self::Utc => 0,
            Self::In(clocks) => clocks(seconds),
        }
    }
}

/// Seconds around a change of clocks within which an hour may come twice.
const AROUND: i64 = 10_800;

impl Zone {
    /// The zone's clocks show the same at another moment, too.
    pub fn shows_twice(&self, seconds: i64) -> bool {
        let Self::In(clocks) = self else {
            return false;
        };
        let own = clocks(seconds);
        [seconds - AROUND, seconds + AROUND]
            .into_iter()
            .any(|near| {
                let other = clocks(near);
                other != own && clocks(seconds + own - other) == other
            })
    }
}

/// How a time in a zone is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// `2023-02-01 01:02:03.456`, with the offset where an hour comes twice
    #[default]
    Plain,
    /// `2023-02-01T01:02:03.456+01:00`
    Iso,
    /// Seconds since 1970, the same in every zone: `1675213323.456`
    Unix,
}

#[derive(Clone, Default)]
pub struct Format {
    pub zone: Zone,
    /// Of times that are not shown as sent.
    pub style: TimeStyle,
    /// Stands between groups of three digits of a number's integer part.
    pub group: Option<char>,
}

impl Format {
    pub fn write(&self, cell: &Cell<'_>, out: &mut String) {
        match cell {
            Cell::Time(time) => self.write_time(*time, out),
            Cell::Int(_) | Cell::UInt(_) | Cell::Number(_) | Cell::Json(_) => {
                let start = out.len();
                cell.write_text(out);
                if let Some(separator) = self.group
                    && cell.as_exact().is_some()
                {
                    group_digits(out, start, separator);
                }
            }
            _ => cell.write_text(out),
        }
    }

    /// A date is the same everywhere; other times keep the digits that were sent.
    fn write_time(&self, time: Time, out: &mut String) {
        if matches!(self.zone, Zone::AsSent) || time.is_date() {
            return time.write(out);
        }
        let (seconds, nanos) = time.seconds();
        self.write_moment(seconds, nanos, time.digits(), out);
    }

    /// Milliseconds since 1970-01-01 UTC, as a time with three digits behind the second; in UTC
    /// where times are shown as sent.
    pub fn write_millis(&self, millis: i64, out: &mut String) {
        let nanos = millis.rem_euclid(1000) as u32 * 1_000_000;
        self.write_moment(millis.div_euclid(1000), nanos, 3, out);
    }

    fn write_moment(&self, seconds: i64, nanos: u32, digits: u8, out: &mut String) {
        const DAY: i64 = 86_400;
        if self.style == TimeStyle::Unix {
            return time::write_unix(seconds, nanos, digits, out);
        }
        let iso = self.style == TimeStyle::Iso;
        let east = self.zone.east(seconds);
        let local = seconds.saturating_add(east);
        time::write_date(local.div_euclid(DAY), out);
        out.push(if iso { 'T' } else { ' ' });
        time::write_clock(local.rem_euclid(DAY), out);
        time::write_fraction(nanos, digits, out);
        if iso {
            time::write_offset(east, out);
        } else if self.zone.shows_twice(seconds) {
            out.push(' ');
            time::write_offset(east, out);
        }
    }
}

/// Groups the integer digits of the number that starts at `start`.
fn group_digits(out: &mut String, start: usize, separator: char) {
    let first = start + usize::from(out[start..].starts_with('-'));
    let digits = out[first..].bytes().take_while(u8::is_ascii_digit).count();
    let mut at = first + digits;
    while at > first + 3 {
        at -= 3;
        out.insert(at, separator);
    }
}

/// JSON indented by two spaces; text that is not JSON stays as it is.
pub fn pretty(json: &str) -> String {
    let input = json.as_bytes();
    let whole = scan::value(input, 0).map(|end| scan::skip_space(input, end));
    if whole != Ok(input.len()) {
        return json.to_string();
    }
    let mut out = String::with_capacity(json.len() * 2);
    let (mut at, mut depth) = (0, 0usize);
    while let Some(byte) = input.get(at) {
        let mut end = at + 1;
        match byte {
            b'{' | b'[' => {
                let inside = scan::skip_space(input, end);
                if matches!(input.get(inside), Some(b'}' | b']')) {
                    end = inside + 1;
                    out.push_str(if *byte == b'{' { "{}" } else { "[]" });
                } else {
                    depth += 1;
                    out.push(char::from(*byte));
                    new_line(depth, &mut out);
                }
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                new_line(depth, &mut out);
                out.push(char::from(*byte));
            }
            b',' => {
                out.push(',');
                new_line(depth, &mut out);
            }
            b':' => out.push_str(": "),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'"' => {
                end = scan::string(input, end).map_or(input.len(), |(quote, _)| quote + 1);
                out.push_str(json.get(at..end).unwrap_or_default());
            }
            _ => {
                let scalar = |byte: &&u8| !b",]} \t\n\r".contains(byte);
                end = at + input[at..].iter().take_while(scalar).count();
                out.push_str(json.get(at..end).unwrap_or_default());
            }
        }
        at = end;
    }
    out
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    fn shown(data_type: &str, token: &str, format: Format) -> String {
        let ring = ring(&[data_type], &format!("[[{token}]]"));
        let mut out = "|".to_string();
        format.write(&ring.cell(0, 0), &mut out);
        out.split_off(1)
    }

    #[test]
    fn times_are_shown_in_the_zone_with_their_digits() {
        let at = |zone| Format {
            zone,
            ..Format::default()
        };
        let east = |minutes: i64| Zone::In(Rc::new(move |_| minutes * 60));
        let time = "\"2023-02-01T23:02:03.450Z\"";
        assert_eq!(
            shown("datetime64(3)", time, at(Zone::AsSent)),
            "2023-02-01T23:02:03.450Z"
        );
        assert_eq!(
            shown("datetime64(3)", time, at(Zone::Utc)),
            "2023-02-01 23:02:03.450"
        );
        assert_eq!(
            shown("datetime64(3)", time, at(east(90))),
            "2023-02-02 00:32:03.450"
        );
        assert_eq!(
            shown("datetime64(3)", time, at(east(-1440))),
            "2023-01-31 23:02:03.450"
        );
        assert_eq!(shown("date", "\"2023-02-01\"", at(east(600))), "2023-02-01");
        let mut out = String::new();
        at(east(60)).write_millis(-1, &mut out);
        assert_eq!(out, "1970-01-01 00:59:59.999");
    }

    #[test]
    fn each_time_has_the_clocks_of_its_season() {
        // As in Berlin: 31 March 2024, 01:00 UTC.
        let clocks: Clocks = Rc::new(|seconds| {
            if seconds < 1_711_846_800 {
                3_600
            } else {
                7_200
            }
        });
        let berlin = |style| Format {
            zone: Zone::In(clocks.clone()),
            style,
            group: None,
        };
        let at = |token, style| shown("datetime64(3)", token, berlin(style));
        let (winter, summer) = (
            "\"2024-03-31T00:59:59.999Z\"",
            "\"2024-03-31T01:00:00.000Z\"",
        );
        assert_eq!(at(winter, TimeStyle::Plain), "2024-03-31 01:59:59.999");
        assert_eq!(at(summer, TimeStyle::Plain), "2024-03-31 03:00:00.000");
        assert_eq!(at(winter, TimeStyle::Iso), "2024-03-31T01:59:59.999+01:00");
        assert_eq!(at(summer, TimeStyle::Iso), "2024-03-31T03:00:00.000+02:00");
        let back: Clocks = Rc::new(|seconds| {
            if seconds < 1_729_990_800 {
                7_200
            } else {
                3_600
            }
        });
        let twice = |token| {
            let zone = Zone::In(back.clone());
            shown(
                "datetime",
                token,
                Format {
                    zone,
                    ..Format::default()
                },
            )
        };
        assert_eq!(
            twice("\"2024-10-27T00:30:00Z\""),
            "2024-10-27 02:30:00 +02:00"
        );
        assert_eq!(
            twice("\"2024-10-27T01:30:00Z\""),
            "2024-10-27 02:30:00 +01:00"
        );
        assert_eq!(twice("\"2024-10-27T02:00:00Z\""), "2024-10-27 03:00:00");
        let old = Format {
            zone: Zone::In(Rc::new(|_| 3_208)),
            style: TimeStyle::Iso,
            group: None,
        };
        assert_eq!(
            shown("datetime", "\"1890-01-01T00:00:00Z\"", old),
            "1890-01-01T00:53:28+00:53:28"
        );
    }

    #[test]
    fn styles_keep_every_digit() {
        let utc = |style| Format {
            zone: Zone::Utc,
            style,
            group: None,
        };
        let at = |token, style| shown("datetime64(9)", token, utc(style));
        let exact = "\"2023-02-01 01:02:03.123456789\"";
        assert_eq!(at(exact, TimeStyle::Iso), "2023-02-01T01:02:03.123456789Z");
        assert_eq!(at(exact, TimeStyle::Unix), "1675213323.123456789");
        let before = "\"1969-12-31 23:59:58.750\"";
        assert_eq!(at(before, TimeStyle::Unix), "-1.250");
        assert_eq!(at("\"1969-12-31 23:59:59.999\"", TimeStyle::Unix), "-0.001");
        assert_eq!(at("\"1970-01-01 00:00:07\"", TimeStyle::Unix), "7");
        assert_eq!(at("\"2023-02-01\"", TimeStyle::Unix), "2023-02-01");
    }

    #[test]
    fn digits_are_grouped_in_numbers_only() {
        let format = Format {
            group: Some('\u{202f}'),
            ..Format::default()
        };
        let grouped =
            |data_type, token| shown(data_type, token, format.clone()).replace('\u{202f}', "_");
        assert_eq!(grouped("int64", "-1234567"), "-1_234_567");
        assert_eq!(grouped("int64", "123"), "123");
        assert_eq!(grouped("uint256", "\"1234567\""), "1_234_567");
        assert_eq!(grouped("decimal(18, 4)", "1234.5678"), "1_234.5678");
        assert_eq!(grouped("float64", "\"nan\""), "nan");
        assert_eq!(grouped("string", "\"12345\""), "12345");
        assert_eq!(grouped("json", "{\"a\":12345}"), "{\"a\":12345}");
    }

    #[test]
    fn json_is_indented() {
        assert_eq!(
            pretty(r#" {"a":[1,{"b , c":"x\"}"}],"d":{ },"e":[ ]} "#),
            "{\n  \"a\": [\n    1,\n    {\n      \"b , c\": \"x\\\"}\"\n    }\n  ],\n  \"d\": {},\n  \"e\": []\n}"
        );
        assert_eq!(pretty("18446744073709551616"), "18446744073709551616");
        assert_eq!(pretty("[1,"), "[1,");
    }
}
