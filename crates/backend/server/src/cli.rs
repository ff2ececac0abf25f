//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use weir_store::SecretKey;

use crate::config::{self, Config, File};

pub const HELP: &str = "\
weir-backend: the Weir console's embedded backend

Usage: weir-backend [OPTIONS]
       weir-backend rotate-key [OPTIONS]    encrypt the secrets with a new key, while it is stopped

  --listen ADDRESS     where to listen [127.0.0.1:8000]
  --data FOLDER        where data is kept [$XDG_DATA_HOME/weir, or ./data]
  --console FOLDER     the console's built bundle [./dist]
  --config FILE        settings [./weir.toml where it exists]
  --cors-origin URL    a page's origin that may call the API; repeatable
  --host NAME          a name under which browsers reach it; repeatable
  --revision YEAR      serve only the operations of 2025 or of 2026 [both]
  -h, --help           this text
  -V, --version        the version

WEIR_ADMIN_PASSWORD in the environment sets the password of user 'admin'; addresses other than
loopback need it once. WEIR_SECRET_KEY (64 hexadecimal digits) encrypts the secrets in the database
in the place of the file secrets.key beside it; rotate-key changes to WEIR_NEW_SECRET_KEY, or to a new
file where that is not set.
";

pub enum Command {
    Run(Box<Config>),
    RotateKey {
        data: PathBuf,
        current: Option<SecretKey>,
        next: Option<SecretKey>,
    },
    /// Print and exit.
    Print(String),
}

/// Options beat the file, the file beats the defaults.
pub fn parse(mut parser: Parser) -> Result<Command, String> {
    let mut options = File::default();
    let mut file = None;
    let mut rotate = false;
    while let Some(arg) = parser.next().map_err(words)? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Print(HELP.into())),
            Arg::Short('V') | Arg::Long("version") => {
                let version = concat!("weir-backend ", env!("CARGO_PKG_VERSION"), "\n");
                return Ok(Command::Print(version.into()));
            }
            Arg::Value(command) if command == "rotate-key" => rotate = true,
            Arg::Long("listen") => options.listen = Some(text(&mut parser)?),
            Arg::Long("data") => options.data = Some(path(&mut parser)?),
            Arg::Long("console") => options.console = Some(path(&mut parser)?),
            Arg::Long("config") => file = Some(path(&mut parser)?),
            Arg::Long("revision") => options.revision = Some(text(&mut parser)?.try_into()?),
            Arg::Long("host") => options.hosts.push(text(&mut parser)?),
            Arg::Long("cors-origin") => options.cors.allowed_origins.push(text(&mut parser)?),
            other => return Err(words(other.unexpected())),
        }
    }
    let mut config = Config::default();
    if let Some(settings) = read(file)? {
        config.apply(settings)?;
    }
    config.apply(options)?;
    config.secret_key = key("WEIR_SECRET_KEY")?;
    if rotate {
        return Ok(Command::RotateKey {
            data: config.data,
            current: config.secret_key,
            next: key("WEIR_NEW_SECRET_KEY")?,
        });
    }
    config.admin_password = std::env::var("WEIR_ADMIN_PASSWORD")
        .ok()
        .filter(|password| !password.is_empty());
    Ok(Command::Run(Box::new(config)))
}

fn key(variable: &str) -> Result<Option<SecretKey>, String> {
    let text = std::env::var(variable).unwrap_or_default();
    match text.is_empty() {
        true => Ok(None),
        false => SecretKey::parse(&text)
            .map(Some)
            .map_err(|words| format!("{variable}: {words}")),
    }
}

fn read(named: Option<PathBuf>) -> Result<Option<File>, String> {
    let path = named.clone().unwrap_or_else(|| PathBuf::from("weir.toml"));
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(None);
        }
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    toml::from_str::<config::File>(&text)
        .map(Some)
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn text(parser: &mut Parser) -> Result<String, String> {
    parser
        .value()
        .and_then(|value| value.string())
        .map_err(words)
}

fn path(parser: &mut Parser) -> Result<PathBuf, String> {
    parser.value().map(PathBuf::from).map_err(words)
}

fn words(error: lexopt::Error) -> String {
    format!("{error} (see weir-backend --help)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(args: &[&str]) -> Result<Command, String> {
        parse(Parser::from_args(args))
    }

    #[test]
    fn options_beat_the_file() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("w.toml");
        std::fs::write(&file, "listen = \"127.0.0.1:1\"\ndata = \"/from-file\"").expect("write");
        let file = file.to_str().expect("path");
        let command = run(&["--listen", "127.0.0.1:2", "--config", file]);
        let Ok(Command::Run(config)) = command else {
            panic!("not accepted");
        };
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.data, PathBuf::from("/from-file"));
    }

    #[test]
    fn mistakes_are_named() {
        for (args, part) in [
            (["--listen", "8000"], "'8000'"),
            (["--cors-origin", "*"], "'*'"),
            (["--revision", "2024"], "'2024'"),
            (["--config", "/no/such.toml"], "/no/such.toml"),
            (["--liste", "x"], "--liste"),
        ] {
            match run(&args) {
                Err(error) => assert!(error.contains(part), "{error}"),
                Ok(_) => panic!("{args:?} accepted"),
            }
        }
    }
}
