//! Certificates of a test's own authority, made by `openssl`.

use std::{fs, path::Path, process::Command};

use crate::{Result, program, user};

pub const CERTIFICATE: &str = "server.pem";
pub const KEY: &str = "server.key";

/// Puts a certificate and its key for 127.0.0.1 into a server's folder; the answer is the
/// certificate of the authority that signed it, in PEM.
pub fn make(folder: &Path) -> Result<String> {
    let extensions =
        "subjectAltName=IP:127.0.0.1,DNS:localhost\nbasicConstraints=critical,CA:FALSE\n";
    let written = fs::write(folder.join("extensions"), extensions);
    written.map_err(|error| error.to_string())?;
    let openssl = |arguments: &str| {
        let arguments = arguments.split_whitespace();
        program::finish(
            Command::new("openssl").current_dir(folder).args(arguments),
            "",
        )
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
    openssl(&format!(
        "req -x509 {key} -days 2 -subj /CN=authority -keyout authority.key -out authority.pem \
         -addext basicConstraints=critical,CA:TRUE"
    ))?;
    openssl(&format!(
        "req {key} -subj /CN=server -keyout {KEY} -out server.csr"
    ))?;
    openssl(&format!(
        "x509 -req -in server.csr -CA authority.pem -CAkey authority.key -CAcreateserial -days 2 \
         -extfile extensions -out {CERTIFICATE}"
    ))?;
    for file in [CERTIFICATE, KEY] {
        user::own(&folder.join(file))?;
    }
    fs::read_to_string(folder.join("authority.pem")).map_err(|error| error.to_string())
}
