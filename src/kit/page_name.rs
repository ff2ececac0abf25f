use leptos::prelude::*;

/// What a page tells of what it shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// The part of the address.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// In the words of its list; empty where it is not known.
    pub state: String,
    /// There is no such thing.
    pub missing: bool,
}

/// What a page calls what it shows, where its address has an id that nobody knows. A context of the
/// shell.
#[derive(Clone, Copy)]
pub struct PageName(RwSignal<Told>);

impl PageName {
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// For pages: `key` is the part of the address.
    pub fn tell(key: String, name: Signal<String>) {
        Self::tell_all(Signal::derive(move || Told {
            key: key.clone(),
            name: name.get(),
            ..Told::default()
        }));
    }

    /// The same with all that is known.
    pub fn tell_all(all: Signal<Told>) {
        if let Some(Self(told)) = use_context::<Self>() {
            Effect::new(move || told.set(all.get()));
        }
    }

    /// The same, of now.
    pub fn told(self) -> Told {
        self.0.get_untracked()
    }

    /// What was told last.
    pub fn get(self) -> Told {
        self.0.get()
    }
}

impl Default for PageName {
    fn default() -> Self {
        Self::new()
    }
}
