//! Which database of a server the page shows, and the way to another one.

use leptos::prelude::*;
use weir_api::{
    capability::Capability,
    list_response,
    timeplus::database::{self, DEFAULT, Database},
};

use crate::{
    connections::{Connection, Connections, system::Target, use_connection, use_server},
    kit::load::use_load,
    text::visible,
    ui::{Icon, IconName, Menu},
};

/// Only where the server has several, or where another one than the default is shown.
#[component]
pub fn DatabaseMenu() -> impl IntoView {
    let (connection, server) = (use_connection(), use_server());
    let chosen = Memo::new(move |_| {
        let connection = connection.get()?;
        match &connection.target {
            Target::Timeplus(target) => Some(target.database.clone()),
            _ => None,
        }
    });
    let asked = Memo::new(move |_| {
        let server = server.get()?;
        let id = connection.with(|connection| connection.as_ref().map(|it| it.id.clone()))?;
        (chosen.with(Option::is_some) && server.can.has(Capability::Databases)).then_some(id)
    });
    move || {
        asked.get().map(|_| {
            let chosen = Memo::new(move |_| chosen.get().unwrap_or_default());
            view! { <Databases chosen connection /> }
        })
    }
}

#[component]
fn Databases(chosen: Memo<String>, connection: Memo<Option<Connection>>) -> impl IntoView {
    let all = RwSignal::new(Vec::<String>::new());
    use_load(
        Signal::stored(database::list()),
        None,
        Callback::new(move |body: Vec<u8>| {
            let found: Vec<Database> = list_response(&body)?;
            all.set(found.into_iter().map(|one| one.name).collect());
            Ok(())
        }),
    );
    let connections = expect_context::<Connections>();
    let shown = Memo::new(move |_| all.with(|all| offered(all, &chosen.read())));
    let several = Memo::new(move |_| shown.with(|shown| shown.len() > 1));
    let choose = move |name: &str| {
        let Some(mut connection) = connection.get_untracked() else {
            return;
        };
        if let Target::Timeplus(target) = &mut connection.target {
            target.database = match name {
                DEFAULT => String::new(),
                other => other.into(),
            };
            connections.save(connection);
        }
    };
    let name = move || match chosen.get() {
        empty if empty.is_empty() => DEFAULT.to_string(),
        name => name,
    };
    let label = Signal::derive(move || format!("Database: {}", name()));
    let face = move || {
        view! {
            <span class="zone-name">{move || visible(&name()).into_owned()}</span>
            <Icon name=IconName::Chevron />
        }
    };
    let items = move || {
        let all = shown.get().into_iter();
        all.map(|one| {
            let current = {
                let one = one.clone();
                move || (name() == one).then_some("true")
            };
            let words = visible(&one).into_owned();
            view! {
                <button type="button" class="menu-item" aria-current=current on:click=move |_| choose(&one)>
                    {words}
                </button>
            }
        })
        .collect_view()
    };
    move || {
        several.get().then(|| {
            view! {
                <Menu label face>
                    {items}
                    <p class="menu-note">"In SQL, names without a database refer to “default”."</p>
                </Menu>
            }
        })
    }
}

/// What can be chosen: all that the server tells, the one that is chosen, and the default one.
fn offered(all: &[String], chosen: &str) -> Vec<String> {
    let mut offered = vec![DEFAULT.to_string()];
    for one in all.iter().map(String::as_str).chain([chosen]) {
        if !one.is_empty() && offered.iter().all(|known| known != one) {
            offered.push(one.into());
        }
    }
    offered[1..].sort();
    offered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_database_is_offered_whatever_the_server_tells() {
        let all = ["ops".to_string(), "default".into(), "b".into()];
        assert_eq!(offered(&all, "gone"), ["default", "b", "gone", "ops"]);
        assert_eq!(offered(&all, "ops"), ["default", "b", "ops"]);
        assert_eq!(offered(&[], ""), ["default"]);
    }
}
