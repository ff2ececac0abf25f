//! Rows of a form: a list of the draft, one row of fields each.

use leptos::prelude::*;

use super::{Bound, Field, bound::read, use_wiring};
use crate::ui::{Button, ButtonKind, Icon, IconName};

/// One row of a list of a draft. Changes of a row that is gone meanwhile are dropped.
pub struct Row<D: 'static, T: Send + Sync + 'static> {
    draft: RwSignal<D>,
    list: fn(&mut D) -> &mut Vec<T>,
    at: usize,
    kept: Memo<Option<T>>,
}

impl<D, T: Send + Sync> Clone for Row<D, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D, T: Send + Sync> Copy for Row<D, T> {}

impl<D, T> Row<D, T>
where
    D: Clone + Send + Sync,
    T: Clone + PartialEq + Send + Sync,
{
    pub fn new(draft: RwSignal<D>, list: fn(&mut D) -> &mut Vec<T>, at: usize) -> Self {
        // The fields of a row are told of changes of this row only.
        let kept = Memo::new(move |_| read(draft, |draft| list(draft).get(at).cloned()));
        Self {
            draft,
            list,
            at,
            kept,
        }
    }

    /// The part of the row that `of` finds.
    pub fn part<P>(self, of: fn(&mut T) -> &mut P) -> Bound<P>
    where
        P: Clone + Default + Send + Sync,
    {
        let get = move || {
            let part = self.kept.get().map(|mut row| std::mem::take(of(&mut row)));
            part.unwrap_or_default()
        };
        Bound::new(get, move |part| self.change(|row| *of(row) = part))
    }

    fn change(self, change: impl FnOnce(&mut T)) {
        self.draft.update(|draft| {
            if let Some(row) = (self.list)(draft).get_mut(self.at) {
                change(row);
            }
        });
    }

    fn swap(self, other: usize) {
        self.draft.update(|draft| {
            let rows = (self.list)(draft);
            if self.at < rows.len() && other < rows.len() {
                rows.swap(self.at, other);
            }
        });
    }

    pub(super) fn remove(self) {
        self.draft.update(|draft| {
            let rows = (self.list)(draft);
            if self.at < rows.len() {
                rows.remove(self.at);
            }
        });
    }

    /// A button that removes the row; `what` is what a row is, for example `column`.
    pub fn removal(self, what: &str) -> AnyView {
        let label = format!("Remove {what} {}", self.at + 1);
        view! {
            <Button kind=ButtonKind::Quiet label on_click=move || self.remove()>
                <Icon name=IconName::Close />
            </Button>
        }
        .into_any()
    }

    /// Buttons that move and remove the row, one of `count`.
    pub fn buttons(self, count: Memo<usize>, what: &str) -> AnyView {
        let (at, number) = (self.at, self.at + 1);
        view! {
            <div class="column-buttons">
                <Button
                    kind=ButtonKind::Quiet
                    label=format!("Move {what} {number} up")
                    disabled=at == 0
                    reason="Already first"
                    on_click=move || self.swap(at.wrapping_sub(1))
                >
                    <span class="turned"><Icon name=IconName::Chevron /></span>
                </Button>
                <Button
                    kind=ButtonKind::Quiet
                    label=format!("Move {what} {number} down")
                    disabled=Signal::derive(move || number == count.get())
                    reason="Already last"
                    on_click=move || self.swap(number)
                >
                    <Icon name=IconName::Chevron />
                </Button>
                {self.removal(what)}
            </div>
        }
        .into_any()
    }
}

/// Where an error of several fields or rows stands and takes the focus.
#[component]
pub fn ErrorPlace(#[prop(into)] label: String, #[prop(into)] name: String) -> impl IntoView {
    view! { <Field label name bare=true><Place /></Field> }.into_any()
}

#[component]
fn Place() -> impl IntoView {
    view! { <span id=use_wiring().id tabindex="-1"></span> }
}
