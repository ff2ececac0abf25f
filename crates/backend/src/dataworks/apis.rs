//! APIs as they are developed, submitted and published.

use std::sync::Arc;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::json;
use weir_api::dataworks::{
    api::{Api, Details, Settings},
    codes, rules,
};

use super::{
    DataWorks, folders, groups, kept, now, pickers,
    refusal::{Refusal, invalid, missing, not_now, problems, unknown},
    rpc::{Answer, Call, page},
    statement,
};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    /// As it is developed.
    pub api: Api,
    pub sql_mode: i32,
    pub request_content_type: Option<i32>,
    pub resource_group: Option<i64>,
    /// What publishing publishes.
    pub submitted: Option<Api>,
    pub published: Option<Api>,
    /// Of an answer, and of an error.
    pub samples: (String, String),
}

impl Kept {
    fn visible_to(&self, user: &str) -> bool {
        self.api.visible_range == 0 || self.api.creator_id == user
    }
}

/// The API that the call names.
pub(super) fn find(call: &Call<'_>) -> Result<Arc<Kept>, Refusal> {
    let project = call.parameters.project()?;
    let kept = find_anywhere(call)?;
    match kept.api.project_id == project {
        true => Ok(kept),
        false => Err(missing_api(kept.api.api_id)),
    }
}

/// For operations that name no workspace.
pub(super) fn find_anywhere(call: &Call<'_>) -> Result<Arc<Kept>, Refusal> {
    let id: i64 = call.parameters.number("ApiId")?;
    let kept = call.app.dataworks.apis.get(id);
    let kept = kept.filter(|kept| kept.visible_to(&call.actor.user));
    kept.ok_or_else(|| missing_api(id))
}

fn missing_api(id: i64) -> Refusal {
    unknown("ApiId", format!("API {id}"))
}

pub(super) async fn create(call: Call<'_>) -> Result<Answer, Refusal> {
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
    let id = kept::next_id(&works.store).await?;
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
    let kept = Kept {
        api,
        sql_mode,
        request_content_type,
        resource_group,
        submitted: None,
        published: None,
        samples: Default::default(),
    };
    works.apis.put(&works.store, id, kept).await?;
    Ok(Answer::data(id).made("create", name))
}

fn unused(
    works: &DataWorks,
    project: i64,
    parameter: &str,
    value: &str,
    same: impl Fn(&Api) -> bool,
) -> Result<(), Refusal> {
    let all = works.apis.list();
    let mut others = all.iter().filter(|kept| kept.api.project_id == project);
    match others.find(|kept| same(&kept.api)) {
        None => Ok(()),
        Some(other) => Err(invalid(
            parameter,
            format!("API {} has {value} already", other.api.api_id),
        )),
    }
}

/// What create and update have in common, checked.
fn settings(call: &Call<'_>, mode: i32, sql_mode: i32) -> Result<Settings, Refusal> {
    let parameters = call.parameters;
    let protocols: Result<Vec<i32>, _> = parameters
        .needed("Protocols")?
        .split(',')
        .map(|code| code.trim().parse())
        .collect();
    let settings = Settings {
        path: parameters.needed("ApiPath")?.into(),
        description: parameters.needed("ApiDescription")?.into(),
        method: parameters.number("RequestMethod")?,
        response_content_type: parameters.number("ResponseContentType")?,
        timeout_ms: parameters.number("Timeout")?,
        visible_range: parameters.number("VisibleRange")?,
        protocols: protocols.map_err(|_| invalid("Protocols", "0, 1 or 0,1 is needed"))?,
        resource_group: parameters.maybe("ResourceGroupId")?,
        details: match mode {
            codes::WIZARD => Details::Wizard(details(call, "WizardDetails")?),
            codes::SCRIPT => Details::Script(details(call, "ScriptDetails")?),
            _ => Details::Registration(details(call, "RegistrationDetails")?),
        },
    };
    let wrong = rules::check(mode, &settings);
    if !wrong.is_empty() {
        return Err(problems(&wrong));
    }
    let source = match &settings.details {
        Details::Wizard(wizard) => Some(&wizard.wizard_connection),
        Details::Script(script) => Some(&script.script_connection),
        Details::Registration(_) => None,
    };
    if let Some(source) = source {
        pickers::check_source(source.connection_id)?;
    }
    if let Details::Script(script) = &settings.details
        && sql_mode != codes::MYBATIS
    {
        statement::check_names(script).map_err(|why| invalid("ScriptDetails.script", why))?;
    }
    Ok(settings)
}

fn details<T: DeserializeOwned>(call: &Call<'_>, name: &str) -> Result<T, Refusal> {
    let text = call.parameters.get(name).ok_or_else(|| missing(name))?;
    serde_json::from_str(text).map_err(|error| invalid(name, error))
}

fn apply(api: &mut Api, settings: Settings) {
    api.api_path = settings.path;
    api.description = settings.description;
    api.request_method = settings.method;
    api.response_content_type = settings.response_content_type;
    api.timeout = settings.timeout_ms;
    api.visible_range = settings.visible_range;
    api.protocols = settings.protocols;
    api.set_details(settings.details);
}

/// What is published stays as it was published.
pub(super) async fn update(call: Call<'_>) -> Result<Answer, Refusal> {
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
    works.apis.put(&works.store, id, kept).await?;
    Ok(Answer::data(true).made("update", name))
}

pub(super) fn get(call: &Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::data(json!(find(call)?.api)))
}

