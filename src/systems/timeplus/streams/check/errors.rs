//! Errors, collected while a draft is read.

use weir_api::FieldError;

use crate::ui::field::unit::Measure;

#[derive(Default)]
pub(super) struct Errors(pub(super) Vec<FieldError>);

impl Errors {
    pub(super) fn add(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    pub(super) fn check(&mut self, field: &str, outcome: Result<(), String>) {
        if let Err(message) = outcome {
            self.add(field, message);
        }
    }

    pub(super) fn quantity(&mut self, field: &str, measure: Measure, typed: &str) -> Option<i64> {
        measure.parse(typed).unwrap_or_else(|message| {
            self.add(field, message);
            None
        })
    }

    pub(super) fn whole(&mut self, field: &str, typed: &str) -> Option<u32> {
        let typed = text(typed)?;
        match typed.parse() {
            Ok(number) if number > 0 => Some(number),
            _ => {
                self.add(field, "Must be a whole number above 0");
                None
            }
        }
    }
}

pub(super) fn text(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.into())
}
