//! What only vendors need: signatures, version 4 of Azion's API, errors in their own shapes. Its code
//! is fetched with the first call that needs it.

use weir_api::{
    ApiError, ApiRequest, Moment, System, azion, request::above, timeplus::database::within,
};

use super::Endpoint;
use crate::ui::lazy::{Lazy, lazy};

/// A call as it goes out.
pub(super) const PREPARE: Lazy<(Endpoint, ApiRequest), ApiRequest> =
    lazy!(prepare in vendor_calls: (Endpoint, ApiRequest), ApiRequest => prepare_now);

/// Whether a call may change something. It reads SQL, which the page to sign in does without.
pub(super) const MAY_CHANGE: Lazy<(), fn(System, &ApiRequest) -> bool> =
    lazy!(may_change in console: (), fn(System, &ApiRequest) -> bool => |()| System::may_change);

/// Of a status, an id and a body outside 200–299.
pub(super) const ERROR: Lazy<Refusal, ApiError> = lazy!(refusal in vendor_calls: Refusal, ApiError => |it| {
    it.system.error(it.status, it.request_id, &it.body)
});

/// Of a body in 200–299: some systems refuse so.
pub(super) const ACCEPT: Lazy<(System, Vec<u8>), Accepted> = lazy!(accept in vendor_calls: (System, Vec<u8>), Accepted => |(system, body)| {
    system.refusal(&body).map_or(Ok(body), Err)
});

pub(super) type Accepted = Result<Vec<u8>, ApiError>;

pub(super) struct Refusal {
    pub(super) system: System,
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    pub(super) body: Vec<u8>,
}

fn prepare_now((endpoint, request): (Endpoint, ApiRequest)) -> ApiRequest {
    let request = match endpoint.azion_v4 {
        true => azion::v4::adapt::upgrade(request),
        false => request,
    };
    let request = within(endpoint.with_common(request), &endpoint.database);
    let moment = Moment {
        at_ms: js_sys::Date::now() as i64,
        nonce: nonce(),
    };
    let base = endpoint.signed_base.as_ref().unwrap_or(&endpoint.base);
    let base = match request.above {
        true => above(base),
        false => base.as_str(),
    };
    endpoint.credential.sign(&absolute(base), request, &moment)
}

/// Signatures name the host.
fn absolute(base: &str) -> String {
    let origin = web_sys::window().and_then(|window| window.location().origin().ok());
    match (base.starts_with('/') || base.is_empty(), origin) {
        (true, Some(origin)) => format!("{origin}{base}"),
        _ => base.into(),
    }
}

/// 32 hexadecimal digits that nobody can guess. Pages over plain HTTP of another host have no
/// `randomUUID`.
fn nonce() -> String {
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    let mut bytes = [0; 16];
    if let Some(crypto) = crypto {
        // Fails only for more than 65,536 bytes.
        let _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
