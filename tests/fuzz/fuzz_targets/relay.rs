#![no_main]
//! A call to the relay: judging it ends, nothing panics, and what only reads does not when another
//! operation is named beside it. The input is `METHOD target`, lines of headers, an empty line and
//! the body.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use libfuzzer_sys::fuzz_target;
use weir_api::System;

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
    let Some((method, target, headers, body)) = read(text) else {
        return;
    };
    for system in SYSTEMS {
        let judge = |target: &str, headers: &HeaderMap| {
            weir_relay::only_reads(system, &method, target, headers, body.as_bytes())
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
