//! Splits a linked module where `lazy!` says (`src/ui/lazy.rs`).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Result, anyhow};
use serde_json::json;

use crate::{
    packs::{Pack, packed},
    shared::{self, Shared},
};

/// Writes the parts into the folder and returns the main one, which wasm-bindgen goes on with.
pub(crate) fn split(module: &[u8], parts: &Path, name: &str) -> Result<Vec<u8>> {
    fs::create_dir_all(parts)?;
    let main = parts.join("main.wasm");
    let glue = format!("./{name}.js");
    let mut options = wasm_split_cli_support::Options::new(module);
    options.output_dir = parts;
    options.main_out_path = &main;
    options.main_module = &glue;
    let split = wasm_split_cli_support::transform(options)
        .map_err(|error| anyhow!("splitting: {error:#}"))?;
    let needs = split.prefetch_map.into_iter().collect::<BTreeMap<_, _>>();
    let size_of = |part: &str| fs::metadata(parts.join(part).with_extension("wasm"));
    let packs = packed(&needs, |part| size_of(part).map_or(0, |file| file.len()));
    let mut shared = Shared::new();
    for part in packs.iter().flat_map(|pack| &pack.parts) {
        shared::add(
            &mut shared,
            &fs::read(parts.join(part).with_extension("wasm"))?,
        )?;
    }
    fs::write(parts.join("shared.wasm"), shared::handed_on(&shared))?;
    let packs: Vec<_> = packs.iter().map(Pack::to_json).collect();
    let listed = json!({ "modules": needs.keys().collect::<Vec<_>>(), "packs": packs });
    fs::write(
        parts.join("packs.json"),
        serde_json::to_vec_pretty(&listed)?,
    )?;
    let bytes = fs::read(&main)?;
    fs::remove_file(&main)?;
    Ok(bytes)
}
