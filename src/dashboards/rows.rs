//! The rows of a table panel.

use std::collections::HashMap;

use weir_api::{DataType, object::Object};
use weir_live::{Cell, Ring, format::Format};

use super::{
    number,
    options::Options,
    pick::{self, Update},
};

/// TableCell unless `rowCount` says otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;
/// Values of a small line in a cell.
const HISTORY: usize = 30;

/// How a column is shown; from `tableStyles`.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub index: usize,
    pub title: String,
    pub numeric: bool,
    /// Its times are shown on the console's clocks.
    pub zoned: bool,
    /// Pixels.
    pub width: Option<f64>,
    trend: bool,
    line: bool,
    conditions: Vec<Condition>,
    whole_row: bool,
    pub up: String,
    pub down: String,
}

#[derive(Debug, Clone, PartialEq)]
struct Condition {
    operator: String,
    value: String,
    colour: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TableCell {
    pub text: String,
    pub zoned: bool,
    /// Of the change since the row before: below 0, 0 or above.
    pub trend: i8,
    pub line: Vec<f64>,
    /// Background.
    pub colour: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub number: u64,
    pub cells: Vec<TableCell>,
    pub colour: Option<String>,
}

pub fn columns(ring: &Ring, options: &Options) -> Vec<Column> {
    let styles = options.object("tableStyles");
    let all = ring.columns().iter().enumerate();
    all.filter_map(|(index, column)| {
        let style = styles.object(&column.name);
        if style.get::<bool>("show") == Some(false) {
            return None;
        }
        let title = Some(style.text("name")).filter(|name| !name.is_empty());
        let mini = style.text("miniChartType");
        Some(Column {
            index,
            title: title.unwrap_or_else(|| column.name.clone()),
            numeric: column.data_type.is_numeric() && !column.data_type.is_time(),
            zoned: column.data_type.is_time() && *column.data_type.inner() != DataType::Date,
            width: style.get("width").filter(|width: &f64| *width > 0.0),
            trend: style.get("trend").unwrap_or(false),
            line: !mini.is_empty() && mini != "none",
            conditions: conditions(&style),
            whole_row: style.get("highlightRow").unwrap_or(false),
            up: style.text("increaseColor"),
            down: style.text("decreaseColor"),
        })
    })
    .collect()
}

fn conditions(style: &Object) -> Vec<Condition> {
    let all: Vec<Object> = style.get("conditions").unwrap_or_default();
    all.iter()
        .map(|condition| {
            // A number or a text.
            let raw = condition.raw("value").unwrap_or_default();
            let value = serde_json::from_str(raw).unwrap_or_else(|_| raw.to_string());
            Condition {
                operator: condition.text("operator"),
                value,
                colour: condition.text("color"),
            }
        })
        .collect()
}

impl Condition {
    fn holds(&self, cell: &Cell<'_>) -> bool {
        let text = cell.text();
        let order = match (cell.as_f64(), self.value.trim().parse::<f64>()) {
            (Some(left), Ok(right)) => left.partial_cmp(&right),
            _ => Some(text.as_str().cmp(self.value.as_str())),
        };
        let Some(order) = order else { return false };
        match self.operator.as_str() {
            "=" | "==" | "eq" => order.is_eq(),
            "!=" | "<>" | "ne" | "neq" => order.is_ne(),
            ">" | "gt" => order.is_gt(),
            ">=" | "gte" | "ge" => order.is_ge(),
            "<" | "lt" => order.is_lt(),
            "<=" | "lte" | "le" => order.is_le(),
            "contains" | "like" => text.contains(&self.value),
            _ => false,
        }
    }
}

/// Newest first, or by key in the order of appearance. Times are written by `shown`.
pub fn rows(ring: &Ring, options: &Options, columns: &[Column], shown: &Format) -> Vec<Row> {
    let update = Update::of(options, ring);
    let most = options.number("rowCount").unwrap_or(USUAL as f64);
    let mut numbers = pick::rows(ring, update, (most.max(1.0) as usize).min(MOST));
    if update == Update::All {
        numbers.reverse();
    }
    let wants = columns.iter().any(|column| column.trend || column.line);
    let past = if wants {
        past(ring, update, &numbers)
    } else {
        HashMap::new()
    };
    let row = |number: &u64| {
        let before = past.get(number).map_or(&[] as &[u64], Vec::as_slice);
        let mut colour = None;
        let cells = columns.iter().map(|column| {
            let cell = ring.cell(*number, column.index);
            let value = |row: &u64| ring.cell(*row, column.index).as_f64();
            let met = column
                .conditions
                .iter()
                .find(|condition| condition.holds(&cell));
            let met = met.map(|condition| condition.colour.clone());
            if column.whole_row {
                colour = colour.take().or_else(|| met.clone());
            }
            let trend = match (before.last().and_then(value), cell.as_f64()) {
                (Some(before), Some(now)) if column.trend => {
                    i8::from(now > before) - i8::from(now < before)
                }
                _ => 0,
            };
            let line = if column.line {
                let all = before.iter().chain(std::iter::once(number));
                all.filter_map(value).filter(|v| v.is_finite()).collect()
            } else {
                Vec::new()
            };
            let text = if column.numeric {
                number::words(cell, options.digits())
            } else {
                time_or_text(&cell, shown)
            };
            TableCell {
                text,
                zoned: column.zoned,
                trend,
                line,
                colour: met.filter(|_| !column.whole_row),
            }
        });
        let cells = cells.collect();
        Row {
            number: *number,
            cells,
            colour,
        }
    };
    numbers.iter().map(row).collect()
}

/// A time on the clocks shown; anything else as it is.
pub fn time_or_text(cell: &Cell<'_>, shown: &Format) -> String {
    match cell {
        Cell::Time(_) => {
            let mut text = String::new();
            shown.write(cell, &mut text);
            text
        }
        _ => cell.text(),
    }
}

/// Rows before each of `numbers`, oldest first: those of the same key, or simply those before.
fn past(ring: &Ring, update: Update, numbers: &[u64]) -> HashMap<u64, Vec<u64>> {
    if let Update::Key(column) = update {
        let mut of_key: HashMap<String, Vec<u64>> = HashMap::new();
        for (row, cell) in ring.cells(column, ring.first()..ring.end()) {
            of_key.entry(cell.text()).or_default().push(row);
        }
        return of_key
            .into_values()
            .filter_map(|mut rows| {
                let newest = rows.pop()?;
                let from = rows.len().saturating_sub(HISTORY - 1);
                Some((newest, rows.split_off(from)))
            })
            .collect();
    }
    let before = |number: &u64| {
        let from = number.saturating_sub(HISTORY as u64 - 1).max(ring.first());
        (*number, (from..*number).collect())
    };
    numbers.iter().map(before).collect()
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn ring() -> Ring {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type,
        };
        let columns = vec![
            column("host", DataType::String),
            column("cpu", DataType::Float64),
            column("n", DataType::UInt(64)),
        ];
        let mut ring = Ring::new(columns, Limits::default());
        ring.push(br#"[["a",10.5,1],["b",90,2],["a",20,18446744073709551615]]"#)
            .expect("rows");
        ring
    }

    #[test]
    fn rows_by_key_have_a_trend_and_a_line() {
        let options = Options::from_json(
            r#"{"updateMode":"key","updateKey":"host","tableStyles":{"cpu":{"name":"CPU","trend":true,"miniChartType":"line","conditions":[{"operator":"gt","value":50,"color":"red"}],"width":90},"host":{"show":true}}}"#,
        )
        .expect("options");
        let ring = ring();
        let columns = columns(&ring, &options);
        assert_eq!(
            (columns[1].title.as_str(), columns[1].width),
            ("CPU", Some(90.0))
        );
        let rows = rows(&ring, &options, &columns, &Format::default());
        let cpu = |row: usize| &rows[row].cells[1];
        assert_eq!(
            (cpu(0).text.as_str(), cpu(0).trend, cpu(0).line.len()),
            ("20", 1, 2)
        );
        assert_eq!((cpu(1).trend, cpu(1).colour.as_deref()), (0, Some("red")));
        assert_eq!(rows[0].cells[2].text, "18,446,744,073,709,551,615");
    }

    #[test]
    fn the_newest_rows_come_first_and_hidden_columns_do_not() {
        let options = Options::from_json(
            r#"{"rowCount":2,"tableStyles":{"n":{"show":false},"host":{"highlightRow":true,"conditions":[{"operator":"=","value":"b","color":"blue"}]}}}"#,
        )
        .expect("options");
        let ring = ring();
        let columns = columns(&ring, &options);
        assert_eq!(columns.len(), 2);
        let rows = rows(&ring, &options, &columns, &Format::default());
        let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
        assert_eq!(
            (numbers, rows[1].colour.as_deref()),
            (vec![2, 1], Some("blue"))
        );
        assert_eq!(rows[1].cells[0].colour, None);
    }
}
