use serde_json::json;
use weir_api::dataworks::group::Group;

use super::{
    call::{Answer, Call, page},
    now, records,
    vendor_error::{VendorError, invalid, unknown},
};

const LONGEST_NAME: usize = 128;

pub(super) async fn create(call: Call<'_>) -> Result<Answer, VendorError> {
    let (parameters, works) = (call.parameters, &call.app.dataworks);
    let project = parameters.project()?;
    let name = parameters.needed("GroupName")?;
    let gateway_group = parameters.needed("ApiGatewayGroupId")?;
    if name.chars().count() > LONGEST_NAME {
        let words = format!("must not have more than {LONGEST_NAME} characters");
        return Err(invalid("GroupName", words));
    }
    let _changing = works.changing.lock().await;
    let taken = |group: &Group| group.project_id == project && group.group_name == name;
    if works.groups.list().iter().any(|group| taken(group)) {
        return Err(invalid(
            "GroupName",
            format!("group '{name}' already exists"),
        ));
    }
    let id = records::next_id(&works.store).await?;
    let now = now();
    let group = Group {
        group_id: format!("ds_{id}"),
        group_name: name.into(),
        api_gateway_group_id: gateway_group.into(),
        description: parameters.text("Description").into(),
        creator_id: call.actor.user.clone(),
        project_id: project,
        tenant_id: parameters.maybe("TenantId")?,
        created_time: now.clone(),
        modified_time: now,
    };
    let group = works.groups.put(id, group).await?;
    Ok(Answer::bare("GroupId", group.group_id.clone()).of(name))
}

pub(super) fn get(call: &Call<'_>) -> Result<Answer, VendorError> {
    let project = call.parameters.project()?;
    let group = find(call, project, call.parameters.needed("GroupId")?)?;
    Ok(Answer::bare("Group", json!(group)))
}

pub(super) fn find(call: &Call<'_>, project: i64, id: &str) -> Result<Group, VendorError> {
    let groups = call.app.dataworks.groups.list();
    let mut groups = groups.iter();
    let found = groups.find(|group| group.group_id == id && group.project_id == project);
    let tenant = call.parameters.tenant()?;
    let found = found.filter(|group| tenant.holds(group.tenant_id));
    let found = found.map(|group| group.as_ref().clone());
    found.ok_or_else(|| unknown("GroupId", format!("group '{id}'")))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    let project = call.parameters.project()?;
    let keyword = call.parameters.text("GroupNameKeyword");
    let tenant = call.parameters.tenant()?;
    let groups = call.app.dataworks.groups.list();
    let groups: Vec<&Group> = groups
        .iter()
        .map(AsRef::as_ref)
        .filter(|group| group.project_id == project && group.group_name.contains(keyword))
        .filter(|group| tenant.holds(group.tenant_id))
        .collect();
    Ok(Answer::bare(
        "GroupPagingResult",
        page(call, "Groups", groups)?,
    ))
}
