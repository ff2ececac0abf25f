//! What only reads at each system, for calls that are passed on: the rows of the systems' own tables.

use axum::http::Method;
use weir_api::System;
use weir_platform::operations::Operation;
use weir_relay::Reading;

pub(crate) fn operations() -> Reading {
    let timeplus = of(
        System::Timeplus,
        "/api/v1beta2",
        weir_timeplus::operations().rows(),
    );
    let info = of(System::Timeplus, "/api", weir_timeplus::info().rows());
    let secmaster = of(System::SecMaster, "", weir_secmaster::operations().rows());
    // Versions differ in what stands before their paths.
    let azion = weir_azion::operations().into_iter();
    let azion = azion.flat_map(|(_, all)| of(System::Azion, "", all.rows()));
    Reading::new(timeplus.chain(info).chain(secmaster).chain(azion))
}

fn of(
    system: System,
    below: &'static str,
    rows: Vec<Operation>,
) -> impl Iterator<Item = (System, Method, String)> {
    let reading = rows.into_iter().filter(|row| row.reads);
    reading.map(move |row| (system, row.method, format!("{below}{}", row.path)))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    #[test]
    fn what_the_console_reads_reads_and_statements_do_not() {
        let table = operations();
        let reads = |system, method: Method, target: &str, body: &[u8]| {
            let headers = HeaderMap::new();
            weir_relay::only_reads(&table, Some(system), &method, target, &headers, body)
        };
        let workspace = "/v1/p/workspaces/w";
        for (system, method, target) in [
            (System::Timeplus, Method::GET, "/default/api/info"),
            (
                System::Timeplus,
                Method::GET,
                "/default/api/v1beta2/streams",
            ),
            (
                System::Timeplus,
                Method::GET,
                "/default/api/v1beta2/streams/a",
            ),
            (
                System::Timeplus,
                Method::POST,
                "/default/api/v1beta2/format",
            ),
            (System::Azion, Method::GET, "/data_streaming/streamings/1"),
            (System::Azion, Method::GET, "/v4/workspace/stream/streams"),
            (System::SecMaster, Method::GET, "/v3/projects?name=a"),
            (
                System::SecMaster,
                Method::GET,
                &format!("{workspace}/siem/pipes"),
            ),
            (
                System::SecMaster,
                Method::POST,
                &format!("{workspace}/soc/alerts/search"),
            ),
        ] {
            let body: &[u8] = if method == Method::POST { b"{}" } else { b"" };
            let read = reads(system, method.clone(), target, body);
            assert_eq!(read, Some(true), "{method} {target}");
        }
        for (system, method, target) in [
            (System::Timeplus, Method::POST, "/default/api/v1beta2/exec"),
            (
                System::Timeplus,
                Method::POST,
                "/default/api/v1beta2/queries",
            ),
            (
                System::Timeplus,
                Method::POST,
                "/default/api/v1beta2/source/preview",
            ),
            (System::Timeplus, Method::GET, "/default/api/v1beta2/other"),
            (System::Azion, Method::POST, "/data_streaming/streamings"),
            (System::SecMaster, Method::POST, "/v3/auth/tokens"),
            (
                System::SecMaster,
                Method::POST,
                &format!("{workspace}/soc/alerts"),
            ),
        ] {
            let read = reads(system, method.clone(), target, b"");
            assert_eq!(read, Some(false), "{method} {target}");
        }
    }
}
