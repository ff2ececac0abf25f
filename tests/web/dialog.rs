use leptos::{
    html,
    prelude::*,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::HtmlDialogElement,
};
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{
    connections::{Connection, Connections},
    ui::{Confirm, ConfirmDialog, Dialog, kept_focus::keep_focus, leave, use_confirm},
};

use crate::page::{Page, focused, press, settle, show, until};

fn question() -> Confirm {
    Confirm {
        title: "Delete stream orders?".into(),
        consequences: vec!["Its rows are gone for good.".into()],
        action: "Delete stream".into(),
        danger: true,
        type_name: Some("orders".into()),
    }
}

/// A button that asks, and what was agreed to.
fn asking(production: bool) -> (Page, RwSignal<u32>) {
    let agreed = RwSignal::new(0);
    let page = show(move || {
        expect_context::<Connections>()
            .all
            .set(Some(vec![Connection {
                id: "prod".into(),
                production,
                ..Connection::default()
            }]));
        let confirm = use_confirm();
        let ask = move |_| confirm.ask(question(), move || agreed.update(|count| *count += 1));
        view! {
            <button class="opener" on:click=ask>"Open"</button>
            <ConfirmDialog production=Signal::stored(production) />
        }
        .into_any()
    });
    (page, agreed)
}

fn dialog(page: &Page) -> HtmlDialogElement {
    page.find("dialog").unchecked_into()
}

async fn opened(page: &Page) {
    let opener = page.find(".opener");
    opener.focus().expect("focus");
    opener.click();
    settle().await;
    assert!(dialog(page).open());
}

fn go_to(path: &str) {
    let history = window().history().expect("history");
    history
        .replace_state_with_url(&JsValue::NULL, "", Some(path))
        .expect("a path");
}

#[wasm_bindgen_test]
async fn a_dangerous_question_starts_on_cancel_and_gives_the_focus_back() {
    let (page, agreed) = asking(false);
    opened(&page).await;
    assert_eq!(focused().text_content().as_deref(), Some("Cancel"));
    assert!(page.text().contains("Its rows are gone for good."));

    // What the browser does on Escape.
    dialog(&page).close();
    settle().await;
    assert!(!dialog(&page).open());
    assert_eq!(focused(), page.find(".opener").into());
    assert_eq!(agreed.get_untracked(), 0);

    // It opens again after it was closed that way.
    opened(&page).await;
    page.button("Delete stream").click();
    settle().await;
    assert_eq!(agreed.get_untracked(), 1);
    assert!(!dialog(&page).open());
}

#[wasm_bindgen_test]
async fn what_was_typed_is_not_discarded_by_one_escape() {
    let open = RwSignal::new(false);
    let page = show(move || {
        let name = || view! { <input class="name" /> };
        view! {
            <button class="opener" on:click=move |_| open.set(true)>"Open"</button>
            <Dialog open title="Save query" children=name />
        }
        .into_any()
    });
    opened(&page).await;
    press(&page.find(".name"), "Escape");
    settle().await;
    assert!(!page.text().contains("Press Escape again"));
    page.fire(&page.find("dialog"), "input");
    press(&page.find(".name"), "Escape");
    settle().await;
    assert!(page.text().contains("Press Escape again"));
    // Who loads the page again is asked by the browser.
    let unload = || {
        let leaves = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }))";
        let asked = js_sys::Function::new_no_args(leaves).call0(&JsValue::UNDEFINED);
        asked.expect("an answer").is_truthy()
    };
    assert!(unload());

    // Nothing is left of it when the dialog opens the next time.
    dialog(&page).close();
    until("the page to be free to go", || !unload()).await;
    opened(&page).await;
    assert!(!page.text().contains("Press Escape again"));
}

