//! A connection between browser and backend that can be cut and mended.

use tokio::{
    io,
    net::{TcpListener, TcpStream},
    sync::watch,
};

use crate::Result;

pub struct Wire {
    /// What the browser opens instead of the backend.
    pub origin: String,
    cut: watch::Sender<bool>,
}

impl Wire {
    /// `target` as `127.0.0.1:8000`.
    pub async fn to(target: &str) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let (cut, is_cut) = watch::channel(false);
        let target = target.to_string();
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                if !*is_cut.borrow() {
                    tokio::spawn(carry(near, target.clone(), is_cut.clone()));
                }
            }
        });
        Ok(Self { origin, cut })
    }

    /// Ends what runs and answers nobody.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }

    pub fn mend(&self) {
        self.cut.send_replace(false);
    }
}

async fn carry(mut near: TcpStream, target: String, mut is_cut: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(target).await else {
        return;
    };
    tokio::select! {
        _ = io::copy_bidirectional(&mut near, &mut far) => {}
        _ = is_cut.wait_for(|cut| *cut) => {}
    }
}
