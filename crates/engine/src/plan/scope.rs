//! Names that an expression can refer to.

use sqlparser::ast::{Ident, SelectItem};
use weir_api::DataType;

use super::relation::{EVENT_TIME, NUMBER};
use crate::SqlError;

/// Start or end of a window, or a row's weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    Start,
    End,
    /// Whether a row is added or taken back.
    Delta,
}

#[derive(Debug, Clone)]
pub(crate) struct ScopeColumn {
    pub(crate) name: String,
    pub(crate) sql: String,
    pub(crate) data_type: DataType,
    pub(crate) edge: Option<Edge>,
    /// The followed stream whose `_tp_time` it is, as it is, or whose `_tp_sn`.
    pub(crate) event_time: Option<usize>,
    /// Bytes of what it stands for, where SQLite puts a subquery's expressions in place of its
    /// columns.
    pub(crate) size: usize,
    /// The stream whose column it is.
    pub(crate) stream: Option<String>,
    /// Joined with USING: only the left side's column answers to the bare name.
    pub(crate) hidden: bool,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    pub(crate) alias: Option<String>,
    /// What it is besides: the stream's name, where it has an alias.
    pub(crate) real: Option<String>,
    pub(crate) columns: Vec<ScopeColumn>,
    /// `_tp_time` of the rows of a subquery that does not select it.
    pub(crate) time: Option<ScopeColumn>,
    /// `_tp_sn` of the rows of a stream.
    pub(crate) number: Option<ScopeColumn>,
}

/// What stands in FROM.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    pub(crate) sources: Vec<Source>,
}

impl Scope {
    /// `None` if there is no such column.
    pub(crate) fn find(
        &self,
        qualifier: Option<&str>,
        name: &Ident,
    ) -> Result<Option<&ScopeColumn>, SqlError> {
        let named = |column: &&ScopeColumn| {
            column.name == name.value && (qualifier.is_some() || !column.hidden)
        };
        // The first source that has it, as the vendor reads a name without its table.
        let source = self
            .sources
            .iter()
            .filter(|source| qualifier.is_none_or(|q| self.is_called(source, q)))
            .find(|source| source.columns.iter().any(|column| named(&column)));
        let mut found = source
            .into_iter()
            .flat_map(|source| &source.columns)
            .filter(named);
        let first = found.next();
        if first.is_none() && (name.value == EVENT_TIME || name.value == NUMBER) {
            let named = |source: &&Source| qualifier.is_none_or(|q| self.is_called(source, q));
            let mut sources = self.sources.iter().filter(named);
            return Ok(sources.find_map(|source| match name.value == EVENT_TIME {
                true => source.time.as_ref(),
                false => source.number.as_ref(),
            }));
        }
        if first.is_some() && found.next().is_some() {
            return Err(SqlError::at(
                format!(
                    "column '{}' is ambiguous: put the table's alias before it",
                    name.value
                ),
                name.span,
            ));
        }
        Ok(first)
    }

    pub(crate) fn has_source(&self, name: &str) -> bool {
        self.sources
            .iter()
            .any(|source| self.is_called(source, name))
    }

    /// Whether it is the alias of a source, or the name of one without.
    pub(crate) fn has_alias(&self, alias: &str) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| source.alias.as_deref() == Some(alias))
    }

    /// Whether a name means the source: its alias, or its own name where nothing is called so and
    /// only one has it.
    pub(crate) fn is_called(&self, source: &Source, name: &str) -> bool {
        if source.alias.as_deref() == Some(name) {
            return true;
        }
        let real = |source: &&Source| source.real.as_deref() == Some(name);
        real(&source) && self.sources.iter().filter(real).count() == 1 && !self.has_alias(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.sources
            .iter()
            .flat_map(|source| &source.columns)
            .map(|column| column.name.as_str())
    }
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Env<'s> {
    pub(super) scope: &'s Scope,
    /// The select list, whose aliases can be used elsewhere.
    pub(super) items: &'s [SelectItem],
    /// Over groups, not over rows.
    pub(super) groups: bool,
}

impl<'s> Env<'s> {
    pub(super) fn rows(scope: &'s Scope, items: &'s [SelectItem]) -> Self {
        Self {
            scope,
            items,
            groups: false,
        }
    }
}

/// ` (did you mean 'x'?)` where one of the names is close.
pub(crate) fn suggestion<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    // Nobody misspells a longer one, and the distance costs the product of the lengths.
    if wanted.len() > 64 {
        return String::new();
    }
    let lower = wanted.to_lowercase();
    names
        .into_iter()
        .map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            *distance <= name.chars().count().min(lower.chars().count()).div_ceil(3)
        })
        .min_by_key(|(distance, _)| *distance)
        .map_or_else(String::new, |(_, name)| {
            format!(" (did you mean '{name}'?)")
        })
}
