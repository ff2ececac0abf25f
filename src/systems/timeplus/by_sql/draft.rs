//! The statement that makes or changes one.

use serde::{Deserialize, Serialize};
use weir_api::{
    ApiRequest, FieldError,
    timeplus::{
        by_sql::{Kind, Thing},
        exec,
        statement::{behind, name_in},
    },
};

use crate::{errors, kit::Edited, statements};

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Until something is typed the form shows an example.
    pub sql: Option<String>,
}

impl Draft {
    pub fn changing(kind: &Kind, model: &Thing) -> Self {
        // What the server tells of how it was made is the better beginning, where the same
        // statement replaces it.
        let replaced = behind(model.statement(), "CREATE")
            .filter(|_| kind.change.starts_with("CREATE OR REPLACE"));
        let sql = match replaced {
            Some(rest) if behind(rest, "OR REPLACE").is_none() => {
                format!("CREATE OR REPLACE{rest}")
            }
            Some(_) => model.statement().into(),
            None => kind.changed(&model.key),
        };
        Self { sql: Some(sql) }
    }

    pub fn request(
        &self,
        kind: &Kind,
        edited: &Edited<Thing>,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let wrong = |words: String| Err(vec![FieldError::new("sql", words)]);
        let Some(typed) = &self.sql else {
            return wrong("This is an example: replace its names and values with your own".into());
        };
        let parts = statements::split(typed);
        let [part] = parts.as_slice() else {
            return wrong(match parts.len() {
                0 => "Enter a statement".into(),
                many => format!("Enter one statement; these are {many}"),
            });
        };
        let sql = typed[part.clone()].trim().trim_end_matches(';').trim_end();
        if !kind.begins.iter().any(|words| behind(sql, words).is_some()) {
            return wrong(format!("Must begin with {}", kind.begins.join(" or ")));
        }
        let untouched = match edited {
            Edited::New => false,
            Edited::Existing(before) => sql == kind.changed(&before.key),
        };
        if untouched && sql.contains('\'') {
            return wrong("This is an example: replace its names and values with your own".into());
        }
        exec::ddl(sql).map_err(errors::unsent)
    }

    /// The key of what the statement makes.
    pub fn made(&self, kind: &Kind) -> String {
        let making = kind.begins.iter().copied();
        let making: Vec<&str> = making.filter(|words| words.starts_with("CREATE")).collect();
        name_in(self.sql.as_deref().unwrap_or_default(), &making)
    }
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::by_sql::{DISKS, GRANTS, ROW_POLICIES, TASKS};

    use super::*;

    fn draft(sql: &str) -> Draft {
        Draft {
            sql: Some(sql.into()),
        }
    }

    fn refused(kind: &Kind, sql: &str) -> String {
        let outcome = draft(sql).request(kind, &Edited::New);
        outcome.expect_err("refused").remove(0).message
    }

    #[test]
    fn only_a_statement_of_the_kind_is_sent() {
        let sent = draft("  create task t schedule 5s timeout 1s into x as select 1;\n");
        let request = sent.request(&TASKS, &Edited::New).expect("a request");
        let body = String::from_utf8(request.body.expect("a body").bytes).expect("text");
        assert!(body.contains("as select 1\""), "{body}");
        assert!(body.contains(r#""type":"ddl""#), "{body}");
        assert_eq!(sent.made(&TASKS), "t");
        assert!(refused(&TASKS, "DROP STREAM s").starts_with("Must begin with CREATE TASK"));
        assert!(refused(&TASKS, " ").starts_with("Enter"));
        assert!(refused(&DISKS, "CREATE DISK a disk(); DROP DISK b").contains("these are 2"));
        let untouched = Draft::default().request(&DISKS, &Edited::New);
        assert!(
            untouched.expect_err("refused")[0]
                .message
                .contains("example")
        );
        assert_eq!(draft("GRANT SELECT ON d.* TO r").made(&GRANTS), "");
    }

    #[test]
    fn a_change_begins_with_what_is_there() {
        let task = Thing {
            fields: vec![(
                "statement".into(),
                "CREATE TASK db.t SCHEDULE 7s AS SELECT 1".into(),
            )],
            ..Thing::default()
        };
        let sql = Draft::changing(&TASKS, &task).sql.expect("a statement");
        assert_eq!(sql, "CREATE OR REPLACE TASK db.t SCHEDULE 7s AS SELECT 1");
        let policy = Thing {
            key: "p ON db.my stream".into(),
            ..Thing::default()
        };
        let sql = Draft::changing(&ROW_POLICIES, &policy)
            .sql
            .expect("a statement");
        assert!(
            sql.starts_with("ALTER ROW POLICY p ON db.`my stream`"),
            "{sql}"
        );
    }
}
