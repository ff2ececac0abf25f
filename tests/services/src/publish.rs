//! Just enough of NATS' protocol to fill a JetStream stream.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{Nats, Result};

const PATIENCE: Duration = Duration::from_secs(30);

impl Nats {
    /// Makes a stream of all messages under `{name}.`.
    pub fn create_stream(&self, name: &str) -> Result {
        let config = json!({ "name": name, "subjects": [format!("{name}.>")] });
        self.ask(&format!("$JS.API.STREAM.CREATE.{name}"), config.to_string())
    }

    /// Returns once the stream has stored the message.
    pub fn publish(&self, subject: &str, message: impl AsRef<[u8]>) -> Result {
        self.ask(subject, message)
    }

    fn ask(&self, subject: &str, message: impl AsRef<[u8]>) -> Result {
        let message = message.as_ref();
        let failed = |error: std::io::Error| format!("{subject}: {error}");
        let address = self.url.trim_start_matches("nats://");
        let stream = TcpStream::connect(address).map_err(failed)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(failed)?;
        let mut out = stream.try_clone().map_err(failed)?;
        let mut input = BufReader::new(stream);
        let hello = json!({ "verbose": false, "user": self.user, "pass": self.password });
        let mut sent = format!(
            "CONNECT {hello}\r\nSUB answer 1\r\nPUB {subject} answer {}\r\n",
            message.len()
        )
        .into_bytes();
        sent.extend_from_slice(message);
        sent.extend_from_slice(b"\r\n");
        out.write_all(&sent).map_err(failed)?;
        loop {
            let mut line = String::new();
            if input.read_line(&mut line).map_err(failed)? == 0 {
                return Err(format!("{subject}: the server hung up"));
            }
            if line.starts_with("-ERR") {
                return Err(format!("{subject}: {}", line.trim_end()));
            }
            let Some(length) = line.strip_prefix("MSG answer 1 ") else {
                continue;
            };
            // A subject to reply to may stand before it.
            let length = length.split_whitespace().next_back().unwrap_or_default();
            let length = length.parse::<usize>();
            let mut answer = vec![0; length.map_err(|error| error.to_string())?];
            input.read_exact(&mut answer).map_err(failed)?;
            let answer: Value =
                serde_json::from_slice(&answer).map_err(|error| error.to_string())?;
            return match answer.get("error") {
                None => Ok(()),
                Some(error) => Err(format!("{subject}: {error}")),
            };
        }
    }
}
