//! What the palette offers: pages, actions, connections, and names from the systems.

use leptos::{prelude::*, task::spawn_local};

use super::{
    actions,
    at_hand::at_hand,
    commands::commands,
    item::Items,
    names::{add_columns, ask},
    rank::Scope,
};
use crate::connections::{
    Connections, server, session, status::Access, use_connection, use_server,
};

/// Of the page's connection at once, of all others when `typed` asks for them.
pub(crate) fn use_items(typed: RwSignal<String>, owner: Owner) -> Items {
    let connections = expect_context::<Connections>();
    let connection = use_connection().get_untracked();
    let can = use_server().get_untracked().map(|server| server.can);
    let all = RwSignal::new(at_hand(connections, connection.as_ref(), can));
    all.update(|all| all.extend(owner.with(|| commands(connection.as_ref()))));
    let under_way = RwSignal::new(0usize);
    if let Some(connection) = &connection {
        actions::add(connection, can, all, owner);
        ask(connections, connection, Scope::Here, can, all, under_way);
    }
    let columns = Memo::new(move |_| typed.with(|typed| Scope::of(typed).0 == Scope::Columns));
    if let Some(connection) = connection.clone() {
        let asked = StoredValue::new(false);
        Effect::new(move || {
            if columns.get() && !asked.get_value() {
                asked.set_value(true);
                add_columns(connections, &connection, can, all, under_way);
            }
        });
    }
    let everywhere =
        Memo::new(move |_| typed.with(|typed| Scope::of(typed).0 == Scope::Everywhere));
    let here = connection.map(|connection| connection.id);
    let asked = StoredValue::new(false);
    Effect::new(move || {
        if !everywhere.get() || asked.get_value() {
            return;
        }
        asked.set_value(true);
        for other in connections.all.get_untracked().unwrap_or_default() {
            if Some(&other.id) == here.as_ref() {
                continue;
            }
            under_way.update(|count| *count += 1);
            spawn_local(async move {
                // Where a cookie or a kept credential lets in, nobody has to open it before.
                session::enter(connections, other.clone()).await;
                let can = server::known(connections, &other)
                    .await
                    .map(|server| server.can);
                let status = connections.statuses.get_untracked(&other.id);
                // The palette may be closed meanwhile.
                if under_way.try_update(|count| *count -= 1).is_some()
                    && status.access == Access::Open
                {
                    ask(connections, &other, Scope::Everywhere, can, all, under_way);
                }
            });
        }
    });
    Items {
        all,
        loading: Signal::derive(move || under_way.get() > 0),
    }
}
