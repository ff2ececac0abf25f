use std::fmt;

/// What was measured, how much, and what the project aims at.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 3]>);

/// An aim, and whether it was met; never a verdict on the run.
pub(crate) struct Goal {
    pub(crate) words: String,
    pub(crate) met: bool,
}

impl Goal {
    pub(crate) fn new(words: impl Into<String>, met: bool) -> Option<Self> {
        let words = words.into();
        Some(Self { words, met })
    }
}

impl Table {
    /// Also shown at once, because the whole takes minutes.
    pub(crate) fn add(
        &mut self,
        what: impl Into<String>,
        measured: impl Into<String>,
        goal: impl Into<Option<Goal>>,
    ) {
        let goal = goal.into().map_or_else(String::new, |goal| {
            let word = if goal.met { "met" } else { "missed" };
            format!("{}: {word}", goal.words)
        });
        let row = [what.into(), measured.into(), goal];
        println!("    {}: {} {}", row[0], row[1], row[2]);
        self.0.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | measured | goal |\n|---|---|---|")?;
        for [what, measured, goal] in &self.0 {
            writeln!(f, "| {what} | {measured} | {goal} |")?;
        }
        Ok(())
    }
}

/// 1234567 as `1,234,567`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
