//! A whole query: WITH, UNION ALL, ORDER BY and LIMIT around SELECTs.

use std::rc::Rc;

use sqlparser::ast::{OrderBy, Query, SetExpr, SetOperator, SetQuantifier};

use super::{
    compiler::{Compiler, Flow, Relation, span},
    ending::no_fill,
    limit::{Limit, fetched, limit, limited},
    relation::scope,
    scope::{Env, ScopeColumn},
    shape::{order_term, order_terms},
    union::{Both, united},
};
use crate::{SqlError, typed::Typed};

impl Compiler<'_> {
    pub(super) fn query(&mut self, query: &Query, top: bool) -> Result<Relation, SqlError> {
        let at = span(query);
        self.count_relation(at)?;
        let unsupported = [
            (!query.locks.is_empty(), "FOR UPDATE"),
            (query.for_clause.is_some(), "FOR XML and FOR JSON"),
            (query.settings.is_some(), "SETTINGS inside a subquery"),
            (query.format_clause.is_some(), "FORMAT"),
            (!query.pipe_operators.is_empty(), "|>"),
        ];
        if let Some((_, what)) = unsupported.into_iter().find(|(found, _)| *found) {
            return Err(SqlError::unsupported(what, at));
        }
        let visible = self.ctes.len();
        if let Some(with) = &query.with {
            if with.recursive {
                return Err(SqlError::unsupported(
                    "WITH RECURSIVE",
                    with.with_token.0.span,
                ));
            }
            self.analysis.has_subquery = true;
            for cte in &with.cte_tables {
                if !cte.alias.columns.is_empty() {
                    return Err(SqlError::unsupported(
                        "a column list in WITH",
                        cte.alias.name.span,
                    ));
                }
                let query = Rc::new((*cte.query).clone());
                self.ctes.push((cte.alias.name.value.clone(), query));
            }
        }
        let mut limit = limit(query.limit_clause.as_ref(), at)?;
        if let Some(fetch) = &query.fetch {
            fetched(fetch, &mut limit, at)?;
        }
        let relation = self.deeper(at, |this| {
            this.body(&query.body, query.order_by.as_ref(), &limit, top)
        });
        self.ctes.truncate(visible);
        let relation = relation?;
        self.budget.text(relation.sql.len(), || at)?;
        Ok(relation)
    }

    fn body(
        &mut self,
        body: &SetExpr,
        order_by: Option<&OrderBy>,
        limit: &Limit,
        top: bool,
    ) -> Result<Relation, SqlError> {
        let wants_time = std::mem::take(&mut self.wants_time);
        let plain = order_by.is_none() && limit.count.is_none() && limit.offset == 0;
        match body {
            SetExpr::Select(select) => {
                let limit = &limited(select, limit)?;
                let plain = limit.by.is_empty() && !limit.ties;
                self.wants_time = wants_time && plain;
                self.select(select, order_by, limit, top)
            }
            SetExpr::Query(query) if plain => self.query(query, top),
            SetExpr::Query(query) => {
                let relation = self.query(query, false)?;
                if relation.flow != Flow::Bounded {
                    return Err(SqlError::unsupported(
                        "ORDER BY and LIMIT around a followed stream in brackets",
                        span(query.as_ref()),
                    ));
                }
                self.ordered(relation, order_by, limit)
            }
            SetExpr::SetOperation {
                left,
                op: SetOperator::Union,
                set_quantifier,
                right,
            } => {
                self.analysis.has_union = true;
                let distinct = match set_quantifier {
                    // Without a word it is ALL, as the vendor has it.
                    SetQuantifier::All | SetQuantifier::None => false,
                    SetQuantifier::Distinct => true,
                    _ => return Err(SqlError::unsupported("UNION BY NAME", span(body))),
                };
                let none = Limit::none(limit.span);
                let place = span(right.as_ref());
                self.unions += 1;
                let number = self.unions;
                let depth = self.sides.len();
                self.sides.push((number, 0));
                let left = self.body(left, None, &none, false);
                self.sides.truncate(depth);
                self.sides.push((number, 1));
                let right = left.and_then(|left| Ok((left, self.body(right, None, &none, false)?)));
                self.sides.truncate(depth);
                let (left, right) = right?;
                let follows = left.flow == Flow::Rows && right.flow == Flow::Rows;
                let bounded = left.flow == Flow::Bounded && right.flow == Flow::Bounded;
                if !follows && !bounded {
                    return Err(SqlError::at(
                        "UNION takes followed streams on both sides, or on none: wrap the one that \
                         is followed in table(…)",
                        place,
                    ));
                }
                if follows && distinct {
                    self.notices.push(
                        "UNION of followed streams keeps equal rows, as UNION ALL does".into(),
                    );
                }
                if *set_quantifier == SetQuantifier::None {
                    let words = "UNION keeps equal rows, as UNION ALL does; UNION DISTINCT leaves \
                                 them out";
                    self.notices.push(words.into());
                }
                let united = united(Both::Union, left, right, distinct && bounded, place)?;
                if bounded || (order_by.is_none() && limit.count.is_none() && limit.offset == 0) {
                    return self.ordered(united, order_by, limit);
                }
                if order_by.is_some()
                    || limit.offset > 0
                    || !limit.by.is_empty()
                    || !top
                    || limit.ties
                {
                    return Err(SqlError::unsupported(
                        "ORDER BY and OFFSET over followed streams, and LIMIT in a subquery",
                        place,
                    ));
                }
                Ok(Relation {
                    limit: limit.count,
                    ..united
                })
            }
            SetExpr::SetOperation {
                left,
                op,
                set_quantifier,
                right,
            } => {
                let how = match op {
                    SetOperator::Intersect => Both::Intersect,
                    _ => Both::Except,
                };
                let relation = self.compared(how, left, right, *set_quantifier, limit)?;
                self.ordered(relation, order_by, limit)
            }
            SetExpr::Values(_) => Err(SqlError::unsupported(
                "VALUES as a query; use FROM values('a int, b string', (1, 'x'), …)",
                span(body),
            )),
            other => Err(SqlError::unsupported(
                format!("'{other}' as a query"),
                span(other),
            )),
        }
    }

    /// Rows that both sides have, or only the left one.
    fn compared(
        &mut self,
        how: Both,
        left: &SetExpr,
        right: &SetExpr,
        quantifier: SetQuantifier,
        limit: &Limit,
    ) -> Result<Relation, SqlError> {
        let place = span(right);
        let distinct = match quantifier {
            SetQuantifier::All | SetQuantifier::None => false,
            SetQuantifier::Distinct => true,
            _ => {
                let what = "BY NAME; columns are combined by position";
                return Err(SqlError::unsupported(what, place));
            }
        };
        let none = Limit::none(limit.span);
        let left = self.body(left, None, &none, false)?;
        let right = self.body(right, None, &none, false)?;
        if left.flow != Flow::Bounded || right.flow != Flow::Bounded {
            let what = "INTERSECT and EXCEPT of followed streams; wrap the streams in table(…)";
            return Err(SqlError::unsupported(what, place));
        }
        united(how, left, right, distinct, place)
    }

    /// ORDER BY names and positions of the result.
    pub(super) fn ordered(
        &mut self,
        relation: Relation,
        order_by: Option<&OrderBy>,
        limit: &Limit,
    ) -> Result<Relation, SqlError> {
        if !limit.by.is_empty() {
            return Err(SqlError::unsupported(
                "LIMIT … BY around UNION or brackets",
                limit.span,
            ));
        }
        no_fill(order_by)?;
        let alias = self.alias();
        let columns = relation
            .columns
            .iter()
            .enumerate()
            .map(|(index, column)| ScopeColumn {
                name: column.info.name.clone(),
                sql: format!("{alias}.c{index}"),
                data_type: column.info.data_type.clone(),
                edge: None,
                event_time: None,
                size: column.size,
                stream: None,
                hidden: false,
            });
        let scope = scope(columns.collect());
        let mut order = String::new();
        if let Some(order_by) = order_by {
            let mut terms = Vec::new();
            for term in order_terms(order_by)? {
                let position = term.expr.to_string().parse::<usize>().ok();
                let value = match position {
                    Some(n) => {
                        let column = scope
                            .sources
                            .first()
                            .and_then(|s| s.columns.get(n.wrapping_sub(1)));
                        let column = column.ok_or_else(|| {
                            SqlError::at(
                                format!("position {n} is not in the select list"),
                                span(&term.expr),
                            )
                        })?;
                        Typed::new(column.sql.clone(), column.data_type.clone())
                    }
                    None => self.value(&term.expr, Env::rows(&scope, &[]))?,
                };
                terms.push(order_term(&value, term));
            }
            order = format!(" ORDER BY {}", terms.join(", "));
        }
        let sql = match limit.ties {
            true if order.is_empty() => {
                return Err(SqlError::at("WITH TIES takes ORDER BY", limit.span));
            }
            true => {
                let rest = format!(" FROM ({}) AS {alias}", relation.sql);
                let around = self.alias();
                limit.sql_ties("*", relation.columns.len(), &order, &rest, &around)
            }
            false => format!(
                "SELECT * FROM ({}) AS {alias}{order}{}",
                relation.sql,
                limit.sql()
            ),
        };
        Ok(Relation { sql, ..relation })
    }
}
