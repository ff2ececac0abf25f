//! Whether a delivery can be made, and what is filled in.

use serde_json::Value;
use weir_api::secmaster::shipper::{End, PIPE, ShipperDef, consumption};

use super::{
    super::{pipes::is_system, vendor_error::VendorError, wire::DEFAULT},
    run,
};
use crate::Services;

/// Errors' fields are those of the request.
pub(super) fn definition(
    app: &Services,
    workspace: &str,
    mut sent: ShipperDef,
) -> Result<ShipperDef, VendorError> {
    let shippers = &app.secmaster.shippers;
    let name = sent.shipper_name.trim().to_owned();
    if name.is_empty() {
        return Err(VendorError::field("shipper_name", "is needed"));
    }
    let mut others = shippers.records.list().into_iter();
    if others.any(|record| record.workspace() == workspace && record.name() == name) {
        let words = format!("delivery '{name}' already exists");
        return Err(VendorError::field("shipper_name", words));
    }
    if consumption::words(sent.consumption_type).is_none() {
        return Err(VendorError::field(
            "consumption_type",
            "0 (real-time) or 1 (scheduled)",
        ));
    }
    let (source, destination) = (&mut sent.shipper_source, &mut sent.shipper_destination);
    if source.pipe.is_empty() {
        source.pipe.clone_from(&sent.pipe_id);
    }
    if !source.workspace.is_empty() && source.workspace != workspace {
        let words = "the source must be in the workspace in which the delivery is created";
        return Err(VendorError::field("source_workspace", words));
    }
    end(app, workspace, source, "source")?;
    end(app, workspace, destination, "destination")?;
    check_param(&destination.data_param)?;
    if is_system(&destination.pipe) {
        let words = format!("pipe '{}' is system-defined", destination.pipe);
        return Err(VendorError::field("destination_pipe", words));
    }
    let mut edges = shippers.edges();
    edges.push((source.pipe.clone(), destination.pipe.clone()));
    if reaches(&edges, &destination.pipe, &source.pipe) {
        let words = match source.pipe == destination.pipe {
            true => "is the source itself".to_owned(),
            false => format!(
                "records would go round: other deliveries lead from '{}' to '{}'",
                destination.pipe, source.pipe
            ),
        };
        return Err(VendorError::field("destination_pipe", words));
    }
    let place = app.secmaster.workspaces.get(workspace).unwrap_or_default();
    let definition = ShipperDef {
        shipper_name: name,
        domain_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        workspace_id: workspace.into(),
        workspace_name: place.name,
        dataspace_id: sent.shipper_source.dataspace.clone(),
        dataspace_name: sent.shipper_source.dataspace_name.clone(),
        pipe_id: sent.shipper_source.pipe.clone(),
        pipe_name: sent.shipper_source.pipe_name.clone(),
        version: match sent.version.is_empty() {
            true => "v1".into(),
            false => sent.version.clone(),
        },
        ..sent
    };
    Ok(definition)
}

/// Fills in what follows from the pipe.
fn end(app: &Services, workspace: &str, end: &mut End, which: &str) -> Result<(), VendorError> {
    let field = |name: &str| format!("{which}_{name}");
    if end.data_type != PIPE {
        let name = match which {
            "source" => "source_type",
            _ => "destination_shipper_type",
        };
        let words = "the embedded backend delivers from pipe to pipe, type 0, only";
        return Err(VendorError::field(name, words));
    }
    if end.pipe.is_empty() {
        return Err(VendorError::field(field("pipe"), "is needed"));
    }
    if end.workspace.is_empty() {
        end.workspace = workspace.into();
    }
    let Some(place) = app.secmaster.workspaces.get(&end.workspace) else {
        let words = format!("workspace '{}' does not exist", end.workspace);
        return Err(VendorError::field(field("workspace"), words));
    };
    let Ok(pipe) = app
        .secmaster
        .pipes
        .get(&app.store, &end.workspace, &end.pipe)
    else {
        let words = format!("pipe '{}' does not exist in '{}'", end.pipe, place.name);
        return Err(VendorError::field(field("pipe"), words));
    };
    end.workspace_name = place.name;
    end.region = place.region_id;
    end.dataspace = pipe.dataspace_id;
    end.dataspace_name = pipe.dataspace_name;
    end.pipe_name = pipe.pipe_name;
    Ok(())
}

/// A JSON object; of a scheduled delivery it holds the interval.
fn check_param(text: &str) -> Result<(), VendorError> {
    if text.is_empty() {
        return Ok(());
    }
    let wrong = |words: &str| VendorError::field("data_param", words);
    let value: Value = serde_json::from_str(text).map_err(|e| wrong(&format!("not JSON: {e}")))?;
    if !value.is_object() {
        return Err(wrong("a JSON object is needed"));
    }
    match value.get(run::INTERVAL) {
        None => Ok(()),
        Some(seconds)
            if seconds
                .as_i64()
                .is_some_and(|s| (1..=31 * 86_400).contains(&s)) =>
        {
            Ok(())
        }
        Some(_) => Err(wrong("interval_seconds: 1 second to 31 days")),
    }
}

/// Whether records in `from` come to `to` in the end.
fn reaches(edges: &[(String, String)], from: &str, to: &str) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(pipe) = seen.get(next).copied() {
        if pipe == to {
            return true;
        }
        let onward = edges.iter().filter(|(source, _)| source == pipe);
        for (_, destination) in onward {
            if !seen.contains(&destination.as_str()) {
                seen.push(destination);
            }
        }
        next += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_never_go_round() {
        let edge = |(a, b): (&str, &str)| (a.to_string(), b.to_string());
        let edges: Vec<_> = [("a", "b"), ("b", "c"), ("d", "a")].map(edge).into();
        assert!(reaches(&edges, "d", "c"));
        assert!(reaches(&edges, "a", "a"));
        assert!(!reaches(&edges, "c", "a"));
    }
}
