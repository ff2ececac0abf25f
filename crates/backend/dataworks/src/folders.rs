use serde_json::json;
use weir_api::dataworks::folder::Folder;

use super::{
    call::{Answer, Call, page},
    groups, now, records,
    vendor_error::{VendorError, invalid, unknown},
};

const LONGEST_NAME: usize = 128;

pub(super) async fn create(call: Call<'_>) -> Result<Answer, VendorError> {
    let (parameters, works) = (call.parameters, &call.app.dataworks);
    let project = parameters.project()?;
    let name = parameters.needed("FolderName")?;
    let group = parameters.needed("GroupId")?;
    let parent: i64 = parameters.number("ParentId")?;
    if name.chars().count() > LONGEST_NAME || name.contains('/') {
        let words = format!("at most {LONGEST_NAME} characters, and no /");
        return Err(invalid("FolderName", words));
    }
    let _changing = works.changing.lock().await;
    groups::find(&call, project, group)?;
    if parent != 0 {
        inside(&call, "ParentId", project, group, parent)?;
    }
    let taken = |folder: &Folder| {
        (folder.project_id, folder.parent_id) == (project, parent)
            && (folder.group_id.as_str(), folder.folder_name.as_str()) == (group, name)
    };
    if works.folders.list().iter().any(|folder| taken(folder)) {
        return Err(invalid(
            "FolderName",
            format!("folder '{name}' already exists"),
        ));
    }
    let id = records::next_id(&works.store).await?;
    let now = now();
    let folder = Folder {
        folder_id: id,
        folder_name: name.into(),
        group_id: group.into(),
        parent_id: parent,
        project_id: project,
        tenant_id: parameters.maybe("TenantId")?,
        created_time: now.clone(),
        modified_time: now,
    };
    works.folders.put(id, folder).await?;
    Ok(Answer::bare("FolderId", id).of(name))
}

/// The folder, which is in this group; `parameter` names it.
pub(super) fn inside(
    call: &Call<'_>,
    parameter: &str,
    project: i64,
    group: &str,
    id: i64,
) -> Result<(), VendorError> {
    let folder = call.app.dataworks.folders.get(&id);
    let fits = |folder: &Folder| folder.project_id == project && folder.group_id == group;
    match folder.is_some_and(|folder| fits(&folder)) {
        true => Ok(()),
        false => Err(unknown(
            parameter,
            format!("folder {id} of group '{group}'"),
        )),
    }
}

pub(super) fn get(call: &Call<'_>) -> Result<Answer, VendorError> {
    let project = call.parameters.project()?;
    let id: i64 = call.parameters.number("FolderId")?;
    let folder = call.app.dataworks.folders.get(&id);
    let tenant = call.parameters.tenant()?;
    let folder = folder.filter(|folder| folder.project_id == project);
    let folder = folder.filter(|folder| tenant.holds(folder.tenant_id));
    let folder = folder.ok_or_else(|| unknown("FolderId", format!("folder {id}")))?;
    Ok(Answer::bare("Folder", json!(folder.as_ref())))
}

pub(super) fn list(call: &Call<'_>) -> Result<Answer, VendorError> {
    let project = call.parameters.project()?;
    let group = call.parameters.get("GroupId");
    let keyword = call.parameters.text("FolderNameKeyword");
    let tenant = call.parameters.tenant()?;
    let folders = call.app.dataworks.folders.list();
    let folders: Vec<&Folder> = folders
        .iter()
        .map(AsRef::as_ref)
        .filter(|folder| folder.project_id == project && folder.folder_name.contains(keyword))
        .filter(|folder| tenant.holds(folder.tenant_id))
        .filter(|folder| group.is_none_or(|group| folder.group_id == group))
        .collect();
    Ok(Answer::bare(
        "FolderPagingResult",
        page(call, "Folders", folders)?,
    ))
}
