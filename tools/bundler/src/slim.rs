//! Leaves out of wasm-bindgen's output what only costs bytes: names that nobody reads, classes that
//! nobody makes, and what the splitter writes into a table that is empty anyway.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use wasm_encoder::{
    ElementSection, ExportSection, ImportSection, Module,
    reencode::{self, Reencode, utils},
};
use wasmparser::{
    ConstExpr, Element, ElementItems, ElementKind, ElementSectionReader, Export, ExternalKind,
    ImportSectionReader, Operator, Parser,
};

/// The module and its glue, which call each other by the same names.
pub(crate) fn slim(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let glue = without_unused_classes(glue);
    let mut slim = Slim {
        called: names_behind(&glue, "wasm.").collect(),
        short: BTreeMap::new(),
    };
    let mut made = Module::new();
    slim.parse_core_module(&mut made, Parser::new(0), module)
        .map_err(|error| anyhow!("slimming: {error}"))?;
    Ok((made.finish(), renamed(&glue, &slim.short)))
}

/// A class that no Rust value is wrapped in comes from a crate whose feature is not used.
fn without_unused_classes(glue: &str) -> String {
    let mut rest = glue.to_owned();
    for name in names_behind(glue, "export class ") {
        if rest.contains(&format!("{name}.__wrap(")) || rest.contains(&format!("new {name}(")) {
            continue;
        }
        for (from, to) in [
            (format!("export class {name} {{"), "\n}\n"),
            (format!("if (Symbol.dispose) {name}."), ";\n"),
            (format!("const {name}Finalization = "), "));\n"),
        ] {
            cut(&mut rest, &from, to);
        }
    }
    rest
}

fn cut(text: &mut String, from: &str, to: &str) {
    let Some(start) = text.find(from) else { return };
    if let Some(length) = text[start..].find(to) {
        text.replace_range(start..start + length + to.len(), "");
    }
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')
}

fn names_behind<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = String> + 'a {
    text.split(mark).skip(1).map(|rest| {
        let end = rest.bytes().position(|byte| !is_of_a_name(byte));
        rest[..end.unwrap_or(rest.len())].to_owned()
    })
}

/// Whole names only.
fn renamed(text: &str, short: &BTreeMap<String, String>) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let is_name = rest.bytes().next().is_some_and(is_of_a_name);
        let end = rest
            .char_indices()
            .find(|(_, c)| (c.is_ascii() && is_of_a_name(*c as u8)) != is_name)
            .map_or(rest.len(), |(at, _)| at);
        let (word, behind) = rest.split_at(end);
        made.push_str(short.get(word).map_or(word, String::as_str));
        rest = behind;
    }
    made
}

struct Slim {
    /// Functions that the glue calls.
    called: BTreeSet<String>,
    /// What long names are called from now on.
    short: BTreeMap<String, String>,
}

impl Slim {
    /// wasm-bindgen's names end with a hash of 16 digits, the compiler's begin with `_R`.
    fn short(&mut self, name: &str) -> String {
        let hash = name.rsplit_once('_').is_some_and(|(_, hash)| {
            hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        });
        if !(name.starts_with("__wb") && hash || name.starts_with("_R")) {
            return name.to_owned();
        }
        let next = format!("$w{:x}", self.short.len());
        self.short.entry(name.to_owned()).or_insert(next).clone()
    }
}

impl Reencode for Slim {
    type Error = anyhow::Error;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        for import in section.into_imports() {
            let import = import?;
            let name = self.short(import.name);
            let ty = self.entity_type(import.ty)?;
            imports.import(import.module, &name, ty);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        if export.kind == ExternalKind::Func && !self.called.contains(export.name) {
            return Ok(());
        }
        let name = self.short(export.name);
        let kind = self.export_kind(export.kind)?;
        let index = self.external_index(export.kind, export.index)?;
        exports.export(&name, kind, index);
        Ok(())
    }

    fn parse_element_section(
        &mut self,
        elements: &mut ElementSection,
        section: ElementSectionReader<'_>,
    ) -> Result<(), reencode::Error<Self::Error>> {
        let all = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        let active = |element: &Element<'_>| matches!(element.kind, ElementKind::Active { .. });
        // Instructions name the others by their number, which must stay.
        let all_active = all.iter().all(active);
        for element in all {
            if !(all_active && is_empty(&element).map_err(reencode::Error::UserError)?) {
                utils::parse_element(self, elements, element)?;
            }
        }
        Ok(())
    }
}

