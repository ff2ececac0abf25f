//! Runs a template over a row.

use crate::{
    Fault, Value,
    functions::Function,
    parse::{Base, Choice, Command, Node, Operand, Pipeline},
};

/// Bytes of what a template makes; a loop in a loop can make much of little.
const LIMIT: usize = 8 << 20;
/// Parts of a template that are run, those of a loop each time again, and of values that are looked
/// at: nobody can stop it meanwhile.
const STEPS: usize = 1 << 22;

pub(crate) fn render(nodes: &[Node], root: &Value) -> Result<String, Fault> {
    let mut run = Run {
        out: String::new(),
        left: STEPS,
        at: 0,
        variables: vec![(String::new(), root.clone())],
    };
    run.list(nodes, root)?;
    Ok(run.out)
}

enum Flow {
    On,
    Break,
    Continue,
}

struct Run {
    out: String,
    /// Steps that may still be made.
    left: usize,
    /// Where the newest part stands that has a place.
    at: usize,
    /// Innermost last.
    variables: Vec<(String, Value)>,
}

impl Run {
    fn list(&mut self, nodes: &[Node], dot: &Value) -> Result<Flow, Fault> {
        for node in nodes {
            self.step(1)?;
            match node {
                Node::Text(text) => {
                    self.out.push_str(text);
                    self.small_enough()?;
                }
                Node::Print(pipeline) => {
                    let value = self.pipeline(pipeline, dot)?;
                    if pipeline.variable.is_none() {
                        value.print(&mut self.out);
                    }
                    self.small_enough()?;
                }
                Node::If(choice) => match self.choice(choice, dot, false)? {
                    Flow::On => {}
                    other => return Ok(other),
                },
                Node::With(choice) => match self.choice(choice, dot, true)? {
                    Flow::On => {}
                    other => return Ok(other),
                },
                Node::Range {
                    index,
                    item,
                    over,
                    body,
                    otherwise,
                } => {
                    let names = (index.as_deref(), item.as_deref());
                    match self.range(names, over, body, otherwise, dot)? {
                        Flow::On => {}
                        other => return Ok(other),
                    }
                }
                Node::Break => return Ok(Flow::Break),
                Node::Continue => return Ok(Flow::Continue),
            }
        }
        Ok(Flow::On)
    }

    fn step(&mut self, count: usize) -> Result<(), Fault> {
        let left = self.left.checked_sub(count);
        let words = "with this the template takes too many steps";
        self.left = left.ok_or_else(|| Fault::new(self.at, words))?;
        Ok(())
    }

    fn small_enough(&self) -> Result<(), Fault> {
        if self.out.len() > LIMIT {
            let limit = LIMIT >> 20;
            return Err(Fault::new(
                self.at,
                format!("this makes more than {limit} MiB"),
            ));
        }
        Ok(())
    }

    fn choice(&mut self, choice: &Choice, dot: &Value, with: bool) -> Result<Flow, Fault> {
        let known = self.variables.len();
        let value = self.pipeline(&choice.pipeline, dot)?;
        let flow = match (value.is_true(), with) {
            (true, true) => self.list(&choice.then, &value),
            (true, false) => self.list(&choice.then, dot),
            (false, _) => self.list(&choice.otherwise, dot),
        };
        self.variables.truncate(known);
        flow
    }

