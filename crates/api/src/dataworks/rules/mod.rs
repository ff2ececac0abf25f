//! What an API's parameters must be, in one place: the console checks before it sends, the
//! embedded backend checks what it is sent.

mod details;
mod modes;

pub use self::modes::{methods, operators, positions, response_types};

use self::details::details;
use super::{api::Settings, codes};
use crate::FieldError;

pub const LONGEST_TIMEOUT_MS: i32 = 30_000;
const LONGEST_PATH: usize = 200;

pub fn name(text: &str) -> Result<(), String> {
    let letters = text.chars().count();
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || is_chinese(c);
    if !(4..=50).contains(&letters) {
        return Err("must have 4 to 50 characters".into());
    }
    if !text.chars().all(known) {
        return Err("can contain only letters, digits and _".into());
    }
    match text.starts_with(|c: char| c.is_ascii_alphabetic() || is_chinese(c)) {
        true => Ok(()),
        false => Err("must begin with a letter".into()),
    }
}

/// The vendor's own console takes them for letters.
fn is_chinese(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

pub fn path(text: &str) -> Result<(), String> {
    if text.chars().count() > LONGEST_PATH {
        return Err(format!("must not have more than {LONGEST_PATH} characters"));
    }
    if !text.starts_with('/') {
        return Err("must begin with /".into());
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "/_-".contains(c);
    if !text.chars().all(known) {
        return Err("can contain only letters, digits, _, - and /".into());
    }
    match text.len() > 1 && !text.ends_with('/') && !text.contains("//") {
        true => Ok(()),
        false => Err("needs something after each /".into()),
    }
}

/// Everything that is wrong, in the order of the form.
pub fn check(mode: i32, settings: &Settings) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = Vec::new();
    let mut say = |field: &str, wrong: Result<(), String>| {
        if let Err(words) = wrong {
            errors.push(FieldError::new(field, words));
        }
    };
    say("ApiPath", path(&settings.path));
    say("ApiDescription", needed(&settings.description));
    say(
        "RequestMethod",
        among(methods(mode), codes::METHODS, settings.method),
    );
    say(
        "ResponseContentType",
        among(
            response_types(mode),
            codes::RESPONSE_TYPES,
            settings.response_content_type,
        ),
    );
    say(
        "Timeout",
        match settings.timeout_ms {
            1..=LONGEST_TIMEOUT_MS => Ok(()),
            _ => Err(format!(
                "must be from 1 to {LONGEST_TIMEOUT_MS} milliseconds"
            )),
        },
    );
    say(
        "VisibleRange",
        among(&[0, 1], codes::VISIBLE, settings.visible_range),
    );
    say(
        "Protocols",
        match settings.protocols.as_slice() {
            [] => Err("at least one is needed".into()),
            some if some.iter().all(|p| matches!(p, 0 | 1)) => Ok(()),
            _ => Err("0 (HTTP) and 1 (HTTPS) are known".into()),
        },
    );
    errors.extend(details(mode, settings.method, &settings.details));
    errors
}

fn needed(text: &str) -> Result<(), String> {
    match text.trim().is_empty() {
        true => Err("is needed".into()),
        false => Ok(()),
    }
}

fn known(codes: codes::Codes, code: i32) -> Result<(), String> {
    match codes.iter().any(|(known, _)| *known == code) {
        true => Ok(()),
        false => Err(format!("{code} is not known")),
    }
}

fn among(possible: &[i32], codes: codes::Codes, code: i32) -> Result<(), String> {
    if possible.contains(&code) {
        return Ok(());
    }
    let words: Vec<String> = possible
        .iter()
        .map(|code| format!("{} ({code})", codes::word(codes, *code)))
        .collect();
    Err(format!("must be {}", words.join(" or ")))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            api::Details,
            details::{RequestParameter, Script},
        },
        codes::{EQUAL, GET, LIKE, QUERY},
        *,
    };

    #[test]
    fn names_and_paths() {
        for good in ["abcd", "a_1_2", "接口名称1"] {
            assert_eq!(name(good), Ok(()), "{good}");
        }
        for bad in ["abc", "1abc", "_abc", "a-bcd", "a bcd", &"a".repeat(51)] {
            assert!(name(bad).is_err(), "{bad}");
        }
        for good in ["/test/1", "/a-b_c"] {
            assert_eq!(path(good), Ok(()), "{good}");
        }
        let long = format!("/{}", "a".repeat(200));
        for bad in ["", "/", "test", "/a b", "/a//b", "/a/", "/ä", "/[x]", &long] {
            assert!(path(bad).is_err(), "{bad}");
        }
    }

    fn settings(method: i32, details: Details) -> Settings {
        Settings {
            path: "/a".into(),
            description: "d".into(),
            method,
            response_content_type: 0,
            timeout_ms: 30_000,
            visible_range: 0,
            protocols: vec![0],
            resource_group: None,
            details,
        }
    }

    fn fields(errors: &[FieldError]) -> Vec<&str> {
        errors.iter().map(|error| error.field.as_str()).collect()
    }

    #[test]
    fn the_mode_decides() {
        let script = Script {
            script: "select 1".into(),
            ..Script::default()
        };
        let good = settings(GET, Details::Script(script.clone()));
        assert_eq!(check(codes::SCRIPT, &good), Vec::new());
        let bad = Settings {
            timeout_ms: 30_001,
            response_content_type: 1,
            protocols: Vec::new(),
            ..settings(codes::PUT, Details::Script(script))
        };
        assert_eq!(
            fields(&check(codes::SCRIPT, &bad)),
            [
                "RequestMethod",
                "ResponseContentType",
                "Timeout",
                "Protocols"
            ]
        );
        assert_eq!(fields(&check(codes::WIZARD, &good)), ["ApiMode"]);
    }

    #[test]
    fn parameters_are_named_with_their_place() {
        let parameter = |name: &str, operator| RequestParameter {
            parameter_name: name.into(),
            parameter_operator: operator,
            parameter_position: QUERY,
            ..RequestParameter::default()
        };
        let script = Script {
            script: "select ${a}".into(),
            script_request_parameters: vec![
                parameter("a", EQUAL),
                parameter("a", EQUAL),
                parameter("b c", LIKE),
            ],
            ..Script::default()
        };
        let errors = check(codes::SCRIPT, &settings(GET, Details::Script(script)));
        let list = "ScriptDetails.scriptRequestParameters";
        assert_eq!(
            fields(&errors),
            [
                format!("{list}[1].parameterName"),
                format!("{list}[2].parameterName"),
                format!("{list}[2].parameterOperator"),
            ]
        );
    }
}
