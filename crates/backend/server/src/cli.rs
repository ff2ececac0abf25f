//! The command line.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt};

use weir_platform::auth::peers;
use weir_store::SecretKey;

use crate::config::{Config, File};

pub const HELP: &str = "\
weir: the admin console for streaming data platforms, with its backend inside

Usage: weir [OPTIONS]           run
       weir check [OPTIONS]     test the configuration; changes nothing
       weir health [OPTIONS]    ask a running weir whether it is well
       weir rotate-key [OPTIONS]    encrypt the secrets with a new key, while it is stopped

  --listen ADDRESS     where to listen; other addresses than loopback need a password of
                       user 'admin' [127.0.0.1:8000]
  --data FOLDER        the one folder that is written to: the database, its copies from before
                       upgrades, log files [$XDG_DATA_HOME/weir, or ./data]
  --config FILE        settings; deploy/weir.toml names all of them [./weir.toml where it exists]
  --console FOLDER     a bundle of the console instead of the one inside
  --connections FILE   the connections everybody is offered, instead of the bundle's config.json
  --base-path PATH     where a proxy shows the console, for example /weir [/]
  --cors-origin URL    a page's origin that may call the API; repeatable
  --host NAME          a name under which browsers reach it; repeatable
  --trusted-proxy NET  a proxy's address or network, for example 10.0.0.0/8: whom it names in
                       X-Forwarded-For is the caller; repeatable [nobody is believed]
  --revision YEAR      serve only the Timeplus operations of 2025 or of 2026 [both]
  -h, --help           this text
  -V, --version        the version

Each option can stand in the environment instead: WEIR_LISTEN, WEIR_DATA, WEIR_BASE_PATH and so on.
The command line goes before the environment, the environment before the file.

