//! `QUALIFY condition`: a condition on what OVER gave, tested on the rows of the result.

use sqlparser::ast::{Expr, OrderBy, Select, SelectItem};

use super::{
    compiler::{Compiler, Flow, Relation, span},
    limit::Limit,
};
use crate::{SqlError, typed};

impl Compiler<'_> {
    /// `select` is what has the condition.
    pub(super) fn qualified(
        &mut self,
        select: &Select,
        condition: &Expr,
        order_by: Option<&OrderBy>,
        limit: &Limit,
    ) -> Result<Relation, SqlError> {
        let at = span(condition);
        if select.distinct.is_some() {
            let what = "QUALIFY beside DISTINCT; put QUALIFY into a subquery";
            return Err(SqlError::unsupported(what, at));
        }
        let mut inner = select.clone();
        inner.qualify = None;
        inner
            .projection
            .push(SelectItem::UnnamedExpr(condition.clone()));
        let mut relation = self.select(&inner, None, &Limit::none(limit.span), false)?;
        if relation.flow != Flow::Bounded {
            let what = "QUALIFY over a followed stream; wrap the stream in table(…)";
            return Err(SqlError::unsupported(what, at));
        }
        let tested = relation
            .columns
            .pop()
            .ok_or_else(|| SqlError::at("no column", at))?;
        let width = relation.columns.len();
        let test = typed::Typed::new(format!("c{width}"), tested.info.data_type);
        let test = typed::condition(&test).map_err(|message| SqlError::at(message, at))?;
        let list: Vec<_> = (0..width).map(|index| format!("c{index}")).collect();
        relation.sql = format!(
            "SELECT {} FROM ({}) WHERE {test}",
            list.join(", "),
            relation.sql
        );
        (relation.time, relation.delta) = (None, None);
        self.ordered(relation, order_by, limit)
    }
}
