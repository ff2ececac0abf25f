//! From tokens to a tree.

mod fields;
mod node;
mod pipeline;

pub(crate) use self::{
    fields::fields,
    node::{Base, Choice, Command, Node, Operand, Pipeline},
};

use self::pipeline::nothing;
use crate::{
    Fault,
    lex::{self, Kind, Piece, Token},
};

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
}
