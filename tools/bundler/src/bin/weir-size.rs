//! `weir-size FILE.wasm [BASELINE]`: bytes of code by crate and module of a linked release build,
//! and what grew since the baseline. `weir-size FILE.wasm --record BASELINE` writes one.

use std::{collections::BTreeMap, fs, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, bail};
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Bytes by `crate::module`.
type Sizes = BTreeMap<String, u64>;

/// A group must have grown by so much to be named.
const NOTABLE: i64 = 1_000;
const SHOWN: usize = 30;

fn main() -> ExitCode {
    match run() {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("weir-size: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let record = args.iter().position(|arg| arg == "--record");
    if let Some(at) = record {
        args.remove(at);
    }
    let (file, baseline) = match args.as_slice() {
        [file] => (PathBuf::from(file), None),
        [file, baseline] => (PathBuf::from(file), Some(PathBuf::from(baseline))),
        _ => bail!("usage: weir-size FILE.wasm [[--record] BASELINE]"),
    };
    let module = fs::read(&file).with_context(|| file.display().to_string())?;
    let sizes = measure(&module)?;
    match baseline {
        Some(to) if record.is_some() => {
            fs::write(&to, written(&sizes))?;
            Ok(format!("recorded in {}\n", to.display()))
        }
        Some(from) => {
            let text = fs::read_to_string(&from).with_context(|| from.display().to_string())?;
            Ok(report(&sizes, &read(&text)))
        }
        None => Ok(report(&sizes, &sizes)),
    }
}

fn measure(module: &[u8]) -> Result<Sizes> {
    let (mut imported, mut bodies, mut names) = (0_u32, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => {
                let range = body.range();
                bodies.push((range.end - range.start) as u64);
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(map) = subsection? {
                            for naming in map {
                                let naming = naming?;
                                names.insert(naming.index, naming.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    if names.is_empty() {
        bail!("the module has no names: give what cargo linked, not what is shipped");
    }
    let mut sizes = Sizes::new();
    for (index, bytes) in (imported..).zip(bodies) {
        let group = names
            .get(&index)
            .map_or_else(|| "?".to_string(), |name| group(name));
        *sizes.entry(group).or_default() += bytes;
    }
    Ok(sizes)
}

/// `weir::kit` of `<weir::kit::form::Form as …>::…`: the crate, and of our own crates the module.
fn group(symbol: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(symbol));
    let start = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let path: String = start
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'))
        .collect();
    let mut parts = path.split("::");
    let root = parts.next().unwrap_or_default();
    match parts.next() {
        Some(module) if root.starts_with("weir") && !module.is_empty() => {
            format!("{root}::{module}")
        }
        _ => root.to_string(),
    }
}

fn written(sizes: &Sizes) -> String {
    sizes
        .iter()
        .map(|(group, bytes)| format!("{bytes:>9} {group}\n"))
        .collect()
}

fn read(text: &str) -> Sizes {
    text.lines()
        .filter_map(|line| {
            let (bytes, group) = line.trim().split_once(' ')?;
            Some((group.to_string(), bytes.parse().ok()?))
        })
        .collect()
}

fn report(now: &Sizes, before: &Sizes) -> String {
    let grown = |group: &str, bytes: u64| {
        let old = before.get(group).copied().unwrap_or_default();
        i64::try_from(bytes).unwrap_or(i64::MAX) - i64::try_from(old).unwrap_or(i64::MAX)
    };
    let mut rows: Vec<(&String, &u64)> = now.iter().collect();
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(**bytes));
    let (sum, old): (u64, u64) = (now.values().sum(), before.values().sum());
    let mut text =
        String::from("| crate or module | bytes of code | since the baseline |\n|---|---|---|\n");
    text += &format!(
        "| all | {sum} | {:+} |\n",
        i128::from(sum) - i128::from(old)
    );
    for (at, (group, bytes)) in rows.into_iter().enumerate() {
        let growth = grown(group, *bytes);
        if at < SHOWN || growth >= NOTABLE {
            text += &format!("| {group} | {bytes} | {growth:+} |\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_belong_to_the_crate_that_defines_them() {
        assert_eq!(
            group("_ZN4weir3kit4form4Form4save17h0123456789abcdefE"),
            "weir::kit"
        );
        assert_eq!(group("memcpy"), "memcpy");
        let generic = "<weir::ui::button::Button as leptos::IntoView>::into_view";
        assert_eq!(group(generic), "weir::ui");
        assert_eq!(group("leptos::mount::mount_to_body"), "leptos");
    }

    #[test]
    fn what_grew_is_named_however_small_it_is() {
        let many = |extra: u64| -> Sizes {
            let mut sizes: Sizes = (0..40).map(|n| (format!("crate_{n}"), 100_000)).collect();
            sizes.insert("small".to_string(), 10 + extra);
            sizes
        };
        let text = report(&many(2_000), &many(0));
        assert!(text.contains("| small | 2010 | +2000 |"), "{text}");
        assert!(!report(&many(0), &many(0)).contains("small"));
        assert_eq!(read(&written(&many(0))), many(0));
    }
}
