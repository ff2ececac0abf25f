use super::*;

/// A few rows of each table.
fn table() -> Reading {
    let row = |system, method, path: &str| (system, method, path.to_string());
    Reading::new([
        row(System::Timeplus, Method::GET, "/api/info"),
        row(System::Timeplus, Method::GET, "/api/v1beta2/streams"),
        row(System::Timeplus, Method::GET, "/api/v1beta2/streams/{name}"),
        row(System::Timeplus, Method::POST, "/api/v1beta2/sqlanalyze"),
        row(System::Azion, Method::GET, "/data_streaming/streamings"),
        row(System::Azion, Method::GET, "/workspace/stream/streams/{id}"),
        row(
            System::SecMaster,
            Method::GET,
            "/v1/{project}/workspaces/{workspace}/soc/{class}/{id}",
        ),
        row(
            System::SecMaster,
            Method::POST,
            "/v1/{project}/workspaces/{workspace}/soc/{class}/search",
        ),
    ])
}

fn reads(system: Option<System>, method: Method, url: &str, content: Content) -> bool {
    let mut headers = HeaderMap::new();
    let kind = "application/x-www-form-urlencoded".parse().expect("value");
    headers.insert(header::CONTENT_TYPE, kind);
    Outgoing {
        system,
        method: &method,
        below: "",
        url: &format!("http://a.example{url}").parse().expect("URL"),
        headers: &headers,
        content,
    }
    .reads(&table())
}

#[test]
fn only_known_actions_read() {
    let get = |query: &str| {
        reads(
            Some(System::DataWorks),
            Method::GET,
            &format!("/?{query}"),
            Content::Nothing,
        )
    };
    assert!(get(
        "Action=ListDataServiceGroups&PageNumber=1&SignatureMethod=HMAC-SHA1"
    ));
    assert!(
        get("%41ction=ListDataServiceGroups"),
        "it is what it says once decoded"
    );
    for changes in [
        "",
        "Action=DeleteDataServiceApi",
        "%41ction=DeleteDataServiceApi",
        "%2541ction=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&Action=DeleteDataServiceApi",
        "Action=DeleteDataServiceApi&Action=ListDataServiceGroups",
        "Action=ListDataServiceGroups&action=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&ACTION=DeleteDataServiceApi",
        "Action=ListDataServiceGroups;Action=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&x=1;Action=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&%20Action=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&Action%00=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&Action%5B%5D=DeleteDataServiceApi",
        "Action=ListDataServiceGroups&_method=DELETE",
        "Action=ListDataServiceGroups&X-HTTP-Method-Override=DELETE",
        "Action=GetOrDelete",
        "Action=Get",
        "Action=listDataServiceGroups",
        "Action=ListDataServiceGroups%20",
    ] {
        assert!(!get(changes), "{changes}");
    }
    // Published APIs are below, and do not care for an action.
    for elsewhere in ["/api/x", "/x/", "/dataworks/api/x", "/dataworksx", "/%2e"] {
        let url = format!("{elsewhere}?Action=ListDataServiceGroups");
        let read = reads(Some(System::DataWorks), Method::GET, &url, Content::Nothing);
        assert!(!read, "{elsewhere}");
    }
    let url = "/dataworks/?Action=ListDataServiceGroups";
    assert!(reads(
        Some(System::DataWorks),
        Method::GET,
        url,
        Content::Nothing
    ));
}

#[test]
fn the_body_is_read_too() {
    let post = |body: &str| {
        let url = "/?Action=ListDataServiceGroups";
        let body = Content::Whole(body.as_bytes());
        reads(Some(System::DataWorks), Method::POST, url, body)
    };
    assert!(post("") && post("PageNumber=1") && post("Action=ListDataServiceGroups"));
    assert!(!post("Action=DeleteDataServiceApi") && !post("%61ction=DeleteDataServiceApi"));
    for (kind, known) in [
        ("application/x-www-form-urlencoded; charset=UTF-8", true),
        ("application/x-www-form-urlencoded; charset=utf-16", false),
        ("application/x-www-form-urlencoded; charset=ibm037", false),
        ("application/x-www-form-urlencodedx", false),
        ("multipart/form-data; boundary=b", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, kind.parse().expect("value"));
        let outgoing = Outgoing {
            system: Some(System::DataWorks),
            method: &Method::POST,
            below: "",
            url: &"http://a.example/?Action=ListDataServiceGroups"
                .parse()
                .expect("URL"),
            headers: &headers,
            content: Content::Whole(b"PageNumber=1"),
        };
        assert_eq!(outgoing.reads(&table()), known, "{kind}");
    }
    let unread = |method| {
        let url = "/?Action=ListDataServiceGroups";
        reads(Some(System::DataWorks), method, url, Content::Unread)
    };
    assert!(!unread(Method::POST) && !unread(Method::GET));
}

