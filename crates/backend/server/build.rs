//! Puts the console's bundle, the folder that WEIR_CONSOLE names, into the program. Without it the
//! program serves a folder.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=WEIR_CONSOLE");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?;
    let mut files = Vec::new();
    if let Some(folder) = env::var_os("WEIR_CONSOLE").filter(|folder| !folder.is_empty()) {
        let folder = fs::canonicalize(&folder)?;
        println!("cargo::rerun-if-changed={}", folder.display());
        collect(&folder, &folder, &mut files)?;
    }
    files.sort();
    let rows: String = files
        .iter()
        .map(|(name, path)| format!("    ({name:?}, include_bytes!({path:?})),\n"))
        .collect();
    let text = format!("pub(crate) static FILES: &[(&str, &[u8])] = &[\n{rows}];\n");
    fs::write(PathBuf::from(out).join("console.rs"), text)
}

/// Address and file; what is there compressed is not taken uncompressed as well.
fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
            continue;
        }
        let Some(name) = path.strip_prefix(root).ok().and_then(Path::to_str) else {
            return Err(io::Error::other(format!("{}: no UTF-8", path.display())));
        };
        let compressed = |ending: &str| root.join(format!("{name}.{ending}")).exists();
        // index.html is changed when it is served.
        if name == "index.html" || !(compressed("gz") && compressed("br")) {
            files.push((format!("/{name}"), path.clone()));
        }
    }
    Ok(())
}