/// Only nulls: what a table holds before anything is written to it.
fn is_empty(element: &Element<'_>) -> Result<bool> {
    Ok(match &element.items {
        ElementItems::Functions(functions) => functions.count() == 0,
        ElementItems::Expressions(_, values) => {
            for value in values.clone() {
                if !is_null(&value.context("an element")?)? {
                    return Ok(false);
                }
            }
            true
        }
    })
}

fn is_null(value: &ConstExpr<'_>) -> Result<bool> {
    let first = value.get_operators_reader().read().context("an element")?;
    Ok(matches!(first, Operator::RefNull { .. }))
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ElementSection, Elements, EntityType, ExportKind, Function,
        FunctionSection, HeapType, RefType, TableSection, TableType, TypeSection,
    };

    use super::*;

    const GLUE: &str = r#"
export class Used {
    free() { wasm.__wbg_used_free(ptr, 0); }
}
if (Symbol.dispose) Used.prototype[Symbol.dispose] = Used.prototype.free;

export class Unused {
    free() { wasm.__wbg_unused_free(ptr, 0); }
}
if (Symbol.dispose) Unused.prototype[Symbol.dispose] = Unused.prototype.free;
const imports = { __wbg_now_0123456789abcdef: () => Used.__wrap(1), __wbg_now_0123456789abcdef0: 1 };
const UnusedFinalization = (typeof FinalizationRegistry === 'undefined')
    ? {}
    : new FinalizationRegistry(ptr => wasm.__wbg_unused_free(ptr, 1));
wasm._RNv3run();
"#;

    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import(
            "./w_bg.js",
            "__wbg_now_0123456789abcdef",
            EntityType::Function(0),
        );
        imports.import("./split.js", "load", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 8,
            maximum: None,
            shared: false,
        });
        let mut exports = ExportSection::new();
        for name in ["__wbg_used_free", "__wbg_unused_free", "_RNv3run"] {
            exports.export(name, ExportKind::Func, 2);
        }
        exports.export("table", ExportKind::Table, 0);
        let mut elements = ElementSection::new();
        let null = || ConstExpr::ref_null(HeapType::FUNC);
        let functions_of = |all: &'static [u32]| Elements::Functions(all.into());
        elements.active(None, &ConstExpr::i32_const(1), functions_of(&[2]));
        elements.active(None, &ConstExpr::i32_const(2), functions_of(&[]));
        let nulls = [null(), null()];
        let nulls = Elements::Expressions(RefType::FUNCREF, (&nulls[..]).into());
        elements.active(Some(0), &ConstExpr::i32_const(2), nulls);
        let mut code = CodeSection::new();
        let mut nothing = Function::new([]);
        nothing.instructions().end();
        code.function(&nothing);
        let mut made = Module::new();
        made.section(&types)
            .section(&imports)
            .section(&functions)
            .section(&tables)
            .section(&exports)
            .section(&elements)
            .section(&code);
        made.finish()
    }

    #[test]
    fn names_are_short_on_both_sides_and_what_is_unused_goes() {
        let (module, glue) = slim(&module(), GLUE).expect("slim");
        wasmparser::validate(&module).expect("valid");
        let text = String::from_utf8_lossy(&module).into_owned();
        for gone in [
            "__wbg_now_0123456789abcdef:",
            "Unused",
            "__wbg_unused_free",
            "_RNv3run",
        ] {
            assert!(!glue.contains(gone), "{gone} in {glue}");
            assert!(!text.contains(gone), "{gone} in the module");
        }
        assert!(
            glue.contains("$w0: () => Used.__wrap(1)") && glue.contains("wasm.$w1()"),
            "{glue}"
        );
        // Not one of its names, though it begins like one.
        assert!(glue.contains("__wbg_now_0123456789abcdef0: 1"), "{glue}");
        for kept in ["$w0", "$w1", "load", "__wbg_used_free", "table"] {
            assert!(text.contains(kept), "{kept} is not in the module");
        }
        let mut segments = 0;
        for payload in Parser::new(0).parse_all(&module) {
            if let wasmparser::Payload::ElementSection(section) = payload.expect("read") {
                segments = section.count();
            }
        }
        assert_eq!(segments, 1, "functions stay, nulls and nothing go");
    }
}