#[test]
fn elsewhere_the_path_tells() {
    let timeplus = Some(System::Timeplus);
    let streams = "/default/api/v1beta2/streams/payroll";
    assert!(reads(timeplus, Method::GET, streams, Content::Nothing));
    assert!(reads(timeplus, Method::HEAD, streams, Content::Nothing));
    assert!(reads(
        timeplus,
        Method::POST,
        "/a/api/v1beta2/sqlanalyze",
        Content::Whole(b"{}")
    ));
    for (method, url) in [
        (Method::GET, "/signin?token=1"),
        (
            Method::GET,
            "/default/api/v1beta2/streams?Action=ListDataServiceGroups",
        ),
        (Method::DELETE, streams),
        (
            Method::DELETE,
            "/default/api/v1beta2/streams/payroll?Action=Get",
        ),
        (Method::POST, "/default/api/v1beta2/queries"),
        (Method::POST, "/default/api/v1beta2/streams/sqlanalyze"),
        (Method::TRACE, streams),
        (Method::GET, "/admin/delete%3F/api/v1beta2/streams"),
        (Method::GET, "/admin/delete%253F/api/v1beta2/streams"),
        (Method::GET, "/admin/delete%23/api/v1beta2/streams"),
        (Method::GET, "/admin/delete;/api/v1beta2/streams"),
        (Method::GET, "/admin/delete%3b/api/v1beta2/streams"),
        (Method::GET, "/admin%2Fdelete/api/v1beta2/streams"),
        (Method::GET, "/default%2Fapi%2Fv1beta2%2Fstreams"),
        (Method::GET, "//default/api/v1beta2/streams"),
        (Method::GET, "/default/api//v1beta2/streams"),
        (Method::GET, "/delete/everything/api/v1beta2/streams"),
        (Method::GET, "/default/api/v1beta2"),
        (Method::GET, "/default/API/v1beta2/streams"),
        (Method::GET, "/default/api/v1beta2/streams?verb=DELETE"),
        (Method::from_bytes(b"get").expect("method"), streams),
    ] {
        assert!(
            !reads(timeplus, method.clone(), url, Content::Nothing),
            "{method} {url}"
        );
    }
    let secmaster =
        |method, url| reads(Some(System::SecMaster), method, url, Content::Whole(b"{}"));
    let search = "/v1/p/workspaces/w/soc/alerts/search";
    assert!(secmaster(Method::POST, search));
    assert!(secmaster(
        Method::POST,
        "/secmaster/v1/p/workspaces/w/soc/alerts/search"
    ));
    for other in [
        "/v1/p/workspaces/w/soc/alerts",
        "/x/soc/delete/search",
        "/a/b/v1/p/workspaces/w/soc/alerts/search",
        "/v1/p/workspaces/w/soc/alerts/1/search",
    ] {
        assert!(!secmaster(Method::POST, other), "{other}");
    }
    assert!(
        !secmaster(Method::GET, "/v1/p/workspaces/w/soc/alerts"),
        "with a body"
    );
}

#[test]
fn only_whole_paths_of_the_tables_read() {
    let azion = |url| reads(Some(System::Azion), Method::GET, url, Content::Nothing);
    for known in [
        "/data_streaming/streamings",
        "/data_streaming/streamings/",
        "/azion/data_streaming/streamings",
        "/workspace/stream/streams/1",
        "/v4/workspace/stream/streams/1",
        "/azion/v4/workspace/stream/streams/1",
    ] {
        assert!(azion(known), "{known}");
    }
    for other in [
        "/anything/data_streaming/streamings",
        "/azion/azion/data_streaming/streamings",
        "/data_streaming/purge",
        "/data_streaming/streamings/1/delete",
        "/data_streaming",
        "/v4/anything/stream/streams/1",
        "/x/v4/workspace/stream/streams/1",
        "/workspace/stream/streams/1/x",
        "/v4/v4/workspace/stream/streams/1",
        "/{name}/data_streaming/streamings",
        "/",
        "",
    ] {
        assert!(!azion(other), "{other}");
    }
    let timeplus = |url| reads(Some(System::Timeplus), Method::GET, url, Content::Nothing);
    assert!(timeplus("/api/info") && timeplus("/a/api/info"));
    for other in [
        "/a/b/api/info",
        "/default/api/v1beta2/whatever/delete",
        "/default/api/v1beta1/streams",
        "/default/api/v1beta2/streams/a/delete",
        "/api/api/info",
    ] {
        assert!(!timeplus(other), "{other}");
    }
    let secmaster = |url| reads(Some(System::SecMaster), Method::GET, url, Content::Nothing);
    assert!(secmaster("/v1/p/workspaces/w/soc/alerts/1"));
    assert!(!secmaster("/x/v1/p/workspaces/w/soc/alerts/1"));
    assert!(!secmaster("/v2/p/workspaces/w/soc/alerts/1"));
    // Of an upstream that is none of these systems nothing is known.
    for url in ["/", "/x", "/?Action=ListDataServiceGroups", "/api/info"] {
        assert!(!reads(None, Method::GET, url, Content::Nothing), "{url}");
    }
}

#[test]
fn paths_stay_below_the_prefix() {
    for leaves in [
        "/../x",
        "/a/../../x",
        "/%2e%2e/x",
        "/a/.%2E/x",
        "/..%2fx",
        "/%252e%252e/x",
        "/..;/x",
        "/a\\..\\x",
        "/%5c..%5cx",
        "/./x",
        "/..",
        "/%00",
        "/%25252525252e",
        "/%c0%ae%c0%ae/x",
        "/a/..%c0%afx",
        "/%u002e%u002e/x",
        "/%25u002e%25u002e/x",
        "/%ef%bc%8e%ef%bc%8e/x",
        "/.%ef%bc%8e/x",
        "/a%ef%bc%8f..%ef%bc%8fx",
        "/%e2%80%a5/x",
        "/%80",
    ] {
        assert!(!stays_inside(leaves), "{leaves}");
    }
    for stays in ["", "/", "/a..b/c", "/a%2Fb", "/...", "/50%25"] {
        assert!(stays_inside(stays), "{stays}");
    }
}
