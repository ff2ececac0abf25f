//! Dictionaries: their rows in FROM.

use sqlparser::{ast::Ident, tokenizer::Span};
use weir_api::DataType;

use super::{
    compiler::Compiler,
    relation::{From, scope},
    scope::{Env, Scope, ScopeColumn},
    stage::Carries,
};
use crate::{
    SqlError,
    catalog::{DictionaryColumn, DictionaryInfo, Lookup},
    codec, functions,
    parse::{Named, parse_expression},
    typed::{Typed, sql_literal},
};

/// Names that can be seen where a query stands.
struct Around {
    outer: Vec<Scope>,
    lambdas: Vec<Vec<super::lambda::Parameter>>,
    named: Vec<Named>,
    expanding: Vec<String>,
    carries: Option<Carries>,
}

impl Compiler<'_> {
    /// All rows of a dictionary.
    pub(super) fn dictionary_from(
        &mut self,
        info: &DictionaryInfo,
        name: &Ident,
    ) -> Result<From, SqlError> {
        self.reads_dictionary(name);
        let bounded = std::mem::replace(&mut self.bounded, true);
        let around = self.leave_names();
        let rows = self.view(&info.query, name, "dictionary");
        let from = rows.and_then(|rows| self.dictionary_rows(info, rows, name));
        self.enter_names(around);
        self.bounded = bounded;
        from
    }

    pub(super) fn reads_dictionary(&mut self, name: &Ident) {
        if !self.dictionaries.contains(&name.value) {
            self.dictionaries.push(name.value.clone());
        }
    }

    fn dictionary_rows(
        &mut self,
        info: &DictionaryInfo,
        rows: From,
        name: &Ident,
    ) -> Result<From, SqlError> {
        let inside = |error: SqlError| {
            let words = format!("in dictionary '{}': {}", name.value, error.message);
            SqlError::at(words, name.span)
        };
        let mut columns = Vec::with_capacity(info.columns.len());
        for column in &info.columns {
            let value = self.dictionary_column(column, &rows.scope, name.span);
            columns.push((column.name.clone(), value.map_err(inside)?));
        }
        let list = |columns: &[(String, Typed)]| -> String {
            let named = columns.iter().enumerate();
            let named = named.map(|(index, (_, value))| format!("{} AS c{index}", value.sql));
            named.collect::<Vec<_>>().join(", ")
        };
        let alias = self.alias();
        let sql = match self.is_by_key(info) {
            true => format!("(SELECT {} FROM {}) AS {alias}", list(&columns), rows.sql),
            // Of equal keys the last row counts. SQLite takes the other columns from the row that
            // has the greatest of max().
            false => {
                let inner = self.alias();
                let places: Vec<String> = (0..columns.len())
                    .map(|index| format!("{inner}.c{index}"))
                    .collect();
                let named = places.iter().enumerate();
                let named: Vec<String> = named
                    .map(|(index, place)| format!("{place} AS c{index}"))
                    .collect();
                let keys: Vec<String> = info
                    .columns
                    .iter()
                    .zip(&places)
                    .filter(|(column, _)| info.key.contains(&column.name))
                    .map(|(_, place)| place.clone())
                    .chain(self.range_starts(info, &places))
                    .collect();
                format!(
                    "(SELECT {}, max({inner}.n) AS n FROM (SELECT {}, row_number() OVER () AS n \
                     FROM {}) AS {inner} GROUP BY {}) AS {alias}",
                    named.join(", "),
                    list(&columns),
                    rows.sql,
                    keys.join(", ")
                )
            }
        };
        let columns = columns.into_iter().enumerate();
        let columns = columns.map(|(index, (name, value))| ScopeColumn {
            name,
            sql: format!("{alias}.c{index}"),
            data_type: value.data_type,
            edge: None,
            event_time: None,
            size: 0,
            stream: None,
            hidden: false,
        });
        Ok(From {
            scope: scope(columns.collect()),
            sql,
            flow: rows.flow,
        })
    }

    /// What is named around a dictionary is not named in it.
    fn leave_names(&mut self) -> Around {
        Around {
            outer: std::mem::take(&mut self.outer),
            lambdas: std::mem::take(&mut self.lambdas),
            named: std::mem::take(&mut self.named),
            expanding: std::mem::take(&mut self.expanding),
            carries: self.carries.take(),
        }
    }

    fn enter_names(&mut self, around: Around) {
        self.outer = around.outer;
        self.lambdas = around.lambdas;
        self.named = around.named;
        self.expanding = around.expanding;
        self.carries = around.carries;
    }

    /// Rows of ranges are told apart by their ranges.
    fn range_starts(&self, info: &DictionaryInfo, places: &[String]) -> Vec<String> {
        let Lookup::Range { min, max, .. } = &info.lookup else {
            return Vec::new();
        };
        let columns = info.columns.iter().zip(places);
        columns
            .filter(|(column, _)| column.name == *min || column.name == *max)
            .map(|(_, place)| place.clone())
            .collect()
    }

    /// Whether the stream has one row for each key of the dictionary.
    fn is_by_key(&self, info: &DictionaryInfo) -> bool {
        let Some(stream) = &info.stream else {
            return false;
        };
        let (mut ours, mut theirs) = (info.key.clone(), self.catalog.key(stream));
        ours.sort();
        theirs.sort();
        let computed = |name: &String| {
            let mut columns = info.columns.iter();
            columns.any(|column| column.name == *name && column.expression.is_some())
        };
        ours == theirs && !ours.iter().any(computed)
    }

    /// The value of a column in the dictionary's own type: NULL of a source is the default.
    fn dictionary_column(
        &mut self,
        column: &DictionaryColumn,
        source: &Scope,
        at: Span,
    ) -> Result<Typed, SqlError> {
        let wrong =
            |message: String| SqlError::at(format!("column '{}': {message}", column.name), at);
        let data_type = DataType::parse(&column.data_type).map_err(wrong)?;
        let value = match &column.expression {
            Some(text) => {
                let expr = parse_expression(text, functions::is_known)?;
                self.value(&expr, Env::rows(source, &[]))?
            }
            None => self.name(&Ident::with_span(at, &column.name), Env::rows(source, &[]))?,
        };
        let value = value.cast(&data_type).map_err(wrong)?;
        if !value.data_type.is_nullable() || data_type.is_nullable() {
            return Ok(Typed::new(value.sql, data_type));
        }
        let default = self.dictionary_default(column, at)?;
        let sql = format!("coalesce({}, {})", value.sql, default.sql);
        Ok(Typed::new(sql, data_type))
    }

    pub(super) fn dictionary_default(
        &mut self,
        column: &DictionaryColumn,
        at: Span,
    ) -> Result<Typed, SqlError> {
        let wrong =
            |message: String| SqlError::at(format!("column '{}': {message}", column.name), at);
        let data_type = DataType::parse(&column.data_type).map_err(wrong)?;
        match &column.default {
            Some(text) => {
                let expr = parse_expression(text, functions::is_known)?;
                let around = self.leave_names();
                let value = self.value(&expr, Env::rows(&Scope::default(), &[]));
                self.enter_names(around);
                value?.cast(&data_type).map_err(wrong)
            }
            None => Ok(Typed::new(
                sql_literal(&codec::default_value(&data_type)),
                data_type,
            )),
        }
    }
}
