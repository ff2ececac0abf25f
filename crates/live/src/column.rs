use weir_api::DataType;

use crate::{
    arena::Arena,
    cell::Cell,
    number::Scaled,
    scan::{self, Scan},
    time::{Shape, Time},
};

/// How the cells of a data type are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Int,
    UInt,
    Number,
    Time,
    Text,
    Json,
}

impl Kind {
    pub(crate) fn of(data_type: &DataType) -> Self {
        match data_type.inner() {
            DataType::Bool => Self::Bool,
            DataType::Int(..=64) => Self::Int,
            DataType::UInt(..=64) => Self::UInt,
            DataType::Float32 | DataType::Float64 | DataType::Decimal { .. } => Self::Number,
            DataType::Date | DataType::DateTime { .. } | DataType::DateTime64 { .. } => Self::Time,
            DataType::String
            | DataType::FixedString(_)
            | DataType::Uuid
            | DataType::Ipv4
            | DataType::Ipv6
            | DataType::Enum(_) => Self::Text,
            _ => Self::Json,
        }
    }
}

/// One column of a chunk.
#[derive(Debug)]
pub(crate) struct Column {
    values: Values,
    /// One [`State`] per row up to the last one that is not a plain value; empty in most columns.
    states: Vec<State>,
    /// Rows whose value does not fit the type, and their JSON as sent, in order.
    misfit_rows: Vec<u32>,
    misfits: Arena,
}

#[derive(Debug)]
enum Values {
    Bool(Vec<bool>),
    Int(Vec<i64>),
    UInt(Vec<u64>),
    /// Digits and scale: exact, and 9 bytes where the text of a double takes 17.
    Number(Vec<i64>, Vec<u8>),
    Time(Vec<i64>, Vec<u8>),
    Text(Arena),
    Json(Arena),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Value,
    Null,
    Missing,
    Misfit,
}

impl Column {
    pub(crate) fn new(kind: Kind, rows: usize, text_bytes: usize) -> Self {
        let values = match kind {
            Kind::Bool => Values::Bool(Vec::with_capacity(rows)),
            Kind::Int => Values::Int(Vec::with_capacity(rows)),
            Kind::UInt => Values::UInt(Vec::with_capacity(rows)),
            Kind::Number => Values::Number(Vec::with_capacity(rows), Vec::with_capacity(rows)),
            Kind::Time => Values::Time(Vec::with_capacity(rows), Vec::with_capacity(rows)),
            Kind::Text => Values::Text(Arena::with_capacity(rows, text_bytes)),
            Kind::Json => Values::Json(Arena::with_capacity(rows, text_bytes)),
        };
        Self {
            values,
            states: Vec::new(),
            misfit_rows: Vec::new(),
            misfits: Arena::default(),
        }
    }

    /// Reads the cell at `at`, which starts with its first byte, as row `row`; returns where it
    /// ends.
    #[inline]
    pub(crate) fn push(&mut self, row: u32, input: &[u8], at: usize) -> Scan<usize> {
        let Some(first) = input.get(at) else {
            return Err(scan::unexpected(input, at));
        };
        match (&mut self.values, first) {
            (Values::Int(values), b'-' | b'0'..=b'9') => {
                let number = scan::number(input, at)?;
                if let Some(value) = number.to_i64() {
                    values.push(value);
                    return Ok(number.end);
                }
            }
            (Values::UInt(values), b'0'..=b'9') => {
                let number = scan::number(input, at)?;
                if let Some(value) = number.to_u64(&input[at..number.end]) {
                    values.push(value);
                    return Ok(number.end);
                }
            }
            (Values::Number(mantissas, scales), b'-' | b'0'..=b'9') => {
                let number = scan::number(input, at)?;
                if let Some(value) = number.to_scaled() {
                    mantissas.push(value.mantissa);
                    scales.push(value.scale);
                    return Ok(number.end);
                }
            }
            (Values::Text(arena), b'"') => {
                let (end, escaped) = scan::string(input, at + 1)?;
                let inside = &input[at + 1..end];
                if escaped {
                    arena.push_unescaped(inside);
                } else {
                    arena.push(inside);
                }
                return Ok(end + 1);
            }
            (Values::Time(units, shapes), b'"') => {
                let (end, _) = scan::string(input, at + 1)?;
                if let Some(time) = Time::parse(&input[at + 1..end]) {
                    units.push(time.units);
                    shapes.push(time.shape.0);
                    return Ok(end + 1);
                }
            }
            (Values::Bool(values), b't' | b'f') => {
                let value = *first == b't';
                let end = scan::literal(input, at, if value { b"true" } else { b"false" })?;
                values.push(value);
                return Ok(end);
            }
            (Values::Json(arena), byte) if *byte != b'n' => {
                let end = scan::value(input, at)?;
                arena.push(&input[at..end]);
                return Ok(end);
            }
            _ => {}
        }
        self.push_other(row, input, at)
    }

