//! The DOM nodes of a grid: made once, then only their texts and places change.

use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, Text};

use super::{columns::Column, face::Face};
use crate::text::visible;

pub fn element(class: &str, role: &str) -> Result<HtmlElement, JsValue> {
    let element: HtmlElement = document().create_element("div")?.unchecked_into();
    element.set_class_name(class);
    element.set_attribute("role", role)?;
    Ok(element)
}

pub fn pixels(element: &HtmlElement, property: &str, value: f64) {
    // Properties and values are well-formed, so that setting them cannot fail.
    let _ = element
        .style()
        .set_property(property, &format!("{value}px"));
}

/// A text node that remembers what it shows, which is cheaper than asking the browser.
pub struct Words {
    node: Text,
    shown: String,
}

impl Words {
    pub fn new(parent: &HtmlElement) -> Result<Self, JsValue> {
        let node = document().create_text_node("");
        parent.append_child(&node)?;
        Ok(Self {
            node,
            shown: String::new(),
        })
    }

    pub fn set(&mut self, text: &str) {
        if self.shown != text {
            self.shown.clear();
            self.shown.push_str(text);
            self.node.set_data(text);
        }
    }
}

#[derive(Clone, Copy, Default, PartialEq)]
pub struct Look {
    pub face: Face,
    pub numeric: bool,
    pub active: bool,
    pub selected: bool,
    /// Colour of a highlight rule, 0 for none.
    pub mark: u8,
    pub pinned: bool,
}

pub struct CellNode {
    pub element: HtmlElement,
    pub words: Words,
    look: Look,
}

impl CellNode {
    fn new(row: &HtmlElement, id: &str) -> Result<Self, JsValue> {
        let element = element("grid-cell", "gridcell")?;
        element.set_id(id);
        row.append_child(&element)?;
        Ok(Self {
            words: Words::new(&element)?,
            element,
            look: Look::default(),
        })
    }

    pub fn look(&mut self, look: Look) {
        if self.look == look {
            return;
        }
        self.look = look;
        let mut class = String::from("grid-cell");
        class.push_str(look.face.class());
        for (on, name) in [
            (look.numeric, " is-number"),
            (look.active, " is-active"),
            (look.selected, " is-selected"),
            (look.pinned, " is-pinned"),
        ] {
            if on {
                class.push_str(name);
            }
        }
        if look.mark > 0 {
            class.push_str(&format!(" mark-{}", look.mark));
        }
        self.element.set_class_name(&class);
        if look.active || look.selected {
            let _ = self.element.set_attribute("aria-selected", "true");
        } else {
            let _ = self.element.remove_attribute("aria-selected");
        }
    }

    pub fn place(&self, index: usize, left: f64, width: f64) {
        pixels(&self.element, "left", left);
        pixels(&self.element, "width", width);
        let _ = self
            .element
            .set_attribute("aria-colindex", &(index + 1).to_string());
    }
}

pub struct RowNode {
    pub element: HtmlElement,
    pub cells: Vec<CellNode>,
    /// Stands in place of cells: skipped rows, a break.
    pub note: HtmlElement,
    pub note_words: Words,
    /// Number that assistive technology counts by; 0: hidden.
    pub number: u64,
    pub is_note: bool,
    pub line_is_odd: bool,
}

impl RowNode {
    pub fn new(body: &HtmlElement) -> Result<Self, JsValue> {
        let row = element("grid-row", "row")?;
        let note = element("grid-note", "gridcell")?;
        note.set_hidden(true);
        row.append_child(&note)?;
        body.append_child(&row)?;
        Ok(Self {
            note_words: Words::new(&note)?,
            element: row,
            cells: Vec::new(),
            note,
            number: 1,
            is_note: false,
            line_is_odd: false,
        })
    }

    /// Has exactly `count` cells afterwards. True when some were made.
    pub fn resize(&mut self, count: usize, prefix: &str) -> Result<bool, JsValue> {
        let grown = self.cells.len() < count;
        while self.cells.len() < count {
            let id = format!("{prefix}-{}", self.cells.len());
            self.cells.push(CellNode::new(&self.element, &id)?);
        }
        for cell in self.cells.drain(count..) {
            cell.element.remove();
        }
        Ok(grown)
    }

    pub fn show(&mut self, number: u64, is_note: bool) {
        if self.number != number {
            self.number = number;
            self.element.set_hidden(number == 0);
            let _ = self
                .element
                .set_attribute("aria-rowindex", &number.to_string());
        }
        if self.is_note != is_note {
            self.is_note = is_note;
            self.note.set_hidden(!is_note);
            for cell in &self.cells {
                cell.element.set_hidden(is_note);
            }
        }
    }

    /// Every other line is shaded; the shade moves with the line.
    pub fn shade(&mut self, odd: bool) {
        if self.line_is_odd != odd {
            self.line_is_odd = odd;
            self.element
                .set_class_name(if odd { "grid-row is-odd" } else { "grid-row" });
        }
    }
}

pub struct HeadNode {
    pub element: HtmlElement,
    name: Words,
    data_type: Words,
}

impl HeadNode {
    pub fn new(head: &HtmlElement) -> Result<Self, JsValue> {
        let cell = element("grid-head-cell", "columnheader")?;
        let name: HtmlElement = document().create_element("span")?.unchecked_into();
        name.set_class_name("grid-head-name");
        let data_type: HtmlElement = document().create_element("span")?.unchecked_into();
        data_type.set_class_name("grid-head-type");
        cell.append_child(&name)?;
        cell.append_child(&data_type)?;
        head.append_child(&cell)?;
        Ok(Self {
            name: Words::new(&name)?,
            data_type: Words::new(&data_type)?,
            element: cell,
        })
    }

    /// `descending`: the rows are sorted by it. `note`: what to read its times as.
    pub fn set(
        &mut self,
        index: usize,
        column: &Column,
        pinned: bool,
        descending: Option<bool>,
        note: Option<&str>,
    ) {
        let name = visible(&column.name);
        self.name.set(&name);
        match note.filter(|_| column.zoned) {
            Some(note) => self
                .data_type
                .set(&format!("{} · {note}", column.data_type)),
            None => self.data_type.set(&column.data_type),
        }
        let mut class = String::from("grid-head-cell");
        for (on, name) in [(column.numeric, " is-number"), (pinned, " is-pinned")] {
            if on {
                class.push_str(name);
            }
        }
        self.element.set_class_name(&class);
        let order = descending.map(|descending| match descending {
            true => "descending",
            false => "ascending",
        });
        let _ = match order {
            Some(order) => self.element.set_attribute("aria-sort", order),
            None => self.element.remove_attribute("aria-sort"),
        };
        self.element
            .set_title(&format!("{name} {}", column.data_type));
        pixels(&self.element, "left", column.left);
        pixels(&self.element, "width", column.width);
        let _ = self
            .element
            .set_attribute("aria-colindex", &(index + 1).to_string());
    }
}
