//! What a file holds and which of its columns go where; guessed from its beginning, then up to the
//! person.

use weir_api::{DataType, timeplus::stream::StreamColumn};

use super::{
    Trouble,
    batch::{Batch, Shape},
    cell,
    csv::{self, Parser, Record},
    ndjson::Lines,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    Csv { delimiter: u8, header: bool },
    Ndjson,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub kind: Kind,
    /// Names of the file's columns, from the header or made up.
    pub columns: Vec<String>,
    /// First values of each column, for people.
    pub sample: Vec<String>,
    /// For each of the file's columns the stream's, or empty where it is left out.
    pub targets: Vec<String>,
}

impl Plan {
    /// `start` is the beginning of the file.
    pub fn guess(name: &str, start: &[u8], stream: &[StreamColumn]) -> Self {
        let name = name.to_ascii_lowercase();
        let first = start.trim_ascii_start().first().copied();
        let json = name.ends_with(".ndjson")
            || name.ends_with(".jsonl")
            || (!name.ends_with(".csv") && !name.ends_with(".tsv") && first == Some(b'{'));
        if json {
            return Self {
                kind: Kind::Ndjson,
                columns: Vec::new(),
                sample: Vec::new(),
                targets: Vec::new(),
            };
        }
        let delimiter = csv::guess_delimiter(start);
        let names = records(start, delimiter)
            .first()
            .map(texts)
            .unwrap_or_default();
        // A header names at least one of the stream's columns.
        let header = names.iter().any(|name| target(name, stream).is_some());
        Self::csv(start, delimiter, header, stream)
    }

    pub fn csv(start: &[u8], delimiter: u8, header: bool, stream: &[StreamColumn]) -> Self {
        let mut records = records(start, delimiter).into_iter();
        let first = if header { records.next() } else { None };
        let values = records.next().as_ref().map(texts).unwrap_or_default();
        let columns = match &first {
            Some(record) => texts(record),
            None => (1..=values.len()).map(|n| format!("Column {n}")).collect(),
        };
        let targets = columns.iter().enumerate().map(|(at, name)| {
            let found = if header {
                target(name, stream)
            } else {
                stream.get(at).map(|c| c.name.clone())
            };
            found.unwrap_or_default()
        });
        let mut targets: Vec<String> = targets.collect();
        // One column of the file for each of the stream.
        for at in 0..targets.len() {
            if targets[..at].contains(&targets[at]) {
                targets[at].clear();
            }
        }
        let mut sample = values;
        sample.resize(columns.len(), String::new());
        Self {
            kind: Kind::Csv { delimiter, header },
            columns,
            sample,
            targets,
        }
    }

    /// Why rows cannot be sent like this.
    pub fn objection(&self) -> Option<String> {
        if self.kind == Kind::Ndjson {
            return None;
        }
        let mut used: Vec<&String> = self.targets.iter().filter(|t| !t.is_empty()).collect();
        if used.is_empty() {
            return Some("No column of the file goes to a column of the stream.".into());
        }
        used.sort();
        let twice = used.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(format!("Two columns of the file go to {}.", twice[0]))
    }
}

fn records(start: &[u8], delimiter: u8) -> Vec<Record> {
    let (mut parser, mut out) = (Parser::new(delimiter), Vec::new());
    parser.push(start, &mut out);
    parser.finish(&mut out);
    out.into_iter().flatten().take(2).collect()
}

fn texts(record: &Record) -> Vec<String> {
    record
        .fields
        .iter()
        .map(|field| field.text.trim().to_string())
        .collect()
}

