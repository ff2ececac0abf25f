//! Parameters of views: `CREATE VIEW v AS SELECT … WHERE n > {least:int}`, `SELECT … FROM v(least = 3)`.

use sqlparser::ast::{
    BinaryOperator, Expr, FunctionArg, FunctionArgExpr, FunctionArgOperator, Ident,
};
use weir_api::DataType;

use super::{
    compiler::Compiler,
    relation::From,
    scope::{Env, Scope},
};
use crate::{
    SqlError, codec,
    typed::{Literal, Typed, sql_literal},
};

/// What the parameters of the view being compiled are given.
#[derive(Debug, Clone, Default)]
pub(super) struct Given {
    pub(super) values: Vec<(String, Typed)>,
    /// A view is only checked: what is not given is the type's zero.
    pub(super) unbound: bool,
}

impl Compiler<'_> {
    /// A call of [`crate::parse::VIEW_PARAMETER`].
    pub(super) fn view_parameter(&mut self, args: &[&Expr], at: &Ident) -> Result<Typed, SqlError> {
        let mut texts = Vec::with_capacity(2);
        for arg in args {
            texts.push(self.value(arg, Env::rows(&Scope::default(), &[]))?.literal);
        }
        let [Literal::Text(name), Literal::Text(text)] = texts.as_slice() else {
            return Err(SqlError::at("a parameter is written {name:type}", at.span));
        };
        let wrong =
            |message: String| SqlError::at(format!("parameter '{name}': {message}"), at.span);
        let data_type = DataType::parse(text).map_err(wrong)?;
        let given = self.given.values.iter().find(|(known, _)| known == name);
        match given {
            Some((_, value)) => value.cast(&data_type).map_err(wrong),
            None if self.given.unbound => {
                let zero = sql_literal(&codec::default_value(&data_type));
                Ok(Typed::new(zero, data_type))
            }
            None => Err(wrong(format!(
                "it has no value; views take theirs in FROM, as in v({name} = …)"
            ))),
        }
    }

    /// `v(a = 1, b = 'x')` in FROM; `None` where there is no such view.
    pub(super) fn view_call(
        &mut self,
        name: &Ident,
        args: &[FunctionArg],
    ) -> Result<Option<From>, SqlError> {
        if let Some(info) = self.catalog.opaque(&name.value) {
            return self.stream(&info, name.span).map(Some);
        }
        let Some(text) = self.catalog.view(&name.value) else {
            return Ok(None);
        };
        self.count_relation(name.span)?;
        let mut given = Given::default();
        for arg in args {
            let (known, value) = argument(arg).ok_or_else(|| {
                let words = format!("a view's parameters have names: {}(a = 1)", name.value);
                SqlError::at(words, name.span)
            })?;
            let written = format!("{{{}:", known.value);
            if !text.replace(' ', "").contains(&written) {
                let words = format!("view '{}' has no parameter '{}'", name.value, known.value);
                return Err(SqlError::at(words, known.span));
            }
            let typed = self.value(value, Env::rows(&Scope::default(), &[]))?;
            given.values.push((known.value.clone(), typed));
        }
        let before = std::mem::replace(&mut self.given, given);
        let view = self.view(&text, name, "view");
        self.given = before;
        view.map(Some)
    }
}

fn argument(arg: &FunctionArg) -> Option<(&Ident, &Expr)> {
    match arg {
        FunctionArg::Named {
            name,
            arg: FunctionArgExpr::Expr(value),
            operator: FunctionArgOperator::Equals,
        } => Some((name, value)),
        FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        })) => match left.as_ref() {
            Expr::Identifier(name) => Some((name, right)),
            _ => None,
        },
        _ => None,
    }
}
