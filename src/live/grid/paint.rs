//! Draws the part of a result that is in view.

use std::ops::Range;

use wasm_bindgen::JsValue;
use web_sys::HtmlElement;
use weir_live::{Cell, format::Format};

use super::{
    columns::{Column, Columns},
    face,
    nodes::{self, HeadNode, Look, RowNode},
    scroll::{LINE, Scroll},
    select::{At, Selection},
};
use crate::{
    live::{
        arrange,
        core::Core,
        gaps::{Gap, Layout, Line},
    },
    ui::number,
};

/// Height of the header in pixels; as in style/live.css.
const HEAD: f64 = 40.0;

pub struct Painter {
    prefix: String,
    root: HtmlElement,
    /// As tall and wide as all the content, for the browser's scroll bars.
    content: HtmlElement,
    /// Sticks to the view; everything that is seen is inside.
    layer: HtmlElement,
    head: HtmlElement,
    body: HtmlElement,
    head_cells: Vec<HeadNode>,
    rows: Vec<RowNode>,
    scratch: String,
    /// What the nodes were last placed for.
    /// The result and the arrangement.
    header: (u64, u64),
    look: arrange::Look,
    format: Format,
    /// Besides pinned columns.
    seen: Range<usize>,
    row_count: u64,
    size: (f64, f64),
    content_size: (f64, f64),
    offset: (f64, f64),
    active_id: Option<(usize, usize)>,

    pub columns: Columns,
    pub scroll: Scroll,
    pub selection: Option<Selection>,
}

impl Painter {
    pub fn new(root: HtmlElement, prefix: String) -> Result<Self, JsValue> {
        let content = nodes::element("grid-content", "presentation")?;
        let layer = nodes::element("grid-layer", "presentation")?;
        let head = nodes::element("grid-head", "row")?;
        head.set_attribute("aria-rowindex", "1")?;
        let body = nodes::element("grid-body", "rowgroup")?;
        layer.append_child(&head)?;
        layer.append_child(&body)?;
        content.append_child(&layer)?;
        root.append_child(&content)?;
        Ok(Self {
            prefix,
            root,
            content,
            layer,
            head,
            body,
            head_cells: Vec::new(),
            rows: Vec::new(),
            scratch: String::new(),
            header: (u64::MAX, u64::MAX),
            look: arrange::Look::default(),
            format: Format::default(),
            seen: 0..0,
            row_count: u64::MAX,
            size: (0.0, 0.0),
            content_size: (-1.0, -1.0),
            offset: (-1.0, -1.0),
            active_id: None,
            columns: Columns::default(),
            scroll: Scroll::default(),
            selection: None,
        })
    }

    /// The view's size in pixels, known from the observer without asking the browser.
    pub fn resized(&mut self, width: f64, height: f64) {
        if self.size != (width, height) {
            self.size = (width, height);
            nodes::pixels(&self.layer, "width", width);
            nodes::pixels(&self.layer, "height", height);
            self.scroll.resize(self.lines(), (height - HEAD).max(0.0));
        }
    }

    fn lines(&self) -> u64 {
        if self.row_count == u64::MAX {
            0
        } else {
            self.row_count
        }
    }

    /// Columns have new widths: the next painting places everything anew.
    pub fn replace(&mut self) {
        self.seen = usize::MAX..usize::MAX;
    }

    /// Where a point of the view is, in pixels from the view's top left.
    pub fn line_at(&self, core: &Core, x: f64, y: f64) -> Option<At> {
        let line = ((self.scroll.top + y - HEAD) / LINE) as u64;
        let column = self.columns.at(x, self.offset.0)?;
        match (y >= HEAD).then(|| core.layout().line(line))?? {
            Line::Row(row) => Some(At { row, column }),
            _ => None,
        }
    }

    /// The column whose right edge is at this point of the header.
    pub fn edge_at(&self, x: f64, y: f64) -> Option<usize> {
        (y < HEAD).then_some(())?;
        let left = self.offset.0;
        let near = |(index, column): (usize, &Column)| {
            let right = self.columns.left(index, left) + column.width - left;
            ((right - x).abs() < 6.0).then_some(index)
        };
        self.columns.all.iter().enumerate().find_map(near)
    }

    /// Pixels scrolled sideways.
    pub fn left(&self) -> f64 {
        self.offset.0
    }

    /// Below the active cell, in pixels from the window's top left.
    pub fn place_of_active(&self) -> Option<(f64, f64)> {
        let (row, cell) = self.active_id?;
        let cell = self.rows.get(row)?.cells.get(cell)?;
        let place = cell.element.get_bounding_client_rect();
        Some((place.left(), place.bottom()))
    }

    /// The column whose header is at this point.
    pub fn head_at(&self, x: f64, y: f64) -> Option<usize> {
        (y < HEAD).then(|| self.columns.at(x, self.offset.0))?
    }

