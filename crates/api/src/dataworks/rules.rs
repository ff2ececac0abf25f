//! What an API's parameters must be, in one place: the console checks before it sends, the
//! embedded backend checks what it is sent.

use super::{
    api::{Details, Settings},
    codes::{self, BODY, CONST, DELETE, EQUAL, GET, HEAD, IN, LIKE, PATH, POST, QUERY},
    details::{RequestParameter, ResponseParameter},
};

/// The parameter that is wrong, and why.
pub type Problem = (String, String);

pub const LONGEST_TIMEOUT_MS: i32 = 30_000;
const LONGEST_PATH: usize = 200;

pub fn name(text: &str) -> Result<(), String> {
    let letters = text.chars().count();
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || is_chinese(c);
    if !(4..=50).contains(&letters) {
        return Err("must have 4 to 50 characters".into());
    }
    if !text.chars().all(known) {
        return Err("may hold letters, digits and _ only".into());
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
        return Err("may hold letters, digits, _, - and / only".into());
    }
    match text.len() > 1 && !text.ends_with('/') && !text.contains("//") {
        true => Ok(()),
        false => Err("needs something after each /".into()),
    }
}

/// The methods that APIs of a mode can have.
pub fn methods(mode: i32) -> &'static [i32] {
    match mode {
        codes::REGISTRATION => &[GET, POST, codes::PUT, DELETE],
        _ => &[GET, POST],
    }
}

pub fn response_types(mode: i32) -> &'static [i32] {
    match mode {
        codes::REGISTRATION => &[0, 1],
        _ => &[0],
    }
}

pub fn operators(mode: i32) -> &'static [i32] {
    match mode {
        codes::WIZARD => &[EQUAL, LIKE, IN],
        codes::SCRIPT => &[EQUAL],
        _ => &[EQUAL, CONST],
    }
}

pub fn positions(mode: i32, method: i32) -> &'static [i32] {
    match (mode, method) {
        (codes::WIZARD | codes::SCRIPT, _) => &[QUERY],
        (_, GET | DELETE) => &[QUERY, HEAD, PATH],
        _ => &[QUERY, HEAD, BODY, PATH],
    }
}

