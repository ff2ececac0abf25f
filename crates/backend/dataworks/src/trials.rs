//! Tests: each runs what is developed, in the background, and its result is kept.

use std::time::Instant;

use serde_json::{Value, json};
use weir_api::{
    Owner,
    dataworks::{
        codes,
        test::{FINISHED, LISTS, RUNNING},
    },
};

use super::{
    apis,
    call::{Answer, Call},
    records::{self, api::ApiRecord, trial::Trial},
    run,
    values::Input,
    vendor_error::{VendorError, not_now, unknown},
};
use crate::{Services, clock, random};

/// Of each API.
const KEPT: usize = 100;
/// Bytes of an answer that are kept.
const LONGEST: usize = 256 << 10;

pub(super) async fn start(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let kept = apis::find_anywhere(&call)?;
    let mut input = Input {
        content: call.parameters.text("BodyContent").to_string().into(),
        ..Input::default()
    };
    for (position, list) in LISTS {
        let pairs = call.parameters.pairs(list);
        match position {
            codes::PATH => input.path = pairs,
            codes::QUERY => input.query = pairs,
            codes::HEAD => input.head = pairs,
            _ => input.body = pairs,
        }
    }
    let id = records::next_id(&works.store).await?;
    let trial = Trial {
        api_id: kept.api.api_id,
        test_id: id,
        status: RUNNING.into(),
        param_map: run::shown(&kept.api, &input),
        create_time: clock::now_ms(),
        ..Trial::default()
    };
    works.trials.put(id, trial.clone()).await?;
    forget_old(&call, kept.api.api_id).await?;
    let name = kept.api.api_name.clone();
    let caller = call.actor.owner();
    tokio::spawn(finish(call.app.clone(), caller, kept, input, trial));
    let data = json!({"TestId": id.to_string()});
    Ok(Answer::bare("Data", data).of(name))
}

async fn forget_old(call: &Call<'_>, api: i64) -> Result<(), VendorError> {
    let works = &call.app.dataworks;
    let all = works.trials.list();
    let mut ids: Vec<i64> = all
        .iter()
        .filter(|trial| trial.api_id == api)
        .map(|trial| trial.test_id)
        .collect();
    ids.truncate(ids.len().saturating_sub(KEPT));
    if !ids.is_empty() {
        works.trials.delete(ids).await?;
    }
    Ok(())
}

async fn finish(
    app: Services,
    caller: Owner,
    kept: std::sync::Arc<ApiRecord>,
    input: Input,
    mut trial: Trial,
) {
    let started = Instant::now();
    let request_id = random::uuid();
    let outcome = run::run(
        &app,
        &caller,
        (kept.as_ref(), &kept.api),
        &input,
        &request_id,
    )
    .await;
    trial.cost_time = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
    trial.status = FINISHED.into();
    trial.ret_code = Some(outcome.code);
    let mut log = outcome.log;
    let mut text = String::from_utf8_lossy(&outcome.body).into_owned();
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at));
        text.truncate(end.unwrap_or_default());
        log.push(format!("of the answer {} KiB are kept", LONGEST >> 10));
    }
    trial.ret_result = text;
    let lines = log.iter().map(|line| format!("[INFO] {line}"));
    trial.debug_info = lines.collect::<Vec<_>>().join("\n");
    // Deleted together with its API meanwhile.
    if app.dataworks.trials.get(&trial.test_id).is_none() {
        return;
    }
    let (works, id) = (&app.dataworks, trial.test_id);
    if let Err(error) = works.trials.put(id, trial).await {
        tracing::error!("the result of test {id} is lost: {error}");
    }
}

fn visible(call: &Call<'_>, api: i64) -> bool {
    let kept = call.app.dataworks.apis.get(&api);
    kept.is_some_and(|kept| kept.api.visible_range == 0 || kept.api.creator_id == call.actor.user)
}

pub(super) fn get(call: &Call<'_>) -> Result<Answer, VendorError> {
    let id: i64 = call.parameters.number("TestId")?;
    let trial = call.app.dataworks.trials.get(&id);
    let trial = trial.filter(|trial| visible(call, trial.api_id));
    let trial = trial.ok_or_else(|| unknown("TestId", format!("test {id}")))?;
    let mut data = json!({
        "ApiId": trial.api_id, "Status": trial.status, "ParamMap": trial.param_map,
    });
    if trial.status == FINISHED {
        data["CostTime"] = json!(trial.cost_time.to_string());
        data["RetCode"] = json!(trial.ret_code);
        data["RetResult"] = json!(trial.ret_result);
        data["DebugInfo"] = json!(trial.debug_info);
        data["NodesDebugInfo"] = json!("");
    }
    Ok(Answer::bare("Data", data))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    let kept = apis::find_anywhere(call)?;
    let size = call.parameters.paging()?.size as usize;
    let all = call.app.dataworks.trials.list();
    let newest = all
        .iter()
        .rev()
        .filter(|trial| trial.api_id == kept.api.api_id);
    let told = |trial: &std::sync::Arc<Trial>| {
        json!({
            "ApiId": trial.api_id, "TestId": trial.test_id, "Status": trial.status,
            "RetCode": trial.ret_code, "RetResult": trial.ret_result,
            "ParamMap": trial.param_map, "CostTime": trial.cost_time,
            "CreateTime": trial.create_time,
        })
    };
    let list: Vec<Value> = newest.take(size).map(told).collect();
    Ok(Answer::bare("Data", list))
}

pub(super) async fn save_result(call: Call<'_>) -> Result<Answer, VendorError> {
    let works = &call.app.dataworks;
    let _changing = works.changing.lock().await;
    let kept = apis::find(&call)?;
    let given = |name: &str| call.parameters.get(name).map(String::from);
    let (success, failure) = match call.parameters.flag("AutoGenerate")? {
        true => {
            let all = works.trials.list();
            let ended = |good: bool| {
                let mut newest = all
                    .iter()
                    .rev()
                    .filter(|trial| trial.api_id == kept.api.api_id && trial.status == FINISHED);
                let found = newest.find(|trial| (trial.ret_code == Some(0)) == good);
                found.map(|trial| trial.ret_result.clone())
            };
            let samples = (ended(true), ended(false));
            if samples == (None, None) {
                return Err(not_now("no test of this API has finished yet"));
            }
            samples
        }
        false => (given("ResultSample"), given("FailResultSample")),
    };
    apis::save_samples(&call, &kept, success, failure).await
}
