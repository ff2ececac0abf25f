//! What was typed and not yet saved, kept while the application runs for whoever typed it: going back
//! and forth, or signing in again, loses nothing.

use std::{any::Any, cell::RefCell, collections::HashMap};

use leptos::prelude::*;

use crate::connections::use_user;

thread_local! {
    static KEPT: RefCell<HashMap<String, Box<dyn Any>>> = RefCell::default();
}

/// A draft and what it began with. `place` is the path of the form's page, behind who is signed in.
fn keep<D: Clone + 'static>(place: &str, first: &D, draft: &D) {
    let both = (first.clone(), draft.clone());
    KEPT.with_borrow_mut(|kept| kept.insert(place.to_string(), Box::new(both)));
}

fn kept<D: Clone + 'static>(place: &str) -> Option<(D, D)> {
    KEPT.with_borrow(|kept| kept.get(place)?.downcast_ref::<(D, D)>().cloned())
}

fn forget(place: &str) {
    KEPT.with_borrow_mut(|kept| kept.remove(place));
}

/// Whether a form begins with what was typed on an earlier visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restored {
    No,
    Yes,
    /// What is edited has changed on the server since.
    Outdated,
}

impl Restored {
    fn of<D: PartialEq>(left: Option<&(D, D)>, start: &D) -> Self {
        match left {
            None => Self::No,
            Some((first, _)) if first == start => Self::Yes,
            Some(_) => Self::Outdated,
        }
    }
}

/// What a form edits, and what is told of it.
pub struct FormDraft<D: Send + Sync + 'static> {
    pub draft: RwSignal<D>,
    /// What the form began with.
    pub first: StoredValue<D>,
    pub restored: Restored,
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
    let user = use_user().get_untracked().unwrap_or_default();
    let place = format!("{user} {place}");
    let left = kept::<D>(&place).filter(|(_, left)| *left != start);
    let restored = Restored::of(left.as_ref(), &start);
    let draft = RwSignal::new(left.map_or_else(|| start.clone(), |(_, left)| left));
    let first = StoredValue::new(start);
    let over = StoredValue::new(false);
    let keep_at = place.clone();
    Effect::new(move || {
        draft.with(|draft| {
            if !over.get_value() {
                first.with_value(|first| keep(&keep_at, first, draft));
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
        keep("/c/a/new/stream", &String::new(), &String::from("typed"));
        let left = kept::<String>("/c/a/new/stream");
        assert_eq!(left, Some((String::new(), "typed".into())));
        assert_eq!(Restored::of(left.as_ref(), &String::new()), Restored::Yes);
        let changed = String::from("changed meanwhile");
        assert_eq!(Restored::of(left.as_ref(), &changed), Restored::Outdated);
        assert_eq!(Restored::of(None, &changed), Restored::No);
        assert_eq!(kept::<u8>("/c/a/new/stream"), None);
        forget("/c/a/new/stream");
        assert_eq!(kept::<String>("/c/a/new/stream"), None);
    }
}
