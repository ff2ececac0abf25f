use std::collections::BTreeMap;

use leptos::prelude::*;
use weir_api::FieldError;

/// What is wrong with the fields of one form, each by its path in the request body, for example
/// `columns[2].type`. Provided as a context by the form; fields on the page register themselves,
/// so that an error of a field that is not there is not lost.
#[derive(Clone, Copy)]
pub struct FormErrors {
    all: RwSignal<Vec<FieldError>>,
    /// Field path → id of its control.
    controls: StoredValue<BTreeMap<String, String>>,
}

impl FormErrors {
    pub fn new() -> Self {
        Self {
            all: RwSignal::new(Vec::new()),
            controls: StoredValue::new(BTreeMap::new()),
        }
    }

    pub fn register(self, field: &str, control: &str) {
        let (field, control) = (field.to_string(), control.to_string());
        self.controls.update_value(|all| {
            all.insert(field.clone(), control.clone());
        });
        on_cleanup(move || {
            // A field of the same path may have taken its place meanwhile.
            self.controls.try_update_value(|all| {
                if all.get(&field) == Some(&control) {
                    all.remove(&field);
                }
            });
        });
    }

    pub fn of(self, field: &str) -> Option<String> {
        self.all
            .with(|all| Some(all.iter().find(|e| e.field == field)?.message.clone()))
    }

    /// As of now; does not wake anybody.
    pub fn any(self) -> bool {
        self.all.with_untracked(|all| !all.is_empty())
    }

    /// Whoever types corrects: the field's error goes.
    pub fn clear(self, field: &str) {
        if self
            .all
            .with_untracked(|all| all.iter().any(|e| e.field == field))
        {
            self.all.update(|all| all.retain(|e| e.field != field));
        }
    }

    /// Shows `errors` at their fields and returns those that have no field on the page.
    pub fn set(self, errors: Vec<FieldError>) -> Vec<FieldError> {
        let (here, rest) = self.controls.with_value(|controls| {
            errors
                .into_iter()
                .partition(|e: &FieldError| controls.contains_key(&e.field))
        });
        self.all.set(here);
        rest
    }

    /// Puts the focus on the first field with an error, in the order of the page.
    pub fn focus_first(self) {
        let ids: Vec<String> = self.controls.with_value(|controls| {
            self.all.with_untracked(|all| {
                all.iter()
                    .filter_map(|e| controls.get(&e.field).cloned())
                    .collect()
            })
        });
        if let Some(id) = ids.into_iter().min_by(|a, b| in_order(a, b)) {
            focus(&id);
        }
    }
}

impl Default for FormErrors {
    fn default() -> Self {
        Self::new()
    }
}

fn in_order(a: &str, b: &str) -> std::cmp::Ordering {
    let (Some(a), Some(b)) = (
        document().get_element_by_id(a),
        document().get_element_by_id(b),
    ) else {
        return std::cmp::Ordering::Equal;
    };
    let follows = a.compare_document_position(&b) & web_sys::Node::DOCUMENT_POSITION_FOLLOWING;
    if follows != 0 {
        std::cmp::Ordering::Less
    } else {
        std::cmp::Ordering::Greater
    }
}

/// Pixels of what sticks to the bottom of a form.
const BAR: f64 = 72.0;

/// Also opens the folded parts around the control.
fn focus(id: &str) {
    use wasm_bindgen::JsCast;
    let Some(element) = document().get_element_by_id(id) else {
        return;
    };
    let mut around = element.closest("details").ok().flatten();
    while let Some(details) = around {
        let _ = details.set_attribute("open", "");
        around = details
            .parent_element()
            .and_then(|p| p.closest("details").ok().flatten());
    }
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        let _ = element.focus();
    }
    // The words below a tall field, which the browser would leave under what sticks to the page.
    request_animation_frame(move || {
        let field = element.closest(".field").ok().flatten();
        let error = field.and_then(|field| field.query_selector(".field-error").ok().flatten());
        let height = window().inner_height().ok();
        let room = height
            .and_then(|height| height.as_f64())
            .unwrap_or_default()
            - BAR;
        if let Some(error) = error.filter(|error| error.get_bounding_client_rect().bottom() > room)
        {
            error.scroll_into_view_with_bool(false);
        }
    });
}
