//! Alibaba Cloud DataWorks DataService, API version 2020-05-18.
//!
//! Every call goes to `/`; the operation is the query parameter `Action`, [`place`] says where its
//! other parameters are. The connection adds `ProjectId`, `TenantId`, `Version` and its signature.

pub mod answer;
pub mod api;
pub mod application;
pub mod authority;
pub mod codes;
pub mod details;
mod error;
pub mod folder;
pub mod group;
pub mod picker;
pub mod place;
pub mod rules;
mod sign;
pub mod test;

use crate::{ApiRequest, request::encode};

pub use error::{INVALID, is_throttled, read as error, refusal};
pub use sign::{
    AccessKey, GatewayParts, SignatureVersion, V3Parts, VERSION, form, gateway_signature,
    gateway_string_to_sign, hex_sha256, sign, v1_signature, v1_string_to_sign, v3_canonical,
    v3_signature,
};

/// An operation and its parameters.
struct Operation {
    action: &'static str,
    form: Vec<(String, String)>,
}

impl Operation {
    fn new(action: &'static str) -> Self {
        Self {
            action,
            form: Vec::new(),
        }
    }

    fn with(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.form.push((name.into(), value.to_string()));
        self
    }

    /// Nothing is sent where there is no value.
    fn maybe(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Nothing is sent for an empty text.
    fn text(self, name: &str, value: &str) -> Self {
        self.maybe(name, Some(value).filter(|value| !value.is_empty()))
    }

    fn request(self) -> ApiRequest {
        let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
        let (query, form): (Vec<_>, Vec<_>) = self
            .form
            .into_iter()
            .partition(|(name, _)| place::in_query(self.action, name));
        let mut request = ApiRequest::new(place::method(self.action), "/");
        request = request.query("Action", self.action);
        for (name, value) in query {
            request = request.query(name, value);
        }
        let form: Vec<String> = form.iter().map(pair).collect();
        match form.is_empty() {
            true => request,
            false => request.bytes(place::FORM, form.join("&").into()),
        }
    }
}

/// The operations that change nothing. All others do.
pub const READING_ACTIONS: &[&str] = &[
    "GetDataServiceApi",
    "GetDataServiceApiTest",
    "GetDataServiceApplication",
    "GetDataServiceFolder",
    "GetDataServiceGroup",
    "GetDataServicePublishedApi",
    "ListDataServiceApiAuthorities",
    "ListDataServiceApiTest",
    "ListDataServiceApis",
    "ListDataServiceApplications",
    "ListDataServiceAuthorizedApis",
    "ListDataServiceFolders",
    "ListDataServiceGroups",
    "ListDataServicePublishedApis",
    "ListDataSources",
    "ListProjects",
    "ListResourceGroups",
    "GetProject",
    "GetProjectDetail",
    "ListConnections",
    "ListTables",
    "CheckMetaPartition",
    "CheckMetaTable",
    "GetMetaCategory",
    "GetMetaColumnLineage",
    "GetMetaDBInfo",
    "GetMetaDBTableList",
    "GetMetaTableBasicInfo",
    "GetMetaTableChangeLog",
    "GetMetaTableColumn",
    "GetMetaTableFullInfo",
    "GetMetaTableIntroWiki",
    "GetMetaTableLineage",
    "GetMetaTableListByCategory",
    "GetMetaTableOutput",
    "GetMetaTablePartition",
    "GetMetaTableProducingTasks",
    "GetMetaTableThemeLevel",
    "SearchMetaTables",
];

/// Which part of a list is asked for; pages count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    pub number: u32,
    /// At most 100.
    pub size: u32,
}

impl Paging {
    pub const LARGEST: u32 = 100;

    pub fn first() -> Self {
        Self {
            number: 1,
            size: Self::LARGEST,
        }
    }
}

/// The same list, another part of it.
pub fn repaged(asked: &ApiRequest, paging: Paging) -> ApiRequest {
    let is_page = |name: &str| matches!(name, "PageNumber" | "PageNum");
    let mut next = asked.clone();
    for (name, value) in &mut next.query {
        if is_page(name) {
            *value = paging.number.to_string();
        }
    }
    if let Some(body) = &mut next.body {
        let form = String::from_utf8_lossy(&body.bytes).into_owned();
        let pairs = form.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_page(name) => format!("{name}={}", paging.number),
            _ => pair.to_string(),
        });
        body.bytes = pairs.collect::<Vec<_>>().join("&").into_bytes();
    }
    next
}

impl Operation {
    fn paged(self, paging: Paging) -> Self {
        self.with("PageNumber", paging.number)
            .with("PageSize", paging.size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_part_of_a_list_keeps_what_was_asked_for() {
        let second = Paging {
            number: 2,
            ..Paging::first()
        };
        for asked in [
            picker::tables("odps", "db", Paging::first()),
            picker::columns("odps.p.t", Paging::first()),
            group::list("a&b", Paging::first()),
        ] {
            let text = |request: &ApiRequest| {
                let body = request.body.as_ref().map(|body| body.bytes.clone());
                let body = String::from_utf8(body.unwrap_or_default()).expect("text");
                format!("{} {body}", request.target())
            };
            let (before, after) = (text(&asked), text(&repaged(&asked, second)));
            let moved = before.replace("PageNumber=1", "PageNumber=2");
            assert_eq!(after, moved.replace("PageNum=1", "PageNum=2"), "{before}");
            assert_ne!(before, after);
        }
    }

    #[test]
    fn parameters_are_a_form_and_the_operation_stands_in_the_query() {
        let request = Operation::new("X")
            .with("Name", "a b*&~/ä")
            .text("Empty", "")
            .maybe("None", None::<i64>)
            .paged(Paging::first())
            .request();
        assert_eq!(request.target(), "/?Action=X");
        let body = request.body.expect("body");
        assert_eq!(
            String::from_utf8_lossy(&body.bytes),
            "Name=a%20b%2A%26~%2F%C3%A4&PageNumber=1&PageSize=100"
        );
    }
}
