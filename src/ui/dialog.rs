//! Modal dialogs on the browser's own `<dialog>`: it keeps the focus inside, closes on Escape and
//! gives the focus back to where it was.

use leptos::{
    html,
    prelude::*,
    task::{spawn_local, tick},
};

use super::{Button, ButtonKind, Icon, IconName, leave, unique};
use crate::text::visible;

/// `children` are built anew each time the dialog opens. Once something was typed, Escape has to be
/// pressed twice.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] children: ViewFn,
    /// Takes most of the screen.
    #[prop(optional)]
    wide: bool,
    /// What is typed here is no work: Escape leaves at once.
    #[prop(optional)]
    brief: bool,
    /// Nothing inside closes it: there is a button for that, also without a keyboard.
    #[prop(optional)]
    closes: bool,
) -> impl IntoView {
    let heading = unique("dialog");
    let typed = RwSignal::new(false);
    let warned = RwSignal::new(false);
    let here = StoredValue::new(String::new());
    let type_in = move |_| {
        typed.set(!brief);
        warned.set(false);
        here.set_value(window().location().href().unwrap_or_default());
    };
    let unsaved = Signal::derive(move || open.get() && typed.get());
    leave::hold(unsaved, here, Callback::new(move |()| warned.set(true)));
    let keys = move |event: leptos::ev::KeyboardEvent| {
        // An editor inside may have closed its own list with it.
        let leaves = event.key() == "Escape" && !event.default_prevented();
        if leaves && typed.get_untracked() && !warned.get_untracked() {
            event.prevent_default();
            warned.set(true);
        }
    };
    let labelled = heading.clone();
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = node.get() else { return };
        typed.set(false);
        warned.set(false);
        if !open.get() {
            dialog.close();
            return;
        }
        // Only once its content is there can the dialog give it the focus.
        spawn_local(async move {
            tick().await;
            if open.try_get_untracked() == Some(true) && !dialog.open() {
                // Fails only for a dialog that is not in the document, which then is not wanted.
                let _ = dialog.show_modal();
            }
        });
    });
    view! {
        <dialog
            node_ref=node
            class="dialog"
            class:wide=wide
            aria-labelledby=labelled
            on:input=type_in
            on:keydown=keys
            on:close=move |_| open.set(false)
        >
            <h2 id=heading>{move || title.get()}</h2>
            {move || open.get().then(|| children.run())}
            <p class="dialog-warning" role="alert">
                {move || warned.get().then_some("Your input is not saved. Press Escape again to discard it.")}
            </p>
            // The last one: the focus goes to what the dialog is about.
            {closes.then(|| view! {
                <div class="dialog-close">
                    <Button kind=ButtonKind::Quiet label="Close" on_click=move || open.set(false)>
                        <Icon name=IconName::Close />
                    </Button>
                </div>
            })}
        </dialog>
    }
    .into_any()
}

/// A question before something that matters.
#[derive(Debug, Clone, Default)]
pub struct Confirm {
    /// For example `Delete stream orders?`.
    pub title: String,
    /// What will happen, one sentence each.
    pub consequences: Vec<String>,
    /// The action's words on its button, for example `Delete stream`.
    pub action: String,
    pub danger: bool,
    /// On a production connection this must be typed first.
    pub type_name: Option<String>,
}

/// Opens the application's one confirm dialog.
#[derive(Clone, Copy)]
pub struct Confirmer {
    open: RwSignal<bool>,
    pending: RwSignal<Option<(Confirm, Callback<()>)>>,
}

impl Confirmer {
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            pending: RwSignal::new(None),
        }
    }

    /// `then` runs when the person agrees.
    pub fn ask(self, question: Confirm, then: impl Into<Callback<()>>) {
        self.pending.set(Some((question, then.into())));
        self.open.set(true);
    }
}

impl Default for Confirmer {
    fn default() -> Self {
        Self::new()
    }
}

pub fn use_confirm() -> Confirmer {
    expect_context()
}

/// Where [`Confirmer`] asks; once in the application.
#[component]
pub fn ConfirmDialog(
    /// The page belongs to a production system.
    #[prop(into)]
    production: Signal<bool>,
) -> impl IntoView {
    let Confirmer { open, pending } = use_confirm();
    let title = Signal::derive(move || {
        pending.with(|pending| {
            pending
                .as_ref()
                .map(|p| p.0.title.clone())
                .unwrap_or_default()
        })
    });
    let body = move || {
        let (question, then) = pending.get_untracked().unwrap_or_else(nothing);
        view! { <Question question then open production=production.get_untracked() /> }
    };
    view! { <Dialog open title children=body brief=true /> }
}

fn nothing() -> (Confirm, Callback<()>) {
    (Confirm::default(), Callback::new(|()| ()))
}

#[component]
fn Question(
    question: Confirm,
    then: Callback<()>,
    open: RwSignal<bool>,
    production: bool,
) -> impl IntoView {
    let wanted = question.type_name.filter(|_| production);
    let typed = RwSignal::new(String::new());
    let blocked = {
        let wanted = wanted.clone();
        Signal::derive(move || {
            wanted
                .as_ref()
                .is_some_and(|name| typed.with(|typed| typed != name && *typed != visible(name)))
        })
    };
    let agree = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !blocked.get_untracked() {
            open.set(false);
            then.run(());
        }
    };
    let kind = if question.danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    let reason = wanted
        .as_ref()
        .map(|name| format!("Enter {}", visible(name)))
        .unwrap_or_default();
    // Where nothing has to be typed the focus starts on the way out of a dangerous action.
    let careful = question.danger && wanted.is_none();
    view! {
        <form on:submit=agree>
            <ul class="consequences">
                {question.consequences.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
            </ul>
            {wanted.map(|name| view! { <TypedName name typed /> })}
            <div class="dialog-actions">
                <Button autofocus=careful on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind submit=true disabled=blocked reason>{question.action}</Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn TypedName(name: String, typed: RwSignal<String>) -> impl IntoView {
    // What cannot be seen can hardly be typed: its marks count, too.
    let shown = visible(&name).into_owned();
    view! {
        <label class="typed-name">
            <span>"This is a production system. Enter "<code>{shown}</code>" to continue."</span>
            <input
                class="input"
                autofocus=true
                autocomplete="off"
                spellcheck="false"
                prop:value=move || typed.get()
                on:input=move |event| typed.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}
