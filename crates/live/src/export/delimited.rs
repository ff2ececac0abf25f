use weir_api::DataType;

use super::each_row;
use crate::{cell::Cell, ring::Ring};

/// Comma- or tab-separated text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delimited {
    pub delimiter: char,
    pub line_end: &'static str,
    /// What a spreadsheet takes for a formula or for a number of fewer digits gets a `'` in front,
    /// and is no longer exact.
    pub plain: bool,
    /// Stands for null and missing cells; text that is the same is quoted.
    pub null: &'static str,
}

/// RFC 4180. Null is `\N` as Timeplus writes and reads it: an empty field would make a row of one
/// column a blank line, which readers skip. The empty string is `""`.
pub const CSV: Delimited = Delimited {
    delimiter: ',',
    line_end: "\r\n",
    plain: false,
    null: "\\N",
};

/// For spreadsheets, which run what begins with `=`, `+`, `-` or `@`, keep 15 digits of whole
/// numbers and none of the zeros in front.
pub const SPREADSHEET: Delimited = Delimited { plain: true, ..CSV };

/// What spreadsheets take from the clipboard.
pub const TSV: Delimited = Delimited {
    delimiter: '\t',
    line_end: "\n",
    plain: false,
    null: "",
};

impl Delimited {
    /// The line of column names. For spreadsheets there is one before it: where the custom is another
    /// delimiter, `x;=1` would otherwise become two cells, and the second one a formula.
    pub fn write_header(&self, ring: &Ring, columns: &[usize], out: &mut String) {
        if self.plain {
            out.push_str("sep=");
            out.push(self.delimiter);
            out.push_str(self.line_end);
        }
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                out.push(self.delimiter);
            }
            if let Some(column) = ring.columns().get(*column) {
                let start = out.len();
                out.push_str(&column.name);
                self.protect(start, out);
            }
        }
        out.push_str(self.line_end);
    }

    pub fn write_rows(
        &self,
        ring: &Ring,
        columns: &[usize],
        rows: impl Iterator<Item = u64>,
        out: &mut String,
    ) -> u64 {
        each_row(ring, rows, |row| {
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    out.push(self.delimiter);
                }
                let cell = row.cell(*column);
                let document = ring
                    .columns()
                    .get(*column)
                    .is_some_and(|column| *column.data_type.inner() == DataType::Json);
                match cell {
                    // Without its quotes a text could be a number, or no document at all.
                    Cell::Json(token) if document && token.starts_with('"') => {
                        let start = out.len();
                        out.push_str(token);
                        self.protect(start, out);
                    }
                    cell => self.write_cell(&cell, out),
                }
            }
            out.push_str(self.line_end);
        })
    }

    pub fn write_cell(&self, cell: &Cell<'_>, out: &mut String) {
        let start = out.len();
        cell.write_text(out);
        match cell {
            Cell::Null | Cell::Missing => out.push_str(self.null),
            Cell::Text("") | Cell::Json("\"\"") => out.push_str("\"\""),
            Cell::Text(_) | Cell::Json(_) => self.protect(start, out),
            _ if self.plain && loses_digits(&out[start..]) => out.insert(start, '\''),
            _ => {}
        }
    }

    /// A field that is text.
    pub fn write_text(&self, text: &str, out: &mut String) {
        let start = out.len();
        out.push_str(text);
        self.protect(start, out);
    }

    /// Quotes the field that starts at `start` where it needs to be.
    fn protect(&self, start: usize, out: &mut String) {
        // Some leave spaces and breaks in front out before they look.
        let formula = |c: char| {
            matches!(
                c,
                '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'
            )
        };
        let field = &out[start..];
        let changed = field.trim_start_matches(' ').starts_with(formula) || loses_digits(field);
        if self.plain && changed {
            out.insert(start, '\'');
        }
        let field = &out[start..];
        let special = |c: char| c == self.delimiter || matches!(c, '"' | '\r' | '\n');
        // However NULL is written here, whoever reads a file takes these for it.
        let null = field == self.null || self.delimiter == ',' && matches!(field, "NULL" | "\\N");
        if !field.contains(special) && field.trim() == field && !null {
            return;
        }
        let quoted = field.replace('"', "\"\"");
        out.truncate(start);
        out.push('"');
        out.push_str(&quoted);
        out.push('"');
    }
}

