//! The table of operations: all are at one address, and the parameter `Action` names one.

use std::{collections::HashMap, pin::Pin, sync::LazyLock};

use axum::http::Method;
use weir_platform::operations::Operation;

use super::{
    apis, applications, authorities,
    call::{Answer, Call},
    folders, groups, metadata, pickers,
    refusal::Refusal,
    trials,
};
use crate::KIND;

type Outcome = Result<Answer, Refusal>;

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

/// `audit` is its name in the audit log.
fn change(action: &str, audit: &'static str, run: Change) -> Operation<Run> {
    Operation::new(Method::POST, action, KIND, Some(audit), Run::Changes(run))
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
        change("CreateDataServiceApi", "create", |call| {
            Box::pin(apis::create(call))
        }),
        read("GetDataServiceApi", apis::get),
        change("UpdateDataServiceApi", "update", |call| {
            Box::pin(apis::update(call))
        }),
        change("DeleteDataServiceApi", "delete", |call| {
            Box::pin(apis::delete(call))
        }),
        read("ListDataServiceApis", apis::list),
        change("SubmitDataServiceApi", "submit", |call| {
            Box::pin(apis::submit(call))
        }),
        change("PublishDataServiceApi", "publish", |call| {
            Box::pin(apis::publish(call))
        }),
        change("AbolishDataServiceApi", "abolish", |call| {
            Box::pin(apis::abolish(call))
        }),
        read("GetDataServicePublishedApi", apis::get_published),
        read("ListDataServicePublishedApis", apis::list_published),
        change("TestDataServiceApi", "test", |call| {
            Box::pin(trials::start(call))
        }),
        read("GetDataServiceApiTest", trials::get),
        read("ListDataServiceApiTest", trials::list),
        change("SaveDataServiceApiTestResult", "update", |call| {
            Box::pin(trials::save_result(call))
        }),
        change("CreateDataServiceFolder", "create", |call| {
            Box::pin(folders::create(call))
        }),
        read("GetDataServiceFolder", folders::get),
        read("ListDataServiceFolders", folders::list),
        change("CreateDataServiceGroup", "create", |call| {
            Box::pin(groups::create(call))
        }),
        read("GetDataServiceGroup", groups::get),
        read("ListDataServiceGroups", groups::list),
        change("CreateDataServiceApiAuthority", "authorize", |call| {
            Box::pin(authorities::create(call))
        }),
        change("DeleteDataServiceApiAuthority", "revoke", |call| {
            Box::pin(authorities::delete(call))
        }),
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
