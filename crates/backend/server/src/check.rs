//! `weir check`: what is wrong with a configuration, found without changing anything.

use std::{fmt, io, net::TcpListener, path::Path};

use weir_platform::auth::oidc;
use weir_store::{DATABASE_VERSION, database_version};

use crate::{admittance, config::Config, router, static_host};

/// One thing that was looked at.
pub struct Finding {
    /// The setting, as the file names it.
    pub setting: &'static str,
    /// What is wrong, or how it is.
    pub result: Result<String, String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (word, text) = match &self.result {
            Ok(text) => ("ok", text),
            Err(text) => ("wrong", text),
        };
        write!(f, "{word:5}  {}: {text}", self.setting)
    }
}

pub fn check(config: &Config) -> Vec<Finding> {
    let find = |setting, result| Finding { setting, result };
    let mut findings = vec![
        find("listen", listen(config)),
        find("data", data(&config.data)),
        find("console", console(config)),
        find("base_path", Ok(config.base_path.clone())),
        find("cors.allowed_origins", origins(&config.cors_origins)),
        find("proxy.trusted", Ok(config.proxies.described())),
        find("relay", relay(config)),
    ];
    if let Err(refused) = admittance::now(config) {
        findings.push(find("WEIR_ADMIN_PASSWORD", Err(refused.to_string())));
    } else if config.admin_password.is_some() {
        findings.push(find(
            "WEIR_ADMIN_PASSWORD",
            Ok("is not easily guessed".into()),
        ));
    }
    if let Some(files) = &config.tls {
        let certificate = || files.certificate.display().to_string();
        findings.push(find("tls", files.acceptor().map(|_| certificate())));
    }
    if let Some(file) = &config.connections {
        findings.push(find("connections", connections(file)));
    }
    if let Some(settings) = &config.oidc {
        findings.push(find("oidc", oidc(settings, config)));
    }
    if config.replica_key.is_some() {
        findings.push(find("WEIR_REPLICA_KEY", replica(config)));
        findings.push(find("WEIR_REPLICA_PEERS", Ok(peers(config))));
    }
    for folder in &config.log_folders {
        findings.push(find("external.log_folders", readable(folder)));
    }
    findings
}

fn listen(config: &Config) -> Result<String, String> {
    let address = config.listen;
    TcpListener::bind(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => format!("{address} is in use, perhaps by a running weir"),
        _ => format!("{address}: {error}"),
    })?;
    Ok(format!("{address} is free"))
}

fn data(folder: &Path) -> Result<String, String> {
    let shown = folder.display();
    let Some(there) = folder.ancestors().find(|path| path.is_dir()) else {
        return Ok(format!("{shown} will be made"));
    };
    writable(there).map_err(|error| format!("{}: {error}", there.display()))?;
    match database_version(folder).map_err(|error| format!("{shown}: {error}"))? {
        None => Ok(format!("{shown} has no database yet")),
        Some(found) if found > DATABASE_VERSION => Err(format!(
            "{shown} has a database of version {found}, this program knows up to {DATABASE_VERSION}"
        )),
        Some(found) if found < DATABASE_VERSION => Ok(format!(
            "{shown} has a database of version {found}; the next start upgrades it to \
             {DATABASE_VERSION}"
        )),
        Some(found) => Ok(format!("{shown} has a database of version {found}")),
    }
}

/// Permissions alone do not tell: file systems may be read-only.
fn writable(folder: &Path) -> io::Result<()> {
    let file = folder.join(format!(".weir-check-{}", std::process::id()));
    std::fs::File::create_new(&file)?;
    std::fs::remove_file(&file)
}

fn console(config: &Config) -> Result<String, String> {
    static_host::StaticHost::new(config).described()
}

fn origins(origins: &[String]) -> Result<String, String> {
    router::same_origin(origins)
        .map(|_| format!("{} besides the console's own", origins.len()))
        .map_err(|error| error.to_string())
}

fn relay(config: &Config) -> Result<String, String> {
    weir_relay::check(&config.relay)?;
    Ok(format!("{} upstreams", config.relay.len()))
}

/// What the provider publishes is asked for when somebody signs in.
fn oidc(settings: &oidc::Settings, config: &Config) -> Result<String, String> {
    let found = settings.check()?;
    match &config.outbound {
        Some(hosts) => settings.reachable(hosts).map(|()| found),
        None => Ok(found),
    }
}

/// A replica serves nothing that the console's own `config.json` names.
pub(crate) fn replica(config: &Config) -> Result<String, String> {
    match (&config.replica_key, &config.connections) {
        (Some(_), None) => Err(
            "connections must be set with WEIR_REPLICA_KEY: a replica hosts \
                                the console and relays, and has no systems of its own"
                .to_string(),
        ),
        _ => Ok("the console and the relay, for everybody who has the key".to_string()),
    }
}

fn peers(config: &Config) -> String {
    match config.replica_peers.as_slice() {
        [] => {
            "not set: a session that is ended here goes on at other replicas, for 12 hours at most"
                .to_string()
        }
        peers => format!("{} addresses are asked what was ended there", peers.len()),
    }
}

fn connections(file: &Path) -> Result<String, String> {
    let words = |error: String| format!("{}: {error}", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| words(error.to_string()))?;
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|error| words(error.to_string()))?;
    match value["connections"].as_array() {
        Some(all) => Ok(format!("{} has {}", file.display(), all.len())),
        None => Err(words("has no list `connections`".to_string())),
    }
}

fn readable(folder: &Path) -> Result<String, String> {
    let words = |error| format!("{}: {error}", folder.display());
    std::fs::read_dir(folder).map_err(words)?;
    Ok(folder.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::TlsFiles;

    #[test]
    fn files_of_tls_are_read() {
        let config = Config {
            tls: Some(TlsFiles {
                certificate: "/no/such.pem".into(),
                key: "/no/such.key".into(),
            }),
            ..Config::default()
        };
        let findings = check(&config);
        let tls = findings.iter().find(|found| found.setting == "tls");
        let wrong = tls.and_then(|found| found.result.clone().err());
        assert!(wrong.is_some_and(|words| words.contains("/no/such.pem")));
    }
}
