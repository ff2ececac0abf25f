//! The parameters of an operation: query and form together.

use std::{collections::HashMap, str::FromStr};

use axum::http::{header, request::Parts};
use weir_api::dataworks::{Paging, form};

use super::vendor_error::{VendorError, invalid, missing};

/// The tenant that a call names, if any.
#[derive(Clone, Copy)]
pub(super) struct Tenant(Option<i64>);

impl Tenant {
    /// Whether something that was made for `tenant` is meant.
    pub(super) fn holds(self, tenant: Option<i64>) -> bool {
        match (self.0, tenant) {
            (Some(named), Some(tenant)) => named == tenant,
            _ => true,
        }
    }
}

pub(super) struct Parameters(pub Vec<(String, String)>);

/// Parameters of one body: each takes many times its bytes once it is read.
pub(super) const MOST: usize = 10_000;

fn is_form(head: &Parts) -> bool {
    let content_type = head.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

pub(super) fn too_many(head: &Parts, body: &[u8]) -> bool {
    is_form(head) && body.iter().filter(|byte| **byte == b'&').count() > MOST
}

impl Parameters {
    /// Of query and form, in this order.
    pub(super) fn of(head: &Parts, body: &[u8]) -> Self {
        let mut all = form(head.uri.query().unwrap_or_default().as_bytes());
        if is_form(head) {
            all.extend(form(body));
        }
        Self(all)
    }

    /// The first of that name; empty is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    pub(super) fn needed(&self, name: &str) -> Result<&str, VendorError> {
        self.get(name).ok_or_else(|| missing(name))
    }

    pub(super) fn maybe<T: FromStr>(&self, name: &str) -> Result<Option<T>, VendorError> {
        let parsed = self.get(name).map(str::parse).transpose();
        parsed.map_err(|_| invalid(name, "a number is needed"))
    }

    pub(super) fn number<T: FromStr>(&self, name: &str) -> Result<T, VendorError> {
        self.maybe(name)?.ok_or_else(|| missing(name))
    }

    /// The vendor's client for Python writes `True`. Absent is false.
    pub(super) fn flag(&self, name: &str) -> Result<bool, VendorError> {
        match self.text(name).to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "" | "false" => Ok(false),
            _ => Err(invalid(name, "true or false is needed")),
        }
    }

    pub(super) fn tenant(&self) -> Result<Tenant, VendorError> {
        self.maybe("TenantId").map(Tenant)
    }

    pub(super) fn project(&self) -> Result<i64, VendorError> {
        match self.number("ProjectId")? {
            id @ 1.. => Ok(id),
            _ => Err(invalid("ProjectId", "must be positive")),
        }
    }

    /// Operations about metadata call the page `PageNum`.
    pub(super) fn paging(&self) -> Result<Paging, VendorError> {
        let number = self.maybe("PageNumber")?.or(self.maybe("PageNum")?);
        let paging = Paging {
            number: number.unwrap_or(1),
            size: self.maybe("PageSize")?.unwrap_or(10),
        };
        if paging.number == 0 {
            return Err(invalid("PageNumber", "pages count from 1"));
        }
        if !(1..=Paging::LARGEST).contains(&paging.size) {
            let words = format!("must be from 1 to {}", Paging::LARGEST);
            return Err(invalid("PageSize", words));
        }
        Ok(paging)
    }

    /// `{list}.N.ParamKey` with `{list}.N.ParamValue`.
    pub(super) fn pairs(&self, list: &str) -> Vec<(String, String)> {
        let own = self.0.iter().rev().filter_map(|(name, value)| {
            let inside = name.strip_prefix(list)?.strip_prefix('.')?;
            Some((inside, value))
        });
        // The first of a name holds.
        let own: HashMap<&str, &String> = own.collect();
        let value = |index: usize, part: &str| {
            let found = own.get(format!("{index}.{part}").as_str());
            found.map(|value| (*value).clone())
        };
        (1..)
            .map_while(|index| {
                let key = value(index, "ParamKey")?;
                Some((key, value(index, "ParamValue").unwrap_or_default()))
            })
            .collect()
    }
}
