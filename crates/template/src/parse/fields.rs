//! The fields that a template reads.

use super::{Base, Node, Pipeline};

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
