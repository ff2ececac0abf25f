#![no_main]
//! A call to the relay: judging it ends, nothing panics, and what only reads does not when another
//! operation is named beside it. The input is `METHOD target`, lines of headers, an empty line and
//! the body.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;
use weir_api::System;
use weir_relay::Reading;

/// A few rows of the tables of operations.
fn table() -> Reading {
    let row = |system, method, path: &str| (system, method, path.to_string());
    let object = "/v1/{project}/workspaces/{workspace}/soc/{class}";
    Reading::new([
        row(System::Timeplus, Method::GET, "/api/info"),
        row(System::Timeplus, Method::GET, "/api/v1beta2/streams/{name}"),
        row(System::Timeplus, Method::POST, "/api/v1beta2/sqlanalyze"),
        row(System::Azion, Method::GET, "/data_streaming/streamings"),
        row(System::Azion, Method::GET, "/workspace/stream/streams/{id}"),
        row(System::SecMaster, Method::GET, &format!("{object}/{{id}}")),
        row(System::SecMaster, Method::POST, &format!("{object}/search")),
    ])
}

const SYSTEMS: [Option<System>; 5] = [
    None,
    Some(System::Timeplus),
    Some(System::Azion),
    Some(System::SecMaster),
    Some(System::DataWorks),
];

fn read(text: &str) -> Option<(Method, &str, HeaderMap, &str)> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let (method, target) = lines.next()?.split_once(' ')?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::try_from(name).ok()?;
        headers.append(name, HeaderValue::try_from(value.trim()).ok()?);
    }
    let whole = target.starts_with('/') && !target.contains('#');
    let method = Method::from_bytes(method.as_bytes()).ok()?;
    whole.then_some((method, target, headers, body))
}

fuzz_target!(|text: &str| {
    let table = table();
    let Some((method, target, headers, body)) = read(text) else {
        return;
    };
    for system in SYSTEMS {
        let judge = |target: &str, headers: &HeaderMap| {
            weir_relay::only_reads(&table, system, &method, target, headers, body.as_bytes())
        };
        if judge(target, &headers) != Some(true) {
            continue;
        }
        assert!([Method::GET, Method::HEAD, Method::POST].contains(&method));
        let and = if target.contains('?') { '&' } else { '?' };
        for more in [
            "Action=DeleteDataServiceApi",
            "%41ction=DeleteDataServiceApi",
            "_method=DELETE",
        ] {
            let other = format!("{target}{and}{more}");
            assert_ne!(judge(&other, &headers), Some(true), "{other}");
        }
        let mut named = headers.clone();
        named.append(
            "x-acs-action",
            HeaderValue::from_static("DeleteDataServiceApi"),
        );
        assert_ne!(judge(target, &named), Some(true));
    }
});