    fn range(
        &mut self,
        (index, item): (Option<&str>, Option<&str>),
        over: &Pipeline,
        body: &[Node],
        otherwise: &[Node],
        dot: &Value,
    ) -> Result<Flow, Fault> {
        let known = self.variables.len();
        let value = self.pipeline(over, dot)?;
        self.step(match &value {
            Value::List(items) => items.len(),
            Value::Map(members) => members.len(),
            _ => 0,
        })?;
        let entries: Vec<(Value, &Value)> = match &value {
            Value::List(items) => items
                .iter()
                .enumerate()
                .map(|(at, item)| (Value::Number(at.to_string()), item))
                .collect(),
            Value::Map(_) => value
                .sorted()
                .into_iter()
                .map(|(key, item)| (Value::Text(key.to_owned()), item))
                .collect(),
            Value::Nil => Vec::new(),
            other => {
                let at = over.commands.first().map_or(0, |command| command.first.at);
                let words = format!("range cannot go over {}", other.kind());
                return Err(Fault::new(at, words));
            }
        };
        if entries.is_empty() {
            self.variables.truncate(known);
            return self.list(otherwise, dot);
        }
        for (key, entry) in entries {
            self.variables.truncate(known);
            if let Some(name) = index {
                self.variables.push((name.to_owned(), key));
            }
            if let Some(name) = item {
                self.variables.push((name.to_owned(), entry.clone()));
            }
            if let Flow::Break = self.list(body, entry)? {
                break;
            }
        }
        self.variables.truncate(known);
        Ok(Flow::On)
    }

    fn pipeline(&mut self, pipeline: &Pipeline, dot: &Value) -> Result<Value, Fault> {
        let mut value = None;
        for command in &pipeline.commands {
            value = Some(self.command(command, value, dot)?);
        }
        let value = value.unwrap_or_default();
        if let Some((name, declares)) = &pipeline.variable {
            let known = self
                .variables
                .iter_mut()
                .rev()
                .find(|(known, _)| known == name);
            match known {
                Some((_, old)) if !declares => *old = value.clone(),
                _ => self.variables.push((name.clone(), value.clone())),
            }
        }
        Ok(value)
    }

    fn command(
        &mut self,
        command: &Command,
        piped: Option<Value>,
        dot: &Value,
    ) -> Result<Value, Fault> {
        let Base::Function(function) = command.first.base else {
            return self.operand(&command.first, dot);
        };
        let fault = |message| Fault::new(command.first.at, message);
        // Not all operands of these two are looked at.
        if let Function::And | Function::Or = function {
            let stops = |value: &Value| value.is_true() == (function == Function::Or);
            let mut last = None;
            for argument in &command.arguments {
                let value = self.operand(argument, dot)?;
                if stops(&value) {
                    return Ok(value);
                }
                last = Some(value);
            }
            return piped
                .or(last)
                .ok_or_else(|| fault("at least one argument is needed".into()));
        }
        let mut arguments = Vec::with_capacity(command.arguments.len() + 1);
        for argument in &command.arguments {
            arguments.push(self.operand(argument, dot)?);
        }
        arguments.extend(piped);
        let value = function.call(&arguments).map_err(fault)?;
        self.step(value.weight())?;
        path(value, &command.first)
    }

    fn operand(&mut self, operand: &Operand, dot: &Value) -> Result<Value, Fault> {
        let variable;
        let base = match &operand.base {
            Base::Dot => dot,
            Base::Literal(value) => value,
            Base::Variable(name) => {
                let known = self.variables.iter().rev().find(|(known, _)| known == name);
                match known {
                    Some((_, value)) => value,
                    None => &Value::Nil,
                }
            }
            Base::Group(pipeline) => {
                variable = self.pipeline(pipeline, dot)?;
                &variable
            }
            Base::Function(function) => {
                variable = function
                    .call(&[])
                    .map_err(|message| Fault::new(operand.at, message))?;
                &variable
            }
        };
        let found = follow(base, operand)?;
        let (weight, value) = (found.weight(), found.clone());
        self.at = operand.at;
        self.step(weight)?;
        Ok(value)
    }
}

fn path(value: Value, operand: &Operand) -> Result<Value, Fault> {
    if operand.path.is_empty() {
        return Ok(value);
    }
    follow(&value, operand).cloned()
}

/// What is not there is nil, and so are its fields.
fn follow<'a>(base: &'a Value, operand: &Operand) -> Result<&'a Value, Fault> {
    let mut value = base;
    for name in &operand.path {
        value = match value {
            Value::Map(_) => value.field(name).unwrap_or(&Value::Nil),
            Value::Nil => &Value::Nil,
            other => {
                let words = format!("{} has no field '{name}'", other.kind());
                return Err(Fault::new(operand.at, words));
            }
        };
    }
    Ok(value)
}
