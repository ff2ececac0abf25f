//! Which files of a crate import which: from `use` lines and from paths that begin with `crate`,
//! `super` or a module of the file's own.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A crate's files by module, `kit::form` for `kit/form.rs`; that of `lib.rs` is empty.
pub(crate) struct Sources {
    pub(crate) files: BTreeMap<String, File>,
}

pub(crate) struct File {
    /// Below the crate's `src`.
    pub(crate) path: String,
    /// Modules, each the file that defines what is imported.
    pub(crate) imports: BTreeSet<String>,
}

type Segments = Vec<String>;

/// An imported path, `None` where it leads to another crate, and the name that it has here: what
/// a file imports, others may import from it.
struct Use {
    path: Option<Segments>,
    name: Option<String>,
}

impl Sources {
    pub(crate) fn read(src: &Path) -> Self {
        let mut texts = Vec::new();
        collect(src, "", &mut texts);
        let texts: Vec<(&str, &str)> = texts.iter().map(|(a, b)| (&**a, &**b)).collect();
        Self::of(&texts)
    }

    /// Of paths and texts.
    pub(crate) fn of(texts: &[(&str, &str)]) -> Self {
        let modules: BTreeMap<String, &str> = texts
            .iter()
            .map(|(path, _)| (module(path), *path))
            .collect();
        let mut uses = BTreeMap::new();
        for (path, text) in texts {
            let module = module(path);
            let found = found(&module, &code(text), &modules);
            uses.insert(module, found);
        }
        let files = modules.iter().map(|(module, path)| {
            let imports = uses[module].iter().filter_map(|one| one.path.as_ref());
            let imports = imports
                .filter_map(|path| home(path, &uses))
                .filter(|import| import != module && modules.contains_key(import))
                .collect();
            let path = (*path).to_string();
            (module.clone(), File { path, imports })
        });
        Self {
            files: files.collect(),
        }
    }
}

fn collect(folder: &Path, below: &str, texts: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{name}/"), texts);
        } else if name.ends_with(".rs") && name != "main.rs" {
            texts.push((name, fs::read_to_string(entry.path()).expect("a file")));
        }
    }
}

fn module(path: &str) -> String {
    let path = path.trim_end_matches(".rs");
    let path = path.trim_end_matches("/mod");
    match path {
        "lib" | "mod" => String::new(),
        path => path.replace('/', "::"),
    }
}

/// Without comments and without the tests at the end.
fn code(text: &str) -> String {
    const TESTS: &str = "#[cfg(test)]\n";
    let mut tests = text.match_indices(TESTS).map(|(at, _)| at);
    let end = tests.find(|at| {
        let next = text[at + TESTS.len()..].lines().next();
        next.is_some_and(|line| line.ends_with("mod tests {"))
    });
    let end = end.unwrap_or(text.len());
    let lines = text[..end].lines();
    let lines = lines.map(|line| line.split_once("//").map_or(line, |(code, _)| code));
    lines.collect::<Vec<_>>().join("\n")
}

/// The file that defines what a path leads to: what others import is followed. `None` where that
/// is in another crate.
fn home(path: &[String], uses: &BTreeMap<String, Vec<Use>>) -> Option<String> {
    let (mut path, mut modules) = (path.to_vec(), Vec::new());
    // No chain of re-exports is longer.
    for _ in 0..8 {
        let mut length = path.len();
        while length > 0 && !uses.contains_key(&path[..length].join("::")) {
            length -= 1;
        }
        let module = path[..length].join("::");
        let item = path.get(length);
        let named = |one: &&Use| one.name.as_ref() == item;
        let imported = item.and_then(|_| uses.get(&module)?.iter().find(named));
        modules.push(module);
        let Some(next) = imported else {
            return modules.pop();
        };
        path = [next.path.as_deref()?, &path[length + 1..]].concat();
    }
    modules.into_iter().next()
}