    /// Null, or a value that does not fit.
    #[cold]
    fn push_other(&mut self, row: u32, input: &[u8], at: usize) -> Scan<usize> {
        if input.get(at) == Some(&b'n') {
            let end = scan::literal(input, at, b"null")?;
            self.push_state(row, State::Null);
            self.push_nothing();
            return Ok(end);
        }
        let end = scan::value(input, at)?;
        self.push_state(row, State::Misfit);
        if let Values::Text(arena) = &mut self.values {
            arena.push(&input[at..end]);
        } else {
            self.push_nothing();
            self.misfit_rows.push(row);
            self.misfits.push(&input[at..end]);
        }
        Ok(end)
    }

    #[cold]
    pub(crate) fn push_missing(&mut self, row: u32) {
        self.push_state(row, State::Missing);
        self.push_nothing();
    }

    fn push_state(&mut self, row: u32, state: State) {
        self.states.resize(row as usize, State::Value);
        self.states.push(state);
    }

    fn push_nothing(&mut self) {
        match &mut self.values {
            Values::Bool(values) => values.push(false),
            Values::Int(values) => values.push(0),
            Values::UInt(values) => values.push(0),
            Values::Number(values, bytes) | Values::Time(values, bytes) => {
                values.push(0);
                bytes.push(0);
            }
            Values::Text(arena) | Values::Json(arena) => arena.push(b""),
        }
    }

    pub(crate) fn truncate(&mut self, rows: u32) {
        let length = rows as usize;
        match &mut self.values {
            Values::Bool(values) => values.truncate(length),
            Values::Int(values) => values.truncate(length),
            Values::UInt(values) => values.truncate(length),
            Values::Number(values, bytes) | Values::Time(values, bytes) => {
                values.truncate(length);
                bytes.truncate(length);
            }
            Values::Text(arena) | Values::Json(arena) => arena.truncate(length),
        }
        self.states.truncate(length);
        self.misfit_rows
            .truncate(self.misfit_rows.partition_point(|row| *row < rows));
        self.misfits.truncate(self.misfit_rows.len());
    }

    #[inline]
    pub(crate) fn cell(&self, row: u32) -> Cell<'_> {
        let index = row as usize;
        match self.states.get(index) {
            None | Some(State::Value) => self.value(index),
            Some(State::Null) => Cell::Null,
            Some(State::Missing) => Cell::Missing,
            Some(State::Misfit) => match &self.values {
                Values::Text(arena) => Cell::Json(arena.get(index)),
                _ => match self.misfit_rows.binary_search(&row) {
                    Ok(found) => Cell::Json(self.misfits.get(found)),
                    Err(_) => Cell::Missing,
                },
            },
        }
    }

    fn value(&self, index: usize) -> Cell<'_> {
        let found = match &self.values {
            Values::Bool(values) => values.get(index).map(|value| Cell::Bool(*value)),
            Values::Int(values) => values.get(index).map(|value| Cell::Int(*value)),
            Values::UInt(values) => values.get(index).map(|value| Cell::UInt(*value)),
            Values::Number(values, scales) => {
                let pair = values.get(index).zip(scales.get(index));
                pair.map(|(mantissa, scale)| {
                    Cell::Number(Scaled {
                        mantissa: *mantissa,
                        scale: *scale,
                    })
                })
            }
            Values::Time(values, shapes) => {
                let pair = values.get(index).zip(shapes.get(index));
                pair.map(|(units, shape)| {
                    Cell::Time(Time {
                        units: *units,
                        shape: Shape(*shape),
                    })
                })
            }
            Values::Text(arena) => Some(Cell::Text(arena.get(index))),
            Values::Json(arena) => Some(Cell::Json(arena.get(index))),
        };
        found.unwrap_or(Cell::Missing)
    }

    pub(crate) fn shrink(&mut self) {
        match &mut self.values {
            Values::Bool(values) => values.shrink_to_fit(),
            Values::Int(values) => values.shrink_to_fit(),
            Values::UInt(values) => values.shrink_to_fit(),
            Values::Number(values, bytes) | Values::Time(values, bytes) => {
                values.shrink_to_fit();
                bytes.shrink_to_fit();
            }
            Values::Text(arena) | Values::Json(arena) => arena.shrink(),
        }
        self.states.shrink_to_fit();
        self.misfit_rows.shrink_to_fit();
        self.misfits.shrink();
    }

    /// Bytes of text, to make room for as much in the next chunk.
    pub(crate) fn text_bytes(&self) -> usize {
        match &self.values {
            Values::Text(arena) | Values::Json(arena) => arena.text_bytes(),
            _ => 0,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Bool(values) => values.len(),
            Values::Int(values) => values.len() * 8,
            Values::UInt(values) => values.len() * 8,
            Values::Number(values, _) | Values::Time(values, _) => values.len() * 9,
            Values::Text(arena) | Values::Json(arena) => arena.bytes(),
        };
        values + self.states.len() + self.misfit_rows.len() * 4 + self.misfits.bytes()
    }
}
