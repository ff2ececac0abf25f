//! The select list.

use regex_lite::{Regex, RegexBuilder};
use sqlparser::{
    ast::{
        ExcludeSelectItem, Expr, FunctionArg, FunctionArgExpr, FunctionArguments, Select,
        SelectItem, SelectItemQualifiedWildcardKind, Value, WildcardAdditionalOptions,
    },
    tokenizer::Span,
};

use super::weigh::DELTA;
use super::{
    aggregate::edge_in,
    compiler::{Compiler, span},
    scope::{Edge, Env, ScopeColumn, suggestion},
};
use crate::{SqlError, error::quoted, typed::Typed};

/// SQLite has no more.
const MAX_COLUMNS: usize = 2000;

/// A column of the result.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) value: Typed,
    pub(super) edge: Option<Edge>,
    /// The followed stream whose event time it is.
    pub(super) event_time: Option<usize>,
    pub(super) size: usize,
}

impl Compiler<'_> {
    pub(super) fn items(&mut self, select: &Select, env: Env<'_>) -> Result<Vec<Item>, SqlError> {
        let mut items = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    if let Some(pattern) = columns(expr) {
                        self.matching(pattern?, env, span(expr), &mut items)?;
                        continue;
                    }
                    let name = match expr {
                        Expr::Identifier(name) => name.value.clone(),
                        Expr::CompoundIdentifier(parts) => parts
                            .last()
                            .map_or_else(String::new, |name| name.value.clone()),
                        other => written(other),
                    };
                    items.push(self.item(name, expr, env)?);
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expanding.push(alias.value.clone());
                    let item = self.item(alias.value.clone(), expr, env);
                    self.expanding.pop();
                    items.push(item?);
                }
                SelectItem::Wildcard(options) => self.wildcard(None, options, env, &mut items)?,
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    let qualifier = name.to_string();
                    if !env.scope.has_source(&qualifier) {
                        return Err(SqlError::at(
                            format!("unknown table '{qualifier}'"),
                            span(name),
                        ));
                    }
                    self.wildcard(Some(&qualifier), options, env, &mut items)?;
                }
                other => return Err(SqlError::unsupported(format!("'{other}'"), span(other))),
            }
        }
        if items.len() > MAX_COLUMNS {
            return Err(SqlError::at(
                format!("more than {MAX_COLUMNS} columns are selected"),
                select.select_token.0.span,
            ));
        }
        if items.is_empty() {
            return Err(SqlError::at(
                "nothing is selected",
                select.select_token.0.span,
            ));
        }
        Ok(items)
    }

    pub(super) fn item(
        &mut self,
        name: String,
        expr: &Expr,
        env: Env<'_>,
    ) -> Result<Item, SqlError> {
        let before = std::mem::take(&mut self.referenced);
        let value = self.value(expr, env)?;
        // Groups are made before anything stands in their place.
        let size = match env.groups {
            true => 0,
            false => value.sql.len().saturating_add(self.referenced),
        };
        self.referenced = self.referenced.saturating_add(before);
        let key = self
            .grouping
            .last()
            .and_then(|grouping| grouping.edge(&value.sql));
        let edge = edge_in(env, &value, key);
        let sources = env.scope.sources.iter();
        let mut columns = sources.flat_map(|source| source.columns.iter().chain(&source.number));
        let event_time = columns.find(|column| column.sql == value.sql);
        let event_time = event_time.and_then(|column| column.event_time);
        Ok(Item {
            name,
            value,
            edge,
            event_time,
            size,
        })
    }

    pub(super) fn wildcard(
        &mut self,
        qualifier: Option<&str>,
        options: &WildcardAdditionalOptions,
        env: Env<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), SqlError> {
        let at = options.wildcard_token.0.span;
        if options.opt_ilike.is_some()
            || options.opt_rename.is_some()
            || options.opt_alias.is_some()
        {
            return Err(SqlError::unsupported("this form of *", at));
        }
        if env.groups {
            return Err(SqlError::at(
                "* cannot be selected from groups: name the columns",
                at,
            ));
        }
        if env.scope.sources.is_empty() {
            return Err(SqlError::at("* needs FROM", at));
        }
        let mut left_out: Vec<String> = Vec::new();
        if let Some(except) = &options.opt_except {
            left_out.push(except.first_element.value.clone());
            left_out.extend(
                except
                    .additional_elements
                    .iter()
                    .map(|name| name.value.clone()),
            );
        }
        match &options.opt_exclude {
            Some(ExcludeSelectItem::Single(name)) => left_out.push(name.to_string()),
            Some(ExcludeSelectItem::Multiple(names)) => {
                left_out.extend(names.iter().map(ToString::to_string))
            }
            None => {}
        }
        if let Some(unknown) = left_out
            .iter()
            .find(|name| !env.scope.names().any(|n| n == name.as_str()))
        {
            let near = suggestion(unknown, env.scope.names());
            return Err(SqlError::at(
                format!("unknown column '{unknown}'{near}"),
                at,
            ));
        }
        let replaced = options
            .opt_replace
            .as_ref()
            .map_or(&[][..], |r| &r.items[..]);
        if let Some(unknown) = replaced
            .iter()
            .find(|item| !env.scope.names().any(|n| n == item.column_name.value))
        {
            let name = &unknown.column_name;
            let near = suggestion(&name.value, env.scope.names());
            return Err(SqlError::at(
                format!("unknown column '{}'{near}", name.value),
                name.span,
            ));
        }
        for source in &env.scope.sources {
            if qualifier.is_some_and(|wanted| !env.scope.is_called(source, wanted)) {
                continue;
            }
            for column in &source.columns {
                let hidden = (column.hidden && (qualifier.is_none() || column.name == DELTA))
                    || (self.hides_reserved && column.name.starts_with("_tp_"));
                if hidden || left_out.contains(&column.name) {
                    continue;
                }
                let other = replaced.iter().find(|r| r.column_name.value == column.name);
                if let Some(other) = other {
                    items.push(self.item(column.name.clone(), &other.expr, env)?);
                    continue;
                }
                items.push(self.whole_column(column));
            }
        }
        Ok(())
    }

    fn whole_column(&mut self, column: &ScopeColumn) -> Item {
        Item {
            name: column.name.clone(),
            value: self.column(column),
            edge: column.edge,
            event_time: column.event_time,
            size: column.size,
        }
    }

    /// The columns whose names match.
    fn matching(
        &mut self,
        pattern: Regex,
        env: Env<'_>,
        at: Span,
        items: &mut Vec<Item>,
    ) -> Result<(), SqlError> {
        if env.groups {
            let words = "columns() cannot be selected from groups: name the columns";
            return Err(SqlError::at(words, at));
        }
        let before = items.len();
        let columns = env.scope.sources.iter().flat_map(|source| &source.columns);
        for column in columns.filter(|column| !column.hidden && pattern.is_match(&column.name)) {
            items.push(self.whole_column(column));
        }
        match items.len() == before {
            true => Err(SqlError::at(
                format!("no column's name matches '{pattern}'"),
                at,
            )),
            false => Ok(()),
        }
    }
}

