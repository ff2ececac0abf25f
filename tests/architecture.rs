//! Which way imports run, held against the tables of `docs/architecture.md`.
#![cfg(not(target_arch = "wasm32"))]
// clippy.toml lets tests expect, but does not know these as tests.
#![allow(clippy::expect_used)]

#[path = "architecture/crates.rs"]
mod crates;
#[path = "architecture/graph.rs"]
mod graph;
#[path = "architecture/imports.rs"]
mod imports;
#[path = "architecture/tables.rs"]
mod tables;

use std::{fs, path::Path};

use graph::{circles, upward};
use imports::Sources;
use tables::Floors;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn floors(heading: &str) -> Floors {
    let text = fs::read_to_string(root().join("docs/architecture.md")).expect("the tables");
    Floors::read(&text, heading)
}

fn assert_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_consoles_imports_run_towards_the_ground() {
    let sources = Sources::read(&root().join("src"));
    assert_none(upward(&sources, "", &floors("Floors of the console")));
}

#[test]
fn the_consoles_systems_do_not_know_each_other() {
    let sources = Sources::read(&root().join("src"));
    let floors = floors("Systems of the console");
    assert_none(upward(&sources, "systems", &floors));
}

#[test]
fn the_imports_of_the_wire_types_run_towards_the_ground() {
    let sources = Sources::read(&root().join("crates/api/src"));
    assert_none(upward(&sources, "", &floors("Floors of the wire types")));
}

#[test]
fn crates_depend_on_those_below_them() {
    assert_none(crates::upward(root(), &floors("Crates")));
}

#[test]
fn circles_of_imports_stay_in_their_folder_and_small() {
    let systems = [
        "platform",
        "queries",
        "timeplus",
        "azion",
        "secmaster",
        "dataworks",
        "relay",
        "server",
    ];
    let backend = systems.map(|name| format!("crates/backend/{name}/src"));
    let folders = ["src", "crates/api/src"].map(String::from).into_iter();
    let wrong = folders
        .chain(backend)
        .flat_map(|folder| circles(&Sources::read(&root().join(folder))));
    assert_none(wrong.collect());
}

const TABLE: &str = "\
## Floors

| Modules | What they hold |
|---|---|
| `ground` | x |
| `left`, `right` | x |

## Other

| Modules | What they hold |
|---|---|
| `top` | x |
";

fn wrong(files: &[(&str, &str)]) -> Vec<String> {
    upward(&Sources::of(files), "", &Floors::read(TABLE, "Floors"))
}

#[test]
fn an_import_towards_the_ground_is_right() {
    let files = [
        ("ground/mod.rs", ""),
        ("left.rs", "use crate::{\n    ground::{self, A},\n};\n"),
    ];
    assert_eq!(wrong(&files), [""; 0]);
}

#[test]
fn imports_upward_and_sideways_are_found_wherever_they_stand() {
    for text in [
        "use crate::right::A;",
        "use super::right;",
        "use crate::{ground, right::{A, B as C}};",
        "fn f() { crate::right::g() }",
        "pub use crate::right::*;",
    ] {
        let files = [("ground.rs", ""), ("left.rs", text), ("right.rs", "")];
        assert_eq!(wrong(&files), ["left.rs uses right"], "{text}");
        let files = [("ground.rs", text), ("right.rs", "")];
        assert_eq!(wrong(&files), ["ground.rs uses right"], "{text}");
    }
}

#[test]
fn what_a_file_imports_for_its_tests_or_mentions_does_not_count() {
    let text = "// crate::right::A\n#[cfg(test)]\nmod tests {\n    use crate::right::A;\n}\n";
    assert_eq!(wrong(&[("left.rs", text), ("right.rs", "")]), [""; 0]);
}

#[test]
fn a_module_without_a_row_is_found() {
    let files = [("ground.rs", ""), ("left.rs", ""), ("top.rs", "")];
    assert_eq!(wrong(&files), ["top stands in no row of the table"]);
}

#[test]
fn a_re_export_counts_as_what_it_leads_to() {
    let files = [
        ("lib.rs", "pub use left::A;"),
        ("left.rs", ""),
        ("ground.rs", "use crate::A;"),
    ];
    assert_eq!(wrong(&files), ["ground.rs uses left"]);
}

#[test]
fn circles_through_folders_and_wide_ones_are_found() {
    let found = |files: &[(&str, &str)]| circles(&Sources::of(files));
    let small = [
        ("a/x.rs", "use super::y::A;"),
        ("a/y.rs", "use super::x::A;"),
    ];
    assert_eq!(found(&small), [""; 0]);
    let across = [("a/x.rs", "use crate::b::A;"), ("b.rs", "use crate::a::x;")];
    assert_eq!(found(&across), ["a/x.rs, b.rs"]);
    let names = ["a", "b", "c", "d", "e", "f"];
    let texts: Vec<(String, String)> = (0..6)
        .map(|at| {
            let next = names[(at + 1) % 6];
            (
                format!("{}.rs", names[at]),
                format!("use crate::{next}::X;"),
            )
        })
        .collect();
    let wide: Vec<(&str, &str)> = texts
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(found(&wide).len(), 1);
    assert_eq!(found(&wide[..5]), [""; 0]);
}
