//! How many lines of which severity there were, over time.

use weir_api::{ApiError, ApiRequest, json_response, timeplus::exec};

use crate::ui::Tone;

/// Where the server's log is kept.
pub const STREAM: &str = "backend_log";

/// A severity as the stream writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    pub name: &'static str,
    pub word: &'static str,
    pub tone: Tone,
}

const fn level(name: &'static str, word: &'static str, tone: Tone) -> Level {
    Level { name, word, tone }
}

/// The worst first.
pub const LEVELS: [Level; 5] = [
    level("ERROR", "error", Tone::Bad),
    level("WARN", "warning", Tone::Warn),
    level("INFO", "information", Tone::Good),
    level("DEBUG", "debug", Tone::Accent),
    level("TRACE", "trace", Tone::Neutral),
];

/// How far back is looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// In the address, and as SQL writes a duration.
    pub id: &'static str,
    pub words: &'static str,
    seconds: u64,
}

const fn span(id: &'static str, words: &'static str, seconds: u64) -> Span {
    Span { id, words, seconds }
}

pub const SPANS: [Span; 5] = [
    span("15m", "Last 15 minutes", 900),
    span("1h", "Last hour", 3_600),
    span("6h", "Last 6 hours", 21_600),
    span("1d", "Last day", 86_400),
    span("7d", "Last 7 days", 604_800),
];

/// Shown where the address names none.
pub const USUAL: &str = "1h";

/// Bars of the picture.
pub const BARS: usize = 60;

/// Lines of each of [`LEVELS`].
pub type Bar = [u64; LEVELS.len()];

impl Span {
    pub fn named(id: &str) -> Self {
        let found = SPANS.into_iter().find(|span| span.id == id);
        found.unwrap_or(SPANS[1])
    }

    /// Seconds of one bar.
    pub fn width(self) -> u64 {
        self.seconds / BARS as u64
    }
}

/// Lines of one severity in the stretch that begins `at`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    at: String,
    level: String,
    lines: u64,
}

pub fn request(span: Span) -> Result<ApiRequest, ApiError> {
    let (width, minutes) = (span.width(), span.seconds / 60);
    exec::historical(&format!(
        "SELECT window_start, level, count() FROM tumble(table({STREAM}), {width}s) \
         WHERE _tp_time > now() - INTERVAL {minutes} MINUTE GROUP BY window_start, level"
    ))
}

/// Large numbers may come as texts.
pub fn read(answer: &[u8]) -> Result<Vec<Count>, ApiError> {
    let answer: exec::Answer = json_response(answer)?;
    let count = |row: &Vec<Box<serde_json::value::RawValue>>| {
        let text = |at: usize| {
            let raw = row.get(at).map_or("", |raw| raw.get());
            raw.trim_matches('"').to_string()
        };
        Count {
            at: text(0),
            level: text(1),
            lines: text(2).parse().unwrap_or_default(),
        }
    };
    Ok(answer.data.iter().map(count).collect())
}

/// The bars up to now, the oldest first; `parse` reads a moment as Unix ms.
pub fn bars(
    counts: &[Count],
    span: Span,
    now_ms: f64,
    parse: impl Fn(&str) -> Option<f64>,
) -> Vec<Bar> {
    let mut bars = vec![Bar::default(); BARS];
    let number = |ms: f64| (ms / 1000.0 / span.width() as f64).floor() as i64;
    let newest = number(now_ms);
    for count in counts {
        let level = LEVELS.iter().position(|level| level.name == count.level);
        let (Some(level), Some(at)) = (level, parse(&count.at)) else {
            continue;
        };
        // Clocks differ: what is of the future is of now.
        let age = usize::try_from((newest - number(at)).max(0)).unwrap_or(BARS);
        if age < BARS {
            bars[BARS - 1 - age][level] += count.lines;
        }
    }
    bars
}

/// Of all bars.
pub fn totals(bars: &[Bar]) -> Bar {
    let mut totals = Bar::default();
    for bar in bars {
        for (total, lines) in totals.iter_mut().zip(bar) {
            *total += lines;
        }
    }
    totals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stand_where_their_time_is() {
        let body = br#"{"columns":[],"data":[["3600","ERROR",2],["3600","INFO","7"],
            ["0","WARN",1],["7260","WARN",4],["3540","INFO",9],["3600","odd",1]]}"#;
        let counts = read(body).expect("counts");
        let span = Span::named("1h");
        let ms = |text: &str| text.parse::<f64>().ok().map(|seconds| seconds * 1000.0);
        let bars = bars(&counts, span, 7_170_000.0, ms);
        assert_eq!(bars.len(), BARS);
        // 01:00 of 01:59, the oldest; what is older is left out, and a clock ahead is of now.
        assert_eq!(bars[0], [2, 0, 7, 0, 0]);
        assert_eq!(bars[BARS - 1], [0, 4, 0, 0, 0]);
        assert_eq!(totals(&bars), [2, 4, 7, 0, 0]);
    }

    #[test]
    fn a_span_is_cut_into_whole_seconds() {
        for span in SPANS {
            assert_eq!(span.width() * BARS as u64, span.seconds, "{}", span.id);
        }
        assert_eq!(Span::named("nonsense").id, USUAL);
        let body = request(Span::named("15m")).expect("a request").body;
        let text = String::from_utf8(body.expect("a body").bytes).expect("text");
        assert!(text.contains("tumble(table(backend_log), 15s)"), "{text}");
        assert!(text.contains("INTERVAL 15 MINUTE"), "{text}");
    }
}
