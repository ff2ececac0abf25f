//! Connections on which nothing comes any more though nobody ended them: a proxy that stalls, a
//! network that went away without a word, a computer that slept.

use std::{future::Future, pin::Pin, rc::Rc, time::Duration};

use futures_util::future::{Either, select};
use js_sys::Date;
use weir_api::ApiError;

use crate::http::{self, Abort, ByteStream};

/// A server with a pulse sends something at least every 15 seconds.
const LONGEST_MS: f64 = 35_000.0;

pub struct Silence {
    abort: Rc<Abort>,
    /// Of the last piece.
    heard_at: f64,
    timer: Pin<Box<dyn Future<Output = ()>>>,
}

impl Silence {
    /// `abort` ends the connection.
    pub fn new(abort: Rc<Abort>) -> Self {
        Self {
            abort,
            heard_at: Date::now(),
            timer: timer(LONGEST_MS),
        }
    }

    /// The next piece. After a long silence of a server that `has_pulse` the connection counts as
    /// broken.
    pub async fn next(
        &mut self,
        stream: &mut ByteStream,
        has_pulse: impl Fn() -> bool,
    ) -> Result<Option<Vec<u8>>, ApiError> {
        let mut next = Box::pin(stream.next());
        loop {
            match select(&mut next, &mut self.timer).await {
                Either::Left((piece, _)) => {
                    self.heard_at = Date::now();
                    return piece;
                }
                Either::Right(_) => {
                    let left = left(self.heard_at, Date::now());
                    if left <= 0.0 && has_pulse() {
                        self.abort.abort();
                        return Err(ApiError::Network("nothing has come for a while".into()));
                    }
                    self.timer = timer(if left > 0.0 { left } else { LONGEST_MS });
                }
            }
        }
    }
}

/// Milliseconds until silence is too long.
fn left(heard_at: f64, now: f64) -> f64 {
    heard_at + LONGEST_MS - now
}

fn timer(ms: f64) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(http::pause(Duration::from_secs_f64(ms / 1000.0)))
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn silence_is_counted_from_the_last_piece() {
        assert!(left(1000.0, 31_000.0) > 0.0);
        assert!(left(1000.0, 46_000.0) <= 0.0);
        // The computer slept.
        assert!(left(1000.0, 1e9) <= 0.0);
    }
}
