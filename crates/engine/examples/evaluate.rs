//! Answers one query over no streams per line of standard input, with a line of JSON: the columns'
//! types and the rows, or the error. `make oracle` compares the answers with another engine's.

use std::{
    io::{BufRead as _, Write as _},
    ops::ControlFlow,
};

use rusqlite::Connection;
use weir_engine::{
    Catalog, Runner, SqlError, Statement, StreamInfo, codec, functions, parse, plan,
};

struct NoStreams;

impl Catalog for NoStreams {
    fn stream(&self, _: &str) -> Option<StreamInfo> {
        None
    }

    fn view(&self, _: &str) -> Option<String> {
        None
    }
}

const NOW: i64 = 1_700_000_000_000;

/// Types, then rows as JSON.
fn answer(conn: &Connection, sql: &str) -> Result<String, SqlError> {
    let Statement::Select(select) = parse(sql)? else {
        return Err(SqlError::new("a SELECT expected"));
    };
    let plan = plan(&select, &NoStreams, NOW)?;
    let columns = plan.header.iter().map(|column| column.data_type.clone());
    let types: Vec<_> = columns.collect();
    let names: Vec<_> = types
        .iter()
        .map(|data_type| serde_json::json!(data_type.to_string()))
        .collect();
    let mut rows: Vec<String> = Vec::new();
    Runner::new(plan, conn, NOW)?.step(conn, NOW, u32::MAX, &mut |values| {
        let mut row = Vec::new();
        codec::encode_row(&mut row, &types, values);
        rows.push(String::from_utf8_lossy(&row).into_owned());
        ControlFlow::Continue(())
    })?;
    Ok(format!(
        "{{\"types\":{},\"rows\":[{}]}}",
        serde_json::Value::from(names),
        rows.join(",")
    ))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    if std::env::args().any(|arg| arg == "--functions") {
        for function in functions::names() {
            let kind = if function.aggregate {
                "aggregate"
            } else {
                "scalar"
            };
            println!("{}\t{kind}", function.name);
        }
        return Ok(());
    }
    let conn = Connection::open_in_memory()?;
    functions::register(&conn)?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = answer(&conn, &line?);
        let text = answer
            .unwrap_or_else(|error| serde_json::json!({ "error": error.to_string() }).to_string());
        writeln!(out, "{text}")?;
    }
    Ok(())
}
