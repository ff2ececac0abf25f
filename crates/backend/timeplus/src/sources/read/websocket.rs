//! A connection that stays open; every message is a row.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use axum::http::Uri;
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::{Connector, connect_async_tls_with_config, tungstenite::Message};

use super::{options::Options, take::Taker};
use crate::{error::HttpError, tls};
use weir_platform::hosts;

const CONNECT: Duration = Duration::from_secs(10);
const BATCH: usize = 1000;

#[derive(Debug, Clone)]
pub(super) struct WebSocket {
    url: String,
    open: Option<Message>,
}

impl WebSocket {
    pub(super) fn new(options: &Options) -> Result<Self, HttpError> {
        let url = options.text("url");
        let uri = url.parse::<Uri>().ok();
        let uri = uri.filter(|uri| matches!(uri.scheme_str(), Some("ws" | "wss")));
        if uri.and_then(|uri| uri.host().map(str::len)).unwrap_or(0) == 0 {
            return Err(HttpError::field(
                "properties.url",
                "a URL that begins with ws:// or wss:// is needed",
            ));
        }
        options.choice("data_type")?;
        let text = options.raw("open_message");
        let open = match options.choice("open_message_type")? {
            _ if text.is_empty() => None,
            "binary" => Some(Message::binary(text.as_bytes().to_vec())),
            _ => Some(Message::text(text)),
        };
        Ok(Self {
            url: url.into(),
            open,
        })
    }

    pub(super) async fn read<T: Taker>(&self, taker: &mut T) -> Result<(), String> {
        let url: Uri = self
            .url
            .parse()
            .map_err(|_| "it is no address".to_string())?;
        let usual = match url.scheme_str() {
            Some("wss") => 443,
            _ => 80,
        };
        hosts::check(
            url.host().unwrap_or_default(),
            url.port_u16().unwrap_or(usual),
        )?;
        let tls = Connector::Rustls(Arc::new(tls::client(true)));
        let connect = connect_async_tls_with_config(self.url.as_str(), None, true, Some(tls));
        let (connection, _) = tokio::select! {
            connected = tokio::time::timeout(CONNECT, connect) => connected
                .map_err(|_| format!("no answer within {} s", CONNECT.as_secs()))?
                .map_err(|error| format!("not connected: {error}"))?,
            () = taker.stopped() => return Ok(()),
        };
        let (mut sink, stream) = connection.split();
        if let Some(message) = &self.open {
            let sent = sink.send(message.clone()).await;
            sent.map_err(|error| format!("first message not sent: {error}"))?;
        }
        taker.up();
        taker.log("connected");
        let mut batches = stream.ready_chunks(BATCH);
        loop {
            let batch = tokio::select! {
                batch = batches.next() => batch.ok_or("the server ended the connection")?,
                () = taker.stopped() => {
                    // A farewell that does not arrive changes nothing.
                    let _ = sink.close().await;
                    return Ok(());
                }
            };
            let (mut messages, mut over) = (Vec::with_capacity(batch.len()), None);
            for message in batch {
                match message {
                    Ok(Message::Text(text)) => messages.push(Bytes::from(text)),
                    Ok(Message::Binary(bytes)) => messages.push(bytes),
                    Ok(Message::Close(frame)) => {
                        let reason = frame.map(|frame| frame.reason.to_string());
                        let reason = reason.filter(|reason| !reason.is_empty());
                        over = Some(match reason {
                            Some(reason) => format!("the server ended the connection: {reason}"),
                            None => "the server ended the connection".into(),
                        });
                    }
                    Ok(_) => {}
                    Err(error) => over = Some(format!("connection lost: {error}")),
                }
            }
            if !messages.is_empty()
                && let ControlFlow::Break(()) = taker.take(&messages).await?
            {
                return Ok(());
            }
            if let Some(reason) = over {
                return Err(reason);
            }
        }
    }
}
