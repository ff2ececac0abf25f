//! Trying a function out before it is saved.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;

use super::{FunctionInfo, library::Library};
use crate::codec;

/// What a function made of sample rows.
#[derive(Debug)]
pub struct Trial {
    /// As JSON in wire encoding: one for each row, of an aggregate one for all.
    pub results: Vec<String>,
    /// Of the calls, without compiling.
    pub took: Duration,
    /// What the code has written to the console.
    pub logs: Vec<String>,
}

/// Calls a function with rows of arguments, each a JSON value. Blocks.
pub fn trial(function: FunctionInfo, rows: &[Vec<Box<RawValue>>]) -> Result<Trial, String> {
    let rows = rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            decode(&function, row).map_err(|message| format!("row {}: {message}", index + 1))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let returns = function.returns.clone();
    let Some(library) = Library::new(&[Arc::new(function)]) else {
        return Ok(Trial {
            results: Vec::new(),
            took: Duration::ZERO,
            logs: Vec::new(),
        });
    };
    library.prepare()?;
    let started = Instant::now();
    let values = library.try_out(rows)?;
    let took = started.elapsed();
    let results = values.iter().map(|value| {
        let mut out = Vec::new();
        codec::encode_row(
            &mut out,
            std::slice::from_ref(&returns),
            &[ValueRef::from(value)],
        );
        String::from_utf8_lossy(&out[1..out.len() - 1]).into_owned()
    });
    Ok(Trial {
        results: results.collect(),
        took,
        logs: library.logs(),
    })
}

fn decode(function: &FunctionInfo, row: &[Box<RawValue>]) -> Result<Vec<Value>, String> {
    if row.len() != function.arguments.len() {
        return Err(format!(
            "{} values for {} arguments",
            row.len(),
            function.arguments.len()
        ));
    }
    let pairs = row.iter().zip(&function.arguments);
    pairs
        .map(|(value, argument)| {
            // NULL can come to every argument.
            if value.get() == "null" {
                return Ok(Value::Null);
            }
            codec::decode(value.get(), &argument.data_type)
                .map_err(|message| format!("{}: {message}", argument.name))
        })
        .collect()
}
