//! From tokens to a tree.

use crate::{
    Fault, Value, functions,
    lex::{self, Kind, Piece, Token},
};

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

pub(crate) fn parse(source: &str) -> Result<Vec<Node>, Fault> {
    let mut parser = Parser {
        pieces: lex::pieces(source)?.into_iter(),
        variables: vec![String::new()],
        loops: 0,
        depth: 0,
    };
    match parser.list()? {
        (nodes, None) => Ok(nodes),
        (_, Some(end)) => Err(Fault::new(
            end.at,
            format!("'{}' without a beginning", end.word()),
        )),
    }
}

/// What ended a list of nodes.
struct End {
    at: usize,
    /// Of `else`, what follows the word.
    otherwise: Option<Vec<Token>>,
}

impl End {
    fn word(&self) -> &'static str {
        match self.otherwise {
            Some(_) => "else",
            None => "end",
        }
    }
}

struct Parser {
    pieces: std::vec::IntoIter<Piece>,
    /// Names that can be used, innermost last.
    variables: Vec<String>,
    loops: usize,
    depth: usize,
}

/// Blocks and parentheses inside each other.
const DEPTH: usize = 100;

impl Parser {
    fn deeper(&mut self, at: usize) -> Result<(), Fault> {
        self.depth += 1;
        match self.depth > DEPTH {
            true => Err(Fault::new(
                at,
                format!("this is nested deeper than {DEPTH}"),
            )),
            false => Ok(()),
        }
    }

    fn list(&mut self) -> Result<(Vec<Node>, Option<End>), Fault> {
        let mut nodes = Vec::new();
        while let Some(piece) = self.pieces.next() {
            let (tokens, at) = match piece {
                Piece::Text(text) => {
                    nodes.push(Node::Text(text));
                    continue;
                }
                Piece::Action { tokens, at } => (tokens, at),
            };
            let keyword = match tokens.first().map(|token| &token.kind) {
                None => return Err(Fault::new(at, "there is nothing in this action")),
                Some(Kind::Word(word)) => word.clone(),
                Some(_) => String::new(),
            };
            let rest = || tokens[1..].to_vec();
            match keyword.as_str() {
                "end" => {
                    nothing(&rest())?;
                    let otherwise = None;
                    return Ok((nodes, Some(End { at, otherwise })));
                }
                "else" => {
                    let otherwise = Some(rest());
                    return Ok((nodes, Some(End { at, otherwise })));
                }
                "if" => nodes.push(Node::If(self.choice(rest(), at, "if")?)),
                "with" => nodes.push(Node::With(self.choice(rest(), at, "with")?)),
                "range" => nodes.push(self.range(rest(), at)?),
                "break" | "continue" => {
                    nothing(&rest())?;
                    if self.loops == 0 {
                        return Err(Fault::new(at, format!("'{keyword}' outside of a range")));
                    }
                    nodes.push(match keyword.as_str() {
                        "break" => Node::Break,
                        _ => Node::Continue,
                    });
                }
                "define" | "template" | "block" => {
                    let words =
                        format!("'{keyword}' is not supported: one template is all there is");
                    return Err(Fault::new(at, words));
                }
                _ => nodes.push(Node::Print(self.whole(tokens, at)?)),
            }
        }
        Ok((nodes, None))
    }

    /// `if` or `with`, up to its end; `else if` is an `if` inside the `else`.
    fn choice(&mut self, tokens: Vec<Token>, at: usize, word: &str) -> Result<Choice, Fault> {
        let known = self.variables.len();
        self.deeper(at)?;
        let pipeline = self.whole(tokens, at)?;
        let (then, end) = self.list()?;
        let otherwise = self.otherwise(end, at, word)?;
        self.variables.truncate(known);
        self.depth -= 1;
        Ok(Choice {
            pipeline,
            then,
            otherwise,
        })
    }

