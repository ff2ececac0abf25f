//! A file's bytes become rows ready to be sent.

use weir_api::{
    DataType,
    csv::{CsvError, Parser, Record},
    timeplus::stream::StreamColumn,
};

use super::{
    RowError,
    batch::{Batch, Shape},
    cell,
    ndjson::Lines,
    plan::{Kind, Plan},
};

/// Turns the file's bytes into rows ready to be sent.
pub struct Reader {
    input: Input,
    pub shape: Shape,
}

enum Input {
    Csv(Parser, Records),
    Ndjson(Lines),
}

/// What records become.
struct Records {
    columns: Vec<Option<DataType>>,
    names: Vec<String>,
    skip_header: bool,
    /// As [`Plan::null_word`].
    null_word: bool,
}

/// A row's line and its JSON.
pub type Ready = Result<(u64, Vec<u8>), RowError>;

impl Reader {
    pub fn new(plan: &Plan, stream: &[StreamColumn]) -> Self {
        match plan.kind {
            Kind::Ndjson => Self {
                input: Input::Ndjson(Lines::new(stream)),
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
                let parser = Parser::new(delimiter).with_blank_rows();
                let records = Records {
                    columns,
                    names: plan.targets.clone(),
                    skip_header: header,
                    null_word: plan.null_word,
                };
                let input = Input::Csv(parser, records);
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
            Input::Csv(parser, records) => {
                let mut read = Vec::new();
                parser.push(bytes, &mut read);
                out.extend(read.into_iter().filter_map(|record| records.row(record)));
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
            Input::Csv(parser, mut records) => {
                let mut read = Vec::new();
                parser.finish(&mut read);
                out.extend(read.into_iter().filter_map(|record| records.row(record)));
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

impl Records {
    fn row(&mut self, record: Result<Record, CsvError>) -> Option<Ready> {
        if std::mem::take(&mut self.skip_header) && record.is_ok() {
            return None;
        }
        // A blank line is a row only where its one column takes NULL.
        if let (Ok(record), [column]) = (&record, self.columns.as_slice())
            && record.is_blank()
            && !column.as_ref().is_some_and(DataType::is_nullable)
        {
            return None;
        }
        Some(match record {
            Ok(record) => self.json(&record),
            Err(CsvError {
                line,
                until,
                message,
            }) => Err(RowError {
                line,
                until,
                column: None,
                message,
            }),
        })
    }

    fn json(&self, record: &Record) -> Ready {
        let row_error = |column: Option<&String>, message: String| RowError {
            line: record.line,
            until: None,
            column: column.cloned(),
            message,
        };
        if record.fields.len() != self.columns.len() {
            let message = format!(
                "{} fields where the file has {} columns",
                record.fields.len(),
                self.columns.len()
            );
            return Err(row_error(None, message));
        }
        let mut out = vec![b'['];
        for ((field, data_type), name) in record.fields.iter().zip(&self.columns).zip(&self.names) {
            let Some(data_type) = data_type else { continue };
            if out.len() > 1 {
                out.push(b',');
            }
            let word = self.null_word && !field.quoted && field.text.trim() == "NULL";
            if word && data_type.is_nullable() {
                out.extend_from_slice(b"null");
                continue;
            }
            cell::write(field, data_type, &mut out)
                .map_err(|message| row_error(Some(name), message))?;
        }
        out.push(b']');
        Ok((record.line, out))
    }
}

/// Fills batches; full ones are handed over.
pub fn gather(
    ready: Vec<Ready>,
    batch: &mut Batch,
    full: &mut Vec<Batch>,
    row_errors: &mut Vec<RowError>,
) {
    for row in ready {
        match row {
            Ok((line, json)) => batch.push(line, json),
            Err(row_error) => row_errors.push(row_error),
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
        let (mut batch, mut full, mut row_errors) = (Batch::default(), Vec::new(), Vec::new());
        gather(ready, &mut batch, &mut full, &mut row_errors);
        let body = String::from_utf8(batch.body(&shape)).expect("utf-8");
        assert_eq!(
            body,
            "{\"columns\":[\"id\",\"file_name\",\"size\"],\"data\":[[18446744073709551615,\"a\\nb\",null],[4,\"e\",5]]}"
        );
        let found: Vec<_> = row_errors
            .iter()
            .map(|t| (t.line, t.column.as_deref()))
            .collect();
        assert_eq!(found, [(4, Some("id")), (5, None)]);
    }

    fn read(
        text: &str,
        plan: &Plan,
        stream: &[StreamColumn],
    ) -> Vec<Result<String, (u64, Option<u64>)>> {
        let (mut reader, mut ready) = (Reader::new(plan, stream), Vec::new());
        for piece in text.as_bytes().chunks(7) {
            reader.push(piece, &mut ready);
        }
        reader.finish(&mut ready);
        ready
            .into_iter()
            .map(|row| {
                row.map(|(_, json)| String::from_utf8(json).expect("utf-8"))
                    .map_err(|trouble| (trouble.line, trouble.until))
            })
            .collect()
    }

    #[test]
    fn a_column_of_nulls_loses_no_row() {
        let column = |nullable| {
            vec![StreamColumn {
                name: "s".into(),
                data_type: "string".into(),
                nullable,
                ..Default::default()
            }]
        };
        let rows = |text: &str, nullable| {
            let stream = column(nullable);
            let plan = Plan::guess("x.csv", text.as_bytes(), &stream);
            let rows = read(text, &plan, &stream).into_iter();
            rows.map(|row| row.expect("a row")).collect::<Vec<_>>()
        };
        // As the console writes it, and as others do.
        assert_eq!(
            rows("s\r\n\\N\r\na\r\n\"\\N\"\r\n\"\"\r\n\\N\r\n", true),
            ["[null]", "[\"a\"]", "[\"\\\\N\"]", "[\"\"]", "[null]"]
        );
        assert_eq!(
            rows("s\n\na\n\n\nb\n\n", true),
            ["[null]", "[\"a\"]", "[null]", "[null]", "[\"b\"]"]
        );
        assert_eq!(rows("s\n\na\n\n", false), ["[\"a\"]"]);
    }

    /// As the console writes it where that was chosen; a text that is the same is quoted.
    #[test]
    fn the_word_null_is_null_where_it_is_not_quoted() {
        let text = "id,file_name,size\n1,NULL,NULL\n2,\"NULL\",3\n3,Null,4\n";
        let mut nullable = stream();
        nullable[1].nullable = true;
        let mut plan = Plan::guess("x.csv", text.as_bytes(), &nullable);
        let rows = |plan: &Plan, stream: &[StreamColumn]| {
            let rows = read(text, plan, stream).into_iter();
            rows.map(|row| row.expect("a row")).collect::<Vec<_>>()
        };
        let others = ["[2,\"NULL\",3]", "[3,\"Null\",4]"];
        let null = rows(&plan, &nullable);
        assert_eq!(null[0], "[1,null,null]");
        assert_eq!(null[1..], others);
        assert_eq!(rows(&plan, &stream())[0], "[1,\"NULL\",null]");
        plan.null_word = false;
        let word = rows(&plan, &nullable);
        assert_eq!(word[0], "[1,\"NULL\",null]");
        assert_eq!(word[1..], others);
    }

    #[test]
    fn an_open_quote_names_the_lines_that_it_swallows() {
        let mut text = String::from("id,file_name,size\n");
        for line in 2..=1_001 {
            let quote = if line == 702 { "\"" } else { "" };
            text += &format!("{line},{quote}name,1\n");
        }
        let plan = Plan::guess("x.csv", &text.as_bytes()[..100], &stream());
        let rows = read(&text, &plan, &stream());
        assert_eq!(rows.len(), 701);
        assert_eq!(rows[700], Err((702, Some(1_001))));
        let rows = read(text.trim_end(), &plan, &stream());
        assert_eq!(rows[700], Err((702, Some(1_001))));
        // In the last line it takes no other with it.
        let rows = read("id,file_name,size\n1,\"a,1", &plan, &stream());
        assert_eq!(rows, [Err((2, Some(2)))]);
    }
}
