//! Code that is fetched when it is first needed. In a release build each module named with
//! [`lazy!`](crate::ui::lazy::lazy) is a file of its own (`build.rs`, `tools/bundler`); in other
//! builds everything is one file and this does nothing.

use std::{future::Future, pin::Pin, time::Duration};

use futures_util::FutureExt;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use weir_api::ApiError;

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

impl From<LoadError> for ApiError {
    fn from(_: LoadError) -> Self {
        Self::Network("a part of the console could not be fetched".into())
    }
}

/// What is made by code that comes later, most often a view. Made by
/// [`lazy!`](crate::ui::lazy::lazy).
pub struct Lazy<A: 'static, R: 'static = AnyView> {
    pub load: fn() -> Loading,
    /// `None` before `load` has ended well.
    pub make: fn(A) -> Option<R>,
}

impl<A, R> Clone for Lazy<A, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, R> Copy for Lazy<A, R> {}

/// `lazy!(streams: Page => view)`: a [`Lazy<Page>`]. `view` takes a `Page` and gives an `AnyView`;
/// its code is in the module `streams`, which several of these may share.
/// `lazy!(lists: (), List => list)`: a [`Lazy<(), List>`], which makes something else than a view.
/// `lazy!(code in streams: (), Code => code)`: the same in the module `streams`, where the splitter
/// would take two that begin with the same `streams` for one.
#[cfg(split)]
macro_rules! lazy {
    ($module:ident: $argument:ty => $view:expr) => {
        $crate::ui::lazy::lazy!($module: $argument, leptos::prelude::AnyView => $view)
    };
    ($module:ident: $argument:ty, $made:ty => $make:expr) => {
        $crate::ui::lazy::lazy!($module in $module: $argument, $made => $make)
    };
    ($name:ident in $module:ident: $argument:ty, $made:ty => $make:expr) => {{
        #[leptos::wasm_split::wasm_split(
                                    $module,
                                    wasm_split_path = leptos::wasm_split,
                                    preload(load),
                                    fallible
                                )]
        fn $name(argument: $argument) -> Result<$made, $crate::ui::lazy::LoadError> {
            let make: fn($argument) -> $made = $make;
            Ok(make(argument))
        }
        $crate::ui::lazy::Lazy::<$argument, $made> {
            load: || Box::pin(async { Ok(load().await?) }),
            make: |argument| futures_util::FutureExt::now_or_never($name(argument))?.ok(),
        }
    }};
}

/// As above, with everything in one file.
#[cfg(not(split))]
macro_rules! lazy {
    ($module:ident: $argument:ty => $view:expr) => {
        $crate::ui::lazy::lazy!($module: $argument, leptos::prelude::AnyView => $view)
    };
    ($module:ident: $argument:ty, $made:ty => $make:expr) => {
        $crate::ui::lazy::lazy!($module in $module: $argument, $made => $make)
    };
    ($name:ident in $module:ident: $argument:ty, $made:ty => $make:expr) => {{
        fn $name(argument: $argument) -> $made {
            let make: fn($argument) -> $made = $make;
            make(argument)
        }
        $crate::ui::lazy::Lazy::<$argument, $made> {
            load: || Box::pin(async { Ok(()) }),
            make: |argument| Some($name(argument)),
        }
    }};
}
pub(crate) use lazy;

const BETWEEN_TRIES: Duration = Duration::from_secs(5);
const TRIES: u32 = 60;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Fetching,
    Failed,
    Ready,
}

impl<A, R> Lazy<A, R> {
    /// As soon as the code is there.
    pub async fn get(self, argument: A) -> Result<R, LoadError> {
        (self.load)().await?;
        (self.make)(argument).ok_or(LoadError)
    }
}

impl<A: 'static, R> Lazy<A, R> {
    /// Goes on when the code is there. Where it cannot be had, too: what shows it says so.
    pub fn fetched(self, then: impl FnOnce() + 'static) {
        spawn_local((self.load)().map(|_| then()));
    }

    /// Fetches the code of what will probably be asked for next, unless the person saves data.
    pub fn prefetch(self) {
        if !saves_data() {
            // Failing is said when the page is opened.
            spawn_local((self.load)().map(drop));
        }
    }
}

impl<A: Clone + Send + Sync + 'static> Lazy<A> {
    /// The view, as soon as its code is there. A failure is said and can be tried again.
    pub fn show(self, argument: A) -> AnyView {
        self.show_as(argument, |view| view)
    }
}

impl<A: Clone + Send + Sync + 'static> Lazy<A> {
    /// The same from the first time that it is `wanted`, and then for good.
    pub fn show_once(self, wanted: Signal<bool>, argument: A) -> AnyView {
        let seen = Memo::new(move |before: Option<&bool>| before == Some(&true) || wanted.get());
        (move || match seen.get() {
            true => self.show(argument.clone()),
            false => ().into_any(),
        })
        .into_any()
    }
}

impl<A: Clone + Send + Sync + 'static, R> Lazy<A, R> {
    /// What `view` makes of it, as soon as its code is there.
    pub fn show_as(self, argument: A, view: fn(R) -> AnyView) -> AnyView {
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
        // What says that it failed stays until it has come.
        let quietly = move || {
            let loading = (self.load)();
            spawn_local(async move {
                if loading.await.is_ok() {
                    stage.try_set(Stage::Ready);
                }
            });
        };
        (move || match stage.get() {
            Stage::Ready => (self.make)(argument.clone()).map_or_else(|| ().into_any(), view),
            Stage::Fetching => ().into_any(),
            Stage::Failed => {
                keep_trying(quietly);
                failed(fetch)
            }
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

/// Every few seconds for some minutes, and when the browser is online again: most often the server
/// was away. A newer release never has the file.
fn keep_trying(again: impl Fn() + Copy + Send + Sync + 'static) {
    let left = StoredValue::new(TRIES);
    let now = move || {
        let tries = left.get_value();
        if tries > 0 {
            left.set_value(tries - 1);
            again();
        }
    };
    if let Ok(timer) = set_interval_with_handle(now, BETWEEN_TRIES) {
        on_cleanup(move || timer.clear());
    }
    let online = window_event_listener_untyped("online", move |_| again());
    on_cleanup(move || online.remove());
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
                hint="The server could not be reached, or was upgraded. Reload to use the new version."
            >
                <Button kind=ButtonKind::Primary on_click=move |()| again()>
                    "Retry"
                </Button>
                <Button on_click=reload>"Reload"</Button>
            </Empty>
        </div>
    }
    .into_any()
}
