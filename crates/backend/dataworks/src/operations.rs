//! The table of operations: all are at one address, and the parameter `Action` names one.

use std::{collections::HashMap, pin::Pin, sync::LazyLock};

use axum::http::Method;
use weir_platform::operations::Operation;

use super::{
    apis, applications, authorities,
    call::{Answer, Call},
    folders, groups, metadata, pickers, trials,
    vendor_error::VendorError,
};
use crate::KIND;

type Outcome = Result<Answer, VendorError>;

/// What runs an operation.
#[derive(Clone, Copy)]
pub(super) enum Run {
    Reads(for<'a> fn(&Call<'a>) -> Outcome),
    Changes(Change),
}

type Change = for<'a> fn(Call<'a>) -> Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

fn read(action: &str, run: for<'a> fn(&Call<'a>) -> Outcome) -> Operation<Run> {
    Operation::new(Method::GET, action, KIND, None, Run::Reads(run))
}

/// With its name in the audit log.
macro_rules! change {
    ($action:literal, $audit:literal, $run:path) => {
        Operation::new(
            Method::POST,
            $action,
            KIND,
            Some($audit),
            Run::Changes(|call| Box::pin($run(call))),
        )
    };
}

static BY_ACTION: LazyLock<HashMap<String, Operation<Run>>> = LazyLock::new(|| {
    let rows = table().into_iter();
    rows.map(|row| (row.path.clone(), row)).collect()
});

pub(super) fn find(action: &str) -> Option<&'static Operation<Run>> {
    BY_ACTION.get(action)
}

fn table() -> Vec<Operation<Run>> {
    vec![
        change!("CreateDataServiceApi", "create", apis::create),
        read("GetDataServiceApi", apis::get),
        change!("UpdateDataServiceApi", "update", apis::update),
        change!("DeleteDataServiceApi", "delete", apis::delete),
        read("ListDataServiceApis", apis::list),
        change!("SubmitDataServiceApi", "submit", apis::submit),
        change!("PublishDataServiceApi", "publish", apis::publish),
        change!("AbolishDataServiceApi", "abolish", apis::abolish),
        read("GetDataServicePublishedApi", apis::get_published),
        read("ListDataServicePublishedApis", apis::list_published),
        change!("TestDataServiceApi", "test", trials::start),
        read("GetDataServiceApiTest", trials::get),
        read("ListDataServiceApiTest", trials::list),
        change!(
            "SaveDataServiceApiTestResult",
            "update",
            trials::save_result
        ),
        change!("CreateDataServiceFolder", "create", folders::create),
        read("GetDataServiceFolder", folders::get),
        read("ListDataServiceFolders", folders::list),
        change!("CreateDataServiceGroup", "create", groups::create),
        read("GetDataServiceGroup", groups::get),
        read("ListDataServiceGroups", groups::list),
        change!(
            "CreateDataServiceApiAuthority",
            "authorize",
            authorities::create
        ),
        change!(
            "DeleteDataServiceApiAuthority",
            "revoke",
            authorities::delete
        ),
        read("ListDataServiceApiAuthorities", authorities::list),
        read("ListDataServiceAuthorizedApis", authorities::list_received),
        read("ListDataServiceApplications", applications::list),
        read("GetDataServiceApplication", applications::get),
        read("ListProjects", pickers::projects),
        read("ListDataSources", pickers::data_sources),
        read("ListResourceGroups", |_| pickers::resource_groups()),
        read("GetMetaDBTableList", pickers::tables),
        read("ListConnections", pickers::connections),
        read("GetProject", metadata::project),
        read("GetProjectDetail", metadata::project),
        read("GetMetaTableColumn", metadata::columns),
        read("GetMetaDBInfo", metadata::database),
        read("GetMetaTableBasicInfo", metadata::basic),
        read("GetMetaTableFullInfo", metadata::full),
        read("CheckMetaTable", metadata::exists),
        read("CheckMetaPartition", metadata::partition_exists),
        read("SearchMetaTables", metadata::search),
        read("ListTables", metadata::list),
        read("GetMetaTableLineage", metadata::lineage),
        read("GetMetaTableIntroWiki", metadata::wiki),
        read("GetMetaTablePartition", metadata::none_of_table),
        read("GetMetaTableChangeLog", metadata::none_of_table),
        read("GetMetaTableOutput", metadata::none_of_table),
        read("GetMetaColumnLineage", |call| {
            metadata::none(call, "DataEntityList")
        }),
        read("GetMetaCategory", |call| {
            metadata::none(call, "DataEntityList")
        }),
        read("GetMetaTableListByCategory", |call| {
            metadata::none(call, "TableGuidList")
        }),
        read("GetMetaTableProducingTasks", metadata::tasks),
        read("GetMetaTableThemeLevel", metadata::themes),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use weir_api::dataworks::READING_ACTIONS;

    use super::*;

    /// The console and the relay know these without this backend.
    #[test]
    fn what_only_reads_is_what_the_wire_types_say() {
        let rows = table();
        let reads = rows.iter().filter(|row| row.audit.is_none());
        let reads: BTreeSet<&str> = reads.map(|row| row.path.as_str()).collect();
        assert_eq!(reads, READING_ACTIONS.iter().copied().collect());
    }
}
