//! Short messages about what has just happened. They are announced to screen readers; errors
//! stay until they are closed.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::ApiError;

use super::{Button, ButtonKind, Icon, IconName};
use crate::{errors, text::coded};

const SHOWN: Duration = Duration::from_secs(6);
/// Characters of a message that has no better place.
const LONGEST: usize = 500;

#[derive(Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    failed: bool,
    text: String,
}

#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

impl Toasts {
    pub fn new() -> Self {
        Self {
            shown: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    pub fn success(self, text: impl Into<String>) {
        let id = self.push(false, text.into());
        set_timeout(move || self.close(id), SHOWN);
    }

    pub fn error(self, text: impl Into<String>) {
        let mut text = text.into();
        if let Some((end, _)) = text.char_indices().nth(LONGEST) {
            text.truncate(end);
            text.push('…');
        }
        self.push(true, text);
    }

    /// An error with no better place on the page. A call the person stopped is none.
    pub fn api_error(self, error: &ApiError) {
        if *error != ApiError::Cancelled {
            self.error(errors::words(error).sentence());
        }
    }

    /// Whether there is one to show.
    pub fn any(self) -> Signal<bool> {
        Signal::derive(move || self.shown.with(|shown| !shown.is_empty()))
    }

    fn push(self, failed: bool, text: String) -> u32 {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| {
            shown.push(Toast {
                id,
                failed,
                text: coded(&text),
            })
        });
        id
    }

    fn close(self, id: u32) {
        // The page may be gone when the timer fires.
        self.shown
            .try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Self::new()
    }
}

pub fn use_toasts() -> Toasts {
    expect_context()
}

/// Where toasts appear; once in the application. It is there before the first one: what comes with
/// its text is not announced. A page that must be small fetches the [`ToastList`] when there is one.
#[component]
pub fn ToastRegion(children: Children) -> impl IntoView {
    view! {
        <div class="toasts" role="status" aria-live="polite" aria-label="Notifications">{children()}</div>
    }
    .into_any()
}

#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = use_toasts();
    view! {
            <For each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast" class:failed=toast.failed>
                    <Icon name=if toast.failed { IconName::Warning } else { IconName::Check } />
                    <span>{toast.text}</span>
                    <Button kind=ButtonKind::Quiet label="Close message" on_click=move || toasts.close(toast.id)>
                        <Icon name=IconName::Close />
                    </Button>
                </div>
            </For>
    }
    .into_any()
}