    pub fn paint(&mut self, core: &Core, follow: bool) -> Result<(), JsValue> {
        let ring = core.rows.shown();
        let mut placed = false;
        let header = (core.header, core.applied.version);
        if self.header != header {
            let other = self.header.0 != header.0;
            self.header = header;
            let before = if other {
                self.selection = None;
                Columns::default()
            } else {
                std::mem::take(&mut self.columns)
            };
            let arrangement = core.applied.arrangement();
            self.columns = Columns::of(ring, &arrangement.columns, &before);
            let last = self.columns.all.len().saturating_sub(1);
            if let Some(selection) = &mut self.selection {
                selection.active.column = selection.active.column.min(last);
                selection.anchor.column = selection.anchor.column.min(last);
            }
            if self.look != arrangement.look {
                self.look = arrangement.look.clone();
                self.format = self.look.format();
                self.columns.measure_again();
            }
            self.set("aria-colcount", self.columns.all.len() as u64)?;
            // A row without cells would be an error to assistive technology.
            self.head.set_hidden(self.columns.all.is_empty());
            self.body.set_hidden(self.columns.all.is_empty());
            placed = true;
        }
        placed |= self.columns.measure(ring, &self.format);
        let layout = core.layout();
        self.scroll
            .resize(layout.lines(), (self.size.1 - HEAD).max(0.0));
        if follow {
            self.scroll.to_end();
        }
        if self.row_count != layout.lines() {
            self.row_count = layout.lines();
            self.set("aria-rowcount", layout.lines() + 1)?;
        }
        self.fit_content();
        let left = f64::from(self.root.scroll_left());
        let seen = self.columns.seen(left, self.size.0);
        let moved = placed || seen != self.seen;
        self.seen = seen;
        if moved {
            self.place_head(core)?;
        }
        self.place_rows(moved)?;
        self.shift(left, moved);
        self.fill(core, &layout, left)
    }

    fn set(&self, attribute: &str, value: u64) -> Result<(), JsValue> {
        self.root.set_attribute(attribute, &value.to_string())
    }

    fn fit_content(&mut self) {
        let size = (self.columns.total(), self.scroll.height() + HEAD);
        if self.content_size != size {
            self.content_size = size;
            nodes::pixels(&self.content, "width", size.0);
            nodes::pixels(&self.content, "height", size.1);
        }
        let native = self.scroll.native();
        if (f64::from(self.root.scroll_top()) - native).abs() >= 1.0 {
            self.root.set_scroll_top(native as i32);
        }
        self.scroll.placed(native);
    }

    /// Columns that have nodes: the pinned ones and those that can be seen.
    fn placed(&self) -> impl Iterator<Item = usize> + use<> {
        (0..self.columns.pinned).chain(self.seen.clone())
    }

    fn place_head(&mut self, core: &Core) -> Result<(), JsValue> {
        let count = self.placed().count();
        while self.head_cells.len() < count {
            self.head_cells.push(HeadNode::new(&self.head)?);
        }
        for cell in self.head_cells.drain(count..) {
            cell.element.remove();
        }
        let sort = core.applied.arrangement().sort.as_ref();
        let note = self.look.note();
        let placed = self.placed();
        for (cell, index) in self.head_cells.iter_mut().zip(placed) {
            let column = &self.columns.all[index];
            let sorted = sort.filter(|sort| sort.column == column.name);
            let descending = sorted.map(|sort| sort.descending);
            let pinned = index < self.columns.pinned;
            cell.set(index, column, pinned, descending, note.as_deref());
        }
        Ok(())
    }

    fn place_rows(&mut self, moved: bool) -> Result<(), JsValue> {
        let count = ((self.size.1 - HEAD).max(0.0) / LINE).ceil() as usize + 1;
        while self.rows.len() < count {
            self.rows.push(RowNode::new(&self.body)?);
        }
        for row in self.rows.drain(count..) {
            row.element.remove();
        }
        let placed: Vec<usize> = self.placed().collect();
        let left = self.offset.0.max(0.0);
        for (index, row) in self.rows.iter_mut().enumerate() {
            let grown = row.resize(placed.len(), &format!("{}-{index}", self.prefix))?;
            if grown || moved {
                for (cell, column) in row.cells.iter().zip(placed.iter().copied()) {
                    cell.element.set_hidden(row.is_note);
                    let shape = &self.columns.all[column];
                    cell.place(column, self.columns.left(column, left), shape.width);
                }
            }
        }
        Ok(())
    }