/// Whole numbers as far as spreadsheets do not show them as they are.
fn loses_digits(text: &str) -> bool {
    const KEPT: usize = 15;
    let digits = text.trim().trim_start_matches('-');
    let whole = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    whole && (digits.len() > KEPT || digits.len() > 1 && digits.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;
    use crate::testing::ring;

    #[test]
    fn fields_are_quoted_where_needed_and_null_differs_from_empty() {
        let ring = ring(
            &["int64", "string", "array(int8)", "float64"],
            "[[-9223372036854775808,\"a,b\\n\\\"c\\\"\",[1,2],1.50],[null,\"\",[],\"nan\"],[1,\" x\"]]",
        );
        let mut out = String::new();
        CSV.write_header(&ring, &[0, 1, 2, 3], &mut out);
        assert_eq!(CSV.write_rows(&ring, &[0, 1, 2, 3], 0..3, &mut out), 3);
        assert_eq!(
            out,
            "c0,c1,c2,c3\r\n-9223372036854775808,\"a,b\n\"\"c\"\"\",\"[1,2]\",1.50\r\n\\N,\"\",[],nan\r\n1,\" x\",\\N,\\N\r\n"
        );
        let mut out = String::new();
        assert_eq!(TSV.write_rows(&ring, &[1, 0], 2..9, &mut out), 1);
        assert_eq!(out, "\" x\"\t1\n");
    }

    #[test]
    fn a_text_among_documents_stays_one() {
        let ring = ring(&["json"], r#"[["5"],[5],["a\"b"],[{"a":"x"}],[""]]"#);
        let mut out = String::new();
        CSV.write_rows(&ring, &[0], 0..5, &mut out);
        let lines = [
            "\"\"\"5\"\"\"",
            "5",
            "\"\"\"a\\\"\"b\"\"\"",
            "\"{\"\"a\"\":\"\"x\"\"}\"",
            "\"\"\"\"\"\"",
        ];
        assert_eq!(out.lines().collect::<Vec<_>>(), lines);
    }

    #[test]
    fn a_spreadsheet_keeps_every_digit() {
        let ring = ring(
            &["uint64", "int64", "string", "float64"],
            "[[18446744073709551615,-9223372036854775808,\"007\",14.666666666666666],[999999999999999,0,\"0\",1e300]]",
        );
        let mut out = String::new();
        SPREADSHEET.write_rows(&ring, &[0, 1, 2, 3], 0..2, &mut out);
        assert_eq!(
            out,
            "'18446744073709551615,'-9223372036854775808,'007,14.666666666666666\r\n999999999999999,0,0,1e300\r\n"
        );
        let mut exact = String::new();
        CSV.write_rows(&ring, &[0, 2], 0..1, &mut exact);
        assert_eq!(exact, "18446744073709551615,007\r\n");
    }

    #[test]
    fn no_text_is_a_formula_in_a_spreadsheet_and_numbers_stay() {
        let ring = ring(
            &["string", "int8"],
            r#"[["=cmd|' /C calc'!A0",-1],["+1",1],["-x",2],["@SUM(A1)",3],["\t=1",4],[" =1",5],["a=b",6]]"#,
        );
        let mut out = String::new();
        SPREADSHEET.write_rows(&ring, &[0, 1], 0..7, &mut out);
        assert_eq!(
            out,
            "'=cmd|' /C calc'!A0,-1\r\n'+1,1\r\n'-x,2\r\n'@SUM(A1),3\r\n'\t=1,4\r\n' =1,5\r\na=b,6\r\n"
        );
        let mut exact = String::new();
        CSV.write_rows(&ring, &[0, 1], 0..2, &mut exact);
        assert_eq!(exact, "=cmd|' /C calc'!A0,-1\r\n+1,1\r\n");
        let head = |form: Delimited| {
            let mut head = String::new();
            form.write_header(&ring, &[], &mut head);
            head
        };
        assert_eq!(head(SPREADSHEET), "sep=,\r\n\r\n");
        assert_eq!(head(CSV), "\r\n");
    }

    #[test]
    fn null_survives_in_one_column_and_beside_the_text_that_means_it() {
        let ring = ring(
            &["nullable(string)"],
            r#"[[null],["\\N"],[""],["NULL"],[]]"#,
        );
        let written = |null: &'static str| {
            let mut out = String::new();
            Delimited { null, ..CSV }.write_rows(&ring, &[0], 0..5, &mut out);
            out
        };
        assert_eq!(
            written("\\N"),
            "\\N\r\n\"\\N\"\r\n\"\"\r\n\"NULL\"\r\n\\N\r\n"
        );
        assert_eq!(
            written("NULL"),
            "NULL\r\n\"\\N\"\r\n\"\"\r\n\"NULL\"\r\nNULL\r\n"
        );
        assert_eq!(written(""), "\r\n\"\\N\"\r\n\"\"\r\n\"NULL\"\r\n\r\n");
    }

    /// Fields of RFC 4180 text; `None` is `\N` without quotes.
    fn parse(text: &str) -> Vec<Vec<Option<String>>> {
        let (mut rows, mut row, mut rest) = (Vec::new(), Vec::new(), text);
        while !rest.is_empty() {
            if let Some(mut quoted) = rest.strip_prefix('"') {
                let mut field = String::new();
                loop {
                    let (before, after) = quoted.split_once('"').expect("closing quote");
                    field += before;
                    quoted = after;
                    let Some(after) = quoted.strip_prefix('"') else {
                        break;
                    };
                    field.push('"');
                    quoted = after;
                }
                row.push(Some(field));
                rest = quoted;
            } else {
                let end = rest.find([',', '\r']).expect("end of line");
                row.push((&rest[..end] != "\\N").then(|| rest[..end].to_string()));
                rest = &rest[end..];
            }
            if let Some(after) = rest.strip_prefix("\r\n") {
                rows.push(std::mem::take(&mut row));
                rest = after;
            } else {
                rest = rest.strip_prefix(',').expect("comma");
            }
        }
        rows
    }

    proptest! {
        #[test]
        fn any_text_reads_back(
            rows in prop::collection::vec(prop::collection::vec(any::<Option<String>>(), 2), 1..8),
        ) {
            let ring = ring(&["string", "string"], &Value::from_iter(rows.clone()).to_string());
            let mut out = String::new();
            CSV.write_rows(&ring, &[0, 1], ring.first()..ring.end(), &mut out);
            prop_assert_eq!(parse(&out), rows);
        }
    }
}
