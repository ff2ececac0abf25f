//! A whole query: WITH, UNION ALL, ORDER BY and LIMIT around SELECTs.

use std::rc::Rc;

use sqlparser::{
    ast::{
        Distinct, Expr, Fetch, LimitClause, OrderBy, Query, Select, SetExpr, SetOperator,
        SetQuantifier, TopQuantity, Value,
    },
    tokenizer::Span,
};

use super::{
    compiler::{Compiler, Flow, OutColumn, Relation, span},
    ending::no_fill,
    relation::scope,
    scope::{Env, ScopeColumn},
    shape::{order_term, order_terms},
};
use crate::{ColumnInfo, SqlError, typed::Typed, types};

#[derive(Clone)]
pub(super) struct Limit {
    pub(super) count: Option<u64>,
    pub(super) offset: u64,
    /// `LIMIT n BY these`: so many for each of their values.
    pub(super) by: Vec<Expr>,
    /// And the rows behind that are equal to the last one.
    pub(super) ties: bool,
    pub(super) span: Span,
}

impl Limit {
    pub(super) fn sql(&self) -> String {
        match (self.count, self.offset) {
            (None, 0) => String::new(),
            (Some(count), 0) => format!(" LIMIT {count}"),
            (Some(count), offset) => format!(" LIMIT {count} OFFSET {offset}"),
            (None, offset) => format!(" LIMIT -1 OFFSET {offset}"),
        }
    }
}

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
                let none = Limit {
                    count: None,
                    offset: 0,
                    by: Vec::new(),
                    ties: false,
                    span: limit.span,
                };
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
                let united = union(left, right, distinct && bounded, place)?;
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
            SetExpr::SetOperation { op, right, .. } => {
                let instead = match op {
                    SetOperator::Intersect => "INTERSECT (WHERE x IN (SELECT …) is)",
                    _ => "EXCEPT (WHERE x NOT IN (SELECT …) is)",
                };
                Err(SqlError::unsupported(instead, span(right.as_ref())))
            }
            SetExpr::Values(_) => Err(SqlError::unsupported(
                "VALUES as a query (FROM values('a int, b string', (1, 'x'), …) is)",
                span(body),
            )),
            other => Err(SqlError::unsupported(
                format!("'{other}' as a query"),
                span(other),
            )),
        }
    }

    /// ORDER BY names and positions of the result.
    fn ordered(
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

fn union(left: Relation, right: Relation, distinct: bool, at: Span) -> Result<Relation, SqlError> {
    if left.columns.len() != right.columns.len() {
        return Err(SqlError::at(
            format!(
                "UNION takes sides of as many columns: {} and {}",
                left.columns.len(),
                right.columns.len()
            ),
            at,
        ));
    }
    let mut columns = Vec::with_capacity(left.columns.len());
    for (l, r) in left.columns.iter().zip(&right.columns) {
        let data_type = types::common(&l.info.data_type, &r.info.data_type)
            .map_err(|message| SqlError::at(format!("column '{}': {message}", l.info.name), at))?;
        columns.push(OutColumn {
            info: ColumnInfo {
                name: l.info.name.clone(),
                data_type,
            },
            edge: None,
            event_time: None,
            size: l.size.max(r.size),
        });
    }
    let side = |relation: &Relation| -> Result<String, String> {
        let list: Result<Vec<_>, String> = relation
            .columns
            .iter()
            .zip(&columns)
            .enumerate()
            .map(|(index, (from, to))| {
                let value = Typed::new(format!("c{index}"), from.info.data_type.clone());
                Ok(format!(
                    "{} AS c{index}",
                    value.cast(&to.info.data_type)?.sql
                ))
            })
            .collect();
        Ok(format!(
            "SELECT {} FROM ({})",
            list?.join(", "),
            relation.sql
        ))
    };
    let word = if distinct { "UNION" } else { "UNION ALL" };
    let failed = |message| SqlError::at(message, at);
    Ok(Relation {
        sql: format!(
            "{} {word} {}",
            side(&left).map_err(failed)?,
            side(&right).map_err(failed)?
        ),
        columns,
        flow: left.flow,
        limit: None,
        time: None,
    })
}

pub(super) fn limit(clause: Option<&LimitClause>, at: Span) -> Result<Limit, SqlError> {
    let (count, offset, by) = match clause {
        None => (None, None, &[][..]),
        Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
            (Some(limit), Some(offset), &[][..])
        }
        Some(LimitClause::LimitOffset {
            limit,
            offset,
            limit_by,
        }) => (
            limit.as_ref(),
            offset.as_ref().map(|offset| &offset.value),
            limit_by.as_slice(),
        ),
    };
    Ok(Limit {
        count: count.map(number).transpose()?,
        offset: offset.map(number).transpose()?.unwrap_or(0),
        by: by.to_vec(),
        ties: false,
        span: count.map_or(at, span),
    })
}

/// `FETCH FIRST n ROWS ONLY` is LIMIT n.
fn fetched(fetch: &Fetch, limit: &mut Limit, at: Span) -> Result<(), SqlError> {
    if fetch.percent {
        let what = "FETCH … PERCENT (FETCH FIRST n ROWS ONLY is)";
        return Err(SqlError::unsupported(what, at));
    }
    if limit.count.is_some() {
        return Err(SqlError::at("LIMIT and FETCH say the same: write one", at));
    }
    limit.count = Some(match &fetch.quantity {
        Some(quantity) => number(quantity)?,
        None => 1,
    });
    limit.ties = fetch.with_ties;
    limit.span = fetch.quantity.as_ref().map_or(at, span);
    Ok(())
}

/// The LIMIT with what stands behind SELECT: `TOP n` is LIMIT n, `DISTINCT ON (k)` LIMIT 1 BY k.
fn limited(select: &Select, limit: &Limit) -> Result<Limit, SqlError> {
    let mut limit = limit.clone();
    let at = select.select_token.0.span;
    if let Some(top) = &select.top {
        if top.percent {
            return Err(SqlError::unsupported("TOP … PERCENT (TOP n is)", at));
        }
        if limit.count.is_some() {
            return Err(SqlError::at("LIMIT and TOP say the same: write one", at));
        }
        limit.count = match &top.quantity {
            Some(TopQuantity::Constant(count)) => Some(*count),
            Some(TopQuantity::Expr(count)) => Some(number(count)?),
            None => None,
        };
        limit.ties = top.with_ties;
    }
    if let Some(Distinct::On(keys)) = &select.distinct {
        if limit.count.is_some() || limit.offset > 0 {
            let what = "DISTINCT ON beside LIMIT (a subquery with DISTINCT ON is)";
            return Err(SqlError::unsupported(what, keys.first().map_or(at, span)));
        }
        limit.count = Some(1);
        limit.by.clone_from(keys);
    }
    Ok(limit)
}

fn number(expr: &Expr) -> Result<u64, SqlError> {
    let number = match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.parse().ok().filter(|n| *n <= i64::MAX as u64),
            _ => None,
        },
        _ => None,
    };
    number.ok_or_else(|| SqlError::at("LIMIT and OFFSET take a whole number", span(expr)))
}