/// Everything that is wrong, in the order of the form.
pub fn check(mode: i32, settings: &Settings) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut say = |field: &str, wrong: Result<(), String>| {
        if let Err(words) = wrong {
            problems.push((field.into(), words));
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
    problems.extend(details(mode, settings.method, &settings.details));
    problems
}

fn details(mode: i32, method: i32, details: &Details) -> Vec<Problem> {
    let mut problems = Vec::new();
    let fits = match details {
        Details::Wizard(_) => mode == codes::WIZARD,
        Details::Script(_) => mode == codes::SCRIPT,
        Details::Registration(_) => mode == codes::REGISTRATION,
    };
    if !fits {
        let words = format!(
            "{} mode needs details of its own",
            codes::word(codes::MODES, mode)
        );
        return vec![("ApiMode".into(), words)];
    }
    let mut say = |field: &str, wrong: Result<(), String>| {
        if let Err(words) = wrong {
            problems.push((field.into(), words));
        }
    };
    match details {
        Details::Wizard(wizard) => {
            let place = |name: &str| format!("WizardDetails.{name}");
            let table = &wizard.wizard_connection.table_name;
            say(&place("wizardConnection.tableName"), needed(table));
            if wizard.wizard_response_parameters.is_empty() {
                let words = "at least one is needed".to_string();
                say(&place("wizardResponseParameters"), Err(words));
            }
            let asked = &wizard.wizard_request_parameters;
            let asked = request(&place("wizardRequestParameters"), mode, method, asked);
            let told = response(
                &place("wizardResponseParameters"),
                mode,
                &wizard.wizard_response_parameters,
            );
            problems.extend(asked.into_iter().chain(told));
        }
        Details::Script(script) => {
            let place = |name: &str| format!("ScriptDetails.{name}");
            say(&place("script"), needed(&script.script));
            let asked = &script.script_request_parameters;
            let asked = request(&place("scriptRequestParameters"), mode, method, asked);
            let told = response(
                &place("scriptResponseParameters"),
                mode,
                &script.script_response_parameters,
            );
            problems.extend(asked.into_iter().chain(told));
        }
        Details::Registration(registration) => {
            let place = |name: &str| format!("RegistrationDetails.{name}");
            let host = &registration.service_host;
            let host = match host.starts_with("http://") || host.starts_with("https://") {
                true => Ok(()),
                false => Err("must begin with http:// or https://".to_string()),
            };
            say(&place("serviceHost"), host);
            let path = match registration.service_path.starts_with('/') {
                true => Ok(()),
                false => Err("must begin with /".to_string()),
            };
            say(&place("servicePath"), path);
            let asked = &registration.registration_request_parameters;
            let list = place("registrationRequestParameters");
            let asked = request(&list, mode, method, asked);
            problems.extend(asked);
        }
    }
    problems
}

fn request(list: &str, mode: i32, method: i32, parameters: &[RequestParameter]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let mut say = |field: &str, wrong: Result<(), String>| {
            if let Err(words) = wrong {
                problems.push((format!("{list}[{index}].{field}"), words));
            }
        };
        let twice = parameters[..index]
            .iter()
            .any(|other| other.parameter_name == parameter.parameter_name);
        say(
            "parameterName",
            match twice {
                true => Err("stands here twice".into()),
                false => word(mode, &parameter.parameter_name),
            },
        );
        if mode == codes::WIZARD {
            say("columnName", needed(&parameter.column_name));
        }
        say(
            "parameterDataType",
            known(codes::DATA_TYPES, parameter.parameter_data_type),
        );
        say(
            "parameterOperator",
            among(
                operators(mode),
                codes::OPERATORS,
                parameter.parameter_operator,
            ),
        );
        // The vendor's own example for wizards has another position than its text allows, so
        // only places that do not exist are refused there.
        say(
            "parameterPosition",
            match mode {
                codes::REGISTRATION => among(
                    positions(mode, method),
                    codes::POSITIONS,
                    parameter.parameter_position,
                ),
                _ => known(codes::POSITIONS, parameter.parameter_position),
            },
        );
        if parameter.parameter_operator == CONST {
            say("defaultValue", needed(&parameter.default_value));
        }
    }
    problems
}

fn response(list: &str, mode: i32, parameters: &[ResponseParameter]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let mut say = |field: &str, wrong: Result<(), String>| {
            if let Err(words) = wrong {
                problems.push((format!("{list}[{index}].{field}"), words));
            }
        };
        let twice = parameters[..index]
            .iter()
            .any(|other| other.parameter_name == parameter.parameter_name);
        say(
            "parameterName",
            match twice {
                true => Err("stands here twice".into()),
                false => needed(&parameter.parameter_name),
            },
        );
        if mode == codes::WIZARD {
            say("columnName", needed(&parameter.column_name));
        }
        say(
            "parameterDataType",
            known(codes::DATA_TYPES, parameter.parameter_data_type),
        );
    }
    problems
}

/// In scripts, what can stand between `${` and `}`; elsewhere also the name of a header.
fn word(mode: i32, text: &str) -> Result<(), String> {
    needed(text)?;
    let dash = mode != codes::SCRIPT;
    let known = |c: char| c.is_alphanumeric() || c == '_' || dash && c == '-';
    match text.chars().all(known) && !text.starts_with(|c: char| c.is_ascii_digit()) {
        true => Ok(()),
        false if dash => {
            Err("may hold letters, digits, - and _ only, and begins with no digit".into())
        }
        false => Err("may hold letters, digits and _ only, and begins with no digit".into()),
    }
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
    use super::{super::details::Script, *};

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

    fn fields(problems: &[Problem]) -> Vec<&str> {
        problems.iter().map(|(field, _)| field.as_str()).collect()
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
        let problems = check(codes::SCRIPT, &settings(GET, Details::Script(script)));
        let list = "ScriptDetails.scriptRequestParameters";
        assert_eq!(
            fields(&problems),
            [
                format!("{list}[1].parameterName"),
                format!("{list}[2].parameterName"),
                format!("{list}[2].parameterOperator"),
            ]
        );
    }
}
