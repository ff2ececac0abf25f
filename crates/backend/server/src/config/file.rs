//! `weir.toml` as it is written.

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf};

use serde::Deserialize;
use weir_api::property::duration;
use weir_platform::{auth::oidc, hosts::Hosts, proxies::ToldBy, revision::Revision};
use weir_relay as relay;

use super::Config;
use crate::server::TlsFiles;

/// Paths are relative to the folder the backend is started in.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    pub listen: Option<String>,
    pub data: Option<PathBuf>,
    pub console: Option<PathBuf>,
    /// For example `weir.example`.
    pub hosts: Vec<String>,
    pub proxy: Proxy,
    pub tls: Option<Tls>,
    pub oidc: Option<oidc::Settings>,
    pub connections: Option<PathBuf>,
    pub base_path: Option<String>,
    pub cors: Cors,
    pub external: External,
    pub outbound: Outbound,
    pub azion: Azion,
    pub revision: Option<Revision>,
    pub relay: BTreeMap<String, relay::Settings>,
    pub dataworks: DataWorks,
    pub limits: LimitsFile,
}

/// What queries may use.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsFile {
    pub running_queries: Option<usize>,
    pub queries_per_user: Option<usize>,
    pub rows_per_hour: Option<u64>,
    pub connections_per_user: Option<usize>,
    pub sql: Option<weir_engine::Limits>,
}

/// What is in front of the backend.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Proxy {
    /// Addresses and networks, for example `10.0.0.5` or `172.16.0.0/12`.
    pub trusted: Vec<String>,
    pub header: Option<ToldBy>,
}

/// Files in PEM form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataWorks {
    /// Calls that each caller may make in a second.
    pub calls_per_second: Option<u32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct External {
    pub log_folders: Vec<PathBuf>,
}

/// What the backend may connect to for sources, sinks, alerts, external systems and functions.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outbound {
    /// For example `kafka.example`, `*.example`, `10.0.0.5` or `db.example:5432`; an empty list
    /// allows nothing.
    pub hosts: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Azion {
    /// For example `10s`; 60 s unless set, as at the vendor.
    pub batch_wait: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cors {
    pub allowed_origins: Vec<String>,
}

impl Config {
    /// Takes over what the file says.
    pub fn apply(&mut self, file: File) -> Result<(), String> {
        if let Some(listen) = file.listen {
            self.listen = address(&listen)?;
        }
        if let Some(calls) = file.dataworks.calls_per_second {
            self.limits.dataworks_calls = calls;
        }
        let limits = &mut self.limits;
        limits.running_queries = file
            .limits
            .running_queries
            .unwrap_or(limits.running_queries);
        limits.queries_per_user = file
            .limits
            .queries_per_user
            .unwrap_or(limits.queries_per_user);
        limits.rows_per_hour = file.limits.rows_per_hour.unwrap_or(limits.rows_per_hour);
        limits.connections_per_user = file
            .limits
            .connections_per_user
            .unwrap_or(limits.connections_per_user);
        limits.sql = file.limits.sql.unwrap_or(limits.sql);
        if let Some(data) = file.data {
            self.data = data;
        }
        self.console = file.console.or(self.console.take());
        self.connections = file.connections.or(self.connections.take());
        if let Some(path) = file.base_path {
            self.base_path = base_path(&path)?;
        }
        if let Some(revision) = file.revision {
            self.revision = revision;
        }
        self.relay.extend(file.relay);
        if let Some(wait) = file.azion.batch_wait {
            self.limits.streaming_wait = duration(&wait)
                .ok_or_else(|| format!("azion.batch_wait: '{wait}' is not a duration like 10s"))?;
        }
        self.hosts.extend(file.hosts);
        self.proxies
            .add(&file.proxy.trusted, file.proxy.header)
            .map_err(|words| format!("proxy.trusted: {words}"))?;
        if let Some(hosts) = file.outbound.hosts {
            let hosts = Hosts::parse(&hosts);
            self.outbound = Some(hosts.map_err(|words| format!("outbound.hosts: {words}"))?);
        }
        if let Some(tls) = file.tls {
            self.tls = Some(TlsFiles {
                certificate: tls.certificate,
                key: tls.key,
            });
        }
        self.oidc = file.oidc.or(self.oidc.take());
        self.log_folders.extend(file.external.log_folders);
        for allowed in &file.cors.allowed_origins {
            self.cors_origins.push(origin(allowed)?);
        }
        Ok(())
    }
}

/// `host:port`; `localhost` is 127.0.0.1.
pub fn address(text: &str) -> Result<SocketAddr, String> {
    text.replacen("localhost:", "127.0.0.1:", 1)
        .parse()
        .map_err(|_| format!("'{text}' is not an address like 127.0.0.1:8000"))
}

/// With a slash at both ends.
fn base_path(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    if !text.starts_with('/') || text.contains("//") || !text.chars().all(plain) {
        return Err(format!("base_path: '{text}' is not a path like /weir"));
    }
    Ok(format!("{}/", text.trim_end_matches('/')))
}

/// An origin as browsers send it: scheme, host and perhaps port, nothing else.
pub fn origin(text: &str) -> Result<String, String> {
    let host = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"))
        .unwrap_or_default();
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
    if host.is_empty() || !host.chars().all(plain) {
        return Err(format!(
            "'{text}' is not an origin like https://console.example or http://127.0.0.1:8080"
        ));
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_mistakes_in_it_are_named() {
        let file: File = toml::from_str(
            "listen = \"localhost:9000\"\n[cors]\nallowed_origins = [\"https://A.example\"]",
        )
        .expect("file");
        let mut config = Config::default();
        config.apply(file).expect("apply");
        assert_eq!(config.listen.port(), 9000);
        assert_eq!(config.cors_origins, ["https://a.example"]);

        let error = toml::from_str::<File>("listem = \"x\"").expect_err("unknown");
        assert!(error.to_string().contains("listem"));
    }

    #[test]
    fn a_provider_is_read_with_its_usual_settings() {
        let text = "[oidc]\nname = \"ID\"\nissuer = \"https://id.example\"\nclient_id = \"weir\"\n\
                    roles = { admins = \"admin\" }\n";
        let mut config = Config::default();
        config
            .apply(toml::from_str(text).expect("file"))
            .expect("apply");
        let found = config.oidc.expect("settings").check().expect("right");
        let expected = "https://id.example as 'ID'; roles by groups: admins; others are refused";
        assert_eq!(found, expected);
        let wrong = toml::from_str::<File>(&text.replace("\"admin\"", "\"root\""));
        let error = wrong.expect_err("no role").to_string();
        assert!(
            error.contains("root") && error.contains("read_only"),
            "{error}"
        );
    }

    #[test]
    fn a_base_path_has_a_slash_at_both_ends() {
        for (given, read) in [("/", "/"), ("/weir", "/weir/"), ("/a/b/", "/a/b/")] {
            assert_eq!(base_path(given).expect(given), read);
        }
        for wrong in ["weir", "//evil.example", "/a\"b", "/<script>"] {
            assert!(base_path(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn origins_have_no_path_and_no_wildcard() {
        for wrong in ["*", "https://a.example/", "a.example", "https://", "null"] {
            assert!(origin(wrong).is_err(), "{wrong}");
        }
        assert!(origin("http://[::1]:8080").is_ok());
    }
}
