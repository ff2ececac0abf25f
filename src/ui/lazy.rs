//! Code that is fetched when it is first needed. In a release build each module named with
//! [`lazy!`](crate::ui::lazy::lazy) is a file of its own (`build.rs`, `tools/bundler`); in other
//! builds everything is one file and this does nothing.

use std::{future::Future, pin::Pin};

use futures_util::FutureExt;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;

use super::{Button, ButtonKind, Empty};

/// Ends when the code is there.
pub type Loading = Pin<Box<dyn Future<Output = Result<(), LoadError>>>>;

/// The file with the code could not be fetched; the browser's console says why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoadError;

impl From<leptos::wasm_split::SplitLoaderError> for LoadError {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// A view whose code comes later. Made by [`lazy!`](crate::ui::lazy::lazy).
pub struct Lazy<A: 'static> {
    pub load: fn() -> Loading,
    /// `None` before `load` has ended well.
    pub view: fn(A) -> Option<AnyView>,
}

impl<A> Clone for Lazy<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for Lazy<A> {}

/// `lazy!(streams: Page => view)`: a [`Lazy<Page>`]. `view` takes a `Page` and gives an `AnyView`;
/// its code is in the module `streams`, which several of these may share.
#[cfg(split)]
macro_rules! lazy {
    ($module:ident: $argument:ty => $view:expr) => {{
        #[leptos::wasm_split::wasm_split(
                                    $module,
                                    wasm_split_path = leptos::wasm_split,
                                    preload(load),
                                    fallible
                                )]
        fn $module(
            argument: $argument,
        ) -> Result<leptos::prelude::AnyView, $crate::ui::lazy::LoadError> {
            let view: fn($argument) -> leptos::prelude::AnyView = $view;
            Ok(view(argument))
        }
        $crate::ui::lazy::Lazy {
            load: || Box::pin(async { Ok(load().await?) }),
            view: |argument| futures_util::FutureExt::now_or_never($module(argument))?.ok(),
        }
    }};
}

/// As above, with everything in one file.
#[cfg(not(split))]
macro_rules! lazy {
    ($module:ident: $argument:ty => $view:expr) => {{
        fn view(argument: $argument) -> leptos::prelude::AnyView {
            let view: fn($argument) -> leptos::prelude::AnyView = $view;
            view(argument)
        }
        $crate::ui::lazy::Lazy {
            load: || Box::pin(async { Ok(()) }),
            view: |argument| Some(view(argument)),
        }
    }};
}
pub(crate) use lazy;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Fetching,
    Failed,
    Ready,
}

impl<A: Clone + Send + Sync + 'static> Lazy<A> {
    /// Fetches the code of what will probably be asked for next, unless the person saves data.
    pub fn prefetch(self) {
        if !saves_data() {
            // Failing is said when the page is opened.
            spawn_local((self.load)().map(drop));
        }
    }

    /// The view, as soon as its code is there. A failure is said and can be tried again.
    pub fn show(self, argument: A) -> AnyView {
        let stage = RwSignal::new(Stage::Fetching);
        let fetch = move || {
            let finish = move |loaded: Result<(), LoadError>| {
                let after = if loaded.is_ok() {
                    Stage::Ready
                } else {
                    Stage::Failed
                };
                // The page may have been left.
                stage.try_set(after);
            };
            let mut loading = (self.load)();
            match (&mut loading).now_or_never() {
                Some(loaded) => finish(loaded),
                None => {
                    stage.set(Stage::Fetching);
                    spawn_local(async move { finish(loading.await) });
                }
            }
        };
        fetch();
        (move || match stage.get() {
            Stage::Ready => (self.view)(argument.clone()).unwrap_or_else(|| ().into_any()),
            Stage::Fetching => ().into_any(),
            Stage::Failed => failed(fetch),
        })
        .into_any()
    }
}

/// `navigator.connection.saveData`, which not every browser has.
fn saves_data() -> bool {
    let property = |object: &JsValue, name| js_sys::Reflect::get(object, &JsValue::from_str(name));
    property(&window().navigator(), "connection")
        .and_then(|connection| property(&connection, "saveData"))
        .is_ok_and(|saves| saves.is_truthy())
}

/// Most often the server cannot be reached, or has a newer release, whose files are called otherwise.
fn failed(again: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let reload = move |()| {
        if let Err(error) = window().location().reload() {
            leptos::logging::warn!("{error:?}");
        }
    };
    view! {
        <div class="page narrow" role="alert">
            <Empty
                title="This page could not be loaded"
                hint="The server could not be reached, or it has been upgraded since this tab was opened. Reloading takes the new release."
            >
                <Button kind=ButtonKind::Primary on_click=move |()| again()>
                    "Try again"
                </Button>
                <Button on_click=reload>"Reload"</Button>
            </Empty>
        </div>
    }
    .into_any()
}
