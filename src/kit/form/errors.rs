//! Where a refused form says what is wrong: at the field where it can, else in the banner.

use weir_api::{ApiError, FieldError};

/// Errors for fields and what remains for the banner. `taken` is the field that holds the name: a
/// name that exists already is its error, whichever way the server says so.
pub fn field_errors(error: ApiError, taken: &str) -> (Vec<FieldError>, Option<ApiError>) {
    let ApiError::Status(status) = &error else {
        return (Vec::new(), Some(error));
    };
    if !status.fields.is_empty() {
        return (status.fields.clone(), None);
    }
    let message = status.message.to_lowercase();
    let exists = message.contains("already exist")
        || message.contains("already in use")
        || message.ends_with("exists");
    if status.status == 409 || (matches!(status.status, 400 | 422) && exists) {
        let message = if status.message.is_empty() {
            "This name is taken".into()
        } else {
            status.message.clone()
        };
        return (vec![FieldError::new(taken, message)], None);
    }
    (Vec::new(), Some(error))
}

/// The refusal of the step `at`, as an error of the field of the steps.
pub fn of_step(error: ApiError, field: &str, at: usize) -> ApiError {
    let ApiError::Status(mut status) = error else {
        return error;
    };
    if matches!(status.status, 400 | 404 | 409 | 422) {
        let done = match at {
            0 => String::new(),
            1 => " Statement 1 has run: remove it before you retry.".into(),
            _ => {
                format!(" Statements 1 to {at} have run: remove them before you retry.")
            }
        };
        let message = format!("Statement {}: {}.{done}", at + 1, status.message);
        status.fields = vec![FieldError::new(field, message)];
    }
    ApiError::Status(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, body: &str) -> ApiError {
        weir_api::timeplus::error(status, None, body.as_bytes())
    }

    #[test]
    fn fields_named_by_the_server_keep_their_place() {
        let body =
            r#"{"message":"bad","fields":[{"field":"columns[1].type","message":"no such type"}]}"#;
        let (fields, rest) = field_errors(refused(400, body), "name");
        assert_eq!((fields[0].field.as_str(), rest), ("columns[1].type", None));
    }

    #[test]
    fn a_refused_step_is_named_and_so_is_what_was_done_before_it() {
        let error = refused(400, r#"{"message":"no such stream at line 1, column 3"}"#);
        let (fields, rest) = field_errors(of_step(error.clone(), "nodes", 2), "name");
        assert_eq!((fields.len(), rest), (1, None));
        assert_eq!(fields[0].field, "nodes");
        assert!(fields[0].message.starts_with("Statement 3: no such stream"));
        assert!(fields[0].message.contains("Statements 1 to 2 have run"));
        let (fields, _) = field_errors(of_step(error, "nodes", 0), "name");
        assert!(!fields[0].message.contains("have run"));
        // What exists already is not the pipeline's name.
        let exists = refused(409, r#"{"message":"stream a already exists"}"#);
        let (fields, _) = field_errors(of_step(exists, "nodes", 1), "name");
        assert_eq!(fields[0].field, "nodes");
        let down = refused(503, r#"{"message":"down"}"#);
        assert_eq!(of_step(down.clone(), "nodes", 1), down);
    }

    #[test]
    fn a_taken_name_is_the_names_error_however_it_is_said() {
        for (status, message) in [
            (409, "conflict"),
            (400, "Stream iot already exists."),
            (400, "stream 'iot' exists"),
        ] {
            let (fields, rest) = field_errors(
                refused(status, &format!(r#"{{"message":"{message}"}}"#)),
                "name",
            );
            assert_eq!((fields.len(), rest), (1, None), "{message}");
            assert_eq!(fields[0].field, "name");
        }
    }

    #[test]
    fn everything_else_goes_to_the_banner() {
        for error in [
            refused(400, r#"{"message":"column x does not exist"}"#),
            refused(500, r#"{"message":"exists"}"#),
            ApiError::Network("gone".into()),
        ] {
            assert_eq!(field_errors(error.clone(), "name"), (vec![], Some(error)));
        }
    }
}
