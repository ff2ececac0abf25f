//! Lines of a log as servers write them: how grave each is, which are wanted.

use crate::systems::timeplus::logs::history::LEVELS;

/// Words in front of a line among which its severity stands: a time of one or two words, a thread,
/// a place.
const AMONG: usize = 6;

/// Other words for the severities.
const ALIASES: [(&str, &str); 6] = [
    ("WARNING", "WARN"),
    ("INFORMATION", "INFO"),
    ("ERR", "ERROR"),
    ("FATAL", "ERROR"),
    ("CRITICAL", "ERROR"),
    ("NOTICE", "INFO"),
];

/// Place of the line's severity among [`LEVELS`]; `None` where it names none.
pub fn level(line: &str) -> Option<usize> {
    // Brackets around nothing are no words.
    let words = line.split([' ', '\t']);
    let words = words.filter(|word| word.contains(char::is_alphanumeric));
    words.take(AMONG).find_map(|word| {
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphabetic());
        let upper = bare.to_ascii_uppercase();
        let alias = ALIASES.iter().find(|(other, _)| *other == upper);
        let name = alias.map_or(upper.as_str(), |(_, name)| name);
        // A word of the message in small letters is no severity: only one in brackets may be.
        let told = bare == upper || word.len() > bare.len();
        let found = LEVELS.iter().position(|level| level.name == name);
        found.filter(|_| told)
    })
}

/// A line that begins with space goes on with the one before: a stack is as grave as its error.
fn goes_on(line: &str) -> bool {
    line.starts_with([' ', '\t'])
}

/// How many lines there are of each severity.
pub fn counts(lines: &[String]) -> [u64; LEVELS.len()] {
    let mut counts = [0; LEVELS.len()];
    for at in graded(lines).into_iter().flatten() {
        counts[at] += 1;
    }
    counts
}

fn graded(lines: &[String]) -> Vec<Option<usize>> {
    let mut before = None;
    let grade = |line: &String| {
        before = match level(line) {
            None if goes_on(line) => before,
            found => found,
        };
        before
    };
    lines.iter().map(grade).collect()
}

/// Those of one of the severities, where any is chosen, that hold the text in either case; with how
/// grave they are.
pub fn wanted<'a>(
    lines: &'a [String],
    levels: &[usize],
    search: &str,
) -> Vec<(&'a str, Option<usize>)> {
    let search = search.trim().to_lowercase();
    let graded = graded(lines);
    let meets = |line: &str, level: Option<usize>| {
        let of_level = levels.is_empty() || level.is_some_and(|level| levels.contains(&level));
        of_level && (search.is_empty() || line.to_lowercase().contains(&search))
    };
    let lines = lines.iter().map(String::as_str).zip(graded);
    lines.filter(|(line, level)| meets(line, *level)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(line: &str) -> Option<&'static str> {
        level(line).map(|at| LEVELS[at].name)
    }

    #[test]
    fn a_severity_is_found_where_servers_write_it() {
        for (line, name) in [
            ("2026-02-01T01:02:03.456Z INFO started", Some("INFO")),
            (
                "2026.02.01 01:02:03.4 [ 71 ] {} <Error> Sink: no route",
                Some("ERROR"),
            ),
            ("2026-02-01 01:02:03,456 [warning] slow", Some("WARN")),
            ("level=debug x", None),
            ("no error was met", None),
            (
                "2026-02-01T01:02:03Z a long way behind the front ERROR",
                None,
            ),
            ("", None),
        ] {
            assert_eq!(named(line), name, "{line}");
        }
    }

    #[test]
    fn what_goes_on_is_as_grave_as_what_it_goes_on_from() {
        let lines = ["t INFO a", "t ERROR b", "  at x", "t WARN Ünd", "plain"].map(String::from);
        assert_eq!(counts(&lines), [2, 1, 1, 0, 0]);
        let texts = |levels: &[usize], search: &str| -> Vec<&str> {
            let wanted = wanted(&lines, levels, search).into_iter();
            wanted.map(|(line, _)| line).collect()
        };
        assert_eq!(texts(&[0], ""), ["t ERROR b", "  at x"]);
        assert_eq!(texts(&[], " ünd "), ["t WARN Ünd"]);
        assert_eq!(texts(&[2], "b"), Vec::<&str>::new());
        assert_eq!(texts(&[], "").len(), 5);
    }
}
