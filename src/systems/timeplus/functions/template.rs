//! What the editor begins with.

use super::draft::{Draft, Form};

/// Code that runs as it is, by the name and the arguments of the draft; empty for remote functions.
pub fn code(draft: &Draft) -> String {
    let name = match draft.name.trim() {
        "" => "my_function",
        name => name,
    };
    let arguments: Vec<String> = draft
        .arguments
        .iter()
        .enumerate()
        .map(|(at, argument)| match argument.name.trim() {
            "" => format!("column{}", at + 1),
            name => format!("{}s", name.trim_end_matches('s')),
        })
        .collect();
    let first = arguments.first().map_or("values", String::as_str);
    let list = arguments.join(", ");
    match draft.form {
        Form::Scalar => format!(
            "// Every argument is an array with a value for each row; so is the result.\n\
             function {name}({list}) {{\n  return {first}.map((value, row) => value);\n}}\n"
        ),
        Form::Aggregate => format!(
            "{{\n  // A new group begins.\n  initialize() {{\n    this.total = 0;\n  }},\n\n  \
             // Rows of the group: every argument is an array.\n  process({list}) {{\n    \
             for (const value of {first}) this.total += value;\n  }},\n\n  \
             // The result of the group so far.\n  finalize() {{\n    return this.total;\n  }},\n\n  \
             // The state as text, to go on with after a restart.\n  serialize() {{\n    \
             return JSON.stringify({{ total: this.total }});\n  }},\n\n  deserialize(text) {{\n    \
             this.total = JSON.parse(text).total;\n  }},\n\n  \
             // Takes the state of another part of the group in.\n  merge(text) {{\n    \
             this.total += JSON.parse(text).total;\n  }},\n}}\n"
        ),
        Form::Sql => match draft.arguments.first() {
            Some(argument) if !argument.name.trim().is_empty() => {
                format!("{} * 2", argument.name.trim())
            }
            _ => "1".into(),
        },
        Form::Remote => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_follows_name_and_arguments() {
        let mut draft = Draft {
            name: "double".into(),
            ..Draft::default()
        };
        assert!(code(&draft).contains("function double(values) {\n  return values.map("));
        draft.form = Form::Aggregate;
        assert!(code(&draft).contains("process(values)"));
        draft.form = Form::Remote;
        assert_eq!(code(&draft), "");
    }
}
