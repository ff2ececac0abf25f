//! Where calls go and who makes them.

use weir_api::{
    ApiError, ApiRequest, System, auth::Credential, request::above, timeplus::database::DEFAULT,
};

use super::vendor;
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
        let start = if self.is_own() { paths::base() } else { "" };
        format!("{start}{base}{}", request.target())
    }

    /// The base as somebody outside of this page has to write it.
    pub fn written_base(&self) -> String {
        let origin = web_sys::window().and_then(|window| window.location().origin().ok());
        match origin.filter(|_| self.is_own()) {
            Some(origin) => format!("{origin}{}{}", paths::base(), self.base),
            None => self.base.clone(),
        }
    }

    /// A path of the origin that this page came from.
    fn is_own(&self) -> bool {
        self.base.is_empty() || self.base.starts_with('/')
    }

    /// The request as it goes out, with what proves the caller.
    pub(super) async fn complete(&self, request: ApiRequest) -> Result<ApiRequest, ApiError> {
        match self.is_plain() {
            true => Ok(self.plain(request)),
            false => Ok(vendor::PREPARE.get((self.clone(), request)).await?),
        }
    }

    /// The same at once. `None` where no call was made before that takes more than a header.
    pub(super) fn complete_now(&self, request: ApiRequest) -> Option<ApiRequest> {
        match self.is_plain() {
            true => Some(self.plain(request)),
            false => (vendor::PREPARE.make)((self.clone(), request)),
        }
    }

    fn is_plain(&self) -> bool {
        let database = self.database.as_str();
        !self.azion_v4 && !self.credential.signs() && matches!(database, "" | DEFAULT)
    }

    fn plain(&self, request: ApiRequest) -> ApiRequest {
        let mut request = self.with_common(request);
        let header = self.credential.header();
        request
            .headers
            .extend(header.map(|(name, value)| (name.into(), value)));
        request
    }

    pub(super) fn with_common(&self, mut request: ApiRequest) -> ApiRequest {
        for (name, value) in &self.common {
            if request.query.iter().all(|(given, _)| given != name) {
                request.query.push(((*name).into(), value.clone()));
            }
        }
        request
    }
}
