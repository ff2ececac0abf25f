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
