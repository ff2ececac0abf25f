//! What a template is made of.

use crate::{Value, functions};

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Text(String),
    /// Prints what the pipeline makes, unless it only sets a variable.
    Print(Pipeline),
    If(Choice),
    With(Choice),
    Range {
        /// Of the index or key, where two are named.
        index: Option<String>,
        item: Option<String>,
        over: Pipeline,
        body: Vec<Node>,
        otherwise: Vec<Node>,
    },
    Break,
    Continue,
}

#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub pipeline: Pipeline,
    pub then: Vec<Node>,
    pub otherwise: Vec<Node>,
}

#[derive(Debug, Clone)]
pub(crate) struct Pipeline {
    /// `$name := …`, or `$name = …` where it `declares` not.
    pub variable: Option<(String, bool)>,
    pub commands: Vec<Command>,
}

#[derive(Debug, Clone)]
pub(crate) struct Command {
    pub first: Operand,
    pub arguments: Vec<Operand>,
}

#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub at: usize,
    pub base: Base,
    /// Fields taken of it, one after the other.
    pub path: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) enum Base {
    Dot,
    /// `$` is the empty name.
    Variable(String),
    Literal(Value),
    Function(functions::Function),
    Group(Pipeline),
}
