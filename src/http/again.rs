//! What a server refused for the moment is sent again.

use std::time::Duration;

use gloo_net::http::Response;
use weir_api::{ApiError, ApiRequest, Method};

use super::{
    Abort, Endpoint,
    call::{Refused, once},
    observer::tell_pause,
    pause,
};

/// Seconds before a call that was refused for coming too often is sent again.
const PAUSES: [u32; 5] = [1, 2, 4, 8, 16];

/// A server that wants a longer pause than this is not waited for.
const LONGEST_PAUSE: u32 = 120;

/// How long to wait before the call is sent again, where it can be: it was refused before it did
/// anything, or it only reads and the server says when it will be back.
fn pause_after(refused: &Refused, throttled: bool, reads: bool, usual: u32) -> Option<u32> {
    let back = refused.error.status() == Some(503) && refused.again.is_some() && reads;
    let seconds = refused.again.unwrap_or(usual).max(1);
    ((throttled || back) && seconds <= LONGEST_PAUSE).then_some(seconds)
}

/// A call that comes too often is sent again after a pause, each time a longer one: it was refused
/// before it did anything.
pub(super) async fn start(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: Option<&Abort>,
) -> Result<Response, ApiError> {
    let reads = request.method == Method::Get;
    for usual in PAUSES {
        let refused = match once(endpoint, request.clone(), abort).await {
            Ok(response) => return Ok(response),
            Err(refused) => refused,
        };
        let throttled = endpoint.system.is_throttled(&refused.error);
        let Some(seconds) = pause_after(&refused, throttled, reads, usual) else {
            return Err(refused.error);
        };
        tell_pause(endpoint, Some(seconds));
        pause(Duration::from_secs(seconds.into())).await;
        tell_pause(endpoint, None);
        if abort.is_some_and(|abort| abort.aborted.get()) {
            return Err(ApiError::Cancelled);
        }
    }
    let last = once(endpoint, request, abort).await;
    last.map_err(|refused| refused.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_says_when_it_wants_to_be_asked_again() {
        let refused = |status, again| Refused {
            error: ApiError::with_status(status, ""),
            again,
        };
        for (status, again, reads, pause) in [
            (429, None, false, Some(4)),
            (429, Some(7), false, Some(7)),
            (429, Some(0), false, Some(1)),
            (429, Some(3600), false, None),
            (503, Some(3), true, Some(3)),
            (503, Some(3), false, None),
            (503, None, true, None),
            (500, Some(3), true, None),
        ] {
            let throttled = status == 429;
            let found = pause_after(&refused(status, again), throttled, reads, 4);
            assert_eq!(found, pause, "{status} {again:?} {reads}");
        }
    }
}
