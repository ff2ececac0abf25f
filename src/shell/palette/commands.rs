//! What can be done wherever one is.

use leptos::prelude::*;

use super::{
    super::{
        theme::{Theme, ThemeChoice},
        user_menu::use_sign_out,
    },
    item::{Choice, Item},
    rank::{Entry, Scope},
};
use crate::{
    connections::{Auth, Connection, Connections, status::Access},
    paths,
};

pub(super) fn commands(connection: Option<&Connection>) -> Vec<Item> {
    let mut all = Vec::new();
    if let Some(choice) = use_context::<ThemeChoice>() {
        all.extend(Theme::ALL.map(|theme| {
            let choose = Callback::new(move |()| choice.choose(theme));
            command(format!("Theme: {}", theme.label()), Choice::Run(choose))
        }));
    }
    let connections = expect_context::<Connections>();
    let signed_in = connection.filter(|it| {
        connections.statuses.get_untracked(&it.id).access == Access::Open && it.auth != Auth::None
    });
    if let Some(connection) = signed_in {
        if connection.auth == Auth::Session {
            let account = paths::account(&connection.id);
            all.push(command("Account".into(), Choice::Open(account)));
        }
        all.push(command("Sign out".into(), Choice::Run(use_sign_out())));
    }
    all
}

fn command(label: String, choice: Choice) -> Item {
    Item {
        entry: Entry {
            id: label.clone(),
            label,
            detail: "Action".into(),
            scope: Scope::Actions,
            weight: 10,
        },
        choice,
    }
}
