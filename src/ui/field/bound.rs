//! What a field shows and changes.

use leptos::prelude::*;

/// The value that a field shows and changes: text, or yes and no for a checkbox.
pub struct Bound<T: Send + Sync + 'static = String> {
    pub get: Signal<T>,
    pub set: Callback<T>,
}

impl<T: Send + Sync> Clone for Bound<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Bound<T> {}

impl<T: Clone + Send + Sync> Bound<T> {
    pub fn new(
        get: impl Fn() -> T + Send + Sync + 'static,
        set: impl Fn(T) + Send + Sync + 'static,
    ) -> Self {
        Self {
            get: Signal::derive(get),
            set: Callback::new(set),
        }
    }

    /// The part of a draft that `of` finds.
    pub fn part<D>(draft: RwSignal<D>, of: fn(&mut D) -> &mut T) -> Self
    where
        D: Clone + Send + Sync + 'static,
    {
        Self::new(
            move || read(draft, |draft| of(draft).clone()),
            move |value| draft.update(|draft| *of(draft) = value),
        )
    }
}

impl<T: Clone + Send + Sync> From<RwSignal<T>> for Bound<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self {
            get: signal.into(),
            set: Callback::new(move |value| signal.set(value)),
        }
    }
}

/// What is found by way of a reference that could also change it. Nothing is changed, so nobody is
/// told. The draft is copied only where somebody reads it at the same time.
pub(super) fn read<D, T>(draft: RwSignal<D>, of: impl Fn(&mut D) -> T) -> T
where
    D: Clone + Send + Sync + 'static,
{
    draft.track();
    draft
        .try_update_untracked(&of)
        .unwrap_or_else(|| draft.with_untracked(|draft| of(&mut draft.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Draft {
        name: String,
        on: bool,
    }

    impl Clone for Draft {
        fn clone(&self) -> Self {
            panic!("the whole draft is copied");
        }
    }

    #[test]
    fn a_field_reads_and_writes_its_part_without_the_rest() {
        let owner = Owner::new();
        owner.set();
        let draft = RwSignal::new(Draft {
            name: "a".into(),
            on: false,
        });
        let name = Bound::part(draft, |draft: &mut Draft| &mut draft.name);
        let on = Bound::part(draft, |draft: &mut Draft| &mut draft.on);
        name.set.run("b".into());
        on.set.run(true);
        assert_eq!(
            (name.get.get_untracked(), on.get.get_untracked()),
            ("b".into(), true)
        );
        assert!(draft.with_untracked(|draft| draft.on && draft.name == "b"));
    }
}