    fn shift(&mut self, left: f64, moved: bool) {
        let offset = (left, self.scroll.hidden_part());
        if self.offset == offset && !moved {
            return;
        }
        let sideways = self.offset.0 != offset.0 || moved;
        self.offset = offset;
        if sideways {
            // Pinned cells go along with the view.
            for index in 0..self.columns.pinned {
                let left = self.columns.left(index, left);
                let heads = self.head_cells.get(index).map(|cell| &cell.element);
                let rows = self.rows.iter().filter_map(|row| row.cells.get(index));
                for element in heads.into_iter().chain(rows.map(|cell| &cell.element)) {
                    nodes::pixels(element, "left", left);
                }
            }
        }
        let (x, y) = offset;
        let _ = self
            .head
            .style()
            .set_property("transform", &format!("translateX({}px)", -x));
        let _ = self
            .body
            .style()
            .set_property("transform", &format!("translate({}px, {}px)", -x, -y));
    }

    fn fill(&mut self, core: &Core, layout: &Layout<'_>, left: f64) -> Result<(), JsValue> {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let first = self.scroll.first_line();
        let mut active_id = None;
        let selected = self
            .selection
            .filter(|selection| !selection.is_one())
            .map(|selection| (selection.lines(layout), selection.columns()));
        let placed: Vec<usize> = self.placed().collect();
        for (index, node) in self.rows.iter_mut().enumerate() {
            let line = first + index as u64;
            let row = match layout.line(line) {
                Some(Line::Row(row)) => row,
                Some(note) => {
                    node.show(line + 2, true);
                    nodes::pixels(&node.note, "left", left);
                    nodes::pixels(&node.note, "width", self.size.0);
                    node.note_words.set(&words(note, &self.look));
                    continue;
                }
                None => {
                    node.show(0, false);
                    continue;
                }
            };
            node.show(line + 2, false);
            node.shade(row % 2 == 1);
            let held = ring.row(row - base);
            for (slot, (cell, column)) in node
                .cells
                .iter_mut()
                .zip(placed.iter().copied())
                .enumerate()
            {
                let shape = &self.columns.all[column];
                self.scratch.clear();
                let limit = (shape.width / 5.0) as usize;
                let value = held.map_or(Cell::Missing, |row| row.cell(shape.source));
                let face = face::write(value, &self.format, limit, &mut self.scratch);
                cell.words.set(&self.scratch);
                let active = self
                    .selection
                    .is_some_and(|selection| selection.active == At { row, column });
                if active {
                    active_id = Some((index, slot));
                }
                cell.look(Look {
                    face,
                    numeric: shape.numeric,
                    active,
                    selected: selected.as_ref().is_some_and(|(lines, columns)| {
                        lines.contains(&line) && columns.contains(&column)
                    }),
                    mark: core.applied.mark(shape.source, &value),
                    pinned: column < self.columns.pinned,
                });
            }
        }
        self.point_at(active_id)
    }

    /// Tells assistive technology which cell is active, while it is in view.
    fn point_at(&mut self, active: Option<(usize, usize)>) -> Result<(), JsValue> {
        if self.active_id == active {
            return Ok(());
        }
        self.active_id = active;
        match active {
            Some((row, cell)) => self.root.set_attribute(
                "aria-activedescendant",
                &format!("{}-{row}-{cell}", self.prefix),
            ),
            None => self.root.remove_attribute("aria-activedescendant"),
        }
    }

    /// Scrolls sideways so that a column is seen whole.
    pub fn reveal_column(&self, column: usize) {
        let Some(shape) = self
            .columns
            .all
            .get(column)
            .filter(|_| column >= self.columns.pinned)
        else {
            return;
        };
        let column = shape;
        let pinned = self.columns.pinned_width();
        let left = f64::from(self.root.scroll_left());
        let furthest = (column.left + column.width - self.size.0).max(0.0);
        let nearest = (column.left - pinned).max(0.0);
        let wanted = left.clamp(furthest.min(nearest), nearest);
        if wanted != left {
            self.root.set_scroll_left(wanted as i32);
        }
    }
}

fn words(line: Line<'_>, look: &arrange::Look) -> String {
    match line {
        Line::Skipped(rows) => format!(
            "Skipped {}: over the row limit",
            number::plural(rows, "older row", "older rows")
        ),
        Line::Gap(gap) => gap_words(gap, look),
        Line::Row(_) => String::new(),
    }
}

fn gap_words(gap: &Gap, look: &arrange::Look) -> String {
    let at = |ms: f64| look.moment(ms as i64);
    let lost = match gap.lost {
        0 => String::new(),
        rows => format!(", {} not sent", number::plural(rows, "row", "rows")),
    };
    match gap.until {
        None => format!("Disconnected since {}{lost}", at(gap.since)),
        Some(until) if until > gap.since => {
            format!("Disconnected from {} to {}{lost}", at(gap.since), at(until))
        }
        Some(_) => format!("The server skipped rows at {}{lost}", at(gap.since)),
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        self.content.remove();
    }
}
