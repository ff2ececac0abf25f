//! Workspaces and data sources.

use std::collections::BTreeSet;

use serde_json::json;
use weir_api::dataworks::picker::{DataSource, Project};
use weir_store::Store;

use super::{
    DataWorks,
    call::{Answer, Call, page},
    vendor_error::{VendorError, service},
};

/// The workspace that is always there. Others are those that something is in: a workspace is only
/// a number here, as there is one database behind all of them.
const FIRST_PROJECT: i64 = 1;

/// The one database behind the data source.
pub(super) const DATABASE: &str = "default";
/// Before a table's name in its GUID.
pub(super) const GUID: &str = "weir.default.";

/// The data source: this backend's streams, views and tables.
pub(super) const SOURCE: i64 = 1;

pub(super) fn project_ids(works: &DataWorks) -> BTreeSet<i64> {
    let mut ids = BTreeSet::from([FIRST_PROJECT]);
    ids.extend(works.groups.list().iter().map(|group| group.project_id));
    ids.extend(works.apis.list().iter().map(|kept| kept.api.project_id));
    ids.extend(
        works
            .grants
            .list()
            .iter()
            .map(|grant| grant.authorized_project),
    );
    ids
}

pub(super) fn projects(call: &Call<'_>) -> Result<Answer, VendorError> {
    let project = |id: i64| Project {
        project_id: id,
        project_name: format!("Workspace {id}"),
        project_identifier: format!("workspace_{id}"),
        project_description: String::new(),
        project_status: 0,
    };
    let ids = project_ids(&call.app.dataworks).into_iter();
    let projects: Vec<Project> = ids.map(project).collect();
    Ok(Answer::bare(
        "PageResult",
        page(call, "ProjectList", projects)?,
    ))
}

pub(super) fn data_sources(call: &Call<'_>) -> Result<Answer, VendorError> {
    let source = DataSource {
        id: SOURCE,
        name: "weir".into(),
        data_source_type: "weir".into(),
        sub_type: String::new(),
        description: "Streams, views and external tables of the embedded backend".into(),
        env_type: 1,
        status: 1,
        project_id: call.parameters.project()?,
    };
    let (name, kind) = (
        call.parameters.text("Name"),
        call.parameters.get("DataSourceType"),
    );
    let fits = source.name.contains(name)
        && kind.is_none_or(|kind| kind.eq_ignore_ascii_case(&source.data_source_type))
        && call
            .parameters
            .get("EnvType")
            .is_none_or(|kind| kind == "1")
        && call
            .parameters
            .get("Status")
            .is_none_or(|status| status == "ENABLED");
    let sources: Vec<DataSource> = fits.then_some(source).into_iter().collect();
    Ok(Answer::data(json!(page(call, "DataSources", sources)?)))
}

/// There are none: everything runs in the backend itself.
pub(super) fn resource_groups() -> Result<Answer, VendorError> {
    Ok(Answer::data(json!([])))
}

/// The same under its older name.
pub(super) fn connections(call: &Call<'_>) -> Result<Answer, VendorError> {
    let kind = call.parameters.get("ConnectionType");
    let fits = kind.is_none_or(|kind| kind.eq_ignore_ascii_case("weir"))
        && "weir".contains(call.parameters.text("Name"));
    let connection = json!({
        "Id": SOURCE, "Name": "weir", "ConnectionType": "weir", "SubType": "", "EnvType": 1,
        "Status": 1, "ProjectId": call.parameters.project()?,
        "Description": "Streams, views and external tables of the embedded backend",
    });
    let connections: Vec<_> = fits.then_some(connection).into_iter().collect();
    Ok(Answer::data(page(call, "Connections", connections)?))
}

/// Of streams and views.
pub(super) fn table_names(store: &Store) -> BTreeSet<String> {
    let (streams, views) = (store.streams(), store.views());
    let streams = streams.iter().map(|stream| stream.name.clone());
    streams
        .chain(views.iter().map(|view| view.name.clone()))
        .collect()
}

/// What the data source holds, each under its own name.
pub(super) fn tables(call: &Call<'_>) -> Result<Answer, VendorError> {
    let database = call.parameters.text("DatabaseName");
    let mut names = table_names(&call.app.store);
    names.retain(|_| [DATABASE, ""].contains(&database));
    let tables: Vec<_> = names.into_iter().map(|name| {
        json!({"TableGuid": format!("{GUID}{name}"), "TableName": name, "DatabaseName": DATABASE})
    }).collect();
    Ok(Answer::data(page(call, "TableEntityList", tables)?))
}

pub(super) fn check_source(id: i64) -> Result<(), VendorError> {
    match id == SOURCE {
        true => Ok(()),
        false => Err(service(
            axum::http::StatusCode::BAD_REQUEST,
            "Invalid.Tenant.ConnectionNotExists",
            "The connection does not exist.",
        )),
    }
}
