//! Where each parameter of an operation travels, as the vendor's own client
//! (`alibabacloud-dataworks-public20200518`) sends it: in the form of a POST, but for these.

use crate::{ApiRequest, Method, request::encode};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

enum InQuery {
    All,
    Only(&'static [&'static str]),
}

use InQuery::{All, Only};

const OPERATIONS: &[(&str, Method, InQuery)] = &[
    ("CheckMetaPartition", Method::Post, All),
    ("CheckMetaTable", Method::Post, All),
    ("GetDataServiceApiTest", Method::Get, All),
    ("GetMetaCategory", Method::Post, All),
    ("GetMetaColumnLineage", Method::Post, All),
    ("GetMetaDBInfo", Method::Get, All),
    ("GetMetaDBTableList", Method::Post, All),
    ("GetMetaTableBasicInfo", Method::Get, All),
    ("GetMetaTableColumn", Method::Get, All),
    ("GetMetaTableFullInfo", Method::Get, All),
    ("GetMetaTableIntroWiki", Method::Post, All),
    ("GetMetaTableLineage", Method::Post, All),
    ("GetMetaTableListByCategory", Method::Get, All),
    ("GetMetaTableOutput", Method::Post, All),
    ("GetMetaTablePartition", Method::Post, All),
    ("GetMetaTableProducingTasks", Method::Post, All),
    ("GetMetaTableThemeLevel", Method::Get, All),
    ("GetProject", Method::Post, All),
    ("GetProjectDetail", Method::Post, All),
    ("ListConnections", Method::Get, All),
    ("ListDataServiceApiAuthorities", Method::Post, PAGES),
    ("ListDataServiceApiTest", Method::Get, All),
    ("ListDataServiceAuthorizedApis", Method::Post, PAGES),
    ("ListDataSources", Method::Get, All),
    ("ListProjects", Method::Post, All),
    ("ListResourceGroups", Method::Post, All),
    ("ListTables", Method::Post, All),
    ("SearchMetaTables", Method::Post, All),
    ("TestDataServiceApi", Method::Post, Only(&["ApiId"])),
];

const PAGES: InQuery = Only(&["PageNumber", "PageSize"]);

/// Of the gateway, in the query of every operation.
const COMMON: &[&str] = &["Action", "Version"];

fn found(action: &str) -> Option<&'static (&'static str, Method, InQuery)> {
    OPERATIONS.iter().find(|(known, ..)| *known == action)
}

pub(super) fn method(action: &str) -> Method {
    found(action).map_or(Method::Post, |(_, method, _)| *method)
}

/// Whether the parameter travels in the query, and nowhere else.
pub fn in_query(action: &str, parameter: &str) -> bool {
    match found(action) {
        Some((_, _, All)) => true,
        Some((_, _, Only(names))) => names.contains(&parameter),
        None => false,
    }
}

/// Moves into the form what does not belong into the query: the connection adds its parameters
/// there.
pub(super) fn placed(mut request: ApiRequest) -> ApiRequest {
    let action = request.query.iter().find(|(name, _)| *name == "Action");
    let action = action.map_or_else(String::new, |(_, action)| action.clone());
    let stays = |name: &str| COMMON.contains(&name) || in_query(&action, name);
    let (query, moved): (Vec<_>, Vec<_>) =
        request.query.into_iter().partition(|(name, _)| stays(name));
    request.query = query;
    let moved: Vec<String> = moved
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    if moved.is_empty() {
        return request;
    }
    let mut form = request.body.take().map_or_else(Vec::new, |body| body.bytes);
    if !form.is_empty() {
        form.push(b'&');
    }
    form.extend_from_slice(moved.join("&").as_bytes());
    request.bytes(FORM, form)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(request: &ApiRequest) -> String {
        let body = request.body.as_ref().map(|body| body.bytes.clone());
        String::from_utf8(body.unwrap_or_default()).expect("text")
    }

    #[test]
    fn what_the_connection_adds_goes_where_the_clients_of_the_vendor_put_it() {
        let request = ApiRequest::post("/")
            .query("Action", "GetDataServiceApi")
            .query("ProjectId", "1")
            .bytes(FORM, b"ApiId=7".to_vec());
        let placed = placed(request);
        assert_eq!(placed.target(), "/?Action=GetDataServiceApi");
        assert_eq!(body(&placed), "ApiId=7&ProjectId=1");
    }

    #[test]
    fn reading_operations_keep_their_query() {
        let request = ApiRequest::get("/")
            .query("Action", "ListDataSources")
            .query("ProjectId", "1");
        let target = request.target();
        let placed = placed(request);
        assert_eq!((placed.target(), placed.body), (target, None));
    }
}
