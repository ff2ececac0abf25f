//! What the pipeline form edits.

use weir_api::{
    FieldError,
    timeplus::pipeline::{CreatePipeline, Pipeline, Step, statement},
};

use crate::statements;

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    /// Statements with semicolons between them.
    pub sql: String,
    /// Each statement is run before it is recorded.
    pub run: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            sql: String::new(),
            run: true,
        }
    }
}

impl Draft {
    /// Its record: what it defined is there already, or comes by itself.
    pub fn anew(pipeline: &Pipeline) -> Self {
        let steps = pipeline.nodes_history.iter().flatten();
        let nodes = steps.flat_map(|step| step.nodes.iter().flatten());
        let statements: Vec<&str> = nodes.filter_map(statement).collect();
        Self {
            name: pipeline.name.clone(),
            description: pipeline.description.clone(),
            sql: statements.join(";\n"),
            run: false,
        }
    }

    pub fn statements(&self) -> Vec<String> {
        let parts = statements::split(&self.sql).into_iter();
        parts.map(|part| self.sql[part].to_string()).collect()
    }

    pub fn errors(&self, new: bool) -> Vec<FieldError> {
        let wrong = [
            (new && self.name.trim().is_empty(), "name", "Enter a name"),
            (
                self.statements().is_empty(),
                "nodes",
                "Enter at least one statement",
            ),
        ];
        let wrong = wrong.into_iter().filter(|(wrong, ..)| *wrong);
        wrong
            .map(|(_, field, message)| FieldError::new(field, message))
            .collect()
    }

    pub fn pipeline(&self) -> CreatePipeline {
        CreatePipeline {
            name: self.name.trim().into(),
            description: self.description.clone(),
            nodes_history: Some(vec![Step::of(&self.statements())]),
        }
    }
}

#[cfg(test)]
mod tests {
    use weir_api::capability::Capabilities;

    use super::{super::Pipelines, *};
    use crate::kit::{Edited, Resource};

    #[test]
    fn statements_are_run_in_order_and_then_recorded() {
        let draft = Draft {
            name: "p".into(),
            sql: "CREATE STREAM a (x int); -- ';'\nCREATE VIEW b AS SELECT ';' FROM a;".into(),
            ..Draft::default()
        };
        let requests = Pipelines::SPEC.requests(&draft, &Edited::New, Capabilities::all());
        let requests = requests.expect("complete");
        let paths: Vec<&str> = requests.iter().map(|r| r.path.as_str()).collect();
        assert_eq!(
            paths,
            ["/v1beta2/exec", "/v1beta2/exec", "/v1beta2/pipelines"]
        );
        let recorded = draft.pipeline().nodes_history.expect("steps");
        assert_eq!(recorded[0].nodes.as_ref().map(Vec::len), Some(2));
        let kept = Draft {
            run: false,
            ..draft
        };
        let only = Pipelines::SPEC.requests(&kept, &Edited::New, Capabilities::all());
        assert_eq!(only.expect("complete").len(), 1);
    }

    #[test]
    fn name_and_statements_are_needed() {
        let fields = |new| -> Vec<String> {
            let errors = Draft::default().errors(new);
            errors.into_iter().map(|error| error.field).collect()
        };
        assert_eq!(fields(true), ["name", "nodes"]);
        assert_eq!(fields(false), ["nodes"]);
    }
}
