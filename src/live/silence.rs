//! Connections on which nothing comes any more though nobody ended them: a proxy that stalls, a
//! network that went away without a word, a computer that slept.

use std::{future::Future, pin::Pin, rc::Rc, time::Duration};

use futures_util::future::{Either, select};
use js_sys::Date;
use weir_api::ApiError;

use crate::http::{self, Abort, ByteStream};

/// A server with a pulse sends something at least every 15 seconds.
const LONGEST_MS: f64 = 35_000.0;
/// How often the clock is looked at: timers stand still while a computer sleeps, clocks do not.
const TICK_MS: f64 = 5_000.0;
/// What was on its way before a page slept is there by then.
const AWAKE_MS: f64 = 1_000.0;

pub struct Silence {
    abort: Rc<Abort>,
    /// Of the last piece.
    heard_at: f64,
    due: f64,
    timer: Pin<Box<dyn Future<Output = ()>>>,
}

impl Silence {
    /// `abort` ends the connection.
    pub fn new(abort: Rc<Abort>) -> Self {
        let now = Date::now();
        Self {
            abort,
            heard_at: now,
            due: now + TICK_MS,
            timer: timer(TICK_MS),
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
                    let now = Date::now();
                    let Some(wait) = wait(self.heard_at, self.due, now, has_pulse()) else {
                        self.abort.abort();
                        return Err(ApiError::Network("no data for a while".into()));
                    };
                    self.due = now + wait;
                    self.timer = timer(wait);
                }
            }
        }
    }
}

/// Milliseconds until the clock is looked at again, after a look that was due at `due`; `None` when
/// the silence has been too long.
fn wait(heard_at: f64, due: f64, now: f64, has_pulse: bool) -> Option<f64> {
    let left = heard_at + LONGEST_MS - now;
    if left > 0.0 {
        return Some(left.min(TICK_MS));
    }
    match has_pulse {
        false => Some(TICK_MS),
        true if now > due + TICK_MS => Some(AWAKE_MS),
        true => None,
    }
}

fn timer(ms: f64) -> Pin<Box<dyn Future<Output = ()>>> {
    Box::pin(http::pause(Duration::from_secs_f64(ms / 1000.0)))
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn silence_is_counted_from_the_last_piece() {
        assert_eq!(wait(1_000.0, 6_000.0, 6_000.0, true), Some(5_000.0));
        assert_eq!(wait(1_000.0, 34_000.0, 34_000.0, true), Some(2_000.0));
        assert_eq!(wait(1_000.0, 36_000.0, 36_000.0, true), None);
        // Nothing has to come.
        assert_eq!(wait(1_000.0, 36_000.0, 36_000.0, false), Some(5_000.0));
    }

    #[test]
    fn after_a_sleep_the_first_look_only_waits_for_what_was_on_its_way() {
        let woken = 3_600_000.0;
        assert_eq!(wait(1_000.0, 6_000.0, woken, true), Some(1_000.0));
        assert_eq!(wait(1_000.0, woken + 1_000.0, woken + 1_001.0, true), None);
        assert_eq!(
            wait(woken, woken + 1_000.0, woken + 1_001.0, true),
            Some(5_000.0)
        );
    }
}
