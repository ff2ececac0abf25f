//! nginx: as the web server of the bundle (`deploy/nginx/static.conf`), or in front of the backend.

use std::{net::TcpListener, path::Path, process::Stdio};

use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

use crate::{
    Result,
    backend::{console, root},
    failure::fail,
    wait,
};

pub struct Nginx {
    pub origin: String,
    _process: Child,
    _prefix: TempDir,
}

/// Free now; a backend may have to know it before nginx runs.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// What surrounds the example's `server` block when nginx runs for a test alone.
/// One process, because workers would outlive a master that is killed, and hold its output open.
const AROUND: &str = "
daemon off;
master_process off;
pid PREFIX/nginx.pid;
error_log stderr warn;
events {}
http {
    types {
        text/html html; text/css css; text/javascript js; application/wasm wasm;
        application/json json; image/svg+xml svg;
    }
    access_log off;
    client_body_temp_path PREFIX/body;
    proxy_temp_path PREFIX/proxy;
    fastcgi_temp_path PREFIX/fastcgi;
    uwsgi_temp_path PREFIX/uwsgi;
    scgi_temp_path PREFIX/scgi;
    SERVER
}
";

impl Nginx {
    /// Serves a copy of the bundle whose config.json is `config`.
    pub async fn serve(port: u16, config: &str) -> Result<Self> {
        let prefix = TempDir::with_prefix("weir-nginx-")?;
        let site = prefix.path().join("site");
        copy(&console(), &site)?;
        std::fs::write(site.join("config.json"), config)?;

        let example = std::fs::read_to_string(root().join("deploy/nginx/static.conf"))?;
        let server = example
            .replace("listen 80;", &format!("listen 127.0.0.1:{port};"))
            .replace("/srv/weir", &site.to_string_lossy());
        Self::start(port, prefix, &server).await
    }

    /// Shows what answers at `upstream` under `path` (`/weir/`), with nginx's defaults, and
    /// compresses everything, also event streams.
    pub async fn in_front_of(upstream: &str, path: &str) -> Result<Self> {
        let port = free_port()?;
        let server = format!(
            "server {{
                listen 127.0.0.1:{port};
                gzip on;
                gzip_types *;
                location {path} {{ proxy_pass http://{upstream}/; proxy_set_header Host $http_host; }}
            }}"
        );
        Self::start(port, TempDir::with_prefix("weir-nginx-")?, &server).await
    }

    /// Each request goes to the next of `upstreams`, or to another one where that is gone.
    pub async fn balancing(port: u16, upstreams: &[&str]) -> Result<Self> {
        let each = upstreams.iter().map(|one| format!("server {one};"));
        let server = format!(
            "upstream weir {{ {} }}
            server {{
                listen 127.0.0.1:{port};
                location / {{ proxy_pass http://weir; proxy_set_header Host $http_host; }}
            }}",
            each.collect::<String>()
        );
        Self::start(port, TempDir::with_prefix("weir-nginx-")?, &server).await
    }

    /// Shows what answers at `upstream`, keeps it back until its buffers are full, and compresses
    /// it, whatever the upstream says of that.
    pub async fn buffering(upstream: &str) -> Result<Self> {
        let port = free_port()?;
        let server = format!(
            "server {{
                listen 127.0.0.1:{port};
                gzip on;
                gzip_types *;
                proxy_buffering on;
                proxy_ignore_headers X-Accel-Buffering;
                location / {{ proxy_pass http://{upstream}/; proxy_set_header Host $http_host; }}
            }}"
        );
        Self::start(port, TempDir::with_prefix("weir-nginx-")?, &server).await
    }

    async fn start(port: u16, prefix: TempDir, server: &str) -> Result<Self> {
        let settings = AROUND
            .replace("SERVER", server)
            .replace("PREFIX", &prefix.path().to_string_lossy());
        let file = prefix.path().join("nginx.conf");
        std::fs::write(&file, settings)?;
        // nginx gives up root's rights: its user must be able to enter the temporary folder.
        open_to_all(prefix.path())?;

        let process = Command::new("nginx")
            .args(["-e", "stderr", "-p"])
            .arg(prefix.path())
            .arg("-c")
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let Ok(mut process) = process else {
            return fail("nginx does not start: run tools/browser.sh");
        };
        wait::until("nginx to listen", async || {
            if let Some(status) = process.try_wait()? {
                return fail(format!("nginx ended: {status}"));
            }
            Ok(TcpStream::connect(("127.0.0.1", port)).await.ok().map(drop))
        })
        .await?;
        Ok(Self {
            origin: format!("http://127.0.0.1:{port}"),
            _process: process,
            _prefix: prefix,
        })
    }
}

fn copy(from: &Path, to: &Path) -> Result {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

fn open_to_all(folder: &Path) -> Result {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(
        folder,
        std::fs::Permissions::from_mode(0o755),
    )?)
}
