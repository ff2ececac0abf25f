//! What stands in FROM: streams, views, subqueries, joins.

use sqlparser::{
    ast::{
        Expr, FunctionArg, FunctionArgExpr, Ident, Join, JoinConstraint, JoinOperator, ObjectName,
        TableAlias, TableFactor, TableWithJoins,
    },
    tokenizer::Span,
};

use super::{
    Compiler,
    compiler::{Flow, Leaf, Relation, span},
    expr::Env,
    operators::compare,
    scope::{Scope, ScopeColumn, Source, suggestion},
    typed::{Typed, quote_name},
};
use crate::{Catalog, SqlError, StreamInfo, parse};

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
        }
        Ok(left)
    }

    fn join(&mut self, left: From, join: &Join) -> Result<From, SqlError> {
        self.analysis.has_table_join = true;
        let at = span(&join.relation);
        let mut right = self.factor(&join.relation)?;
        let none = JoinConstraint::None;
        let (word, constraint) = match &join.join_operator {
            JoinOperator::Join(on) | JoinOperator::Inner(on) => ("JOIN", on),
            JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => ("LEFT JOIN", on),
            JoinOperator::Right(on) | JoinOperator::RightOuter(on) => ("RIGHT JOIN", on),
            JoinOperator::FullOuter(on) => ("FULL JOIN", on),
            JoinOperator::CrossJoin(_) => ("CROSS JOIN", &none),
            _ => return Err(SqlError::unsupported("this kind of join", at)),
        };
        let wrong_side = match word {
            "LEFT JOIN" => right.flow == Flow::Rows,
            "RIGHT JOIN" => left.flow == Flow::Rows,
            "FULL JOIN" => right.flow == Flow::Rows || left.flow == Flow::Rows,
            _ => false,
        };
        if wrong_side {
            return Err(SqlError::at(
                format!(
                    "a {word} cannot follow the stream on this side: the stream has to be the side whose rows are all kept, or wrapped in table(…)"
                ),
                at,
            ));
        }
        // A cross join keeps SQLite from reading the table before the stream.
        let sql_word = if word == "JOIN" && left.flow == Flow::Rows {
            "CROSS JOIN"
        } else {
            word
        };
        if matches!(word, "LEFT JOIN" | "FULL JOIN") {
            make_nullable(&mut right.scope);
        }
        let (first, second) = (left.sql.clone(), right.sql.clone());
        let mut joined = cross(left, right);
        if matches!(word, "RIGHT JOIN" | "FULL JOIN") {
            let last = joined.scope.sources.len() - 1;
            let mut before = Scope {
                sources: joined.scope.sources.drain(..last).collect(),
            };
            make_nullable(&mut before);
            joined.scope.sources.splice(0..0, before.sources);
        }
        let on = match constraint {
            JoinConstraint::On(expr) => Some(self.condition(expr, Env::rows(&joined.scope, &[]))?),
            JoinConstraint::Using(names) => Some(using(&mut joined.scope, names)?),
            JoinConstraint::None if word == "CROSS JOIN" => None,
            JoinConstraint::None => return Err(SqlError::at("a join takes ON or USING", at)),
            JoinConstraint::Natural => return Err(SqlError::unsupported("NATURAL JOIN", at)),
        };
        let on = on.map_or_else(String::new, |on| format!(" ON {on}"));
        Ok(From {
            sql: format!("{first} {sql_word} {second}{on}"),
            ..joined
        })
    }

    fn factor(&mut self, factor: &TableFactor) -> Result<From, SqlError> {
        let at = span(factor);
        match factor {
            TableFactor::Table {
                name,
                alias,
                args: None,
                ..
            } => {
                let name = simple(name)?;
                let source = self.named(name)?;
                Ok(aliased(source, alias.as_ref(), Some(&name.value)))
            }
            TableFactor::Table {
                name,
                alias,
                args: Some(args),
                ..
            } => {
                let function = simple(name)?;
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
            _ => Err(SqlError::unsupported("this in FROM", at)),
        }
    }

    /// `table(name)`: what is there now.
    pub(super) fn table(&mut self, expr: &Expr) -> Result<(From, String), SqlError> {
        let Expr::Identifier(name) = expr else {
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
                Some((_, query)) => self.query(&query.clone(), false),
                None => Err(SqlError::at("a WITH expression is lost", name.span)),
            };
            self.ctes.extend(later);
            return Ok(self.derived(relation?));
        }
        if let Some(info) = self.catalog.stream(&name.value) {
            return self.stream(&info, name.span);
        }
        if let Some(text) = self.catalog.view(&name.value) {
            return self.view(&text, name);
        }
        let names = self.catalog.names();
        let near = suggestion(&name.value, names.iter().map(String::as_str));
        Err(SqlError::at(
            format!("unknown stream or view '{}'{near}", name.value),
            name.span,
        ))
    }

    fn stream(&mut self, info: &StreamInfo, at: Span) -> Result<From, SqlError> {
        self.add_source(info);
        let table = quote_name(&info.table);
        let alias = self.alias();
        let (sql, flow) = if self.bounded {
            (format!("{table} AS {alias}"), Flow::Bounded)
        } else {
            if let Some(leaf) = &self.leaf {
                return Err(SqlError::at(
                    format!(
                        "a query follows one stream: '{}' is followed already, wrap '{}' in table(…)",
                        leaf.stream, info.name
                    ),
                    at,
                ));
            }
            self.leaf = Some(Leaf {
                stream: info.name.clone(),
                table: info.table.clone(),
            });
            let select = format!("SELECT * FROM {table} WHERE _seq > ?1 AND _seq <= ?2");
            (format!("({select}) AS {alias}"), Flow::Rows)
        };
        let columns = info.columns.iter().map(|column| ScopeColumn {
            name: column.name.clone(),
            sql: format!("{alias}.{}", quote_name(&column.name)),
            data_type: column.data_type.clone(),
            edge: None,
            stream: Some(info.name.clone()),
            hidden: false,
        });
        Ok(From {
            sql,
            scope: scope(columns.collect()),
            flow,
        })
    }

    fn view(&mut self, text: &str, name: &Ident) -> Result<From, SqlError> {
        let inside = |error: SqlError| {
            SqlError::at(
                format!("in view '{}': {}", name.value, error.message),
                name.span,
            )
        };
        let (query, _) = parse::parse_query(text).map_err(inside)?;
        let ctes = std::mem::take(&mut self.ctes);
        let outer = std::mem::take(&mut self.outer);
        let relation = self.query(&query, false);
        (self.ctes, self.outer) = (ctes, outer);
        let relation = relation.map_err(inside)?;
        Ok(self.derived(relation))
    }

    pub(super) fn derived(&mut self, relation: Relation) -> From {
        let alias = self.alias();
        let columns = relation
            .columns
            .into_iter()
            .enumerate()
            .map(|(index, column)| ScopeColumn {
                name: column.info.name,
                sql: format!("{alias}.c{index}"),
                data_type: column.info.data_type,
                edge: column.edge,
                stream: None,
                hidden: false,
            });
        From {
            scope: scope(columns.collect()),
            sql: format!("({}) AS {alias}", relation.sql),
            flow: relation.flow,
        }
    }
}

