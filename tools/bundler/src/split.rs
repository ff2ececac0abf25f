//! Splits a linked module where `lazy!` says (`src/ui/lazy.rs`).

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Result, anyhow};
use serde_json::json;
use wasmparser::{Parser, Payload};

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
    let mut shared = Shared::new();
    let mut sizes = BTreeMap::new();
    for part in needs.values().flatten() {
        if !sizes.contains_key(part.as_str()) {
            let bytes = fs::read(parts.join(part).with_extension("wasm"))?;
            shared::add(&mut shared, &bytes)?;
            sizes.insert(part.as_str(), shipped_size(&bytes)?);
        }
    }
    let packs = packed(&needs, |part| sizes.get(part).copied().unwrap_or(0));
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

/// Bytes of code and of tables. The names of functions, most of a part's file, are left out when it
/// is optimised.
fn shipped_size(part: &[u8]) -> Result<u64> {
    let mut size = 0;
    for payload in Parser::new(0).parse_all(part) {
        let range = match payload? {
            Payload::CodeSectionStart { range, .. } => range,
            Payload::ElementSection(section) => section.range(),
            Payload::DataSection(section) => section.range(),
            _ => continue,
        };
        size += u64::try_from(range.len())?;
    }
    Ok(size)
}
