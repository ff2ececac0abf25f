//! Pipelines inside an action.

use super::{Base, Command, Operand, Parser, Pipeline};
use crate::{
    Fault, Value, functions,
    lex::{Kind, Token},
};

impl Parser {
    /// A pipeline that takes all tokens.
    pub(super) fn whole(&mut self, tokens: Vec<Token>, at: usize) -> Result<Pipeline, Fault> {
        let mut reader = Reader {
            tokens: &tokens,
            next: 0,
            at,
        };
        let pipeline = self.pipeline(&mut reader)?;
        match reader.peek() {
            None => Ok(pipeline),
            Some(token) => Err(Fault::new(token.at, "this is not expected here")),
        }
    }

    pub(super) fn pipeline(&mut self, reader: &mut Reader<'_>) -> Result<Pipeline, Fault> {
        let mut variable = None;
        if let [
            Token {
                kind: Kind::Variable(name),
                at,
                ..
            },
            Token { kind: set, .. },
            ..,
        ] = reader.rest()
            && matches!(set, Kind::Declare | Kind::Assign)
        {
            let declares = *set == Kind::Declare;
            if !declares && !self.variables.contains(name) {
                return Err(Fault::new(*at, format!("variable ${name} is not declared")));
            }
            variable = Some((name.clone(), declares));
            reader.next += 2;
        }
        let mut commands = vec![self.command(reader)?];
        while reader.peek().is_some_and(|token| token.kind == Kind::Pipe) {
            reader.next += 1;
            let command = self.command(reader)?;
            if !matches!(command.first.base, Base::Function(_)) {
                return Err(Fault::new(
                    command.first.at,
                    "what follows | must be a function",
                ));
            }
            commands.push(command);
        }
        // Only what comes later can use it.
        if let Some((name, true)) = &variable {
            self.variables.push(name.clone());
        }
        Ok(Pipeline { variable, commands })
    }

    pub(super) fn command(&mut self, reader: &mut Reader<'_>) -> Result<Command, Fault> {
        let first = self.operand(reader)?;
        let mut arguments = Vec::new();
        while reader
            .peek()
            .is_some_and(|token| !matches!(token.kind, Kind::Pipe | Kind::Close))
        {
            arguments.push(self.operand(reader)?);
        }
        if let (Some(argument), false) =
            (arguments.first(), matches!(first.base, Base::Function(_)))
        {
            let words = "only functions take arguments; join parts with | or print";
            return Err(Fault::new(argument.at, words));
        }
        Ok(Command { first, arguments })
    }

    pub(super) fn operand(&mut self, reader: &mut Reader<'_>) -> Result<Operand, Fault> {
        let Some(token) = reader.peek().cloned() else {
            return Err(Fault::new(reader.end(), "something is missing here"));
        };
        reader.next += 1;
        let mut path = Vec::new();
        let base = match token.kind {
            Kind::Dot => Base::Dot,
            Kind::Field(name) => {
                path.push(name);
                Base::Dot
            }
            Kind::Variable(name) => {
                if !self.variables.contains(&name) {
                    let words = format!("variable ${name} is not declared");
                    return Err(Fault::new(token.at, words));
                }
                Base::Variable(name)
            }
            Kind::Text(text) => Base::Literal(Value::Text(text)),
            Kind::Number(digits) => Base::Literal(Value::Number(digits)),
            Kind::Word(word) => match word.as_str() {
                "true" => Base::Literal(Value::Bool(true)),
                "false" => Base::Literal(Value::Bool(false)),
                "nil" => Base::Literal(Value::Nil),
                name => match functions::find(name) {
                    Some(function) => Base::Function(function),
                    None => {
                        let words =
                            format!("there is no function '{name}'; a column is written .{name}");
                        return Err(Fault::new(token.at, words));
                    }
                },
            },
            Kind::Open => {
                self.deeper(token.at)?;
                let pipeline = self.pipeline(reader)?;
                self.depth -= 1;
                match reader.peek() {
                    Some(close) if close.kind == Kind::Close => reader.next += 1,
                    _ => return Err(Fault::new(token.at, "this ( is not closed with )")),
                }
                Base::Group(pipeline)
            }
            Kind::Close | Kind::Pipe | Kind::Comma | Kind::Declare | Kind::Assign => {
                return Err(Fault::new(token.at, "this is not expected here"));
            }
        };
        while let Some(Token {
            kind: Kind::Field(name),
            glued: true,
            ..
        }) = reader.peek()
        {
            path.push(name.clone());
            reader.next += 1;
        }
        Ok(Operand {
            at: token.at,
            base,
            path,
        })
    }
}

pub(super) struct Reader<'a> {
    tokens: &'a [Token],
    next: usize,
    /// Of the action.
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn rest(&self) -> &'a [Token] {
        &self.tokens[self.next..]
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    pub(super) fn end(&self) -> usize {
        self.tokens.last().map_or(self.at, |token| token.at)
    }
}

pub(super) fn nothing(tokens: &[Token]) -> Result<(), Fault> {
    match tokens.first() {
        None => Ok(()),
        Some(token) => Err(Fault::new(token.at, "nothing is expected here")),
    }
}