pub(super) fn scope(columns: Vec<ScopeColumn>) -> Scope {
    Scope {
        sources: vec![Source {
            alias: None,
            columns,
        }],
    }
}

/// The only identifier of a name.
fn simple(name: &ObjectName) -> Result<&Ident, SqlError> {
    match name.0.as_slice() {
        [only] => only.as_ident(),
        // The workspace's database may stand before a name.
        [database, only] if database.to_string() == "default" => only.as_ident(),
        _ => None,
    }
    .ok_or_else(|| SqlError::unsupported(format!("the name '{name}'"), span(name)))
}

/// The expression of an unnamed argument.
pub(super) fn plain_argument(arg: &FunctionArg) -> Option<&Expr> {
    match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
        _ => None,
    }
}

fn aliased(mut from: From, alias: Option<&TableAlias>, name: Option<&str>) -> From {
    let alias_name = alias.map(|alias| alias.name.value.as_str()).or(name);
    for source in &mut from.scope.sources {
        source.alias = alias_name.map(str::to_string);
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

fn cross(left: From, right: From) -> From {
    let mut sources = left.scope.sources;
    sources.extend(right.scope.sources);
    From {
        sql: format!("{} CROSS JOIN {}", left.sql, right.sql),
        scope: Scope { sources },
        flow: if left.flow == Flow::Bounded {
            right.flow
        } else {
            left.flow
        },
    }
}

fn make_nullable(scope: &mut Scope) {
    for column in scope
        .sources
        .iter_mut()
        .flat_map(|source| &mut source.columns)
    {
        column.data_type = crate::types::nullable(column.data_type.clone());
    }
}

/// Equality of the named columns of both sides.
fn using(scope: &mut Scope, names: &[ObjectName]) -> Result<String, SqlError> {
    let Some((right, left)) = scope.sources.split_last_mut() else {
        return Err(SqlError::new("USING takes two sides"));
    };
    let mut tests = Vec::with_capacity(names.len());
    for name in names {
        let name = simple(name)?;
        let unknown = || {
            SqlError::at(
                format!("unknown column '{}' on both sides of the join", name.value),
                name.span,
            )
        };
        let wanted = |column: &&ScopeColumn| column.name == name.value;
        let left = left
            .iter()
            .flat_map(|s| &s.columns)
            .find(wanted)
            .ok_or_else(unknown)?;
        let right = right
            .columns
            .iter_mut()
            .find(|c| c.name == name.value)
            .ok_or_else(unknown)?;
        right.hidden = true;
        let typed = |column: &ScopeColumn| Typed::new(column.sql.clone(), column.data_type.clone());
        let test =
            compare("=", &typed(left), &typed(right)).map_err(|m| SqlError::at(m, name.span))?;
        tests.push(test.sql);
    }
    Ok(tests.join(" AND "))
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