pub(super) fn get_published(call: &Call<'_>) -> Result<Answer, Refusal> {
    let kept = find(call)?;
    match &kept.published {
        Some(api) => Ok(Answer::data(json!(api))),
        None => Err(unknown(
            "ApiId",
            format!("a published API {}", kept.api.api_id),
        )),
    }
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, Refusal> {
    listed(call, |kept| Some(kept.api.clone()))
}

pub(super) fn list_published(call: &Call<'_>) -> Result<Answer, Refusal> {
    listed(call, |kept| kept.published.clone())
}

fn listed(call: &Call<'_>, which: impl Fn(&Kept) -> Option<Api>) -> Result<Answer, Refusal> {
    let project = call.parameters.project()?;
    let text = |name: &str| call.parameters.text(name);
    let creator = call.parameters.get("CreatorId");
    let all = call.app.dataworks.apis.list();
    let seen = all
        .iter()
        .filter(|kept| kept.api.project_id == project && kept.visible_to(&call.actor.user));
    let apis: Vec<Api> = seen
        .filter_map(|kept| which(kept))
        .filter(|api| api.api_name.contains(text("ApiNameKeyword")))
        .filter(|api| api.api_path.contains(text("ApiPathKeyword")))
        .filter(|api| creator.is_none_or(|creator| api.creator_id == creator))
        .collect();
    Ok(Answer::data(page(call, "Apis", apis)?))
}

/// Checks that it can run.
pub(super) async fn submit(call: Call<'_>) -> Result<Answer, Refusal> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let mut kept = find(&call)?.as_ref().clone();
    let runs = statement::check(&works.store, &kept.api, kept.sql_mode);
    runs.map_err(|wrong| problems(&[wrong]))?;
    kept.submitted = Some(kept.api.clone());
    let (id, name) = (kept.api.api_id, kept.api.api_name.clone());
    works.apis.put(&works.store, id, kept).await?;
    Ok(Answer::data(true).made("submit", name))
}

pub(super) async fn publish(call: Call<'_>) -> Result<Answer, Refusal> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let mut kept = find(&call)?.as_ref().clone();
    let id = kept.api.api_id;
    let Some(mut api) = kept.submitted.clone() else {
        return Err(not_now(format!(
            "API {id} was not submitted yet: only what is submitted can be published"
        )));
    };
    // Submitted may be long ago: what it reads may be gone.
    let runs = statement::check(&works.store, &api, kept.sql_mode);
    runs.map_err(|wrong| problems(&[wrong]))?;
    let all = works.apis.list();
    let taken = all.iter().find(|other| {
        other.api.api_id != id
            && other.published.as_ref().is_some_and(|other| {
                other.api_path == api.api_path && other.request_method == api.request_method
            })
    });
    if let Some(other) = taken {
        let words = format!(
            "API {} of workspace {} is published there already",
            other.api.api_id, other.api.project_id
        );
        return Err(invalid("ApiPath", words));
    }
    api.status = codes::PUBLISHED;
    api.sql_mode = Some(kept.sql_mode);
    add_samples(&mut api, &kept.samples);
    kept.published = Some(api);
    kept.api.status = codes::PUBLISHED;
    let name = kept.api.api_name.clone();
    works.apis.put(&works.store, id, kept).await?;
    Ok(Answer::data(true).made("publish", name))
}

/// Only what is published tells them; registered APIs have theirs from the start.
fn add_samples(api: &mut Api, (success, failure): &(String, String)) {
    let put = |sample: &mut String, text: &String| {
        if !text.is_empty() {
            sample.clone_from(text);
        }
    };
    if let Some(details) = &mut api.wizard_details {
        put(&mut details.successful_result_sample, success);
        put(&mut details.failed_result_sample, failure);
    }
    if let Some(details) = &mut api.script_details {
        put(&mut details.successful_result_sample, success);
        put(&mut details.failed_result_sample, failure);
    }
    if let Some(details) = &mut api.registration_details {
        put(&mut details.successful_result_sample, success);
        put(&mut details.failed_result_sample, failure);
    }
}

pub(super) async fn save_samples(
    call: &Call<'_>,
    kept: &Kept,
    success: Option<String>,
    failure: Option<String>,
) -> Result<Answer, Refusal> {
    let works = &call.app.dataworks;
    let mut kept = kept.clone();
    if let Some(success) = success {
        kept.samples.0 = success;
    }
    if let Some(failure) = failure {
        kept.samples.1 = failure;
    }
    let samples = kept.samples.clone();
    if let Some(published) = &mut kept.published {
        add_samples(published, &samples);
    }
    let (id, name) = (kept.api.api_id, kept.api.api_name.clone());
    works.apis.put(&works.store, id, kept).await?;
    Ok(Answer::data(true).made("update", name))
}

pub(super) async fn abolish(call: Call<'_>) -> Result<Answer, Refusal> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let mut kept = find(&call)?.as_ref().clone();
    let (id, name) = (kept.api.api_id, kept.api.api_name.clone());
    if kept.published.take().is_none() {
        return Err(not_now(format!("API {id} is not published")));
    }
    kept.api.status = 0;
    works.apis.put(&works.store, id, kept).await?;
    Ok(Answer::data(true).made("abolish", name))
}

pub(super) async fn delete(call: Call<'_>) -> Result<Answer, Refusal> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let kept = find(&call)?;
    let id = kept.api.api_id;
    if kept.published.is_some() {
        return Err(not_now(format!(
            "API {id} is published: unpublish it first"
        )));
    }
    works.apis.delete(&works.store, vec![id]).await?;
    let grants = works.grants.list();
    let grants = grants
        .iter()
        .filter(|grant| grant.api == id)
        .map(|grant| grant.id);
    works.grants.delete(&works.store, grants.collect()).await?;
    let trials = works.trials.list();
    let trials = trials
        .iter()
        .filter(|trial| trial.api_id == id)
        .map(|trial| trial.test_id);
    works.trials.delete(&works.store, trials.collect()).await?;
    Ok(Answer::data(true).made("delete", &kept.api.api_name))
}
