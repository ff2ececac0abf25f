//! SQL.md, made of what the tables know.

use crate::functions;

/// Where this engine answers otherwise than the one it imitates, knowingly.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "Overflow",
        "a number that does not fit its type is an error, never another number; only bit functions wrap",
    ),
    (
        "Characters",
        "positions, lengths of pads and parts of text count characters, with and without _utf8; length alone counts bytes",
    ),
    (
        "Bytes",
        "what is no UTF-8 (hashes, unhex) stays bytes within an expression and is shown as hexadecimal digits",
    ),
    ("NULL", "greatest and least are NULL where one value is"),
    (
        "Regular expressions",
        "are those of Rust's regex-lite: without classes of Unicode (\\p) and with Perl's classes in ASCII",
    ),
    (
        "Exactness",
        "unique and top_k count exactly; quantiles sample beyond 65,536 values",
    ),
    ("Time minus time", "of datetime64 is a float64 of seconds"),
    (
        "to_time",
        "of a text that is no time is an error, not 1970-01-01, unless a default is given",
    ),
    ("sum_kahan", "is sum: without compensation"),
    (
        "UNION",
        "ORDER BY and LIMIT behind the last SELECT are those of the whole, not of that SELECT",
    ),
    ("dedup", "remembers 1,000,000 keys unless told, not 10,000"),
    (
        "Late rows",
        "of a window that was sent are dropped, and of a session that has ended",
    ),
    (
        "farm_hash64",
        "of 512 bytes and more is the one of processors without SSE 4.1",
    ),
    (
        "Results",
        "repeat, pads, range, replace and their kind give at most 16 MiB of text or 1,000,000 elements, then an error",
    ),
];

/// The reference as Markdown, as SQL.md in this crate's folder has it.
pub fn markdown() -> String {
    let mut out = String::from(include_str!("reference/constructs.md"));
    out.push_str("\n## Refused, and what to do instead\n");
    for (words, instead) in crate::parse::refused::list() {
        out.push_str(&format!("- `{words}`: {instead}.\n"));
    }
    out.push_str(
        "\n## Differences\nFrom ClickHouse, whose functions these are under other names:\n",
    );
    for (what, how) in DIFFERENCES {
        out.push_str(&format!("- **{what}**: {how}.\n"));
    }
    for (title, functions) in functions::families() {
        out.push_str(&format!("\n## {title}\n"));
        for function in functions {
            out.push_str(&format!("- `{}`", function.call));
            if !function.aliases.is_empty() {
                out.push_str(&format!(", also `{}`", function.aliases.join("`, `")));
            }
            out.push_str(&format!(": {}\n", function.help));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    /// `WRITE=1 cargo test -p weir-engine reference` writes it anew.
    #[test]
    fn sql_md_is_what_the_tables_say() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/SQL.md");
        let text = super::markdown();
        if std::env::var_os("WRITE").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let found = std::fs::read_to_string(path).unwrap();
        assert!(
            found == text,
            "SQL.md is stale: run `WRITE=1 cargo test -p weir-engine reference`"
        );
    }
}