/// The stream's column that a header means: letters and digits count, their case does not.
fn target(name: &str, stream: &[StreamColumn]) -> Option<String> {
    let plain = |text: &str| {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let exact = stream.iter().find(|column| column.name == name);
    let found = exact.or_else(|| {
        stream
            .iter()
            .find(|column| plain(&column.name) == plain(name) && !plain(name).is_empty())
    })?;
    Some(found.name.clone())
}

/// Turns the file's bytes into rows ready to be sent.
pub struct Reader {
    input: Input,
    pub shape: Shape,
}

enum Input {
    Csv {
        parser: Parser,
        columns: Vec<Option<DataType>>,
        names: Vec<String>,
        skip_header: bool,
    },
    Ndjson(Lines),
}

/// A row's line and its JSON.
pub type Ready = Result<(u64, Vec<u8>), Trouble>;

impl Reader {
    pub fn new(plan: &Plan, stream: &[StreamColumn]) -> Self {
        match plan.kind {
            Kind::Ndjson => Self {
                input: Input::Ndjson(Lines::default()),
                shape: Shape::Objects,
            },
            Kind::Csv { delimiter, header } => {
                let types = plan.targets.iter().map(|name| data_type(name, stream));
                let columns: Vec<Option<DataType>> = types.collect();
                let used: Vec<String> = plan
                    .targets
                    .iter()
                    .filter(|t| !t.is_empty())
                    .cloned()
                    .collect();
                let input = Input::Csv {
                    parser: Parser::new(delimiter),
                    columns,
                    names: plan.targets.clone(),
                    skip_header: header,
                };
                Self {
                    input,
                    shape: Shape::Compact(used),
                }
            }
        }
    }

    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Ready>) {
        match &mut self.input {
            Input::Ndjson(lines) => {
                let mut read = Vec::new();
                lines.push(bytes, &mut read);
                out.extend(
                    read.into_iter()
                        .map(|line| line.map(|line| (line.line, line.json))),
                );
            }
            Input::Csv {
                parser,
                columns,
                names,
                skip_header,
            } => {
                let mut read = Vec::new();
                parser.push(bytes, &mut read);
                out.extend(
                    read.into_iter()
                        .filter_map(|record| row(record, columns, names, skip_header)),
                );
            }
        }
    }

    pub fn finish(self, out: &mut Vec<Ready>) {
        match self.input {
            Input::Ndjson(lines) => {
                let mut read = Vec::new();
                lines.finish(&mut read);
                out.extend(
                    read.into_iter()
                        .map(|line| line.map(|line| (line.line, line.json))),
                );
            }
            Input::Csv {
                parser,
                columns,
                names,
                mut skip_header,
            } => {
                let mut read = Vec::new();
                parser.finish(&mut read);
                out.extend(
                    read.into_iter()
                        .filter_map(|record| row(record, &columns, &names, &mut skip_header)),
                );
            }
        }
    }
}

fn data_type(name: &str, stream: &[StreamColumn]) -> Option<DataType> {
    let column = stream.iter().find(|column| column.name == name)?;
    let parsed = DataType::parse(&column.data_type).unwrap_or(DataType::String);
    Some(if column.nullable && !parsed.is_nullable() {
        DataType::Nullable(Box::new(parsed))
    } else {
        parsed
    })
}

fn row(
    record: Result<Record, Trouble>,
    columns: &[Option<DataType>],
    names: &[String],
    skip_header: &mut bool,
) -> Option<Ready> {
    if std::mem::take(skip_header) && record.is_ok() {
        return None;
    }
    Some(record.and_then(|record| json(&record, columns, names)))
}

fn json(
    record: &Record,
    columns: &[Option<DataType>],
    names: &[String],
) -> Result<(u64, Vec<u8>), Trouble> {
    let trouble = |column: Option<&String>, message: String| Trouble {
        line: record.line,
        column: column.cloned(),
        message,
    };
    if record.fields.len() != columns.len() {
        let message = format!(
            "{} fields where the file has {} columns",
            record.fields.len(),
            columns.len()
        );
        return Err(trouble(None, message));
    }
    let mut out = vec![b'['];
    for ((field, data_type), name) in record.fields.iter().zip(columns).zip(names) {
        let Some(data_type) = data_type else { continue };
        if out.len() > 1 {
            out.push(b',');
        }
        cell::write(field, data_type, &mut out).map_err(|message| trouble(Some(name), message))?;
    }
    out.push(b']');
    Ok((record.line, out))
}

