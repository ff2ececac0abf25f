//! Which other workspaces may call an API.

use serde_json::json;
use weir_api::dataworks::authority::{self, Granted, Received};

use super::{
    apis,
    call::{Answer, Call, page},
    now,
    records::{self, api::ApiRecord, grant::Grant},
    vendor_error::{VendorError, invalid, unknown},
};
use crate::clock;

/// The end of the year 9999, after which times have no form that everybody reads.
const LAST: i64 = 253_402_300_799;

/// A second one for the same workspace replaces the first.
pub(super) async fn create(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let project: i64 = call.parameters.number("AuthorizedProjectId")?;
    let end_time: i64 = call.parameters.number("EndTime")?;
    let _changing = works.changing.lock().await;
    let kept = apis::find(&call)?;
    if project == kept.api.project_id || project < 1 {
        let words = "another workspace is needed";
        return Err(invalid("AuthorizedProjectId", words));
    }
    if end_time.saturating_mul(1000) <= clock::now_ms() {
        return Err(invalid("EndTime", "Unix seconds in the future are needed"));
    }
    if end_time > LAST {
        return Err(invalid(
            "EndTime",
            "Unix seconds are needed, not milliseconds",
        ));
    }
    let old = |grant: &Grant| grant.api == kept.api.api_id && grant.authorized_project == project;
    let old = works
        .grants
        .list()
        .iter()
        .find(|grant| old(grant))
        .map(|grant| grant.id);
    let id = match old {
        Some(id) => id,
        None => records::next_id(&works.store).await?,
    };
    let grant = Grant {
        id,
        api: kept.api.api_id,
        authorized_project: project,
        end_time,
        created: now(),
        creator: call.actor.user.clone(),
    };
    works.grants.put(id, grant).await?;
    Ok(Answer::nothing().of(&kept.api.api_name))
}

pub(super) async fn delete(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let project: i64 = call.parameters.number("AuthorizedProjectId")?;
    let _changing = works.changing.lock().await;
    let kept = apis::find(&call)?;
    let same = |grant: &Grant| grant.api == kept.api.api_id && grant.authorized_project == project;
    let grants = works.grants.list();
    let Some(grant) = grants.iter().find(|grant| same(grant)) else {
        return Err(unknown(
            "AuthorizedProjectId",
            format!("an authorization of workspace {project}"),
        ));
    };
    works.grants.delete(vec![grant.id]).await?;
    Ok(Answer::nothing().of(&kept.api.api_name))
}

fn name_fits(call: &Call<'_>, kept: &ApiRecord) -> bool {
    let keyword = call.parameters.text("ApiNameKeyword");
    kept.api.api_name.contains(keyword)
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    let (works, project) = (&call.app.dataworks, call.parameters.project()?);
    let tenant = call.parameters.tenant()?;
    let grants = works.grants.list();
    let mut granted = Vec::new();
    for kept in works.apis.list() {
        let api = &kept.api;
        let of = grants.iter().filter(|grant| grant.api == api.api_id);
        let records: Vec<authority::Grant> = of
            .map(|grant| authority::Grant {
                created_time: grant.created.clone(),
                creator_id: grant.creator.clone(),
                end_time: grant.ends(),
                project_id: grant.authorized_project,
            })
            .collect();
        let here = api.project_id == project && tenant.holds(api.tenant_id);
        if !here || records.is_empty() || !name_fits(call, &kept) {
            continue;
        }
        granted.push(Granted {
            api_id: api.api_id,
            api_name: api.api_name.clone(),
            api_path: api.api_path.clone(),
            api_status: api.status,
            created_time: api.created_time.clone(),
            creator_id: api.creator_id.clone(),
            group_id: api.group_id.clone(),
            modified_time: api.modified_time.clone(),
            project_id: api.project_id,
            tenant_id: api.tenant_id,
            authorization_records: records,
        });
    }
    Ok(Answer::data(json!(page(
        call,
        "ApiAuthorizationList",
        granted
    )?)))
}

pub(super) fn list_received(call: &Call<'_>) -> Result<Answer, VendorError> {
    let (works, project) = (&call.app.dataworks, call.parameters.project()?);
    let mut received = Vec::new();
    for grant in works.grants.list() {
        let kept = works
            .apis
            .get(&grant.api)
            .filter(|kept| name_fits(call, kept));
        let Some(kept) = kept.filter(|_| grant.authorized_project == project) else {
            continue;
        };
        let api = &kept.api;
        received.push(Received {
            api_id: api.api_id,
            api_name: api.api_name.clone(),
            api_path: api.api_path.clone(),
            api_status: api.status,
            created_time: api.created_time.clone(),
            creator_id: api.creator_id.clone(),
            grant_created_time: grant.created.clone(),
            grant_end_time: grant.ends(),
            grant_operator_id: grant.creator.clone(),
            group_id: api.group_id.clone(),
            modified_time: api.modified_time.clone(),
            project_id: api.project_id,
            tenant_id: api.tenant_id,
        });
    }
    Ok(Answer::data(json!(page(
        call,
        "ApiAuthorizedList",
        received
    )?)))
}
