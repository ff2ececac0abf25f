//! What a person chooses about how cells look; the values stay exact.

use crate::{
    cell::Cell,
    scan,
    time::{self, Time},
};

/// Where times are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Zone {
    /// As the server wrote them.
    #[default]
    AsSent,
    Utc,
    /// Minutes east of UTC.
    Offset(i32),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Format {
    pub zone: Zone,
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

    /// In a zone: `2023-02-01 01:02:03.456` with the digits that were sent.
    fn write_time(&self, time: Time, out: &mut String) {
        let minutes = match self.zone {
            Zone::AsSent => return time.write(out),
            _ if time.is_date() => return time.write(out),
            Zone::Utc => 0,
            Zone::Offset(minutes) => minutes,
        };
        let (seconds, nanos) = time.seconds();
        write_local(seconds + i64::from(minutes) * 60, nanos, time.digits(), out);
    }
}

/// Milliseconds since 1970-01-01 UTC in a zone, as `2023-02-01 01:02:03.456`; for axes and gaps.
pub fn write_millis(millis: i64, zone: Zone, out: &mut String) {
    let minutes = match zone {
        Zone::AsSent | Zone::Utc => 0,
        Zone::Offset(minutes) => i64::from(minutes),
    };
    let nanos = millis.rem_euclid(1000) as u32 * 1_000_000;
    write_local(millis.div_euclid(1000) + minutes * 60, nanos, 3, out);
}

fn write_local(seconds: i64, nanos: u32, digits: u8, out: &mut String) {
    const DAY: i64 = 86_400;
    time::write_date(seconds.div_euclid(DAY), out);
    out.push(' ');
    time::write_clock(seconds.rem_euclid(DAY), out);
    time::write_fraction(nanos, digits, out);
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
        let at = |zone| Format { zone, group: None };
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
            shown("datetime64(3)", time, at(Zone::Offset(90))),
            "2023-02-02 00:32:03.450"
        );
        assert_eq!(
            shown("datetime64(3)", time, at(Zone::Offset(-1440))),
            "2023-01-31 23:02:03.450"
        );
        assert_eq!(
            shown("date", "\"2023-02-01\"", at(Zone::Offset(600))),
            "2023-02-01"
        );
        let mut out = String::new();
        write_millis(-1, Zone::Offset(60), &mut out);
        assert_eq!(out, "1970-01-01 00:59:59.999");
    }

    #[test]
    fn digits_are_grouped_in_numbers_only() {
        let format = Format {
            zone: Zone::AsSent,
            group: Some('\u{202f}'),
        };
        let grouped = |data_type, token| shown(data_type, token, format).replace('\u{202f}', "_");
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
