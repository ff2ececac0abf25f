//! Who calls published APIs: each workspace has one application, whose code is sent as
//! `Authorization: APPCODE …`, or which signs with its key. Its secrets are derived, not stored.

use serde_json::json;
use weir_api::dataworks::application::Application;

use super::{
    DataWorks,
    call::{Answer, Call, page},
    pickers,
    vendor_error::{VendorError, invalid, unknown},
};
use crate::{Services, auth::Auth, random};

const MOST_PROJECTS: usize = 50;

fn application(project: i64) -> Application {
    Application {
        application_id: project,
        application_name: format!("workspace_{project}"),
        project_id: project,
        ..Application::default()
    }
}

fn secret(auth: &Auth, project: i64, part: &str) -> String {
    auth.keys
        .secret_of(&format!("dataworks application {project} {part}"))
}

/// The workspace whose application has this code.
pub(super) fn project_of(app: &Services, code: &str) -> Option<i64> {
    let wanted = random::digest(code);
    let mut projects = pickers::project_ids(&app.dataworks).into_iter();
    projects.find(|project| random::digest(&secret(&app.auth, *project, "code")) == wanted)
}

/// Before a workspace in its application's key.
const KEY: &str = "weir-";

/// The workspace whose application has this key, and what it signs with.
pub(super) fn by_key(app: &Services, key: &str) -> Option<(i64, String)> {
    let project: i64 = key.strip_prefix(KEY)?.parse().ok()?;
    let known = pickers::project_ids(&app.dataworks).contains(&project);
    known.then(|| (project, secret(&app.auth, project, "secret")))
}

/// Whether the workspace may call it.
pub(super) fn may_call(works: &DataWorks, project: i64, api: i64, owner: i64) -> bool {
    project == owner
        || works
            .grants
            .list()
            .iter()
            .any(|grant| grant.holds(api, project))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    let asked = call.parameters.needed("ProjectIdList")?;
    let ids: Result<Vec<i64>, _> = asked.split(',').map(|id| id.trim().parse()).collect();
    let ids = ids.map_err(|_| invalid("ProjectIdList", "numbers like 1,2 are needed"))?;
    if ids.len() > MOST_PROJECTS {
        let words = format!("at most {MOST_PROJECTS} workspaces");
        return Err(invalid("ProjectIdList", words));
    }
    let known = pickers::project_ids(&call.app.dataworks);
    let known = ids.into_iter().filter(|id| known.contains(id));
    let applications: Vec<Application> = known.map(application).collect();
    Ok(Answer::data(json!(page(
        call,
        "Applications",
        applications
    )?)))
}

/// The secrets are for those who may change something.
pub(super) fn get(call: &Call<'_>) -> Result<Answer, VendorError> {
    let project = call.parameters.project()?;
    let id: i64 = call.parameters.number("ApplicationId")?;
    let known = pickers::project_ids(&call.app.dataworks).contains(&id);
    if id != project || !known {
        return Err(unknown("ApplicationId", format!("application {id}")));
    }
    let may = call.actor.must_change(super::KIND);
    may.map_err(|failure| super::vendor_error::forbidden(failure.message()))?;
    let auth = &call.app.auth;
    let told = Application {
        application_key: format!("{KEY}{id}"),
        application_code: secret(auth, id, "code"),
        application_secret: secret(auth, id, "secret"),
        ..application(id)
    };
    Ok(Answer::data(json!(told)))
}
