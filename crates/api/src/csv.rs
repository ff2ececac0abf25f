//! CSV (RFC 4180) read as it arrives: any split point, quoted fields, line breaks inside them.

/// A record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CsvError {
    /// Where the record begins in the file; the first line is 1.
    pub line: u64,
    /// The last of the lines that were not read for it, where it took more with it than its own.
    pub until: Option<u64>,
    pub message: String,
}

/// A record longer than this is taken for a quote that nobody closed.
const LONGEST: usize = 16 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub text: String,
    /// Quoted empty text is a value, unquoted emptiness is none.
    pub quoted: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Where it begins in the file; the first line is 1.
    pub line: u64,
    pub fields: Vec<Field>,
}

impl Record {
    /// A line with nothing on it.
    pub fn is_blank(&self) -> bool {
        matches!(&*self.fields, [field] if field.text.is_empty() && !field.quoted)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote that ends the field or begins a doubled one.
    Quote,
}

pub struct Parser {
    delimiter: u8,
    at: At,
    line: u64,
    start: u64,
    fields: Vec<Field>,
    field: Vec<u8>,
    quoted: bool,
    size: usize,
    wrong: Option<String>,
    /// The line feed behind a carriage return belongs to it.
    after_return: bool,
    /// Bytes of a byte order mark still possible.
    mark: usize,
    /// Lines without anything are records of a file of one column; those at its end are not.
    blank_rows: bool,
    /// Fields of the first record.
    width: Option<usize>,
    /// Blank lines since the last record.
    blank: Vec<u64>,
}

const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];

impl Parser {
    pub fn new(delimiter: u8) -> Self {
        Self {
            delimiter,
            at: At::FieldStart,
            line: 1,
            start: 1,
            fields: Vec::new(),
            field: Vec::new(),
            quoted: false,
            size: 0,
            wrong: None,
            after_return: false,
            mark: 0,
            blank_rows: false,
            width: None,
            blank: Vec::new(),
        }
    }

    /// Blank lines between the records of a file of one column are records, too.
    pub fn with_blank_rows(mut self) -> Self {
        self.blank_rows = true;
        self
    }

    /// Hands over records as they end; lines without anything are left out.
    pub fn push(&mut self, bytes: &[u8], out: &mut Vec<Result<Record, CsvError>>) {
        for &byte in bytes {
            if self.mark < MARK.len() {
                if byte == MARK[self.mark] {
                    self.mark += 1;
                    continue;
                }
                let begun = self.mark;
                self.mark = MARK.len();
                for held in &MARK[..begun] {
                    self.byte(*held, out);
                }
            }
            self.byte(byte, out);
        }
    }

    /// The end of the file also ends its last record.
    pub fn finish(mut self, out: &mut Vec<Result<Record, CsvError>>) {
        if self.at == At::Quoted {
            let field = self.fields.len() + 1;
            // The last line is over when a line feed was the last byte.
            let over = self.field.last() == Some(&b'\n');
            out.push(Err(CsvError {
                line: self.start,
                until: Some((self.line - u64::from(over)).max(self.start)),
                message: format!(
                    "The quote of field {field} is never closed: what follows it was not read"
                ),
            }));
            return;
        }
        if self.size > 0 || !self.fields.is_empty() {
            self.end_record(out);
        }
    }

    fn byte(&mut self, byte: u8, out: &mut Vec<Result<Record, CsvError>>) {
        let after_return = std::mem::take(&mut self.after_return);
        if self.at == At::Quoted {
            if byte == b'\n' {
                self.line += 1;
            }
            match byte {
                b'"' => self.at = At::Quote,
                _ => self.keep(byte),
            }
            return;
        }
        match byte {
            b'\n' if after_return => self.start = self.line,
            b'\n' | b'\r' => {
                self.after_return = byte == b'\r';
                self.line += 1;
                self.end_record(out);
            }
            b'"' if self.at == At::FieldStart => {
                (self.at, self.quoted) = (At::Quoted, true);
                self.size += 1;
            }
            b'"' if self.at == At::Quote => {
                self.at = At::Quoted;
                self.keep(b'"');
            }
            _ if byte == self.delimiter => {
                self.end_field();
                self.size += 1;
            }
            _ => {
                if self.at == At::Quote {
                    self.complain("There is text behind a closing quote; quotes inside quoted text are doubled");
                }
                self.at = At::Plain;
                self.keep(byte);
            }
        }
    }

    fn keep(&mut self, byte: u8) {
        self.size += 1;
        if self.size <= LONGEST {
            self.field.push(byte);
        } else {
            self.complain("Longer than 16 MiB: perhaps a quote is not closed");
        }
    }

    fn complain(&mut self, what: &str) {
        if self.wrong.is_none() {
            self.wrong = Some(format!("{what} (field {})", self.fields.len() + 1));
        }
    }

    fn end_field(&mut self) {
        let text = String::from_utf8(std::mem::take(&mut self.field)).unwrap_or_else(|_| {
            self.complain("Not UTF-8 text");
            String::new()
        });
        self.fields.push(Field {
            text,
            quoted: std::mem::take(&mut self.quoted),
        });
        self.at = At::FieldStart;
    }

