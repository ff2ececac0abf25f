//! Where calls go and who makes them.

use weir_api::{
    ApiRequest, Moment, System, auth::Credential, azion, request::above, timeplus::database::within,
};

use crate::paths;

/// Where calls go and who makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    pub system: System,
    /// For example `http://127.0.0.1:8000/default/api`, or a path of this page's own origin.
    pub base: String,
    /// What signatures are made for, where a relay stands between.
    pub signed_base: Option<String>,
    /// Parameters of every call.
    pub common: Vec<(&'static str, String)>,
    /// Of a Timeplus: what belongs to a database is that of this one; empty: the default one.
    pub database: String,
    pub credential: Credential,
    /// Calls that change something are refused here.
    pub look_only: bool,
    /// The server speaks version 4 of Azion's API: calls of version 3 are sent as that has them.
    pub azion_v4: bool,
}

impl Endpoint {
    /// Where a request goes. A path of the console's own origin begins where the console does.
    pub fn url(&self, request: &ApiRequest) -> String {
        let base = match request.above {
            true => above(&self.base),
            false => self.base.as_str(),
        };
        let own = self.base.is_empty() || self.base.starts_with('/');
        let start = if own { paths::base() } else { "" };
        format!("{start}{base}{}", request.target())
    }

    /// The request as it goes out, with what proves the caller.
    pub(super) fn complete(&self, mut request: ApiRequest) -> ApiRequest {
        if self.azion_v4 {
            request = azion::v4::adapt::upgrade(request);
        }
        request = within(request, &self.database);
        for (name, value) in &self.common {
            if request.query.iter().all(|(given, _)| given != name) {
                request.query.push(((*name).into(), value.clone()));
            }
        }
        let moment = Moment {
            at_ms: js_sys::Date::now() as i64,
            nonce: nonce(),
        };
        let base = self.signed_base.as_ref().unwrap_or(&self.base);
        let base = if request.above {
            above(base)
        } else {
            base.as_str()
        };
        self.credential.sign(&absolute(base), request, &moment)
    }
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
