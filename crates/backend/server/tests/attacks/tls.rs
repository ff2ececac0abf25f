//! The backend's own TLS.

use std::{process::Command, sync::Arc};

use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use weir_backend::server::TlsFiles;
use weir_services::certificates::{self, CERTIFICATE, KEY};

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

/// Something that speaks TLS where a broker would be: of each connection the first bytes, or why
/// there were none.
async fn broker(
    folder: &std::path::Path,
) -> (String, mpsc::UnboundedReceiver<Result<[u8; 6], String>>) {
    let certificate = CertificateDer::from_pem_file(folder.join(CERTIFICATE)).expect("PEM");
    let key = PrivateKeyDer::from_pem_file(folder.join(KEY)).expect("PEM");
    let config = ServerConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("certificate");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address").to_string();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let heard = async {
                let mut stream = acceptor.accept(stream).await?;
                let mut first = [0; 6];
                stream.read_exact(&mut first).await?;
                Ok::<_, std::io::Error>(first)
            };
            if tell
                .send(heard.await.map_err(|error| error.to_string()))
                .is_err()
            {
                return;
            }
        }
    });
    (address, told)
}

#[tokio::test]
async fn kafka_is_spoken_to_with_tls_and_its_certificate_is_checked() {
    let dir = tempfile::tempdir().expect("folder");
    let authority = certificates::make(dir.path()).expect("certificates");
    let (address, mut told) = broker(dir.path()).await;
    let backend = Backend::start().await;
    let preview = |authority: &str| {
        let settings: Vec<_> = [
            ("type", "kafka"),
            ("brokers", address.as_str()),
            ("topic", "a"),
            ("security_protocol", "SSL"),
            ("ssl_ca_pem", authority),
        ]
        .iter()
        .map(|(key, value)| serde_json::json!({"key": key, "value": value}))
        .collect();
        let body = serde_json::json!({"settings": settings});
        backend.post("/v1beta2/external_streams/preview", body)
    };
    // Nobody answers as a broker would: what counts is what is heard, which may be after the answer.
    let first = tokio::select! {
        biased;
        heard = told.recv() => heard,
        answer = preview("") => {
            assert!(answer.body.to_string().contains("certificate"), "{}", answer.body);
            told.recv().await
        }
    };
    let why = first
        .expect("a connection")
        .expect_err("the certificate is signed by somebody unknown");
    assert!(why.to_lowercase().contains("unknown"), "{why}");
    let mut spoken = std::pin::pin!(async {
        loop {
            // Attempts of the first one may still come.
            if let Ok(first) = told.recv().await.expect("a connection") {
                return first;
            }
        }
    });
    let second = tokio::select! {
        biased;
        first = &mut spoken => first,
        answer = preview(&authority) => {
            assert!(!answer.body.to_string().contains("certificate"), "{}", answer.body);
            spoken.await
        }
    };
    // Length, then the number of the call that asks for versions.
    assert_eq!(second[4..], [0, 18]);
}
