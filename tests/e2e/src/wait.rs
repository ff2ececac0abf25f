//! Waiting for a state, with a deadline that is only reached by a defect.

use std::time::{Duration, Instant};

use crate::{Result, failure::fail};

/// Long, because the machine may be building at the same time.
pub const DEADLINE: Duration = Duration::from_secs(60);
const BETWEEN_LOOKS: Duration = Duration::from_millis(40);

/// Looks until `look` gives a value; the last error, or "not yet", is told after [`DEADLINE`].
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let start = Instant::now();
    loop {
        let seen = look().await;
        if let Ok(Some(value)) = seen {
            return Ok(value);
        }
        if start.elapsed() > DEADLINE {
            return match seen {
                Err(failure) => fail(format!("waited in vain for {what}: {failure:?}")),
                Ok(_) => fail(format!("waited in vain for {what}")),
            };
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}
