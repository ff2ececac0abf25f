//! `make bench`. Prints one Markdown table about this machine on this day.

mod chart;
mod exact;
mod frames;
mod generator;
mod ingest;
mod live;
mod machine;
mod memory;
mod rows;
mod size;
mod table;

use std::path::PathBuf;

use lexopt::{Arg, ValueExt};
use table::Table;
use weir_e2e::Result;

const HELP: &str = "\
weir-bench --backend PROGRAM --console FOLDER [--only size|live|chart|memory|ingest|serve] [--minutes 10]
           [--rates 50000,100000,…]

--only serve: the console with the row generator behind it, to be looked at in a browser.
--minutes: how long memory is watched at 100,000 rows/s; 0 leaves it out.
";

struct Options {
    backend: PathBuf,
    console: PathBuf,
    only: Option<String>,
    minutes: u64,
    rates: Vec<u64>,
}

#[tokio::main]
async fn main() -> Result {
    let options = match options() {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}\n{HELP}");
            std::process::exit(2);
        }
    };
    if options.only.as_deref() == Some("serve") {
        let (origin, _) = generator::start(&options.console).await?;
        println!(
            "{origin}/c/local/sql runs `rows 100000 for 60`, `rows flood for 60`, `series 60`"
        );
        return std::future::pending().await;
    }
    let wanted = |part: &str| options.only.as_deref().is_none_or(|only| only == part);
    let mut table = Table::default();
    if wanted("size") {
        size::measure(&options.backend, &options.console, &mut table).await?;
    }
    if wanted("live") {
        live::measure(&options.console, &options.rates, &mut table).await?;
    }
    if wanted("chart") {
        chart::measure(&options.console, &mut table).await?;
    }
    if wanted("memory") && options.minutes > 0 {
        memory::measure(&options.console, options.minutes, &mut table).await?;
    }
    if wanted("ingest") {
        ingest::measure(&options.backend, &options.console, &mut table).await?;
    }
    println!("\n{}\n\n{table}", machine::describe());
    Ok(())
}

fn options() -> std::result::Result<Options, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let (mut backend, mut console, mut only, mut minutes) = (None, None, None, 10);
    let mut wanted = live::RATES.to_vec();
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("backend") => backend = Some(parser.value()?.into()),
            Arg::Long("console") => console = Some(parser.value()?.into()),
            Arg::Long("rates") => {
                let rates = parser.value()?.parse_with(|text| {
                    let all = text.split(',').map(|rate| rate.trim().parse());
                    all.collect::<std::result::Result<Vec<u64>, _>>()
                })?;
                wanted = rates;
            }
            Arg::Long("minutes") => minutes = parser.value()?.parse()?,
            Arg::Long("only") => only = Some(parser.value()?.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match (backend, console) {
        (Some(backend), Some(console)) => Ok(Options {
            backend,
            console,
            only,
            minutes,
            rates: wanted,
        }),
        _ => Err("--backend and --console are needed".into()),
    }
}