/// An expression as people write it: `t.1`, which the grammar reads as `t[1L]`.
fn written(expr: &Expr) -> String {
    let text = expr.to_string();
    if !text.contains("L]") {
        return text;
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while let Some((before, behind)) = rest.split_once('[') {
        out.push_str(before);
        rest = match behind.split_once("L]") {
            Some((place, more))
                if !place.is_empty() && place.bytes().all(|b| b.is_ascii_digit()) =>
            {
                out.push('.');
                out.push_str(place);
                more
            }
            _ => {
                out.push('[');
                behind
            }
        };
    }
    out + rest
}

/// The pattern of `columns('…')`, where the expression is such a call.
fn columns(expr: &Expr) -> Option<Result<Regex, SqlError>> {
    let Expr::Function(function) = expr else {
        return None;
    };
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    if !function.name.to_string().eq_ignore_ascii_case("columns") {
        return None;
    }
    let text = match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))] => match &value.value {
            Value::SingleQuotedString(text) => text,
            _ => return None,
        },
        _ => return None,
    };
    // No name is longer than what a pattern of this size can tell.
    let pattern = RegexBuilder::new(text).size_limit(1 << 20).build();
    Some(pattern.map_err(|_| {
        SqlError::at(
            format!("{} is not a regular expression", quoted(text)),
            span(expr),
        )
    }))
}