fn found(module: &str, code: &str, modules: &BTreeMap<String, &str>) -> Vec<Use> {
    let mut uses = Vec::new();
    let mut rest = String::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let start = line.trim_start();
        let after = start.strip_prefix("pub").map_or(start, |after| {
            let after = after.trim_start();
            match after.strip_prefix('(') {
                Some(inner) => inner
                    .split_once(')')
                    .map_or("", |(_, after)| after)
                    .trim_start(),
                None => after,
            }
        });
        let Some(first) = after.strip_prefix("use ") else {
            rest.push_str(line);
            rest.push('\n');
            continue;
        };
        let mut tree = first.to_string();
        while !tree.contains(';') {
            let Some(line) = lines.next() else { break };
            tree.push_str(line.trim());
        }
        let tree = tree.split(';').next().unwrap_or_default().replace('\n', "");
        for path in expanded(&tree) {
            let (path, alias) = match path.split_once(" as ") {
                Some((path, alias)) => (path.to_string(), Some(alias.trim().to_string())),
                None => (path, None),
            };
            let last = path.trim_end_matches("::self").rsplit("::").next();
            let name = alias.or_else(|| last.map(String::from));
            let path = absolute(module, &path, modules);
            uses.push(Use { path, name });
        }
    }
    let below = format!("{module}::");
    let own = modules.keys().filter_map(|one| match module {
        "" => Some(one.as_str()),
        _ => one.strip_prefix(&below),
    });
    let own = own.filter(|child| !child.is_empty() && !child.contains("::"));
    let starts = own
        .chain(["crate", "super"])
        .map(|start| format!("{start}::"));
    let inline = starts.flat_map(|start| {
        let places = rest.match_indices(&start).map(|(at, _)| at);
        let alone = |at: &usize| {
            !rest[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
        };
        let path = |at: usize| {
            let part = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
            rest[at..]
                .split(|c| !part(c))
                .next()
                .unwrap_or_default()
                .to_string()
        };
        places.filter(alone).map(path).collect::<Vec<_>>()
    });
    let inline: Vec<Segments> = inline
        .filter_map(|path| absolute(module, &path, modules))
        .collect();
    uses.extend(inline.into_iter().map(|path| Use {
        path: Some(path),
        name: None,
    }));
    uses
}

/// `a::{b, c::{d, e}}` as its paths.
fn expanded(tree: &str) -> Vec<String> {
    let (mut all, mut prefixes, mut word) = (Vec::new(), vec![String::new()], String::new());
    let mut end = |prefix: &str, word: &mut String| {
        if !word.trim().is_empty() {
            all.push(format!("{prefix}{}", word.trim()));
        }
        word.clear();
    };
    for c in tree.chars() {
        let prefix = prefixes.last().cloned().unwrap_or_default();
        match c {
            '{' => {
                prefixes.push(format!("{prefix}{}", word.trim()));
                word.clear();
            }
            '}' => {
                end(&prefix, &mut word);
                prefixes.pop();
            }
            ',' => end(&prefix, &mut word),
            other => word.push(other),
        }
    }
    end("", &mut word);
    all
}

/// The path from the crate's root; `None` where it leads to another crate.
fn absolute(module: &str, path: &str, modules: &BTreeMap<String, &str>) -> Option<Segments> {
    let mut at: Segments = match module {
        "" => Vec::new(),
        module => module.split("::").map(String::from).collect(),
    };
    let mut parts = path.split("::").filter(|part| !part.is_empty()).peekable();
    match *parts.peek()? {
        "crate" => at.clear(),
        "super" | "self" => {}
        child => {
            let child = [module, child].join("::");
            if !modules.contains_key(child.trim_start_matches("::")) {
                return None;
            }
        }
    }
    for part in parts {
        match part {
            "crate" | "self" | "*" => {}
            "super" => {
                at.pop();
            }
            name => at.push(name.into()),
        }
    }
    Some(at)
}
