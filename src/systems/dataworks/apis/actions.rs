//! What can be done with an API: submit, publish, take back, change, delete.

use leptos::prelude::*;
use weir_api::dataworks::{api, codes::PUBLISHED};

use super::Model;
use crate::{
    kit::{Act, Load, use_act},
    paths,
    ui::{Button, ButtonKind, Confirm},
};

pub fn actions(
    connection: &str,
    model: Signal<Model>,
    load: Load,
    delete: Callback<()>,
) -> AnyView {
    let actor = use_act(load);
    let key = model.with_untracked(|model| model.key.clone());
    let published = Memo::new(move |_| model.with(|model| model.api.status == PUBLISHED));
    let named =
        move || model.with_untracked(|model| (model.api.api_id, model.api.api_name.clone()));
    let submit = move || {
        let (id, name) = named();
        actor.run(Act {
            request: api::submit(id),
            done: format!("API {name} submitted: this version can be published"),
            question: None,
        });
    };
    let publish = move || {
        let (id, name) = named();
        actor.run(Act {
            request: api::publish(id),
            done: format!("API {name} published"),
            question: None,
        });
    };
    let unpublish = move || {
        let (id, name) = named();
        actor.run(Act {
            request: api::abolish(id),
            done: format!("API {name} unpublished"),
            question: Some(Confirm {
                title: format!("Unpublish API {name}?"),
                consequences: vec![
                    "Callers receive an error.".into(),
                    "You can publish it again.".into(),
                ],
                action: "Unpublish API".into(),
                danger: true,
                type_name: Some(name),
            }),
        });
    };
    view! {
        <Button on_click=submit busy=actor.busy>"Submit"</Button>
        <Button kind=ButtonKind::Primary on_click=publish busy=actor.busy>
            {move || if published.get() { "Publish again" } else { "Publish" }}
        </Button>
        {move || published.get().then(|| view! { <Button on_click=unpublish busy=actor.busy>"Unpublish"</Button> })}
        <a class="button" href=paths::edit_item(connection, "data-apis", &key)>"Edit"</a>
        <Button
            on_click=delete
            disabled=published
            reason="A published API must be unpublished first"
        >
            "Delete"
        </Button>
    }
    .into_any()
}
