use std::{
    io::{self, Write},
    os::unix::process::CommandExt,
    process::{Command as Process, ExitCode},
    time::Duration,
};

use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::{filter::LevelFilter, layer::SubscriberExt, util::SubscriberInitExt};
use weir_backend::{
    check,
    cli::{self, Command},
    config::Config,
    health,
};
use weir_platform::{collectors::LogLayer, delivery::masked::masked_words};
use weir_store::Store;

/// glibc lets threads take memory from arenas of their own, up to eight for each processor, and gives
/// none of what they took back: large statements, one on each thread, would add up. How many there are
/// is read when a process begins, so it begins again; elsewhere this changes nothing.
fn with_few_arenas() {
    const ARENAS: &str = "MALLOC_ARENA_MAX";
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    if std::env::var_os(ARENAS).is_none() {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let mut arguments = std::env::args_os();
        let name = arguments.next().unwrap_or_else(|| program.clone().into());
        // It only comes back where it failed, and then all goes on as it is.
        let _ = Process::new(program)
            .arg0(name)
            .args(arguments)
            .env(ARENAS, (2 * processors).to_string())
            .exec();
    }
}

fn main() -> ExitCode {
    with_few_arenas();
    let printed = tracing_subscriber::fmt::layer()
        .with_writer(|| Said)
        .with_target(false);
    tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(printed)
        .with(LogLayer)
        .init();
    let environment = |name: &str| std::env::var(name).ok();
    let done = match cli::parse(lexopt::Parser::from_env(), environment) {
        Ok(Command::Print(text)) => say(&text),
        Ok(Command::Run(config)) => run(*config),
        Ok(Command::RotateKey {
            data,
            current,
            next,
        }) => Store::rotate_key(&data, current, next)
            .map_err(|error| error.to_string())
            .and_then(|()| say("The secrets are encrypted with the new key.\n")),
        Ok(Command::Check(config)) => checked(&config),
        Ok(Command::Health(config)) => health::ask(config.listen, config.tls.is_some()),
        Err(message) => Err(message),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("weir: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Standard error, without what addresses in the words of libraries say of a caller. A line comes
/// in one piece.
struct Said;

impl Write for Said {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let words = masked_words(&String::from_utf8_lossy(line));
        io::stderr().lock().write_all(words.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

/// The process ends so soon after it was told to, whatever still runs: what was acknowledged is on
/// disk.
const END_WITHIN: Duration = Duration::from_secs(8);

/// After so many turns a thread looks for what came from outside, however much there is to do: a
/// turn may be packing a piece of a large answer.
const LOOKS: u32 = 7;

/// Of that, for work on other threads once everything was told to stop.
const LEFTOVERS: Duration = Duration::from_secs(1);

fn checked(config: &Config) -> Result<(), String> {
    let findings = check::check(config);
    for finding in &findings {
        say(&format!("{finding}\n"))?;
    }
    match findings
        .iter()
        .filter(|finding| finding.result.is_err())
        .count()
    {
        0 => Ok(()),
        1 => Err("one setting is wrong".to_string()),
        wrong => Err(format!("{wrong} settings are wrong")),
    }
}

fn run(config: Config) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .event_interval(LOOKS)
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    let served = runtime.block_on(serve(config));
    runtime.shutdown_timeout(LEFTOVERS);
    served
}

/// On a thread of its own: nothing that the runtime waits for keeps it from ending the process.
fn end_in_time() {
    std::thread::spawn(|| {
        std::thread::sleep(END_WITHIN);
        eprintln!("weir: not everything ended in time; going without it");
        std::process::exit(0);
    });
}

async fn serve(config: Config) -> Result<(), String> {
    let running = weir_backend::start(config)
        .await
        .map_err(|error| error.to_string())?;
    say(&format!(
        "Weir is running. Sign in: {}\n",
        running.sign_in_link()
    ))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    end_in_time();
    tracing::info!("stopping");
    running.stop().await;
    Ok(())
}

/// To standard output, at once, also when it is a pipe.
fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| format!("standard output: {error}"))
}