    fn end_record(&mut self, out: &mut Vec<Result<Record, CsvError>>) {
        self.end_field();
        let fields = std::mem::take(&mut self.fields);
        let line = std::mem::replace(&mut self.start, self.line);
        let blank = std::mem::take(&mut self.size) == 0;
        match self.wrong.take() {
            Some(message) => out.push(Err(CsvError {
                line,
                until: None,
                message,
            })),
            None if blank => {
                if self.blank_rows && self.width == Some(1) {
                    self.blank.push(line);
                }
            }
            None if self.width.is_none() && names_separator(&fields) => {}
            None => {
                self.width.get_or_insert(fields.len());
                let empty = || Field {
                    text: String::new(),
                    quoted: false,
                };
                out.extend(self.blank.drain(..).map(|line| {
                    Ok(Record {
                        line,
                        fields: vec![empty()],
                    })
                }));
                out.push(Ok(Record { line, fields }));
            }
        }
    }
}

/// `sep=;`, which stands above the header for Excel.
fn names_separator(fields: &[Field]) -> bool {
    let [name, rest] = fields else {
        return false;
    };
    let bare = !name.quoted && !rest.quoted && rest.text.is_empty();
    bare && name.text.eq_ignore_ascii_case("sep=")
}

/// The separator that the first line holds most of, outside quotes.
pub fn guess_delimiter(start: &[u8]) -> u8 {
    let mut quoted = false;
    let mut counts = [(b',', 0u32), (b';', 0), (b'\t', 0), (b'|', 0)];
    for &byte in start {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some((_, count)) =
                    counts.iter_mut().find(|(delimiter, _)| *delimiter == byte)
                {
                    *count += 1;
                }
            }
        }
    }
    counts
        .iter()
        .rev()
        .max_by_key(|(_, count)| *count)
        .map_or(b',', |(delimiter, _)| *delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_in(pieces: &[&[u8]]) -> Vec<Result<Record, CsvError>> {
        let (mut parser, mut out) = (Parser::new(b','), Vec::new());
        for piece in pieces {
            parser.push(piece, &mut out);
        }
        parser.finish(&mut out);
        out
    }

    fn texts(text: &str) -> Vec<(u64, Vec<String>)> {
        let records = parse_in(&[text.as_bytes()]).into_iter();
        records
            .map(|r| r.expect("a record"))
            .map(|r| (r.line, r.fields.into_iter().map(|f| f.text).collect()))
            .collect()
    }

    #[test]
    fn quotes_line_breaks_and_separators_inside_fields() {
        let text = "a,b\r\n\"x,1\",\"he said \"\"no\"\"\"\n\"two\r\nlines\",\n,\"\"\n";
        assert_eq!(
            texts(text),
            [
                (1, vec!["a".into(), "b".into()]),
                (2, vec!["x,1".into(), "he said \"no\"".into()]),
                (3, vec!["two\r\nlines".into(), String::new()]),
                (5, vec![String::new(), String::new()]),
            ]
        );
        let last = parse_in(&[text.as_bytes()])
            .pop()
            .expect("one")
            .expect("good");
        assert_eq!(
            [last.fields[0].quoted, last.fields[1].quoted],
            [false, true]
        );
    }

    #[test]
    fn any_split_point_gives_the_same_records() {
        let text = "\u{feff}n\u{e4}me,b\r\n\"x\"\"y\r\n\",2\r\n\r\nlast,3".as_bytes();
        let whole = parse_in(&[text]);
        assert_eq!(whole.len(), 3);
        assert_eq!(whole[0].as_ref().expect("head").fields[0].text, "n\u{e4}me");
        assert_eq!(whole[2].as_ref().expect("last").line, 5);
        for at in 0..=text.len() {
            assert_eq!(
                parse_in(&[&text[..at], &text[at..]]),
                whole,
                "split at {at}"
            );
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(parse_in(&bytes), whole);
    }

    #[test]
    fn broken_records_name_their_line_and_the_next_one_is_read() {
        let out = parse_in(&[b"a,b\n1,\"x\" y\n2,z\n3,\xff\n4,\"open\n"]);
        let lines: Vec<_> = out
            .iter()
            .map(|r| r.as_ref().map(|r| r.line).map_err(|e| e.line))
            .collect();
        assert_eq!(lines, [Ok(1), Err(2), Ok(3), Err(4), Err(5)]);
        let words: Vec<_> = out
            .into_iter()
            .filter_map(Result::err)
            .map(|e| e.message)
            .collect();
        assert!(words[0].contains("behind a closing quote"), "{words:?}");
        assert!(words[1].contains("UTF-8"), "{words:?}");
        assert!(words[2].contains("never closed"), "{words:?}");
    }

    #[test]
    fn a_line_that_names_the_separator_is_no_record() {
        let lines = |text| texts(text).into_iter().map(|(line, _)| line);
        assert_eq!(lines("sep=,\r\na,b\r\n1,2\r\n").collect::<Vec<_>>(), [2, 3]);
        assert_eq!(lines("\u{feff}SEP=,\na\n").collect::<Vec<_>>(), [2]);
        for text in ["a,b\nsep=,\n", "\"sep=\",\n1,2\n", "sep=,1\n1,2\n"] {
            assert_eq!(lines(text).count(), 2, "{text}");
        }
        assert_eq!(guess_delimiter(b"sep=;\na,b;c\n"), b';');
    }

    #[test]
    fn the_separator_is_guessed_from_the_first_line() {
        assert_eq!(guess_delimiter(b"a;b;c\n1,2;3"), b';');
        assert_eq!(guess_delimiter(b"\"a;b;c\",d\n"), b',');
        assert_eq!(guess_delimiter(b"a\tb"), b'\t');
        assert_eq!(guess_delimiter(b"one"), b',');
    }
}
