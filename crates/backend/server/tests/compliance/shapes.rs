//! The table of shapes, and whether a value has one.

use std::collections::HashMap;

use serde_json::Value;

use super::operations::Revision;

pub(super) struct Shapes(HashMap<&'static str, &'static str>);

impl Shapes {
    pub(super) fn of(revision: Revision) -> Self {
        let lines = include_str!("shapes.txt").lines();
        let lines = lines.filter(|line| !line.starts_with('#'));
        let entries = lines.filter_map(|line| {
            let (year, rest) = line.split_once(' ')?;
            let (name, shape) = rest.split_once(' ')?;
            (year == "both" || year == revision.year()).then_some((name, shape))
        });
        Self(entries.collect())
    }

    /// What is wrong with the value, each with its place.
    pub(super) fn check(&self, shape: &str, value: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        self.visit(shape, value, "", &mut wrong);
        wrong
    }

    fn visit(&self, shape: &str, value: &Value, place: &str, wrong: &mut Vec<String>) {
        let fits = match shape {
            "any" => true,
            "text" => value.is_string(),
            "int" => value.is_i64() || value.is_u64(),
            "num" => value.is_number(),
            "bool" => value.is_boolean(),
            _ => return self.visit_inside(shape, value, place, wrong),
        };
        if !fits {
            wrong.push(format!("{place}: {value} is not {shape}"));
        }
    }

    fn visit_inside(&self, shape: &str, value: &Value, place: &str, wrong: &mut Vec<String>) {
        let inside = |open, close| shape.strip_prefix(open)?.strip_suffix(close);
        if let Some(words) = inside('"', '"') {
            if !value
                .as_str()
                .is_some_and(|word| words.split('|').any(|one| one == word))
            {
                wrong.push(format!("{place}: {value} is none of {words}"));
            }
        } else if let Some(item) = inside('[', ']') {
            match value {
                Value::Array(items) => {
                    for (at, one) in items.iter().enumerate() {
                        self.visit(item, one, &format!("{place}[{at}]"), wrong);
                    }
                }
                // Servers written in Go send it for an empty list.
                Value::Null => {}
                _ => wrong.push(format!("{place}: {value} is not a list")),
            }
        } else if let Some(item) = inside('{', '}') {
            match value {
                Value::Object(map) => {
                    for (key, one) in map {
                        self.visit(item, one, &format!("{place}.{key}"), wrong);
                    }
                }
                Value::Null => {}
                _ => wrong.push(format!("{place}: {value} is not a map")),
            }
        } else {
            match self.0.get(shape) {
                Some(alias) if alias.starts_with("= ") => {
                    self.visit(&alias[2..], value, place, wrong);
                }
                Some(fields) => self.object(fields.trim_start_matches(": "), value, place, wrong),
                None => panic!("no shape {shape}"),
            }
        }
    }

    fn object(&self, fields: &str, value: &Value, place: &str, wrong: &mut Vec<String>) {
        let Value::Object(map) = value else {
            return wrong.push(format!("{place}: {value} is not an object"));
        };
        for field in fields.split(", ") {
            let (name, shape) = field.rsplit_once(':').expect("name and shape");
            let required = name.ends_with('!');
            let name = name.trim_end_matches('!');
            let place = format!("{place}.{name}");
            match map.get(name) {
                None if required => wrong.push(format!("{place} is missing")),
                None => {}
                Some(Value::Null) if !required => {}
                Some(value) => self.visit(shape, value, &place, wrong),
            }
        }
    }
}

#[test]
fn every_shape_that_is_named_exists() {
    for revision in [Revision::Y2025, Revision::Y2026] {
        let shapes = Shapes::of(revision);
        let named = super::operations::of(revision)
            .into_iter()
            .filter_map(|one| one.shape);
        for shape in named.chain(["ErrorResponse"]) {
            // An object that lacks everything names no unknown shape, and is complained about.
            shapes.check(shape, &Value::Bool(true));
        }
    }
}

#[test]
fn a_deviation_is_named_with_its_place() {
    let shapes = Shapes::of(Revision::Y2025);
    let user = serde_json::json!([{"username": "a", "role": "admin"}, {"role": "king"}]);
    assert_eq!(
        shapes.check("[User]", &user),
        [
            "[1].role: \"king\" is none of admin|read_only",
            "[1].username is missing"
        ]
    );
}
