//! The backend's own TLS.

use std::{process::Command, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;
use weir_backend::server::TlsFiles;

use super::common::{Backend, PASSWORD, config};

#[tokio::test]
async fn the_backend_speaks_tls() {
    let dir = tempfile::tempdir().expect("folder");
    let files = TlsFiles {
        certificate: dir.path().join("cert.pem"),
        key: dir.path().join("key.pem"),
    };
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ed25519",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
        ])
        .args([
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .arg("-out")
        .arg(&files.certificate)
        .arg("-keyout")
        .arg(&files.key)
        .output()
        .expect("openssl");
    assert!(
        made.status.success(),
        "{}",
        String::from_utf8_lossy(&made.stderr)
    );
    let certificate = CertificateDer::from_pem_file(&files.certificate).expect("certificate");
    let backend = Backend::start_in(dir, |config| config.tls = Some(files)).await;
    assert!(backend.running.sign_in_link().starts_with("https://"));

    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("root");
    let client = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(backend.running.address)
        .await
        .expect("connection");
    let name = ServerName::try_from("localhost").expect("name");
    let mut stream = TlsConnector::from(Arc::new(client))
        .connect(name, stream)
        .await
        .expect("handshake");
    let body = format!(r#"{{"user": "admin", "password": "{PASSWORD}"}}"#);
    let head = format!(
        "POST /api/session HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream
        .write_all((head + &body).as_bytes())
        .await
        .expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("answer");
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("; Secure"), "{answer}");

    let mut plain = TcpStream::connect(backend.running.address)
        .await
        .expect("connection");
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .expect("sent");
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP"), "plain HTTP is answered");
}

#[tokio::test]
async fn files_that_cannot_be_used_stop_the_start() {
    let dir = tempfile::tempdir().expect("folder");
    let mut config = config(dir.path());
    config.tls = Some(TlsFiles {
        certificate: dir.path().join("no-such.pem"),
        key: dir.path().join("no-such-key.pem"),
    });
    let refused = weir_backend::start(config).await.err().expect("refused");
    assert!(refused.to_string().contains("no-such.pem"), "{refused}");
}