/// Back is as Escape: the first time it tells.
#[wasm_bindgen_test]
async fn what_was_typed_is_not_discarded_by_going_back() {
    let open = RwSignal::new(false);
    let went = RwSignal::new(0);
    let page = show(move || {
        leave::listen();
        let moves = window_event_listener(leptos::ev::popstate, move |_| went.update(|n| *n += 1));
        on_cleanup(move || moves.remove());
        let name = || view! { <input class="name" /> };
        view! {
            <button class="opener" on:click=move |_| open.set(true)>"Open"</button>
            <Dialog open title="Save query" children=name />
        }
        .into_any()
    });
    opened(&page).await;
    page.fire(&page.find("dialog"), "input");
    let here = window().location().href().expect("an address");
    let history = window().history().expect("a history");
    let back = || history.push_state_with_url(&JsValue::NULL, "", Some("?elsewhere"));
    back().expect("a step");
    history.back().expect("a step back");
    until("the warning", || page.text().contains("Press Escape again")).await;
    assert_eq!(window().location().href().expect("an address"), here);
    assert_eq!((went.get_untracked(), dialog(&page).open()), (0, true));
}

#[wasm_bindgen_test]
async fn on_a_production_system_the_name_is_typed_first() {
    go_to("/c/prod/streams/orders");
    let (page, agreed) = asking(true);
    opened(&page).await;
    assert_eq!(focused().tag_name(), "INPUT");
    let delete = page.button("Delete stream");
    assert_eq!(
        delete.get_attribute("title").as_deref(),
        Some("Enter orders")
    );
    delete.click();
    settle().await;
    assert_eq!(agreed.get_untracked(), 0);

    page.type_in("dialog input", "orders");
    settle().await;
    assert_eq!(delete.get_attribute("aria-disabled"), None);
    delete.click();
    settle().await;
    assert_eq!(agreed.get_untracked(), 1);
    go_to("/");
}

/// What its name has unseen is shown by a mark, which counts where it is typed.
#[wasm_bindgen_test]
async fn a_name_that_cannot_be_seen_can_be_typed() {
    go_to("/c/prod/users/a");
    let agreed = RwSignal::new(0);
    let page = show(move || {
        let confirm = use_confirm();
        let question = || Confirm {
            type_name: Some("a\u{200b}b".into()),
            ..question()
        };
        let ask = move |_| confirm.ask(question(), move || agreed.update(|count| *count += 1));
        view! {
            <button class="opener" on:click=ask>"Open"</button>
            <ConfirmDialog production=Signal::stored(true) />
        }
        .into_any()
    });
    opened(&page).await;
    assert_eq!(
        page.find("dialog code").text_content().as_deref(),
        Some("a‹200B›b")
    );
    page.type_in("dialog input", "ab");
    settle().await;
    page.button("Delete stream").click();
    settle().await;
    assert_eq!(agreed.get_untracked(), 0);
    page.type_in("dialog input", "a‹200B›b");
    settle().await;
    page.button("Delete stream").click();
    settle().await;
    assert_eq!(agreed.get_untracked(), 1);
    go_to("/");
}

#[wasm_bindgen_test]
async fn the_keyboard_goes_on_beside_what_is_gone() {
    let (row, bar) = (RwSignal::new(true), RwSignal::new(true));
    let page = show(move || {
        let main = NodeRef::<html::Main>::new();
        keep_focus(main);
        view! {
            <main node_ref=main tabindex="-1">
                {move || bar.get().then(|| view! { <button class="of-bar">"Delete selected"</button> })}
                <div class="table-box" style="height:40px">
                    "Rows "
                    {move || row.get().then(|| view! { <button class="of-row">"Delete"</button> })}
                </div>
            </main>
        }
        .into_any()
    });
    settle().await;
    page.find(".of-row").focus().expect("focus");
    row.set(false);
    until("the table has the focus", || {
        focused() == page.find(".table-box").into()
    })
    .await;
    page.find(".of-bar").focus().expect("focus");
    bar.set(false);
    until("the page has the focus", || {
        focused() == page.find("main").into()
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_dialog_without_buttons_of_its_own_has_one_to_close_it() {
    let page = show(move || {
        let open = RwSignal::new(false);
        view! {
            <button class="opener" on:click=move |_| open.set(true)>"Open"</button>
            <Dialog open title="Keyboard shortcuts" closes=true children=|| "Ctrl-K" />
        }
        .into_any()
    });
    opened(&page).await;
    // Nothing else in it can have the focus.
    assert_eq!(
        focused().get_attribute("aria-label").as_deref(),
        Some("Close")
    );
    page.button("Close").click();
    settle().await;
    assert!(!dialog(&page).open());
}
