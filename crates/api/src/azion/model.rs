//! The text of a template: words with `$variables` in them, one line of it for each record.

use super::DataSource;

/// Only `payload_format` has it: the lines of a batch.
pub const DATASET: &str = "dataset";

/// What stands for a value that is not known, as in logs of web servers.
pub const ABSENT: &str = "-";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(Named),
}

/// A variable where it stands; lines and columns are counted from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Without the `$`.
    pub name: String,
    pub line: usize,
    pub column: usize,
    /// Bytes before the `$`.
    pub offset: usize,
}

/// A variable that the data source does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    pub at: Named,
    pub message: String,
}

fn begins(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_'
}

fn goes_on(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Model {
    /// Every text is one: a `$` without a name after it stands for itself.
    pub fn parse(text: &str) -> Self {
        let mut parts = Vec::new();
        let mut words = String::new();
        let (mut line, mut column) = (1, 1);
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            if c == '$' && after.starts_with(begins) {
                let end = after.find(|c| !goes_on(c)).unwrap_or(after.len());
                let name = &after[..end];
                if !words.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut words)));
                }
                parts.push(Part::Variable(Named {
                    name: name.into(),
                    line,
                    column,
                    offset: text.len() - rest.len(),
                }));
                column += 1 + end;
                rest = &after[end..];
                continue;
            }
            words.push(c);
            rest = after;
            (line, column) = match c {
                '\n' => (line + 1, 1),
                _ => (line, column + 1),
            };
        }
        if !words.is_empty() {
            parts.push(Part::Text(words));
        }
        Self { parts }
    }

    pub fn variables(&self) -> impl Iterator<Item = &Named> {
        self.parts.iter().filter_map(|part| match part {
            Part::Variable(named) => Some(named),
            Part::Text(_) => None,
        })
    }

    pub fn has(&self, name: &str) -> bool {
        self.variables().any(|one| one.name == name)
    }

    /// In the order of the text.
    pub fn unknown(&self, source: DataSource) -> Vec<Unknown> {
        let unknown = self
            .variables()
            .filter(|one| source.variable(&one.name).is_none());
        unknown
            .map(|at| Unknown {
                at: at.clone(),
                message: key_error(at, source),
            })
            .collect()
    }

    /// One line for a record. Values are written as inside a JSON text, so that whatever they hold
    /// neither ends the text nor the line.
    pub fn render<'a>(&self, value: impl Fn(&str) -> Option<std::borrow::Cow<'a, str>>) -> String {
        let mut line = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => line.push_str(text),
                Part::Variable(named) => match value(&named.name) {
                    Some(value) => escape(&value, &mut line),
                    None => line.push_str(ABSENT),
                },
            }
        }
        line
    }

    /// The line of an example record.
    pub fn preview(&self, source: DataSource) -> String {
        self.render(|name| Some(source.variable(name)?.sample.into()))
    }
}

fn key_error(at: &Named, source: DataSource) -> String {
    let Named {
        name, line, column, ..
    } = at;
    let place = format!("line {line}, column {column}");
    if name == DATASET {
        return format!("$dataset is only for the payload format ({place})");
    }
    let hint = match nearest(name, source) {
        Some(near) => format!("; did you mean ${near}?"),
        None => String::new(),
    };
    let title = source.title();
    format!("{title} has no variable ${name} ({place}){hint}")
}

fn nearest(name: &str, source: DataSource) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let known = source.variables().iter().map(|one| one.name);
    let ranked = known.map(|known| {
        let distance = distance(&name, &known.to_ascii_lowercase());
        (distance, known.len().abs_diff(name.len()), known)
    });
    let (distance, _, near) = ranked.min()?;
    (distance <= 2 && distance < name.len()).then_some(near)
}

/// Letters to add, take away or change.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = corner + usize::from(x != y);
            corner = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(corner + 1);
        }
    }
    row[b.len()]
}

fn escape(value: &str, line: &mut String) {
    // Text can always be written as JSON.
    let quoted = serde_json::to_string(value).unwrap_or_default();
    line.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_with_their_places() {
        let model = Model::parse("{\"é\":\"$status\",\n \"$ 5$\": \"$requestPath-$x\"}");
        let found: Vec<_> = model
            .variables()
            .map(|one| (one.name.as_str(), one.line, one.column, one.offset))
            .collect();
        assert_eq!(
            found,
            [
                ("status", 1, 7, 7),
                ("requestPath", 2, 11, 27),
                ("x", 2, 24, 40)
            ]
        );
    }

    #[test]
    fn unknown_ones_are_named_with_their_place() {
        let messages = |text: &str, source| {
            let unknown = Model::parse(text).unknown(source);
            let all = unknown.into_iter().map(|one| one.message);
            all.collect::<Vec<_>>()
        };
        assert_eq!(
            messages("$status\n $statsu $nothing_like_it", DataSource::Http),
            [
                "Edge Applications has no variable $statsu (line 2, column 2); did you mean $status?",
                "Edge Applications has no variable $nothing_like_it (line 2, column 10)",
            ]
        );
        assert_eq!(
            messages("$status", DataSource::Waf),
            ["WAF Events has no variable $status (line 1, column 1)"]
        );
        assert_eq!(
            messages("$dataset", DataSource::Http),
            ["$dataset is only for the payload format (line 1, column 1)"]
        );
        assert!(messages("$time $log_message", DataSource::CellsConsole).is_empty());
    }

    #[test]
    fn a_value_never_ends_its_text() {
        let model = Model::parse(r#"{"m":"$log_message","s":$log_level,"$":"$time"}"#);
        let line = model.render(|name| match name {
            "log_message" => Some("a \"b\"\n\\".into()),
            "log_level" => Some("5".into()),
            _ => None,
        });
        assert_eq!(line, r#"{"m":"a \"b\"\n\\","s":5,"$":"-"}"#);
    }

    #[test]
    fn the_example_is_complete() {
        for source in DataSource::ALL {
            let names = source.variables().iter().map(|one| one.name);
            let text: Vec<String> = names
                .map(|name| format!("\"{name}\":\"${name}\""))
                .collect();
            let model = Model::parse(&format!("{{{}}}", text.join(",")));
            assert!(model.unknown(source).is_empty());
            let line = model.preview(source);
            let read: serde_json::Map<_, _> = serde_json::from_str(&line).expect("JSON");
            assert_eq!(read.len(), source.variables().len(), "{line}");
            assert_eq!(DataSource::named(source.as_str()), Some(source));
        }
    }
}
