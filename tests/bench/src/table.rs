use std::fmt;

/// What was measured, how much, and what the project aims at.
#[derive(Default)]
pub(crate) struct Table(Vec<[String; 3]>);

impl Table {
    /// Also shown at once, because the whole takes minutes.
    pub(crate) fn add(&mut self, what: impl Into<String>, measured: impl Into<String>, goal: &str) {
        let row = [what.into(), measured.into(), goal.to_string()];
        println!("    {}: {}", row[0], row[1]);
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
