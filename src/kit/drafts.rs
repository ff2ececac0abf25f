//! What was typed and not yet saved, kept while the application runs: going back and forth, or
//! signing in again, loses nothing.

use std::{any::Any, cell::RefCell, collections::HashMap};

use leptos::prelude::*;

thread_local! {
    static KEPT: RefCell<HashMap<String, Box<dyn Any>>> = RefCell::default();
}

/// `place` is the path of the form's page.
fn keep<D: Clone + 'static>(place: &str, draft: &D) {
    KEPT.with_borrow_mut(|kept| kept.insert(place.to_string(), Box::new(draft.clone())));
}

fn kept<D: Clone + 'static>(place: &str) -> Option<D> {
    KEPT.with_borrow(|kept| kept.get(place)?.downcast_ref::<D>().cloned())
}

fn forget(place: &str) {
    KEPT.with_borrow_mut(|kept| kept.remove(place));
}

/// What a form edits, and what is told of it.
pub struct FormDraft<D: Send + Sync + 'static> {
    pub draft: RwSignal<D>,
    /// What the form began with.
    pub first: StoredValue<D>,
    /// The draft is from an earlier visit.
    pub restored: bool,
    pub dirty: Memo<bool>,
    pub discard: Callback<()>,
    /// Discards it for good: what still changes in it is not kept.
    pub end: Callback<()>,
}

/// As it was left at `place`, or `start`; kept there while somebody types.
pub fn use_draft<D>(place: String, start: D) -> FormDraft<D>
where
    D: Clone + PartialEq + Send + Sync + 'static,
{
    let left = kept::<D>(&place).filter(|left| *left != start);
    let restored = left.is_some();
    let draft = RwSignal::new(left.unwrap_or_else(|| start.clone()));
    let first = StoredValue::new(start);
    let over = StoredValue::new(false);
    let keep_at = place.clone();
    Effect::new(move || {
        draft.with(|draft| {
            if !over.get_value() {
                keep(&keep_at, draft);
            }
        });
    });
    let discard = Callback::new(move |()| forget(&place));
    FormDraft {
        draft,
        first,
        restored,
        dirty: Memo::new(move |_| draft.with(|draft| first.with_value(|first| draft != first))),
        discard,
        end: Callback::new(move |()| {
            over.set_value(true);
            discard.run(());
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_kept_until_it_is_forgotten() {
        keep("/c/a/new/stream", &String::from("typed"));
        assert_eq!(kept::<String>("/c/a/new/stream").as_deref(), Some("typed"));
        assert_eq!(kept::<u8>("/c/a/new/stream"), None);
        forget("/c/a/new/stream");
        assert_eq!(kept::<String>("/c/a/new/stream"), None);
    }
}
