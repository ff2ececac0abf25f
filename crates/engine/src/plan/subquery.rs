//! Queries inside expressions. They read history.

use sqlparser::{ast::Query, tokenizer::Span};
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow, Relation, span},
    scope::{Env, Scope},
};
use crate::SqlError;

impl Compiler<'_> {
    /// SQLite text and type of a subquery of one column.
    pub(super) fn subquery(
        &mut self,
        query: &Query,
        env: Env<'_>,
        wrong: SqlError,
    ) -> Result<(String, DataType), SqlError> {
        let before = self.nested_relation(query, env, span(query))?;
        match before.columns.as_slice() {
            [only] => Ok((before.sql, only.info.data_type.clone())),
            _ => Err(wrong),
        }
    }

    pub(super) fn nested(
        &mut self,
        query: &Query,
        env: Env<'_>,
        place: Span,
    ) -> Result<String, SqlError> {
        Ok(self.nested_relation(query, env, place)?.sql)
    }

    pub(super) fn nested_relation(
        &mut self,
        query: &Query,
        env: Env<'_>,
        place: Span,
    ) -> Result<Relation, SqlError> {
        self.analysis.has_subquery = true;
        // Over groups the rows that the outer names stand for are gone.
        self.outer.push(if env.groups {
            Scope::default()
        } else {
            env.scope.clone()
        });
        let expanding = std::mem::take(&mut self.expanding);
        let carries = self.carries.take();
        let leaves = self.leaves.len();
        let in_expression = std::mem::replace(&mut self.in_expression, true);
        let relation = self.query(query, false);
        self.in_expression = in_expression;
        self.expanding = expanding;
        self.carries = carries;
        self.outer.pop();
        let relation = relation?;
        if relation.flow != Flow::Bounded || leaves < self.leaves.len() {
            return Err(SqlError::at(
                "a subquery in an expression reads history: wrap its stream in table(…)",
                place,
            ));
        }
        Ok(relation)
    }
}
