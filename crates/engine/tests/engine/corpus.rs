//! Statements as the vendor's documentation, examples and issues have them, each with the rows that
//! it gives or the words with which it is refused: `corpus/*.txt`.
//!
//! ```text
//! # title
//! ! setup statement: a row, `stream [values…]`, before the query begins
//! SELECT …            the statement, up to an empty line or the next mark
//! + stream [values…]  a row that comes while it runs
//! @ 2000              a step so many milliseconds after the start
//! = [values…]         a row that it has sent by then
//! ? words             or: how it is refused
//! ```

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use weir_engine::{Statement, parse};

use crate::fixture::{Fixture, NOW};

/// The streams of the documentation's examples.
fn fixture() -> Fixture {
    let mut fixture = Fixture::new();
    for line in include_str!("corpus/streams.txt").lines() {
        if line.starts_with("//") {
            continue;
        }
        let Some((name, columns)) = line.split_once(": ") else {
            continue;
        };
        let (name, keyed) = match name.strip_suffix('*') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let columns: Vec<&str> = columns.split("; ").collect();
        fixture = fixture.stream(name, &columns);
        if keyed {
            fixture = fixture.keyed(name);
        }
    }
    fixture
}

#[derive(Default)]
struct Case {
    title: String,
    before: Vec<String>,
    sql: String,
    steps: Vec<(i64, Vec<String>, Vec<String>)>,
    refused: Option<String>,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut coming = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            cases.push(Case {
                title: title.to_string(),
                ..Case::default()
            });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            continue;
        };
        let rest = line.get(2..).unwrap_or_default().to_string();
        match line.get(..2) {
            Some("! ") => case.before.push(rest),
            Some("+ ") => coming.push(rest),
            Some("@ ") => {
                let at = rest.parse().unwrap();
                case.steps
                    .push((at, std::mem::take(&mut coming), Vec::new()));
            }
            Some("= ") => {
                if case.steps.is_empty() || !coming.is_empty() {
                    case.steps
                        .push((0, std::mem::take(&mut coming), Vec::new()));
                }
                case.steps.last_mut().unwrap().2.push(rest);
            }
            Some("? ") => case.refused = Some(rest),
            _ => {
                case.sql.push_str(line);
                case.sql.push('\n');
            }
        }
    }
    cases
}

fn add(fixture: &Fixture, row: &str) {
    let (stream, values) = row.split_once(' ').unwrap();
    fixture.put(stream, values);
}

/// What is wrong, if anything.
fn run(case: &Case) -> Result<(), String> {
    let fixture = fixture();
    for row in &case.before {
        add(&fixture, row);
    }
    let sql = case.sql.trim();
    if let Some(words) = &case.refused {
        let error = match parse(sql) {
            Ok(Statement::Select(_)) => fixture.plan(sql).map(|_| ()),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        return match error {
            Ok(()) => Err(format!("not refused with '{words}'")),
            Err(error) if error.to_string().contains(words) => Ok(()),
            Err(error) => Err(format!("refused with '{error}', not '{words}'")),
        };
    }
    match parse(sql).map_err(|error| format!("refused: {error}"))? {
        Statement::Select(_) => {}
        // What it defines is checked where definitions are tested.
        _ => return Ok(()),
    }
    fixture
        .plan(sql)
        .map_err(|error| format!("refused: {error}"))?;
    let mut query = fixture.start(sql);
    query.step(NOW, u32::MAX);
    if case.steps.is_empty() {
        return Ok(());
    }
    let bounded = !fixture.plan(sql).map_err(|e| e.to_string())?.streaming;
    for (at, coming, wanted) in &case.steps {
        for row in coming {
            add(&fixture, row);
        }
        let rows = match bounded {
            true => fixture.rows(sql),
            false => {
                let mut rows = Vec::new();
                loop {
                    let (more, step) = query.step(NOW + at, u32::MAX);
                    rows.extend(more);
                    if step != weir_engine::Step::More {
                        break rows;
                    }
                }
            }
        };
        if rows != *wanted {
            return Err(format!("gave {rows:?}\n      not {wanted:?} at {at}"));
        }
    }
    Ok(())
}

#[test]
fn statements_of_the_documentation_give_these_rows_or_are_refused_with_these_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engine/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().path())
        .collect();
    files.sort();
    let (mut right, mut refused, mut wrong) = (0, 0, Vec::new());
    for file in files {
        for case in cases(&std::fs::read_to_string(&file).unwrap()) {
            // One that breaks does not hide the others.
            let ran = catch_unwind(AssertUnwindSafe(|| run(&case)));
            match ran.unwrap_or_else(|_| Err("it fails while it runs".into())) {
                Ok(()) if case.refused.is_some() => refused += 1,
                Ok(()) => right += 1,
                Err(error) => wrong.push(format!("{}: {error}", case.title)),
            }
        }
    }
    println!(
        "{right} right, {refused} refused in these words, {} wrong",
        wrong.len()
    );
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
