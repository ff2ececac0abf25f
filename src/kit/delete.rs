//! Deleting one or many, after a question that says what is lost.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, ApiRequest, crud::Crud};

use super::dependents::dependents;
use crate::{
    connections::{use_capabilities, use_endpoint, use_may_change, use_user},
    errors, http,
    text::{capital, visible},
    ui::{Confirm, number::plural, use_confirm, use_toasts},
};

/// What deleting means for a kind of resource.
#[derive(Clone, Copy)]
pub struct Deletion {
    pub one: &'static str,
    pub many: &'static str,
    pub request: Delete,
    /// What is lost, one sentence.
    pub loss: &'static str,
    /// Said to whoever deletes the one that they are signed in as; only of users.
    pub of_oneself: Option<&'static str>,
}

/// The call that deletes the one with a key.
#[derive(Clone, Copy)]
pub enum Delete {
    Rest(Crud),
    Own(fn(&str) -> ApiRequest),
}

impl Delete {
    pub fn of(self, key: &str) -> ApiRequest {
        match self {
            Self::Rest(crud) => crud.delete(key),
            Self::Own(request) => request(key),
        }
    }
}

/// What could not be deleted and why, in words; empty while all is well.
pub type Failures = RwSignal<Vec<String>>;

/// Asks and deletes the keys given. `failures` belongs to the page's banner; `done` is told which
/// keys are gone.
pub fn use_deletion(
    deletion: Deletion,
    failures: Failures,
    done: Callback<Vec<String>>,
) -> Callback<Vec<String>> {
    use_named_deletion(deletion, failures, done, Callback::new(|key| key))
}

/// The same where `name` turns a key into what people call it.
pub fn use_named_deletion(
    deletion: Deletion,
    failures: Failures,
    done: Callback<Vec<String>>,
    name: Callback<String, String>,
) -> Callback<Vec<String>> {
    let (confirm, toasts, endpoint) = (use_confirm(), use_toasts(), use_endpoint());
    let (permit, can, user) = (use_may_change(), use_capabilities(), use_user());
    let busy = RwSignal::new(false);
    let delete = move |doomed: Vec<(String, String)>| {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        failures.set(Vec::new());
        spawn_local(async move {
            let (mut gone, mut failed) = (Vec::new(), Vec::new());
            let mut last = String::new();
            for (key, name) in doomed {
                match http::send(&endpoint, deletion.request.of(&key)).await {
                    Ok(_) => {
                        gone.push(key);
                        last = name;
                    }
                    Err(error) => failed.push(failure(deletion.one, &name, &error)),
                }
            }
            match gone.as_slice() {
                [] => {}
                [_] => toasts.success(format!("{} {last} deleted", capital(deletion.one))),
                all => toasts.success(format!(
                    "{} deleted",
                    plural(all.len() as u64, deletion.one, deletion.many)
                )),
            }
            // The page may be left meanwhile.
            if busy.try_set(false).is_none() {
                failures.set(failed);
                if !gone.is_empty() {
                    done.run(gone);
                }
            }
        });
    };
    let asking = StoredValue::new(false);
    Callback::new(move |keys: Vec<String>| {
        if keys.is_empty() || busy.get_untracked() || asking.get_value() {
            return;
        }
        if permit.denied.get_untracked() {
            return toasts.error(permit.reason.get_untracked());
        }
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        let names: Vec<String> = keys.iter().map(|key| name.run(key.clone())).collect();
        let can = can.get_untracked();
        asking.set_value(true);
        spawn_local(async move {
            let dependents = dependents(&endpoint, can, deletion.one, &keys).await;
            // The page may be left meanwhile.
            if asking.try_set_value(false).is_some() {
                return;
            }
            let doomed: Vec<_> = keys.into_iter().zip(names.iter().cloned()).collect();
            let question = question(deletion, &names, dependents, user.get_untracked());
            confirm.ask(question, move || delete(doomed.clone()));
        });
    })
}

