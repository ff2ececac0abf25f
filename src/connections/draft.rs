//! A connection as it is typed, and what is wrong with it.

use weir_api::FieldError;

use super::{Auth, Connection, system::check_vendor_url};
use crate::text;

/// Characters of a name: more would not fit where it is shown.
const LONGEST: usize = 64;

/// `id` is kept when a connection is edited; a new one gets one from its name that none of the
/// `others` has. `page` is the origin the console came from. What the way to sign in does not need is
/// left out.
pub fn checked(
    draft: &Connection,
    id: Option<&str>,
    others: &[Connection],
    page: &str,
) -> Result<Connection, Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, message: &str| {
        errors.push(FieldError::new(field, message));
    };
    let mut made = draft.clone();
    let spec = made.spec();
    made.name = text::pasted(&draft.name).into_owned();
    let same = |one: &&Connection| Some(one.id.as_str()) != id && one.name == made.name;
    if made.name.is_empty() {
        wrong("name", "Enter a name, for example “Timeplus staging”.");
    } else if let Some(c) = text::unseen(&made.name) {
        wrong("name", &format!("Remove {}.", text::character(c)));
    } else if made.name.chars().count() > LONGEST {
        wrong("name", &format!("At most {LONGEST} characters."));
    } else if others.iter().any(|one| same(&one)) {
        wrong("name", "A connection with this name exists.");
    }
    made.url = text::pasted(&draft.url).trim_end_matches('/').into();
    if let Err(message) = (spec.check_address)(&made.url, draft.auth, page) {
        wrong("url", message);
    }
    for field in spec.fields {
        let Some(value) = (field.value)(&mut made.target) else {
            continue;
        };
        if !field.is_asked(draft.auth) {
            value.clear();
            continue;
        }
        *value = value.trim().trim_end_matches('/').into();
        match (value.as_str(), field.missing) {
            ("", Some(message)) => wrong(field.name, message),
            ("", None) => {}
            (address, _) if field.address => {
                if let Err(message) = check_vendor_url(address, Auth::None, page) {
                    wrong(field.name, message);
                }
            }
            (id, _) if id.contains('/') => wrong(field.name, "Enter only the id, without “/”."),
            _ => {}
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    made.id = id.map_or_else(|| new_id(&made.name, others), String::from);
    Ok(made)
}

/// Letters, digits and `-`, for example `timeplus-staging-2`.
fn new_id(name: &str, others: &[Connection]) -> String {
    let mut id = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = match id.trim_end_matches('-') {
        "" => "connection",
        id => id,
    };
    let free = |candidate: &String| others.iter().all(|one| one.id != *candidate);
    let numbered = (2_u32..).map(|n| format!("{id}-{n}"));
    let mut candidates = std::iter::once(id.to_string()).chain(numbered);
    candidates.find(free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use weir_api::System;

    use super::*;
    use crate::connections::system::{SecMaster, Target, Timeplus};

    const PAGE: &str = "http://127.0.0.1:8000";

    fn timeplus(workspace: &str) -> Target {
        Target::Timeplus(Timeplus {
            workspace: workspace.into(),
            ..Timeplus::default()
        })
    }

    fn draft(url: &str, auth: Auth) -> Connection {
        Connection {
            name: " Timeplus, Köln ".into(),
            url: url.into(),
            target: timeplus("default"),
            auth,
            ..Connection::default()
        }
    }

    #[test]
    fn a_new_connection_gets_a_free_id_and_a_clean_address() {
        let taken = [other("timeplus-k-ln", "Timeplus Köln")];
        let made = checked(
            &draft("https://tp.example:8000/ ", Auth::ApiKey),
            None,
            &taken,
            PAGE,
        );
        let made = made.expect("valid");
        assert_eq!(
            (made.id.as_str(), made.name.as_str()),
            ("timeplus-k-ln-2", "Timeplus, Köln")
        );
        assert_eq!(made.url, "https://tp.example:8000");
    }

    fn other(id: &str, name: &str) -> Connection {
        Connection {
            id: id.into(),
            name: name.into(),
            ..Connection::default()
        }
    }

    #[test]
    fn a_name_tells_a_connection_from_the_others() {
        let others = [other("staging", "Staging")];
        let refused = |name: &str| {
            let draft = Connection {
                name: name.into(),
                ..draft("https://a.example", Auth::ApiKey)
            };
            let made = checked(&draft, None, &others, PAGE);
            made.err().map(|all| all[0].message.clone())
        };
        assert_eq!(refused("staging two"), None);
        for (name, words) in [
            ("\u{feff} Staging\u{a0}", "A connection with this name"),
            ("a\u{202e}b", "U+202E"),
            (&"x".repeat(65), "At most 64"),
        ] {
            assert!(
                refused(name).is_some_and(|told| told.contains(words)),
                "{name}"
            );
        }
    }

    #[test]
    fn an_edited_connection_keeps_its_id() {
        let kept = checked(
            &draft("http://a", Auth::None),
            Some("local"),
            &[other("local", "Timeplus, Köln"), other("b", "B")],
            PAGE,
        );
        assert_eq!(kept.expect("valid").id, "local");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let empty = Connection {
            url: "tp.example".into(),
            ..Connection::default()
        };
        let errors = checked(&empty, None, &[], PAGE).expect_err("invalid");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "url", "workspace"]);
    }

    #[test]
    fn addresses_that_would_go_wrong_are_refused() {
        for url in [
            "",
            "http://",
            "ftp://x",
            "https://u:p@x",
            "https://x?a",
            "https://x/ws/api",
        ] {
            let errors = checked(&draft(url, Auth::Basic), None, &[], PAGE).expect_err(url);
            assert_eq!(errors[0].field, "url", "{url}");
        }
    }

    #[test]
    fn each_system_asks_for_what_it_needs_and_keeps_nothing_else() {
        let mut draft = draft("https://secmaster.example", Auth::Keys);
        draft.target = System::SecMaster.into();
        let errors = checked(&draft, None, &[], PAGE).expect_err("invalid");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["project", "workspace"]);
        draft.target = Target::SecMaster(SecMaster {
            project: "p".into(),
            workspace: " w ".into(),
            region: "of another way to sign in".into(),
            ..SecMaster::default()
        });
        let made = checked(&draft, None, &[], PAGE).expect("valid");
        assert_eq!(made.base(), "https://secmaster.example/v1/p/workspaces/w");
        assert!(matches!(made.target, Target::SecMaster(target) if target.region.is_empty()));
        draft.target = Target::Azion;
        let made = checked(&draft, None, &[], PAGE).expect("valid");
        assert_eq!(made.base(), "https://secmaster.example");
    }

    #[test]
    fn a_relay_is_a_path_of_the_own_origin() {
        let mut draft = draft("/relay/azion", Auth::None);
        draft.target = Target::Azion;
        assert!(checked(&draft, None, &[], PAGE).is_ok());
        for foreign in ["//evil.example/x", "relay/azion", ""] {
            draft.url = foreign.into();
            let errors = checked(&draft, None, &[], PAGE).expect_err(foreign);
            assert_eq!(errors[0].field, "url", "{foreign}");
        }
        (draft.url, draft.auth) = ("https://api.azionapi.net".into(), Auth::Session);
        assert!(checked(&draft, None, &[], PAGE).is_err());
    }

    #[test]
    fn a_session_is_for_the_consoles_own_backend_only() {
        assert!(checked(&draft("", Auth::Session), None, &[], PAGE).is_ok());
        let relayed = format!("{PAGE}/relay/prod");
        for own in [PAGE, "/relay/prod", &relayed] {
            assert!(
                checked(&draft(own, Auth::Session), None, &[], PAGE).is_ok(),
                "{own}"
            );
        }
        for other in ["https://other.example", "//other.example/relay/prod"] {
            assert!(
                checked(&draft(other, Auth::Session), None, &[], PAGE).is_err(),
                "{other}"
            );
        }
    }
}