WEIR_ADMIN_PASSWORD in the environment sets the password of user 'admin', WEIR_OIDC_CLIENT_SECRET
the secret of [oidc] in the file.
WEIR_SECRET_KEY (64 hexadecimal digits) encrypts the secrets in the database in the place of the
file secrets.key beside it; rotate-key changes to WEIR_NEW_SECRET_KEY, or to a new file where that
is not set.
WEIR_REPLICA_KEY (64 hexadecimal digits) makes it one of several behind a balancer that share the
key: they host the console and relay, and keep nothing of their own (docs/scale.md).
WEIR_REPLICA_PEERS (http://10.0.0.5:8000, or a name that leads to all of them) is where they hear
from each other which sessions were ended.
";

pub enum Command {
    Run(Box<Config>),
    RotateKey {
        data: PathBuf,
        current: Option<SecretKey>,
        next: Option<SecretKey>,
    },
    Check(Box<Config>),
    Health(Box<Config>),
    /// Print and exit.
    Print(String),
}

type Set = fn(&mut File, String) -> Result<(), String>;

/// Each can stand on the command line and in the environment.
const OPTIONS: &[(&str, Set)] = &[
    ("listen", |file, value| {
        file.listen = Some(value);
        Ok(())
    }),
    ("data", |file, value| {
        file.data = Some(value.into());
        Ok(())
    }),
    ("console", |file, value| {
        file.console = Some(value.into());
        Ok(())
    }),
    ("connections", |file, value| {
        file.connections = Some(value.into());
        Ok(())
    }),
    ("base-path", |file, value| {
        file.base_path = Some(value);
        Ok(())
    }),
    ("host", |file, value| {
        let names = value.split_whitespace().map(str::to_string);
        file.hosts.extend(names);
        Ok(())
    }),
    ("trusted-proxy", |file, value| {
        let networks = value.split_whitespace().map(str::to_string);
        file.proxy.trusted.extend(networks);
        Ok(())
    }),
    ("cors-origin", |file, value| {
        let origins = value.split_whitespace().map(str::to_string);
        file.cors.allowed_origins.extend(origins);
        Ok(())
    }),
    ("revision", |file, value| {
        file.revision = Some(value.try_into()?);
        Ok(())
    }),
];

/// `environment` looks up a variable.
pub fn parse(
    mut parser: Parser,
    environment: impl Fn(&str) -> Option<String>,
) -> Result<Command, String> {
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty());
    let mut command: fn(Box<Config>) -> Command = Command::Run;
    let mut options = File::default();
    let mut rotate = false;
    let mut file = variable("WEIR_CONFIG").map(PathBuf::from);
    while let Some(arg) = parser.next().map_err(words)? {
        match arg {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Print(HELP.into())),
            Arg::Short('V') | Arg::Long("version") => {
                let version = concat!("weir ", env!("CARGO_PKG_VERSION"), "\n");
                return Ok(Command::Print(version.into()));
            }
            Arg::Value(name) if name == "rotate-key" => rotate = true,
            Arg::Value(name) if name == "check" => command = Command::Check,
            Arg::Value(name) if name == "health" => command = Command::Health,
            Arg::Long("config") => file = Some(parser.value().map_err(words)?.into()),
            Arg::Long(name) => {
                let Some((_, set)) = OPTIONS.iter().find(|(option, _)| *option == name) else {
                    return Err(words(arg.unexpected()));
                };
                let value = parser.value().and_then(|value| value.string());
                set(&mut options, value.map_err(words)?)?;
            }
            other => return Err(words(other.unexpected())),
        }
    }
    let mut from_environment = File::default();
    for (option, set) in OPTIONS {
        let name = format!("WEIR_{}", option.replace('-', "_").to_uppercase());
        if let Some(value) = variable(&name) {
            set(&mut from_environment, value).map_err(|error| format!("{name}: {error}"))?;
        }
    }
    let mut config = Config::default();
    if let Some(settings) = read(file)? {
        config.apply(settings)?;
    }
    config.apply(from_environment)?;
    config.apply(options)?;
    let key = |name: &str| match variable(name) {
        None => Ok(None),
        Some(text) => SecretKey::parse(&text)
            .map(Some)
            .map_err(|words| format!("{name}: {words}")),
    };
    config.secret_key = key("WEIR_SECRET_KEY")?;
    if rotate {
        return Ok(Command::RotateKey {
            data: config.data,
            current: config.secret_key,
            next: key("WEIR_NEW_SECRET_KEY")?,
        });
    }
    config.replica_key = key("WEIR_REPLICA_KEY")?;
    if let Some(text) = variable("WEIR_REPLICA_PEERS") {
        let peers = peers::parse(&text).map_err(|words| format!("WEIR_REPLICA_PEERS: {words}"));
        config.replica_peers = peers?;
    }
    config.admin_password = variable("WEIR_ADMIN_PASSWORD");
    if let (Some(oidc), Some(secret)) = (&mut config.oidc, variable("WEIR_OIDC_CLIENT_SECRET")) {
        oidc.client_secret = Some(secret.into());
    }
    Ok(command(Box::new(config)))
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
    toml::from_str::<File>(&text)
        .map(Some)
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn words(error: lexopt::Error) -> String {
    format!("{error} (see weir --help)")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(args: &[&str]) -> Result<Command, String> {
        parse(Parser::from_args(args), |_| None)
    }

    #[test]
    fn the_command_line_beats_the_environment_and_that_the_file() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("w.toml");
        let text = "listen = \"127.0.0.1:1\"\ndata = \"/file\"\nbase_path = \"/file\"";
        std::fs::write(&file, text).expect("write");
        let environment = |name: &str| match name {
            "WEIR_CONFIG" => file.to_str().map(str::to_string),
            "WEIR_LISTEN" => Some("127.0.0.1:2".to_string()),
            "WEIR_DATA" => Some("/environment".to_string()),
            "WEIR_CORS_ORIGIN" => Some("https://a.example https://b.example".to_string()),
            _ => None,
        };
        let args = ["--listen", "127.0.0.1:3"];
        let command = parse(Parser::from_args(args), environment);
        let Ok(Command::Run(config)) = command else {
            panic!("not accepted");
        };
        assert_eq!(config.listen.port(), 3);
        assert_eq!(config.data, PathBuf::from("/environment"));
        assert_eq!(config.base_path, "/file/");
        assert_eq!(
            config.cors_origins,
            ["https://a.example", "https://b.example"]
        );
    }

    #[test]
    fn the_secret_of_a_client_comes_from_the_environment() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("w.toml");
        let text = "[oidc]\nname = \"ID\"\nissuer = \"https://id.example\"\nclient_id = \"weir\"\n";
        std::fs::write(&file, text).expect("write");
        let environment = |name: &str| match name {
            "WEIR_CONFIG" => file.to_str().map(str::to_string),
            "WEIR_OIDC_CLIENT_SECRET" => Some("hush".to_string()),
            _ => None,
        };
        let command = parse(Parser::from_args(["check"]), environment);
        let Ok(Command::Check(config)) = command else {
            panic!("not accepted");
        };
        assert!(config.oidc.expect("settings").client_secret.is_some());
    }

    #[test]
    fn the_other_replicas_come_from_the_environment() {
        let environment = |name: &str| match name {
            "WEIR_REPLICA_PEERS" => Some("http://a:8000,http://b:8000".to_string()),
            _ => None,
        };
        let command = parse(Parser::from_args(["check"]), environment);
        assert!(matches!(command, Ok(Command::Check(config)) if config.replica_peers.len() == 2));
        let wrong = parse(Parser::from_args(["check"]), |_| Some("a:1".into()));
        assert!(wrong.is_err());
    }

    #[test]
    fn every_option_is_explained() {
        for (option, _) in OPTIONS {
            assert!(HELP.contains(&format!("--{option} ")), "{option}");
        }
    }

    #[test]
    fn commands_take_the_same_options() {
        let check = run(&["check", "--data", "/x"]).expect("check");
        assert!(matches!(check, Command::Check(config) if config.data.as_os_str() == "/x"));
        assert!(matches!(run(&["health"]), Ok(Command::Health(_))));
        assert!(run(&["chekc"]).is_err());
    }

    #[test]
    fn mistakes_are_named() {
        for (args, part) in [
            (["--listen", "8000"], "'8000'"),
            (["--cors-origin", "*"], "'*'"),
            (["--trusted-proxy", "proxy.example"], "'proxy.example'"),
            (["--revision", "2024"], "'2024'"),
            (["--base-path", "weir"], "'weir'"),
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
