use crate::ui::table::{self, Cell};

/// A column of a list of models: its head and what stands below it.
#[derive(Clone, Copy)]
pub struct Column<M> {
    pub head: table::Column,
    content: Content<M>,
}

#[derive(Clone, Copy)]
enum Content<M> {
    Text(fn(&M) -> String),
    Mono(fn(&M) -> String),
    /// See [`Cell::Time`].
    Time(fn(&M) -> String),
    Cell(fn(&M) -> Cell),
}

/// Id (see [`table::Column::id`]), title and width in pixels come first.
impl<M> Column<M> {
    const fn of(id: &'static str, title: &'static str, width: u16, content: Content<M>) -> Self {
        Self {
            head: table::Column::text(id, title, width),
            content,
        }
    }

    pub const fn text(
        id: &'static str,
        title: &'static str,
        width: u16,
        text: fn(&M) -> String,
    ) -> Self {
        Self::of(id, title, width, Content::Text(text))
    }

    pub const fn mono(
        id: &'static str,
        title: &'static str,
        width: u16,
        text: fn(&M) -> String,
    ) -> Self {
        Self::of(id, title, width, Content::Mono(text))
    }

    pub const fn time(
        id: &'static str,
        title: &'static str,
        width: u16,
        time: fn(&M) -> String,
    ) -> Self {
        Self::of(id, title, width, Content::Time(time))
    }

    pub const fn cell(
        id: &'static str,
        title: &'static str,
        width: u16,
        cell: fn(&M) -> Cell,
    ) -> Self {
        Self::of(id, title, width, Content::Cell(cell))
    }

    pub const fn number(
        id: &'static str,
        title: &'static str,
        width: u16,
        cell: fn(&M) -> Cell,
    ) -> Self {
        Self {
            head: table::Column::number(id, title, width),
            content: Content::Cell(cell),
        }
    }

    /// Its cells come row by row, see [`super::Figured`].
    #[must_use]
    pub const fn late(mut self) -> Self {
        self.head.late = true;
        self
    }

    #[must_use]
    pub const fn unsorted(mut self) -> Self {
        self.head.sortable = false;
        self
    }

    fn of_model(&self, model: &M) -> Cell {
        match self.content {
            Content::Text(text) => Cell::Text(text(model)),
            Content::Mono(text) => Cell::Mono(text(model)),
            Content::Time(time) => Cell::Time(time(model)),
            Content::Cell(cell) => cell(model),
        }
    }
}

/// The time of the last change, or of the creation where nothing has changed since.
pub fn latest(updated: &Option<String>, created: &Option<String>) -> String {
    updated
        .as_ref()
        .or(created.as_ref())
        .cloned()
        .unwrap_or_default()
}

/// The cells of a model's row.
pub fn cells<M>(columns: &[Column<M>], model: &M) -> Vec<Cell> {
    columns
        .iter()
        .map(|column| column.of_model(model))
        .collect()
}
