//! What was typed and not yet saved, kept while the application runs: going back and forth, or
//! signing in again, loses nothing.

use std::{any::Any, cell::RefCell, collections::HashMap};

thread_local! {
    static KEPT: RefCell<HashMap<String, Box<dyn Any>>> = RefCell::default();
}

/// `place` is the path of the form's page.
pub fn keep<D: Clone + 'static>(place: &str, draft: &D) {
    KEPT.with_borrow_mut(|kept| kept.insert(place.to_string(), Box::new(draft.clone())));
}

pub fn kept<D: Clone + 'static>(place: &str) -> Option<D> {
    KEPT.with_borrow(|kept| kept.get(place)?.downcast_ref::<D>().cloned())
}

pub fn forget(place: &str) {
    KEPT.with_borrow_mut(|kept| kept.remove(place));
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