    fn otherwise(&mut self, end: Option<End>, at: usize, word: &str) -> Result<Vec<Node>, Fault> {
        let unclosed = || {
            Fault::new(
                at,
                format!("this '{word}' is not closed with {{{{ end }}}}"),
            )
        };
        let end = end.ok_or_else(unclosed)?;
        let Some(tokens) = end.otherwise else {
            return Ok(Vec::new());
        };
        match tokens.first().map(|token| token.kind.clone()) {
            None => {
                let (nodes, end) = self.list()?;
                let end = end.ok_or_else(unclosed)?;
                match end.otherwise {
                    None => Ok(nodes),
                    Some(_) => Err(Fault::new(
                        end.at,
                        format!("a second 'else' in this '{word}'"),
                    )),
                }
            }
            Some(Kind::Word(again)) if again == word && word != "range" => {
                let choice = self.choice(tokens[1..].to_vec(), end.at, word)?;
                Ok(vec![match word {
                    "if" => Node::If(choice),
                    _ => Node::With(choice),
                }])
            }
            Some(_) => Err(Fault::new(end.at, "only 'if' can follow this 'else'")),
        }
    }

    fn range(&mut self, tokens: Vec<Token>, at: usize) -> Result<Node, Fault> {
        let known = self.variables.len();
        let kinds: Vec<&Kind> = tokens.iter().map(|token| &token.kind).collect();
        let (index, item, skip) = match kinds.as_slice() {
            [
                Kind::Variable(a),
                Kind::Comma,
                Kind::Variable(b),
                Kind::Declare,
                ..,
            ] => (Some(a.clone()), Some(b.clone()), 4),
            [Kind::Variable(a), Kind::Declare, ..] => (None, Some(a.clone()), 2),
            _ => (None, None, 0),
        };
        let over = self.whole(tokens[skip..].to_vec(), at)?;
        self.variables.extend(index.clone());
        self.variables.extend(item.clone());
        self.loops += 1;
        self.deeper(at)?;
        let (body, end) = self.list()?;
        self.loops -= 1;
        let otherwise = self.otherwise(end, at, "range")?;
        self.variables.truncate(known);
        self.depth -= 1;
        Ok(Node::Range {
            index,
            item,
            over,
            body,
            otherwise,
        })
    }

    /// A pipeline that takes all tokens.
    fn whole(&mut self, tokens: Vec<Token>, at: usize) -> Result<Pipeline, Fault> {
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

    fn pipeline(&mut self, reader: &mut Reader<'_>) -> Result<Pipeline, Fault> {
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

    fn command(&mut self, reader: &mut Reader<'_>) -> Result<Command, Fault> {
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

    fn operand(&mut self, reader: &mut Reader<'_>) -> Result<Operand, Fault> {
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

struct Reader<'a> {
    tokens: &'a [Token],
    next: usize,
    /// Of the action.
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [Token] {
        &self.tokens[self.next..]
    }

    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.next)
    }

    fn end(&self) -> usize {
        self.tokens.last().map_or(self.at, |token| token.at)
    }
}

fn nothing(tokens: &[Token]) -> Result<(), Fault> {
    match tokens.first() {
        None => Ok(()),
        Some(token) => Err(Fault::new(token.at, "nothing is expected here")),
    }
}

/// Fields taken of the row itself, with their places. `at_root` tells whether `.` is the row.
pub(crate) fn fields<'a>(nodes: &'a [Node], at_root: bool, found: &mut Vec<(usize, &'a str)>) {
    for node in nodes {
        match node {
            Node::Text(_) | Node::Break | Node::Continue => {}
            Node::Print(pipeline) => of_pipeline(pipeline, at_root, found),
            Node::If(choice) => {
                of_pipeline(&choice.pipeline, at_root, found);
                fields(&choice.then, at_root, found);
                fields(&choice.otherwise, at_root, found);
            }
            Node::With(choice) => {
                of_pipeline(&choice.pipeline, at_root, found);
                fields(&choice.then, false, found);
                fields(&choice.otherwise, at_root, found);
            }
            Node::Range {
                over,
                body,
                otherwise,
                ..
            } => {
                of_pipeline(over, at_root, found);
                fields(body, false, found);
                fields(otherwise, at_root, found);
            }
        }
    }
}

fn of_pipeline<'a>(pipeline: &'a Pipeline, at_root: bool, found: &mut Vec<(usize, &'a str)>) {
    for command in &pipeline.commands {
        for operand in std::iter::once(&command.first).chain(&command.arguments) {
            match &operand.base {
                Base::Group(inner) => of_pipeline(inner, at_root, found),
                Base::Dot if at_root => {
                    found.extend(operand.path.first().map(|name| (operand.at, name.as_str())));
                }
                Base::Variable(name) if name.is_empty() => {
                    found.extend(operand.path.first().map(|name| (operand.at, name.as_str())));
                }
                _ => {}
            }
        }
    }
}
