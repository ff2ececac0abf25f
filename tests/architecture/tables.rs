//! The tables of `docs/architecture.md`.

/// Rows of names; the first row is the ground.
pub(crate) struct Floors(Vec<Vec<String>>);

impl Floors {
    /// The first table below the heading `## {heading}`: the names in backticks in the first
    /// column of each row.
    pub(crate) fn read(text: &str, heading: &str) -> Self {
        let mut lines = text.lines();
        lines
            .find(|line| line.strip_prefix("## ") == Some(heading))
            .unwrap_or_else(|| panic!("no heading {heading}"));
        let rows = lines
            .take_while(|line| !line.starts_with("## "))
            .filter_map(|line| line.strip_prefix("| `"));
        let rows = rows.map(|row| {
            let cell = row.split('|').next().unwrap_or_default();
            let names = cell.split(',').map(|name| name.trim().trim_matches('`'));
            names.map(String::from).collect()
        });
        Self(rows.collect())
    }

    /// The higher, the farther from the ground.
    pub(crate) fn of(&self, name: &str) -> Option<usize> {
        let stands = |row: &Vec<String>| row.iter().any(|one| one == name);
        self.0.iter().position(stands)
    }
}
