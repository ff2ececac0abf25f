//! Calls of functions that stand for an expression: `CREATE FUNCTION f AS (x, y) -> x + y`.

use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

use sqlparser::ast::{Expr, Function, Ident, Visit, Visitor};

use super::{
    call::{arguments, count},
    compiler::Compiler,
    lambda,
    scope::{Env, Scope},
};
use crate::{SqlError, catalog::FunctionInfo, functions, parse, typed::Typed};

/// How errors begin that come from the expression itself.
const INSIDE: &str = "in function ";

impl Compiler<'_> {
    /// The expression with the values of the arguments in the place of their names.
    pub(super) fn inlined(
        &mut self,
        function: &Function,
        name: &Ident,
        (info, text): (&Arc<FunctionInfo>, &str),
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(message, name.span);
        if function.filter.is_some() {
            let what = "FILTER of a function that is not an aggregate";
            return Err(SqlError::unsupported(what, name.span));
        }
        let (args, distinct) = arguments(function, name)?;
        if distinct {
            let what = "DISTINCT in this call; use count(DISTINCT x)";
            return Err(SqlError::unsupported(what, name.span));
        }
        let wanted = info.arguments.len();
        count(&name.value, args.len(), (wanted, wanted))
            .map_err(|message| at(format!("{}: {message}", name.value)))?;
        let mut values = Vec::with_capacity(wanted);
        for (arg, argument) in args.into_iter().zip(&info.arguments) {
            values.push((argument.name.clone(), self.value(arg, env)?));
        }
        if !self.inlined.contains(&info.name) {
            self.inlined.push(info.name.clone());
        }
        // The outermost is the one that was written.
        let inside = |error: SqlError| match error.message.starts_with(INSIDE) {
            true => at(error.message),
            false => at(format!("{INSIDE}'{}': {}", info.name, error.message)),
        };
        let expr = parse::parse_expression(text, functions::is_known).map_err(inside)?;
        let nothing = Scope::default();
        self.lambdas.push(values);
        let value = self.value(&expr, Env::rows(&nothing, &[]));
        self.lambdas.pop();
        value.map_err(inside)
    }
}

/// Whether the expression reads and names nothing but its arguments. What types they may have is
/// seen when it is called.
pub(crate) fn check_inlined(info: &FunctionInfo, text: &str) -> Result<(), String> {
    let expr = parse::parse_expression(text, functions::is_known).map_err(|e| e.message)?;
    let mut names = Names {
        known: info.arguments.iter().map(|a| a.name.clone()).collect(),
        unknown: None,
        lambdas: Vec::new(),
    };
    let _ = expr.visit(&mut names);
    match names.unknown {
        Some(name) => Err(format!("'{name}' is none of its arguments")),
        None => Ok(()),
    }
}

struct Names {
    known: HashSet<String>,
    unknown: Option<String>,
    /// Parameters of the lambdas around what is visited.
    lambdas: Vec<String>,
}

impl Visitor for Names {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let name = match expr {
            Expr::Identifier(name) => name,
            Expr::CompoundIdentifier(parts) if !parts.is_empty() => &parts[0],
            Expr::Lambda(lambda) => {
                self.lambdas.extend(lambda::parameters(lambda));
                return ControlFlow::Continue(());
            }
            _ => return ControlFlow::Continue(()),
        };
        if self.known.contains(&name.value) || self.lambdas.contains(&name.value) {
            return ControlFlow::Continue(());
        }
        self.unknown = Some(name.value.clone());
        ControlFlow::Break(())
    }
}
