use leptos::prelude::*;

/// What a page calls what it shows, where its address has an id that nobody knows. A context of the
/// shell.
#[derive(Clone, Copy)]
pub struct PageName(RwSignal<(String, String)>);

impl PageName {
    pub fn new() -> Self {
        Self(RwSignal::default())
    }

    /// For pages: `key` is the part of the address.
    pub fn tell(key: String, name: Signal<String>) {
        if let Some(Self(told)) = use_context::<Self>() {
            Effect::new(move || told.set((key.clone(), name.get())));
        }
    }

    /// The same, of now.
    pub fn told(self) -> (String, String) {
        self.0.get_untracked()
    }

    /// Key and name that were told last.
    pub fn get(self) -> (String, String) {
        self.0.get()
    }
}

impl Default for PageName {
    fn default() -> Self {
        Self::new()
    }
}
