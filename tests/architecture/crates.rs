//! What the crates of the workspace depend on.

use std::{collections::BTreeMap, fs, path::Path};

use crate::tables::Floors;

/// Crates that depend on one that is not below them, or stand in no row. Dependencies of tests do
/// not count.
pub(crate) fn upward(root: &Path, floors: &Floors) -> Vec<String> {
    let mut crates = BTreeMap::new();
    collect(root, &mut crates);
    let mut wrong = Vec::new();
    for (name, uses) in &crates {
        let Some(floor) = floors.of(name) else {
            wrong.push(format!("{name} stands in no row of the table"));
            continue;
        };
        let bad = uses
            .iter()
            .filter(|used| floors.of(used).is_none_or(|lower| lower >= floor));
        wrong.extend(bad.map(|used| format!("{name} uses {used}")));
    }
    wrong
}

fn collect(folder: &Path, crates: &mut BTreeMap<String, Vec<String>>) {
    if let Ok(text) = fs::read_to_string(folder.join("Cargo.toml")) {
        let (name, uses) = manifest(&text);
        crates.insert(name, uses);
    }
    let Ok(inside) = fs::read_dir(folder) else {
        return;
    };
    for entry in inside.flatten() {
        let name = entry.file_name();
        let left_out = ["src", "target", "node_modules", "dist"];
        let hidden = name.to_string_lossy().starts_with('.');
        if entry.path().is_dir() && !hidden && !left_out.iter().any(|one| name == **one) {
            collect(&entry.path(), crates);
        }
    }
}

/// The package's name and which crates of this workspace it depends on.
fn manifest(text: &str) -> (String, Vec<String>) {
    let (mut name, mut uses, mut section) = (String::new(), Vec::new(), "");
    for line in text.lines() {
        if line.starts_with('[') {
            section = line;
        }
        let key = line.split(['.', ' ', '=']).next().unwrap_or_default();
        match section {
            "[package]" if key == "name" => {
                name = line.split('"').nth(1).unwrap_or_default().into();
            }
            "[dependencies]" if key.starts_with("weir-") => uses.push(key.into()),
            _ => {}
        }
    }
    (name, uses)
}
