//! Chains of events: `(?1).*(?2)(?t<=60)(?3)` over rows in the order of their times.

use rusqlite::types::Value;
use weir_api::DataType;

use super::{
    Rows, Rule,
    events::{conditions, holds},
};
use crate::typed::{Literal, Typed};

const TAKES: &str =
    "takes a pattern and conditions: sequence_match('(?1)(?2)')(time, first, second)";
/// Steps over the rows of a group; a pattern with many .* can go back without end.
const MOST_STEPS: usize = 10_000_000;

rule!(
    SEQUENCE_MATCH,
    |args| checked(args).map(|()| DataType::UInt(8)),
    |rows| Ok(Value::Integer(i64::from(chains(rows, 1)? > 0)))
);

rule!(
    SEQUENCE_COUNT,
    |args| checked(args).map(|()| DataType::UInt(64)),
    |rows| Ok(Value::Integer(chains(rows, usize::MAX)? as i64))
);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Part {
    /// An event for which the condition of this place, from 0, holds.
    Event(usize),
    One,
    Any,
    /// The time since the event before is so, whatever lies between.
    Time(Compare, f64),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Compare {
    AtMost,
    Below,
    AtLeast,
    Above,
    Equal,
}

/// The time of an event and the conditions that hold for it, of which the function takes 32.
type Event = (f64, u32);

fn checked(args: &[Typed]) -> Result<(), String> {
    let [time, events @ .., pattern] = args else {
        return Err(TAKES.to_string());
    };
    let Literal::Text(pattern) = &pattern.literal else {
        return Err(TAKES.to_string());
    };
    let data_type = time.data_type.inner();
    if !data_type.is_time() && !matches!(data_type, DataType::UInt(_)) {
        return Err(format!("takes a time first, not {}", time.data_type));
    }
    conditions(events)?;
    parsed(pattern, events.len()).map(|_| ())
}

fn parsed(pattern: &str, conditions: usize) -> Result<Vec<Part>, String> {
    let wrong =
        |rest: &str| format!("the pattern has (?1), ., .* and (?t<=60): '{rest}' is none of them");
    let mut parts = vec![Part::Any];
    let mut rest = pattern.trim();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(".*") {
            parts.push(Part::Any);
            rest = after;
        } else if let Some(after) = rest.strip_prefix('.') {
            parts.push(Part::One);
            rest = after;
        } else {
            let (inside, after) = rest
                .strip_prefix("(?")
                .and_then(|rest| rest.split_once(')'))
                .ok_or_else(|| wrong(rest))?;
            parts.push(match inside.strip_prefix('t') {
                Some(time) => timed(time).ok_or_else(|| wrong(rest))?,
                None => {
                    let number: usize = inside.parse().map_err(|_| wrong(rest))?;
                    let place = number.checked_sub(1).filter(|place| *place < conditions);
                    Part::Event(place.ok_or_else(|| {
                        format!("(?{number}) is the number of a condition, from 1 to {conditions}")
                    })?)
                }
            });
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(parts)
}

fn timed(text: &str) -> Option<Part> {
    let operators = [
        ("<=", Compare::AtMost),
        (">=", Compare::AtLeast),
        ("==", Compare::Equal),
        ("<", Compare::Below),
        (">", Compare::Above),
    ];
    let (compare, seconds) = operators
        .into_iter()
        .find_map(|(sign, compare)| Some((compare, text.strip_prefix(sign)?)))?;
    let seconds: u64 = seconds.trim().parse().ok()?;
    Some(Part::Time(compare, seconds as f64))
}

/// How many chains follow one after the other, `most` of them.
fn chains(rows: &Rows<'_>, most: usize) -> Result<usize, String> {
    let width = rows.rows.first().map_or(0, Vec::len);
    let conditions = width.saturating_sub(2);
    let pattern = match rows.rows.first().and_then(|row| row.last()) {
        Some(Value::Text(pattern)) => parsed(pattern, conditions)?,
        _ => return Err(TAKES.to_string()),
    };
    let per_second = match rows.input {
        DataType::DateTime64 { precision, .. } => 10f64.powi(i32::from(*precision)),
        _ => 1.0,
    };
    let mut events: Vec<Event> = Vec::new();
    for row in rows.rows {
        let set = (0..conditions).filter(|place| holds(row, place + 1));
        let set = set.fold(0_u32, |set, place| set | 1 << place);
        // What no condition tells apart is passed over.
        if set != 0 {
            events.push((rows.number(row, 0)? / per_second, set));
        }
    }
    events.sort_by(|(left, _), (right, _)| left.total_cmp(right));
    let (mut found, mut from, mut steps) = (0, 0, MOST_STEPS);
    while found < most && from < events.len() {
        match chain(&pattern, &events[from..], &mut steps)? {
            Some(length) => {
                found += 1;
                from += length.max(1);
            }
            None => break,
        }
    }
    Ok(found)
}

/// Events up to the end of the first chain. Takes its steps from those that are left.
fn chain(parts: &[Part], events: &[Event], steps: &mut usize) -> Result<Option<usize>, String> {
    // Where to go on from: a part, an event, and the event before it in the chain.
    let mut back: Vec<(usize, usize, usize)> = Vec::new();
    let (mut part, mut event, mut last) = (0, 0, 0);
    while let Some(left) = steps.checked_sub(1) {
        *steps = left;
        let Some(wanted) = parts.get(part) else {
            return Ok(Some(event));
        };
        let here = events.get(event);
        let goes_on = match (wanted, here) {
            (Part::Any, _) => {
                back.push((part, event, last));
                part += 1;
                true
            }
            (Part::Event(place), Some((_, set))) if set >> place & 1 == 1 => {
                (part, last, event) = (part + 1, event, event + 1);
                true
            }
            (Part::One, Some(_)) => {
                (part, last, event) = (part + 1, event, event + 1);
                true
            }
            (Part::Time(compare, seconds), Some((time, _))) => {
                let since = time - events[last].0;
                let holds = match compare {
                    Compare::AtMost => since <= *seconds,
                    Compare::Below => since < *seconds,
                    Compare::AtLeast => since >= *seconds,
                    Compare::Above => since > *seconds,
                    Compare::Equal => since == *seconds,
                };
                let later = matches!(compare, Compare::AtLeast | Compare::Above | Compare::Equal)
                    && since <= *seconds;
                match (holds, later) {
                    (true, _) => {
                        back.push((part, event, last));
                        part += 1;
                        true
                    }
                    // A later event may be far enough away.
                    (false, true) => {
                        event += 1;
                        true
                    }
                    (false, false) => false,
                }
            }
            _ => false,
        };
        if goes_on {
            continue;
        }
        // One event more for the last part that takes any number of them.
        loop {
            let Some((to_part, to_event, to_last)) = back.pop() else {
                return Ok(None);
            };
            if to_event + 1 < events.len() {
                (part, event, last) = (to_part, to_event + 1, to_last);
                break;
            }
        }
    }
    Err(format!("the search takes more than {MOST_STEPS} steps"))
}
