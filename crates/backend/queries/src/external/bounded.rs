//! Connections to servers that may send more than anybody asked for: what a library gathers before
//! it hands something over has a bound.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Bytes that may come before something was taken.
const MOST: usize = 64 << 20;

pub(super) struct Bounded<S> {
    inner: S,
    left: Taken,
}

/// To be told when something was taken of what came.
#[derive(Clone)]
pub(super) struct Taken(Arc<AtomicUsize>);

impl Taken {
    pub(super) fn tell(&self) {
        self.0.store(MOST, Ordering::Relaxed);
    }
}

impl<S> Bounded<S> {
    pub(super) fn new(inner: S) -> (Self, Taken) {
        let left = Taken(Arc::new(AtomicUsize::new(MOST)));
        let bounded = Self {
            inner,
            left: left.clone(),
        };
        (bounded, left)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let left = self.left.0.load(Ordering::Relaxed);
        if left == 0 {
            let words = format!("more than {} MiB came at once", MOST >> 20);
            return Poll::Ready(Err(io::Error::other(words)));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.inner).poll_read(cx, buffer);
        let came = buffer.filled().len() - before;
        self.left
            .0
            .store(left.saturating_sub(came), Ordering::Relaxed);
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn what_nobody_takes_has_an_end() {
        let (mut server, client) = tokio::io::duplex(1 << 20);
        let (mut bounded, taken) = Bounded::new(client);
        let sent = tokio::spawn(async move {
            let piece = vec![0; 1 << 20];
            while server.write_all(&piece).await.is_ok() {}
        });
        let mut piece = vec![0; 1 << 20];
        for _ in 0..3 * (MOST >> 20) {
            bounded.read_exact(&mut piece).await.expect("taken in time");
            taken.tell();
        }
        let mut all = Vec::new();
        let failed = bounded.read_to_end(&mut all).await.expect_err("a bound");
        assert!(failed.to_string().contains("64 MiB"), "{failed}");
        assert!(all.len() <= MOST + (1 << 20), "{}", all.len());
        drop(bounded);
        sent.await.expect("ended");
    }
}
