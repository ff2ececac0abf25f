//! APIs are submitted, published, abolished and deleted.

use weir_api::dataworks::{api::Api, codes};

use super::{
    super::{
        call::{Answer, Call},
        records::api::ApiRecord,
        statement,
        vendor_error::{VendorError, invalid, not_now, wrong_fields},
    },
    find,
};

/// Checks that it can run.
pub(crate) async fn submit(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let mut kept = find(&call)?.as_ref().clone();
    let runs = statement::check(&works.store, &kept.api, kept.sql_mode);
    runs.map_err(|wrong| wrong_fields(&[wrong]))?;
    kept.submitted = Some(kept.api.clone());
    let (id, name) = (kept.api.api_id, kept.api.api_name.clone());
    works.apis.put(id, kept).await?;
    Ok(Answer::data(true).of(name))
}

pub(crate) async fn publish(call: Call<'_>) -> Result<Answer, VendorError> {
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
    runs.map_err(|wrong| wrong_fields(&[wrong]))?;
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
    works.apis.put(id, kept).await?;
    Ok(Answer::data(true).of(name))
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

pub(crate) async fn save_samples(
    call: &Call<'_>,
    kept: &ApiRecord,
    success: Option<String>,
    failure: Option<String>,
) -> Result<Answer, VendorError> {
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
    works.apis.put(id, kept).await?;
    Ok(Answer::data(true).of(name))
}

pub(crate) async fn abolish(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let mut kept = find(&call)?.as_ref().clone();
    let (id, name) = (kept.api.api_id, kept.api.api_name.clone());
    if kept.published.take().is_none() {
        return Err(not_now(format!("API {id} is not published")));
    }
    kept.api.status = 0;
    works.apis.put(id, kept).await?;
    Ok(Answer::data(true).of(name))
}

pub(crate) async fn delete(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let kept = find(&call)?;
    let id = kept.api.api_id;
    if kept.published.is_some() {
        return Err(not_now(format!(
            "API {id} is published: unpublish it first"
        )));
    }
    works.apis.delete(vec![id]).await?;
    let grants = works.grants.list();
    let grants = grants
        .iter()
        .filter(|grant| grant.api == id)
        .map(|grant| grant.id);
    works.grants.delete(grants.collect()).await?;
    let trials = works.trials.list();
    let trials = trials
        .iter()
        .filter(|trial| trial.api_id == id)
        .map(|trial| trial.test_id);
    works.trials.delete(trials.collect()).await?;
    Ok(Answer::data(true).of(&kept.api.api_name))
}