fn question(
    deletion: Deletion,
    keys: &[String],
    dependents: Vec<String>,
    user: Option<String>,
) -> Confirm {
    let Deletion {
        one, many, loss, ..
    } = deletion;
    let (title, action, consequences) = match keys {
        [key] => (
            format!("Delete {one} {}?", visible(key)),
            format!("Delete {one}"),
            vec![loss.to_string()],
        ),
        keys => {
            const NAMED: usize = 8;
            let mut names = keys
                .iter()
                .take(NAMED)
                .map(|name| visible(name))
                .collect::<Vec<_>>()
                .join(", ");
            if keys.len() > NAMED {
                names.push_str(&format!(" and {} more", keys.len() - NAMED));
            }
            let what = plural(keys.len() as u64, one, many);
            (
                format!("Delete {what}?"),
                format!("Delete {what}"),
                vec![names, loss.to_string()],
            )
        }
    };
    let mut consequences = consequences;
    let oneself = user.is_some_and(|user| keys.contains(&user));
    consequences.extend(deletion.of_oneself.filter(|_| oneself).map(String::from));
    consequences.extend(dependents);
    consequences.push("This cannot be undone.".into());
    // On a production connection the name must be typed, and for several their number.
    let type_name = match keys {
        [key] => key.clone(),
        keys => keys.len().to_string(),
    };
    Confirm {
        title,
        consequences,
        action,
        danger: true,
        type_name: Some(type_name),
    }
}

fn failure(one: &str, key: &str, error: &ApiError) -> String {
    format!(
        "{} {key} was not deleted. {}",
        capital(one),
        errors::words(error).sentence()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deletion() -> Deletion {
        Deletion {
            one: "stream",
            many: "streams",
            request: Delete::Own(|key| ApiRequest::delete(key)),
            loss: "All rows are lost.",
            of_oneself: None,
        }
    }

    #[test]
    fn one_is_named_and_many_are_counted() {
        let one = question(deletion(), &["orders".into()], Vec::new(), None);
        assert_eq!(
            (one.title.as_str(), one.action.as_str()),
            ("Delete stream orders?", "Delete stream")
        );
        assert_eq!(one.type_name.as_deref(), Some("orders"));
        let turned = question(deletion(), &["a\u{202e}b".into()], Vec::new(), None);
        assert_eq!(turned.title, "Delete stream a‹202E›b?");
        let keys: Vec<String> = (0..10).map(|n| format!("s{n}")).collect();
        let many = question(deletion(), &keys, Vec::new(), None);
        assert_eq!(many.title, "Delete 10 streams?");
        assert!(
            many.consequences[0].ends_with("s7 and 2 more"),
            "{:?}",
            many.consequences
        );
        assert_eq!(many.type_name.as_deref(), Some("10"));
    }

    #[test]
    fn whoever_deletes_themselves_is_told() {
        let users = Deletion {
            one: "user",
            many: "users",
            of_oneself: Some("You are signed in as this user."),
            ..deletion()
        };
        let told = |keys: &[&str], user: Option<&str>| {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            let asked = question(users, &keys, Vec::new(), user.map(String::from));
            asked
                .consequences
                .iter()
                .any(|one| one.starts_with("You are"))
        };
        assert!(told(&["ann"], Some("ann")));
        assert!(told(&["bob", "ann"], Some("ann")));
        assert!(!told(&["bob"], Some("ann")) && !told(&["ann"], None));
        // A stream of the same name is somebody else.
        let stream = question(deletion(), &["ann".into()], Vec::new(), Some("ann".into()));
        assert!(
            !stream
                .consequences
                .iter()
                .any(|one| one.contains("signed in"))
        );
    }

    #[test]
    fn a_refusal_keeps_the_servers_words() {
        let error = ApiError::with_status(400, "view v reads from it");
        assert!(failure("stream", "s", &error).ends_with("view v reads from it"));
    }
}
