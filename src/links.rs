//! Clicks on links of the console. The router would write a link's path into the address with its
//! escapes undone, so that `%2541` becomes `%41` there and another thing after a reload.

use leptos::{ev::MouseEvent, prelude::*};
use leptos_router::NavigateOptions;
use wasm_bindgen::JsCast;
use web_sys::{HtmlAnchorElement, Url};

use crate::paths;

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

#[derive(Clone, Copy)]
pub struct Links(StoredValue<Option<Navigate>, LocalStorage>);

impl Links {
    /// To be called before there is a router: the first to hear of a click has it.
    pub fn listen() -> Self {
        let links = Self(StoredValue::new_local(None));
        let clicks = window_event_listener(leptos::ev::click, move |event| links.clicked(&event));
        on_cleanup(move || clicks.remove());
        links
    }

    /// To be called inside the router.
    pub fn connect(self) {
        self.0.set_value(Some(Box::new(paths::use_navigate())));
    }

    fn clicked(self, event: &MouseEvent) {
        let modified = event.meta_key() || event.alt_key() || event.ctrl_key() || event.shift_key();
        if event.default_prevented() || event.button() != 0 || modified {
            return;
        }
        let path = event.composed_path();
        let link = (0..path.length())
            .filter_map(|at| path.get(at).dyn_into::<HtmlAnchorElement>().ok())
            .next();
        if let Some((link, target)) = link.and_then(|link| Some((link.clone(), inside(&link)?))) {
            let options = NavigateOptions {
                scroll: !link.has_attribute("noscroll"),
                ..Default::default()
            };
            // Outside a router the browser follows the link.
            let _ = self.0.try_with_value(|navigate| {
                let navigate = navigate.as_ref()?;
                event.prevent_default();
                navigate(&target, options);
                Some(())
            });
        }
    }
}

/// Path, query and hash of a link that the console itself follows.
fn inside(link: &HtmlAnchorElement) -> Option<String> {
    let external = link.get_attribute("rel").unwrap_or_default();
    let external = external.split_whitespace().any(|word| word == "external");
    if link.href().is_empty()
        || !link.target().is_empty()
        || external
        || link.has_attribute("download")
    {
        return None;
    }
    let url = Url::new(&link.href()).ok()?;
    let origin = window().location().origin().ok()?;
    let ours = url.origin() == origin && paths::inside(&url.pathname()).is_some();
    ours.then(|| format!("{}{}{}", url.pathname(), url.search(), url.hash()))
}
/// As a press on a link: whoever guards unsaved input is asked.
pub fn follow(href: &str) {
    let Ok(link) = document().create_element("a") else {
        return;
    };
    let link: web_sys::HtmlElement = link.unchecked_into();
    let _ = link.set_attribute("href", href);
    if let Some(body) = document().body() {
        let _ = body.append_child(&link);
        link.click();
        link.remove();
    }
}
