use super::each_row;
use crate::{cell::Cell, ring::Ring};

/// A table as Markdown has it. Line breaks become `<br>`, as a row is one line; numbers stand at the
/// right.
pub fn write_markdown(
    ring: &Ring,
    columns: &[usize],
    rows: impl Iterator<Item = u64>,
    out: &mut String,
) -> u64 {
    let known = || columns.iter().filter_map(|at| ring.columns().get(*at));
    for column in known() {
        out.push_str("| ");
        write_text(&column.name, out);
        out.push(' ');
    }
    out.push_str("|\n");
    for column in known() {
        let number = column.data_type.inner().is_numeric();
        out.push_str(if number { "| ---: " } else { "| --- " });
    }
    out.push_str("|\n");
    each_row(ring, rows, |row| {
        for column in columns.iter().filter(|at| **at < ring.columns().len()) {
            out.push_str("| ");
            match row.cell(*column) {
                Cell::Missing => {}
                Cell::Null => out.push_str("*null*"),
                cell => write_text(&cell.text(), out),
            }
            out.push(' ');
        }
        out.push_str("|\n");
    })
}

/// What would end a cell or begin markup is told to be text.
fn write_text(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str("<br>"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    #[test]
    fn nothing_in_a_cell_ends_it_or_is_markup() {
        let ring = ring(
            &["int64", "string"],
            r#"[[-1,"a|b\\|c"],[2,"x\r\ny\nz"],[null,"<b>*_`[&"],[3]]"#,
        );
        let mut out = String::new();
        assert_eq!(write_markdown(&ring, &[0, 1, 9], 0..9, &mut out), 4);
        assert_eq!(
            out,
            "| c0 | c1 |\n| ---: | --- |\n| -1 | a\\|b\\\\\\|c |\n| 2 | x<br>y<br>z |\n\
             | *null* | &lt;b>\\*\\_\\`\\[&amp; |\n| 3 |  |\n"
        );
    }
}
