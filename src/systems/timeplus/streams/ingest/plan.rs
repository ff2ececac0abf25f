//! What a file holds and which of its columns go where; guessed from its beginning, then up to the
//! person.

use weir_api::{
    csv::{self, Parser, Record},
    timeplus::stream::StreamColumn,
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
    /// The word NULL without quotes is NULL in texts, too; in everything else it always is.
    pub null_word: bool,
    /// Why the file cannot be read at all.
    unreadable: Option<&'static str>,
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
                null_word: false,
                unreadable: unreadable(start),
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
            null_word: true,
            unreadable: unreadable(start),
        }
    }

    /// Why rows cannot be sent like this.
    pub fn objection(&self) -> Option<String> {
        if let Some(words) = self.unreadable {
            return Some(words.into());
        }
        if self.kind == Kind::Ndjson {
            return None;
        }
        let mut used: Vec<&String> = self.targets.iter().filter(|t| !t.is_empty()).collect();
        if used.is_empty() {
            return Some("No column of the file is mapped to a column of the stream.".into());
        }
        used.sort();
        let twice = used.windows(2).find(|pair| pair[0] == pair[1])?;
        Some(format!(
            "Two columns of the file are mapped to {}.",
            twice[0]
        ))
    }
}

/// What a file's first bytes tell where they are no UTF-8 text.
fn unreadable(start: &[u8]) -> Option<&'static str> {
    const OTHERS: &[(&[u8], &str)] = &[
        (b"\xff\xfe", UTF_16),
        (b"\xfe\xff", UTF_16),
        (
            b"PK\x03\x04",
            "The file is an archive or an Excel workbook: save the sheet as CSV.",
        ),
        (
            b"\x1f\x8b",
            "The file is compressed with gzip: unpack it first.",
        ),
        (
            b"\x28\xb5\x2f\xfd",
            "The file is compressed with zstd: unpack it first.",
        ),
        (b"PAR1", "The file is Parquet: convert it to CSV or NDJSON."),
    ];
    if !start.is_empty() && start.trim_ascii().is_empty() {
        return Some("The file contains only blanks.");
    }
    let known = OTHERS.iter().find(|(first, _)| start.starts_with(first));
    // ASCII in UTF-16 has a zero in every other byte.
    let zeros = start.chunks_exact(2).take(64);
    let wide = zeros.len() > 1
        && (zeros.clone().all(|pair| pair[0] == 0) || zeros.clone().all(|pair| pair[1] == 0));
    known.map(|(_, words)| *words).or(wide.then_some(UTF_16))
}

const UTF_16: &str = "The file is UTF-16: save it as UTF-8, in Excel as \"CSV UTF-8\".";

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
    fn what_is_no_text_in_utf_8_is_refused() {
        let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_mark: Vec<u8> = utf_16("\u{feff}id,ü\n1,2\n");
        let without: Vec<u8> = utf_16("id,size\n1,2\n");
        let zip = b"PK\x03\x04id".to_vec();
        for (name, start) in [
            ("a.csv", with_mark.as_slice()),
            ("a.txt", &without),
            ("a.ndjson", &without),
            ("a.csv", &zip),
            ("a.csv.gz", b"\x1f\x8b\x08"),
            ("a.csv", b"  \r\n "),
        ] {
            let plan = Plan::guess(name, start, &stream());
            assert_eq!(plan.objection().as_deref(), unreadable(start), "{name}");
            assert!(
                plan.objection()
                    .is_some_and(|words| words.starts_with("The file"))
            );
        }
        for text in ["\u{feff}id\n1\n", "id\n\0\n", "", "i"] {
            assert_eq!(unreadable(text.as_bytes()), None, "{text:?}");
        }
    }

    #[test]
    fn objects_are_recognised() {
        assert_eq!(Plan::guess("x.jsonl", b"", &stream()).kind, Kind::Ndjson);
        assert_eq!(
            Plan::guess("log.txt", b"  {\"a\":1}", &stream()).kind,
            Kind::Ndjson
        );
    }
}
