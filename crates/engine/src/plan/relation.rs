//! What stands in FROM: streams, views, subqueries, joins.

use sqlparser::ast::{Expr, FunctionArguments, Ident, TableAlias, TableFactor, TableWithJoins};

use super::{
    compiler::{Compiler, Flow, OutColumn, Relation, span},
    factor::{is_part, no_database, refuse_ignored, simple},
    join::cross,
    scope::{Scope, ScopeColumn, Source, suggestion},
    view_parameters::Given,
};
use crate::{
    Catalog, SqlError, StreamInfo, functions,
    parse::{self, Emit},
};

/// Bytes of a column's expression with those of the subqueries below it, from which on a subquery
/// is run by itself.
const MAX_FLAT: usize = 4096;

/// SQLite joins no more.
const MAX_JOINED: usize = 64;

/// Every stream has it.
pub(super) const EVENT_TIME: &str = "_tp_time";

/// The number of a row in its stream, from 0.
pub(super) const NUMBER: &str = "_tp_sn";

/// A FROM clause in SQLite text.
pub(super) struct From {
    pub(super) sql: String,
    pub(super) scope: Scope,
    pub(super) flow: Flow,
}

impl Compiler<'_> {
    pub(super) fn from(&mut self, tables: &[TableWithJoins]) -> Result<Option<From>, SqlError> {
        let mut all: Option<From> = None;
        for table in tables {
            let next = self.joined(table)?;
            all = Some(match all {
                None => next,
                Some(before) => {
                    self.analysis.has_table_join = true;
                    cross(before, next)
                }
            });
        }
        Ok(all)
    }

    fn joined(&mut self, table: &TableWithJoins) -> Result<From, SqlError> {
        let mut left = self.factor(&table.relation)?;
        for join in &table.joins {
            left = self.join(left, join)?;
            if left.scope.sources.len() > MAX_JOINED {
                return Err(SqlError::at(
                    format!("more than {MAX_JOINED} streams are joined"),
                    span(&join.relation),
                ));
            }
        }
        Ok(left)
    }

    pub(super) fn factor(&mut self, factor: &TableFactor) -> Result<From, SqlError> {
        refuse_ignored(factor)?;
        let at = span(factor);
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                ..
            } => {
                let (source, name) = match name.0.as_slice() {
                    [database, table] if is_part(database, "system") => {
                        let table = table.as_ident().ok_or_else(|| {
                            SqlError::unsupported(format!("the name '{name}'"), at)
                        })?;
                        (self.system(table)?, table)
                    }
                    _ => {
                        let name = simple(name)?;
                        (self.named(name)?, name)
                    }
                };
                Ok(aliased(source, alias.as_ref(), Some(&name.value)))
            }
            TableFactor::Table {
                name,
                alias,
                args: Some(args),
                ..
            } => {
                let function = simple(name)?;
                if let Some(source) = self.view_call(function, &args.args)? {
                    return Ok(aliased(source, alias.as_ref(), Some(&function.value)));
                }
                let source = self.window_function(function, &args.args)?;
                Ok(aliased(source, alias.as_ref(), None))
            }
            TableFactor::TableFunction { expr, alias } => {
                let (source, name) = self.table(expr)?;
                Ok(aliased(source, alias.as_ref(), Some(&name)))
            }
            TableFactor::Derived {
                lateral: false,
                subquery,
                alias,
                ..
            } => {
                self.analysis.has_subquery = true;
                self.wants_time = true;
                let relation = self.query(subquery, false)?;
                let source = self.derived(relation);
                Ok(aliased(source, alias.as_ref(), None))
            }
            TableFactor::NestedJoin {
                table_with_joins,
                alias: None,
            } => {
                let inside = self.joined(table_with_joins)?;
                Ok(From {
                    sql: format!("({})", inside.sql),
                    ..inside
                })
            }
            TableFactor::Derived { lateral: true, .. } => Err(SqlError::unsupported(
                "LATERAL; use a JOIN, or a subquery in the select list",
                at,
            )),
            TableFactor::UNNEST { .. } => {
                Err(SqlError::unsupported("UNNEST in FROM; use ARRAY JOIN", at))
            }
            _ => Err(SqlError::unsupported("this in FROM", at)),
        }
    }

    /// `table(name)`: what is there now.
    pub(super) fn table(&mut self, expr: &Expr) -> Result<(From, String), SqlError> {
        if let Expr::CompoundIdentifier(parts) = expr
            && let [database, table] = parts.as_slice()
            && database.value == "system"
        {
            return Ok((self.system(table)?, table.value.clone()));
        }
        if let Expr::Function(function) = expr
            && let FunctionArguments::List(list) = &function.args
        {
            let name = simple(&function.name)?;
            let before = std::mem::replace(&mut self.bounded, true);
            let view = self.view_call(name, &list.args);
            self.bounded = before;
            if let Some(view) = view? {
                return Ok((view, name.value.clone()));
            }
        }
        let name = match expr {
            Expr::Identifier(name) => Some(name),
            // The workspace's database may stand before a name.
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [database, name] if database.value == "default" => Some(name),
                _ => None,
            },
            _ => None,
        };
        let Some(name) = name else {
            if let Expr::CompoundIdentifier(parts) = expr
                && let [database, _] = parts.as_slice()
            {
                return Err(no_database(&database.value, database.span));
            }
            return Err(SqlError::at(
                "table() takes the name of a stream or view",
                span(expr),
            ));
        };
        let before = std::mem::replace(&mut self.bounded, true);
        let source = self.named(name);
        self.bounded = before;
        Ok((source?, name.value.clone()))
    }

    /// A common table expression, a stream or a view.
    pub(super) fn named(&mut self, name: &Ident) -> Result<From, SqlError> {
        self.count_relation(name.span)?;
        if let Some(index) = self.ctes.iter().rposition(|(cte, _)| *cte == name.value) {
            let later = self.ctes.split_off(index);
            let relation = match later.first() {
                Some((_, query)) => {
                    self.wants_time = true;
                    self.query(query, false)
                }
                None => Err(SqlError::at("a WITH expression is lost", name.span)),
            };
            self.ctes.extend(later);
            return Ok(self.derived(relation?));
        }
        if let Some(info) = self.catalog.dictionary(&name.value) {
            return self.dictionary_from(&info, name);
        }
        if let Some(info) = self.catalog.stream(&name.value) {
            return self.stream(&info, name.span);
        }
        if let Some(text) = self.catalog.view(&name.value) {
            // What the view around this one was given is its own.
            let inside = Given {
                unbound: self.given.unbound,
                ..Given::default()
            };
            let given = std::mem::replace(&mut self.given, inside);
            let view = self.view(&text, name, "view");
            self.given = given;
            return view;
        }
        let names = self.catalog.names();
        let near = suggestion(&name.value, names.iter().map(String::as_str));
        Err(SqlError::at(
            format!("unknown stream or view '{}'{near}", name.value),
            name.span,
        ))
    }

    /// `what` it is, for errors.
    pub(super) fn view(&mut self, text: &str, name: &Ident, what: &str) -> Result<From, SqlError> {
        let inside = |error: SqlError| {
            SqlError::at(
                format!("in {what} '{}': {}", name.value, error.message),
                name.span,
            )
        };
        let (query, tail, joins) = parse::parse_query(text, functions::is_known).map_err(inside)?;
        // What a view says of its results holds where the query says nothing.
        if let Some((emit, _)) = tail.emit
            && self.emit == Emit::default()
            && !self.bounded
        {
            self.emit = emit;
        }
        if let Some(seek_to) = tail.seek_to {
            self.seek_to.get_or_insert(seek_to);
        }
        self.notices.extend(tail.notices);
        let bounded = self.bounded;
        self.bounded |= tail.table_mode;
        let joins = std::mem::replace(&mut self.joins, joins);
        let ctes = std::mem::take(&mut self.ctes);
        let named = std::mem::replace(&mut self.named, tail.named);
        let outer = std::mem::take(&mut self.outer);
        self.wants_time = true;
        let relation = self.query(&query, false);
        self.bounded = bounded;
        (self.ctes, self.outer, self.joins) = (ctes, outer, joins);
        self.named = named;
        let relation = relation.map_err(inside)?;
        Ok(self.derived(relation))
    }

    pub(super) fn derived(&mut self, relation: Relation) -> From {
        let alias = self.alias();
        // SQLite would put each expression in the place of each reference to it, and so on upwards.
        let fenced = relation.columns.iter().any(|column| column.size > MAX_FLAT);
        let sql = match fenced {
            true => format!(
                "(WITH {alias}_rows AS MATERIALIZED ({}) SELECT * FROM {alias}_rows) AS {alias}",
                relation.sql
            ),
            false => format!("({}) AS {alias}", relation.sql),
        };
        let column = |(index, column): (usize, OutColumn)| ScopeColumn {
            name: column.info.name,
            sql: format!("{alias}.c{index}"),
            data_type: column.info.data_type,
            edge: column.edge,
            event_time: column.event_time,
            size: if fenced { 0 } else { column.size },
            stream: None,
            hidden: false,
        };
        let time = relation
            .time
            .map(|time| column((relation.columns.len(), time)));
        let place = relation.columns.len() + usize::from(time.is_some());
        let delta = relation.delta.map(|delta| ScopeColumn {
            hidden: true,
            ..column((place, delta))
        });
        let columns = relation.columns.into_iter().enumerate().map(column);
        let mut scope = scope(columns.chain(delta).collect());
        for source in &mut scope.sources {
            source.time.clone_from(&time);
        }
        From {
            scope,
            sql,
            flow: relation.flow,
        }
    }
}

pub(super) fn scope(columns: Vec<ScopeColumn>) -> Scope {
    Scope {
        sources: vec![Source {
            alias: None,
            real: None,
            columns,
            time: None,
            number: None,
        }],
    }
}

fn aliased(mut from: From, alias: Option<&TableAlias>, name: Option<&str>) -> From {
    let alias_name = alias.map(|alias| alias.name.value.as_str()).or(name);
    for source in &mut from.scope.sources {
        source.alias = alias_name.map(str::to_string);
        source.real = alias.and(name).map(str::to_string);
    }
    let renamed = alias.map_or(&[][..], |alias| &alias.columns);
    let columns = from
        .scope
        .sources
        .iter_mut()
        .flat_map(|source| &mut source.columns);
    for (column, new) in columns.zip(renamed) {
        column.name.clone_from(&new.name.value);
    }
    from
}

/// A catalog without streams.
pub(super) struct NoStreams;

impl Catalog for NoStreams {
    fn stream(&self, _: &str) -> Option<StreamInfo> {
        None
    }

    fn view(&self, _: &str) -> Option<String> {
        None
    }
}
