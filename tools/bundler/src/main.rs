//! `wasm-bindgen` as Trunk and tools/bundle.mjs call it, built from the version that Cargo.lock
//! names. A module with functions that are loaded later (release builds, see `build.rs`) is split
//! first; the parts and `packs.json` (which of them become one file) are left in `OUT/parts/` for
//! tools/bundle.mjs.

#[cfg(feature = "split")]
mod numbers;
mod options;
#[cfg(feature = "split")]
mod packing;
#[cfg(feature = "split")]
mod packs;
#[cfg(feature = "split")]
mod pages;
#[cfg(feature = "split")]
mod shared;
#[cfg(feature = "split")]
mod slim;
#[cfg(feature = "split")]
mod split;

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result};
use options::{Command, Options};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload};

fn main() -> ExitCode {
    let done = match options::parse(lexopt::Parser::from_env()) {
        // Trunk reads the second word.
        Ok(Command::Version) => {
            println!("wasm-bindgen {}", wasm_bindgen_shared::version());
            Ok(())
        }
        Ok(Command::Bind(options)) => bundle(&options),
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("weir-bundler: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(options: &Options) -> Result<()> {
    let mut module = fs::read(&options.input)
        .with_context(|| format!("cannot read {}", options.input.display()))?;
    let parts = options.out_dir.join("parts");
    if parts.exists() {
        fs::remove_dir_all(&parts)?;
    }
    let shipped = is_splittable(&module)?;
    if shipped {
        module = main_part(&module, &parts, &options.out_name)?;
    }
    Bindgen::new()
        .input_bytes(&options.out_name, module)
        .web(true)?
        .debug(options.debug)
        .keep_debug(options.keep_debug)
        .demangle(options.demangle)
        // The parts use the linker's exports: table, memory, stack pointer.
        .keep_lld_exports(true)
        .generate(&options.out_dir)?;
    if shipped {
        slimmed(&options.out_dir, &options.out_name)?;
    }
    Ok(())
}

/// The module that imports from a file of its own is one that `wasm_split` has marked.
fn is_splittable(module: &[u8]) -> Result<bool> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload? {
            for import in imports.into_imports() {
                if import?.module == "__wasm_split_placeholder__" {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
    }
    Ok(false)
}

#[cfg(feature = "split")]
fn main_part(module: &[u8], parts: &Path, name: &str) -> Result<Vec<u8>> {
    split::split(module, parts, name)
}

/// In place of what wasm-bindgen wrote.
#[cfg(feature = "split")]
fn slimmed(folder: &Path, name: &str) -> Result<()> {
    let (module, glue) = (
        folder.join(format!("{name}_bg.wasm")),
        folder.join(format!("{name}.js")),
    );
    let (small, short) = slim::slim(&fs::read(&module)?, &fs::read_to_string(&glue)?)?;
    fs::write(module, small)?;
    Ok(fs::write(glue, short)?)
}

#[cfg(not(feature = "split"))]
fn slimmed(_folder: &Path, _name: &str) -> Result<()> {
    Ok(())
}

#[cfg(not(feature = "split"))]
fn main_part(_module: &[u8], _parts: &Path, _name: &str) -> Result<Vec<u8>> {
    anyhow::bail!("a module in parts needs the feature `split` of weir-bundler")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn importing(module: &str) -> Vec<u8> {
        let mut types = wasm_encoder::TypeSection::new();
        types.ty().function([], []);
        let mut imports = wasm_encoder::ImportSection::new();
        imports.import(module, "f", wasm_encoder::EntityType::Function(0));
        let mut made = wasm_encoder::Module::new();
        made.section(&types).section(&imports);
        made.finish()
    }

    #[test]
    fn only_marked_modules_are_split() {
        let marked = importing("__wasm_split_placeholder__");
        assert!(is_splittable(&marked).expect("read"));
        assert!(!is_splittable(&importing("env")).expect("read"));
        assert!(is_splittable(b"no module").is_err());
    }
}
