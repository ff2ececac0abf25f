//! A connection between browser and backend that can be cut, hindered and mended.

use std::time::Duration;

use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::Result;

pub struct Wire {
    /// What the browser opens instead of the backend.
    pub origin: String,
    fault: watch::Sender<Fault>,
}

/// What is wrong with the network. Whatever changes ends what runs, but for [`Fault::Stalled`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Nobody is answered.
    Cut,
    /// What the backend sends stops in the middle, and nobody says that it did.
    Stalled,
    /// So many bytes of it pass in a tenth of a second.
    Slow(usize),
    /// Somebody in between answers everything with this.
    Answered(&'static str),
    /// What runs is ended by a reset, and so is what begins, once it has asked.
    Reset,
    /// Connections on which the backend says nothing for so long are closed.
    Idle(Duration),
    /// Nothing passes any more, and neither side learns it: as after a change of networks, or a
    /// sleep. What was open then stays dead, also when the network is back.
    Gone,
}

impl Wire {
    /// `target` as `127.0.0.1:8000`.
    pub async fn to(target: &str) -> Result<Self> {
        Self::start(target, false).await
    }

    /// The events of the target's streams lose their ids on the way, as from a server that cannot
    /// take up a stream where it broke off.
    pub async fn unnumbered(target: &str) -> Result<Self> {
        Self::start(target, true).await
    }

    async fn start(target: &str, unnumbered: bool) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let (fault, faults) = watch::channel(Fault::None);
        let target = target.to_string();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let now = *faults.borrow();
                match now {
                    Fault::Cut => {}
                    Fault::Answered(words) => drop(tokio::spawn(answer(near, words))),
                    Fault::Reset => drop(tokio::spawn(reset(near))),
                    Fault::Gone => drop(tokio::spawn(held(near))),
                    _ => drop(tokio::spawn(carry(
                        near,
                        target.clone(),
                        faults.clone(),
                        unnumbered,
                    ))),
                }
            }
        });
        Ok(Self { origin, fault })
    }

    /// Ends what runs and answers nobody.
    pub fn cut(&self) {
        self.set(Fault::Cut);
    }

    pub fn mend(&self) {
        self.set(Fault::None);
    }

    pub fn set(&self, fault: Fault) {
        self.fault.send_replace(fault);
    }
}

async fn carry(
    mut near: TcpStream,
    target: String,
    mut faults: watch::Receiver<Fault>,
    unnumbered: bool,
) {
    let Ok(mut far) = TcpStream::connect(target).await else {
        return;
    };
    let seen = faults.clone();
    let carried = async {
        if unnumbered {
            without_ids(&mut near, &mut far).await
        } else {
            hindered(&mut near, &mut far, seen).await
        }
    };
    let ends = |fault: &Fault| {
        matches!(
            fault,
            Fault::Cut | Fault::Answered(_) | Fault::Reset | Fault::Gone
        )
    };
    let ended = tokio::select! {
        _ = carried => None,
        fault = faults.wait_for(ends) => fault.ok().map(|fault| *fault),
    };
    match ended {
        Some(Fault::Reset) => {
            // What was sent and not taken is lost, and the other side learns it as an error.
            let _ = near.set_zero_linger();
        }
        Some(Fault::Gone) => held((near, far)).await,
        _ => {}
    }
}

/// Neither closed nor read.
async fn held<T>(_connections: T) {
    std::future::pending().await
}

async fn reset(near: TcpStream) -> io::Result<()> {
    near.readable().await?;
    near.set_zero_linger()
}

/// Once stalled, a connection stays so.
async fn hindered(
    near: &mut TcpStream,
    far: &mut TcpStream,
    faults: watch::Receiver<Fault>,
) -> io::Result<()> {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.split(), far.split());
    let back = async {
        let mut bytes = vec![0; 1 << 16];
        loop {
            let fault = *faults.borrow();
            let most = match fault {
                Fault::Slow(bytes) => bytes,
                _ => bytes.len(),
            };
            let read = far_in.read(&mut bytes[..most]);
            let count = match fault {
                Fault::Idle(most) => match tokio::time::timeout(most, read).await {
                    Ok(count) => count?,
                    Err(_) => return near_out.shutdown().await,
                },
                _ => read.await?,
            };
            // It may have become so while nothing came.
            let now = *faults.borrow();
            match now {
                _ if count == 0 => return near_out.shutdown().await,
                Fault::Stalled => {
                    near_out.write_all(&bytes[..count / 2]).await?;
                    return std::future::pending().await;
                }
                Fault::Slow(_) => tokio::time::sleep(Duration::from_millis(100)).await,
                _ => {}
            }
            near_out.write_all(&bytes[..count]).await?;
        }
    };
    let there = async {
        io::copy(&mut near_in, &mut far_out).await?;
        far_out.shutdown().await
    };
    tokio::select! {
        // Whoever asked has gone.
        gone = there => gone,
        ended = back => ended,
    }
}

/// Answers one call and ends.
async fn answer(mut near: TcpStream, words: &str) -> io::Result<()> {
    let (mut head, mut bytes) = (Vec::<u8>::new(), vec![0; 1 << 16]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match near.read(&mut bytes).await? {
            0 => return Ok(()),
            count => head.extend(&bytes[..count]),
        }
    }
    near.write_all(words.as_bytes()).await?;
    near.shutdown().await
}

async fn without_ids(near: &mut TcpStream, far: &mut TcpStream) -> io::Result<()> {
    let ((mut near_in, mut near_out), (mut far_in, mut far_out)) = (near.split(), far.split());
    let back = async {
        let (mut lines, mut bytes) = (Lines::default(), vec![0; 1 << 16]);
        loop {
            match far_in.read(&mut bytes).await? {
                0 => return near_out.shutdown().await,
                count => near_out.write_all(&lines.take(&bytes[..count])).await?,
            }
        }
    };
    tokio::try_join!(io::copy(&mut near_in, &mut far_out), back).map(drop)
}

/// Turns lines that begin with `id:` into comments of the same length.
#[derive(Default)]
struct Lines {
    /// The answer is an event stream.
    stream: bool,
    at_start: bool,
    /// The beginning of a line that may become an id.
    held: Vec<u8>,
}

impl Lines {
    fn take(&mut self, bytes: &[u8]) -> Vec<u8> {
        const ID: &[u8] = b"id:";
        let kind: &[u8] = b"text/event-stream";
        self.stream |= bytes.windows(kind.len()).any(|window| window == kind);
        if !self.stream {
            return bytes.to_vec();
        }
        let mut all = std::mem::take(&mut self.held);
        all.extend(bytes);
        let mut at = 0;
        while at < all.len() {
            if self.at_start && all[at..].starts_with(ID) {
                all[at] = b':';
            } else if self.at_start && ID.starts_with(&all[at..]) {
                self.held = all.split_off(at);
                return all;
            }
            self.at_start = all[at] == b'\n';
            at += 1;
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn ids_are_comments_wherever_the_stream_is_cut() {
        let text = b"content-type: text/event-stream\r\n\r\nid: 1\ndata: id: x\nidle\n\nid:2\n";
        for cut in 34..text.len() {
            let mut lines = Lines::default();
            let mut out = lines.take(&text[..cut]);
            out.extend(lines.take(&text[cut..]));
            assert_eq!(
                String::from_utf8_lossy(&out),
                "content-type: text/event-stream\r\n\r\n:d: 1\ndata: id: x\nidle\n\n:d:2\n"
            );
        }
    }
}
