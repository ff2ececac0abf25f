//! A server that takes whatever is delivered to it.

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

use crate::{Result, failure::fail, wait};

/// Answers 200 to every call.
pub struct Receiver {
    /// With a slash at the end.
    pub url: String,
    bodies: Mutex<mpsc::UnboundedReceiver<String>>,
    task: JoinHandle<()>,
}

impl Receiver {
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/", listener.local_addr()?);
        let (sender, bodies) = mpsc::unbounded_channel();
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                let sender = sender.clone();
                // A connection ends when the backend has no more use for it.
                tokio::spawn(async move { drop(serve(connection, sender).await) });
            }
        });
        Ok(Self {
            url,
            bodies: Mutex::new(bodies),
            task,
        })
    }

    /// Waits for the next call's body.
    pub async fn next(&self) -> Result<String> {
        let mut bodies = self.bodies.lock().await;
        match tokio::time::timeout(wait::DEADLINE, bodies.recv()).await {
            Ok(Some(body)) => Ok(body),
            _ => fail("nothing was delivered"),
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(connection: TcpStream, bodies: mpsc::UnboundedSender<String>) -> Result {
    let mut connection = BufReader::new(connection);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let line = line.trim_end().to_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        connection.read_exact(&mut body).await?;
        if bodies
            .send(String::from_utf8_lossy(&body).into_owned())
            .is_err()
        {
            return Ok(());
        }
        connection
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .await?;
    }
}
