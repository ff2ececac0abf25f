//! What every part takes from the main module: memory, table of functions, stack pointer. A part of
//! its own that hands them on (`shared.wasm`) lets wasm-merge see that all parts mean the same ones.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection, Module};
use wasmparser::{Parser, Payload, TypeRef};

/// The module that the splitter's parts import from.
const FROM_PARTS: &str = "__wasm_split";
/// As tools/bundle/parts.js calls the main one.
const MAIN: &str = "main";

/// The imports of a part, by name.
pub(crate) type Shared = BTreeMap<String, EntityType>;

pub(crate) fn add(shared: &mut Shared, part: &[u8]) -> Result<()> {
    for payload in Parser::new(0).parse_all(part) {
        let Payload::ImportSection(imports) = payload? else {
            continue;
        };
        for import in imports.into_imports() {
            let import = import?;
            if import.module != FROM_PARTS {
                bail!("a part imports {}.{}", import.module, import.name);
            }
            let kind = match import.ty {
                TypeRef::Func(_) | TypeRef::FuncExact(_) | TypeRef::Tag(_) => {
                    bail!("a part imports {} directly", import.name)
                }
                ty => EntityType::try_from(ty).ok().context("a type of import")?,
            };
            shared.insert(import.name.to_string(), kind);
        }
    }
    Ok(())
}

pub(crate) fn handed_on(shared: &Shared) -> Vec<u8> {
    let mut imports = ImportSection::new();
    let mut exports = ExportSection::new();
    let mut seen = BTreeMap::new();
    for (name, kind) in shared {
        imports.import(MAIN, name, *kind);
        let kind = match kind {
            EntityType::Memory(_) => ExportKind::Memory,
            EntityType::Table(_) => ExportKind::Table,
            _ => ExportKind::Global,
        };
        let index = seen.entry(format!("{kind:?}")).or_insert(0);
        exports.export(name, kind, *index);
        *index += 1;
    }
    let mut made = Module::new();
    made.section(&imports).section(&exports);
    made.finish()
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{FunctionSection, GlobalType, MemoryType, TypeSection, ValType};

    use super::*;

    fn memory() -> EntityType {
        EntityType::Memory(MemoryType {
            minimum: 23,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        })
    }

    fn part(kinds: &[(&str, EntityType)]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        for (name, kind) in kinds {
            imports.import(FROM_PARTS, name, *kind);
        }
        let mut made = Module::new();
        made.section(&types).section(&imports);
        made.section(&FunctionSection::new());
        made.finish()
    }

    #[test]
    fn what_several_parts_take_is_handed_on_once() {
        let pointer = EntityType::Global(GlobalType {
            val_type: ValType::I32,
            mutable: true,
            shared: false,
        });
        let mut shared = Shared::new();
        add(&mut shared, &part(&[("memory", memory())])).expect("a part");
        add(
            &mut shared,
            &part(&[("stack", pointer), ("memory", memory())]),
        )
        .expect("a part");
        let module = handed_on(&shared);
        wasmparser::validate(&module).expect("valid");
        let names: Vec<_> = shared.keys().map(String::as_str).collect();
        assert_eq!(names, ["memory", "stack"]);
    }

    #[test]
    fn a_part_that_calls_another_one_directly_is_refused() {
        let mut shared = Shared::new();
        let calls = part(&[("f", EntityType::Function(0))]);
        assert!(add(&mut shared, &calls).is_err());
    }
}