/// Fills batches; full ones are handed over.
pub fn gather(
    ready: Vec<Ready>,
    batch: &mut Batch,
    full: &mut Vec<Batch>,
    troubles: &mut Vec<Trouble>,
) {
    for row in ready {
        match row {
            Ok((line, json)) => batch.push(line, json),
            Err(trouble) => troubles.push(trouble),
        }
        if batch.full() {
            full.push(std::mem::take(batch));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream() -> Vec<StreamColumn> {
        [
            ("id", "uint64", false),
            ("file_name", "string", false),
            ("size", "int64", true),
        ]
        .map(|(name, data_type, nullable)| StreamColumn {
            name: name.into(),
            data_type: data_type.into(),
            nullable,
            ..Default::default()
        })
        .into()
    }

    #[test]
    fn headers_find_their_columns() {
        let plan = Plan::guess("x.csv", b"ID;File Name;other\n7;a.txt;z\n", &stream());
        assert_eq!(
            plan.kind,
            Kind::Csv {
                delimiter: b';',
                header: true
            }
        );
        assert_eq!(plan.targets, ["id", "file_name", ""]);
        assert_eq!(plan.sample, ["7", "a.txt", "z"]);
        assert_eq!(plan.objection(), None);
    }

    #[test]
    fn without_a_header_columns_go_by_their_place() {
        let plan = Plan::guess("x.csv", b"7,a.txt,9\n8,b,1\n", &stream());
        assert_eq!(
            plan.kind,
            Kind::Csv {
                delimiter: b',',
                header: false
            }
        );
        assert_eq!(
            (plan.columns[0].as_str(), plan.targets.as_slice()),
            (
                "Column 1",
                ["id", "file_name", "size"].map(String::from).as_slice()
            )
        );
    }

    #[test]
    fn a_column_takes_one_column_of_the_file() {
        let plan = Plan::guess("x.csv", b"id,ID,name\n1,2,3\n", &stream());
        assert_eq!(plan.targets, ["id", "", ""]);
        let mut plan = plan;
        plan.targets[1] = "id".into();
        assert!(plan.objection().is_some_and(|words| words.contains("id")));
        plan.targets = vec![String::new(); 3];
        assert!(plan.objection().is_some());
    }

    #[test]
    fn objects_are_recognised() {
        assert_eq!(Plan::guess("x.jsonl", b"", &stream()).kind, Kind::Ndjson);
        assert_eq!(
            Plan::guess("log.txt", b"  {\"a\":1}", &stream()).kind,
            Kind::Ndjson
        );
    }

    #[test]
    fn rows_are_typed_and_bad_ones_keep_their_line() {
        let text =
            b"id,file_name,size,more\n18446744073709551615,\"a\nb\",,x\nseven,c,1,x\n3,d\n4,e,5,x";
        let plan = Plan::guess("x.csv", text, &stream());
        let mut reader = Reader::new(&plan, &stream());
        let mut ready = Vec::new();
        for piece in text.chunks(7) {
            reader.push(piece, &mut ready);
        }
        let shape = reader.shape.clone();
        reader.finish(&mut ready);
        let (mut batch, mut full, mut troubles) = (Batch::default(), Vec::new(), Vec::new());
        gather(ready, &mut batch, &mut full, &mut troubles);
        let body = String::from_utf8(batch.body(&shape)).expect("utf-8");
        assert_eq!(
            body,
            "{\"columns\":[\"id\",\"file_name\",\"size\"],\"data\":[[18446744073709551615,\"a\\nb\",null],[4,\"e\",5]]}"
        );
        let found: Vec<_> = troubles
            .iter()
            .map(|t| (t.line, t.column.as_deref()))
            .collect();
        assert_eq!(found, [(4, Some("id")), (5, None)]);
    }
}
