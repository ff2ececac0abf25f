//! `make bench`. Prints one Markdown table about this machine on this day.

mod generator;
mod ingest;
mod live;
mod machine;
mod rows;
mod size;
mod table;

use std::path::PathBuf;

use lexopt::{Arg, ValueExt};
use table::Table;
use weir_e2e::Result;

const HELP: &str = "\
weir-bench --backend PROGRAM --console FOLDER [--only size|live|ingest]
";

struct Options {
    backend: PathBuf,
    console: PathBuf,
    only: Option<String>,
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
    let wanted = |part: &str| options.only.as_deref().is_none_or(|only| only == part);
    let mut table = Table::default();
    if wanted("size") {
        size::measure(&options.backend, &options.console, &mut table).await?;
    }
    if wanted("live") {
        live::measure(&options.console, &mut table).await?;
    }
    if wanted("ingest") {
        ingest::measure(&options.backend, &options.console, &mut table).await?;
    }
    println!("\n{}\n\n{table}", machine::describe());
    Ok(())
}

fn options() -> std::result::Result<Options, lexopt::Error> {
    let mut parser = lexopt::Parser::from_env();
    let (mut backend, mut console, mut only) = (None, None, None);
    while let Some(arg) = parser.next()? {
        match arg {
            Arg::Long("backend") => backend = Some(parser.value()?.into()),
            Arg::Long("console") => console = Some(parser.value()?.into()),
            Arg::Long("only") => only = Some(parser.value()?.string()?),
            other => return Err(other.unexpected()),
        }
    }
    match (backend, console) {
        (Some(backend), Some(console)) => Ok(Options {
            backend,
            console,
            only,
        }),
        _ => Err("--backend and --console are needed".into()),
    }
}
