//! APIs as they are developed, submitted and published.

mod life;
mod settings;

use std::sync::Arc;

use serde_json::json;
use weir_api::dataworks::{api::Api, codes, rules};

pub(super) use self::life::{abolish, delete, publish, save_samples, submit};

use self::settings::{apply, settings, unused};
use super::{
    call::{Answer, Call, page},
    folders, groups, now,
    records::{self, api::ApiRecord},
    vendor_error::{VendorError, invalid, unknown},
};

/// The API that the call names.
pub(super) fn find(call: &Call<'_>) -> Result<Arc<ApiRecord>, VendorError> {
    let project = call.parameters.project()?;
    let kept = find_anywhere(call)?;
    match kept.api.project_id == project {
        true => Ok(kept),
        false => Err(missing_api(kept.api.api_id)),
    }
}

/// For operations that name no workspace.
pub(super) fn find_anywhere(call: &Call<'_>) -> Result<Arc<ApiRecord>, VendorError> {
    let id: i64 = call.parameters.number("ApiId")?;
    let kept = call.app.dataworks.apis.get(&id);
    let kept = kept.filter(|kept| kept.visible_to(&call.actor.user));
    let kept = kept.ok_or_else(|| missing_api(id))?;
    match call.parameters.tenant()?.holds(kept.api.tenant_id) {
        true => Ok(kept),
        false => Err(missing_api(id)),
    }
}

fn missing_api(id: i64) -> VendorError {
    unknown("ApiId", format!("API {id}"))
}

pub(super) async fn create(call: Call<'_>) -> Result<Answer, VendorError> {
    let (parameters, works) = (call.parameters, &call.app.dataworks);
    let project = parameters.project()?;
    let name = parameters.needed("ApiName")?;
    let group = parameters.needed("GroupId")?;
    let mode: i32 = parameters.number("ApiMode")?;
    if !codes::MODES.iter().any(|(known, _)| *known == mode) {
        return Err(invalid("ApiMode", "0, 1 and 2 are known"));
    }
    rules::name(name).map_err(|why| invalid("ApiName", why))?;
    let sql_mode = parameters.maybe("SqlMode")?.unwrap_or(0);
    if !(0..=1).contains(&sql_mode) {
        return Err(invalid("SqlMode", "0 and 1 are known"));
    }
    let request_content_type: Option<i32> = parameters.maybe("RequestContentType")?;
    if request_content_type.is_some_and(|code| !(0..=2).contains(&code)) {
        return Err(invalid("RequestContentType", "0, 1 and 2 are known"));
    }
    let settings = settings(&call, mode, sql_mode)?;
    let folder: i64 = parameters.maybe("FolderId")?.unwrap_or(0);
    let _changing = works.changing.lock().await;
    groups::find(&call, project, group)?;
    if folder != 0 {
        folders::inside(&call, "FolderId", project, group, folder)?;
    }
    unused(works, project, "ApiName", name, |api| api.api_name == name)?;
    let path = settings.path.clone();
    unused(works, project, "ApiPath", &path, |api| api.api_path == path)?;
    let id = records::next_id(&works.store).await?;
    let now = now();
    let mut api = Api {
        api_id: id,
        api_name: name.into(),
        api_mode: mode,
        group_id: group.into(),
        folder_id: folder,
        project_id: project,
        tenant_id: parameters.maybe("TenantId")?,
        creator_id: call.actor.user.clone(),
        operator_id: call.actor.user.clone(),
        created_time: now.clone(),
        modified_time: now,
        ..Api::default()
    };
    let resource_group = settings.resource_group;
    apply(&mut api, settings);
    let kept = ApiRecord {
        api,
        sql_mode,
        request_content_type,
        resource_group,
        submitted: None,
        published: None,
        samples: Default::default(),
    };
    works.apis.put(id, kept).await?;
    Ok(Answer::data(id).of(name))
}

/// What is published stays as it was published.
pub(super) async fn update(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let mut kept = find(&call)?.as_ref().clone();
    let settings = settings(&call, kept.api.api_mode, kept.sql_mode)?;
    let (id, path) = (kept.api.api_id, settings.path.clone());
    unused(works, kept.api.project_id, "ApiPath", &path, |api| {
        api.api_path == path && api.api_id != id
    })?;
    kept.resource_group = settings.resource_group.or(kept.resource_group);
    apply(&mut kept.api, settings);
    kept.api.operator_id = call.actor.user.clone();
    kept.api.modified_time = now();
    let name = kept.api.api_name.clone();
    works.apis.put(id, kept).await?;
    Ok(Answer::data(true).of(name))
}

pub(super) fn get(call: &Call<'_>) -> Result<Answer, VendorError> {
    Ok(Answer::data(json!(find(call)?.api)))
}

pub(super) fn get_published(call: &Call<'_>) -> Result<Answer, VendorError> {
    let kept = find(call)?;
    match &kept.published {
        Some(api) => Ok(Answer::data(json!(api))),
        None => Err(unknown(
            "ApiId",
            format!("a published API {}", kept.api.api_id),
        )),
    }
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    listed(call, |kept| Some(kept.api.clone()))
}

pub(super) fn list_published(call: &Call<'_>) -> Result<Answer, VendorError> {
    listed(call, |kept| kept.published.clone())
}

fn listed(
    call: &Call<'_>,
    which: impl Fn(&ApiRecord) -> Option<Api>,
) -> Result<Answer, VendorError> {
    let project = call.parameters.project()?;
    let text = |name: &str| call.parameters.text(name);
    let creator = call.parameters.get("CreatorId");
    let tenant = call.parameters.tenant()?;
    let all = call.app.dataworks.apis.list();
    let seen = all
        .iter()
        .filter(|kept| kept.api.project_id == project && kept.visible_to(&call.actor.user))
        .filter(|kept| tenant.holds(kept.api.tenant_id));
    let apis: Vec<Api> = seen
        .filter_map(|kept| which(kept))
        .filter(|api| api.api_name.contains(text("ApiNameKeyword")))
        .filter(|api| api.api_path.contains(text("ApiPathKeyword")))
        .filter(|api| creator.is_none_or(|creator| api.creator_id == creator))
        .collect();
    Ok(Answer::data(page(call, "Apis", apis)?))
}
